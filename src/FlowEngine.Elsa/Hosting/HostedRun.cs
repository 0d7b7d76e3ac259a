using FlowEngine.Context;
using FlowEngine.Errors;
using FlowEngine.Execution;
using FlowEngine.Screens;
using FlowEngine.Templates;
using FlowEngine.Tracing;

namespace FlowEngine.ElsaActivities.Hosting;

/// <summary>What a host is to do after a step.</summary>
internal enum HostedStepKind
{
    /// <summary>To follow the connection of <see cref="HostedStep.Name"/>, an outcome.</summary>
    Outcome,

    /// <summary>To wait until the activity's screen is submitted.</summary>
    Waits,

    /// <summary>To go on at <see cref="HostedStep.Name"/>, an activity: the screen before an error, or the first after a Restart.</summary>
    GoesTo,

    /// <summary>To end: the flow completed, or turned the person away.</summary>
    Ends,

    /// <summary>To fault: the flow failed.</summary>
    Fails,
}

/// <summary>Shared and immutable: how a step ended.</summary>
/// <param name="Kind">What the host is to do.</param>
/// <param name="Name">The outcome or activity; null where there is none.</param>
internal readonly record struct HostedStep(HostedStepKind Kind, string? Name = null);

/// <summary>Per workflow instance, single-threaded: our run inside a host's. The host decides which activity is executed next.</summary>
internal sealed class HostedRun
{
    private readonly HostedFlow _flow;
    private int _stepsTold;

    private HostedRun(HostedFlow flow, FlowRun run)
    {
        _flow = flow;
        Run = run;
    }

    /// <summary>The run.</summary>
    public FlowRun Run { get; }

    /// <summary>Starts a run, before its first activity.</summary>
    /// <param name="flow">The workflow's flow.</param>
    /// <param name="inputs">The workflow's inputs, an object: <c>client.*</c>.</param>
    /// <param name="services">What the run needs from outside.</param>
    public static HostedRun Start(HostedFlow flow, FlowValue inputs, RunServices services) =>
        new(flow, FlowRun.Start(flow.Plan, new RunStart { Client = inputs }, services));

    /// <summary>Loads a run that was saved, here or elsewhere.</summary>
    /// <exception cref="RunStateException">The state is not one, or does not fit the flow.</exception>
    public static HostedRun Load(HostedFlow flow, ReadOnlySpan<byte> state, RunServices services) =>
        new(flow, RunState.Load(state, flow.Plan, services));

    /// <summary>Saves the run, as UTF-8 JSON with what people entered in it: encrypt it.</summary>
    public byte[] Save() => RunState.Save(Run);

    /// <summary>Executes an activity that the host has come to.</summary>
    /// <param name="activityId">The activity.</param>
    /// <param name="variables">The host's variables, an object; missing where the flow reads none.</param>
    /// <param name="expressions">What the host evaluated for the activity.</param>
    /// <param name="cancellationToken">Ends the step; it can be made again.</param>
    public async ValueTask<HostedStep> EnterAsync(
        string activityId,
        FlowValue variables,
        IReadOnlyList<(HostedExpression Expression, FlowValue Value)> expressions,
        CancellationToken cancellationToken
    )
    {
        if (Run.Status.IsOver())
            return new HostedStep(HostedStepKind.Fails);
        if (WaitsAt(activityId))
            return new HostedStep(HostedStepKind.Waits);
        if (!variables.IsMissing)
            Run.SetInput(HostedFlow.Variables, variables);
        if (expressions.Count > 0)
            HostedFlow.Give(Run, expressions);
        return Heard(activityId, await FlowExecutor.StepAsync(Run, activityId, cancellationToken).ConfigureAwait(false));
    }

    /// <summary>Takes what a person submitted at a screen.</summary>
    /// <param name="activityId">The activity that waits.</param>
    /// <param name="submission">The button and the inputs. What is refused has the run wait on, with a message on its screen.</param>
    /// <param name="cancellationToken">Ends the step.</param>
    public async ValueTask<HostedStep> SubmitAsync(string activityId, ScreenSubmission submission, CancellationToken cancellationToken)
    {
        if (Run.Status.IsOver())
            return new HostedStep(HostedStepKind.Fails);
        // The host waits at several screens, and another was shown last.
        if (!WaitsAt(activityId))
            await FlowExecutor.StepAsync(Run, activityId, cancellationToken).ConfigureAwait(false);
        return Heard(activityId, await FlowExecutor.SubmitStepAsync(Run, submission, cancellationToken).ConfigureAwait(false));
    }

    /// <summary>The steps since the last time that it was asked, without secrets; missing where there are none.</summary>
    public FlowValue TakeTrace(Redactor redactor)
    {
        if (Run.Trace is not { } trace || trace.Count == _stepsTold)
            return FlowValue.Missing;
        var steps = TraceWriter.ToValue(trace.Skip(_stepsTold), redactor);
        _stepsTold = trace.Count;
        return steps;
    }

    /// <summary>What an activity has written; missing where it has not, or writes nothing.</summary>
    public FlowValue ResultOf(string activityId) =>
        _flow.ResultOf(activityId) is not var (root, key) ? FlowValue.Missing
        : key is null ? Run.Context.Get(root)
        : Run.Context.Get(root).Get(key);

    /// <summary>How often the run came to an activity.</summary>
    public int VisitsOf(string activityId) => Run.Path.Count(id => id == activityId);

    /// <summary>The activity of the workflow in which the run stands: what it stands on may be in a subflow of it.</summary>
    private string Stands => Run.ActivityId.Split('/', 2)[0];

    private bool WaitsAt(string activityId) => Run.Status == RunStatus.Waiting && Stands == activityId;

    private HostedStep Heard(string activityId, StepResult result) =>
        result.Outcome is { } outcome
            ? new HostedStep(HostedStepKind.Outcome, outcome)
            : Run.Status switch
            {
                RunStatus.Waiting when Stands == activityId => new HostedStep(HostedStepKind.Waits),
                RunStatus.Waiting or RunStatus.Running => new HostedStep(HostedStepKind.GoesTo, Stands),
                RunStatus.Completed or RunStatus.Refused => new HostedStep(HostedStepKind.Ends),
                _ => new HostedStep(HostedStepKind.Fails),
            };
}
