using System.Runtime.CompilerServices;
using Elsa.Workflows;
using Elsa.Workflows.Activities.Flowchart.Attributes;
using Elsa.Workflows.Attributes;
using Elsa.Workflows.Models;
using FlowEngine.Context;
using FlowEngine.ElsaActivities.Hosting;
using FlowEngine.Execution;

namespace FlowEngine.ElsaActivities;

/// <summary>Shared by all runs of a workflow: runs a whole flow as one activity. Its screens suspend the workflow. It ends by
/// <c>Completed</c> or <c>Refused</c>; a flow that fails is an incident.</summary>
[Activity("FlowEngine", "Flow", "Runs a whole flow of FlowEngine: its screens, conditions and connectors.")]
[FlowNode(Completed, Refused)]
public sealed class RunFlow : Activity
{
    private const string Completed = "Completed";
    private const string Refused = "Refused";

    /// <summary>The properties of the activity's execution that hold the run and the id of its flow.</summary>
    private const string RunProperty = "FlowEngine.Run",
        FlowProperty = "FlowEngine.Flow";

    /// <summary>Makes the activity.</summary>
    /// <param name="source">The file in which it is made.</param>
    /// <param name="line">The line of it.</param>
    public RunFlow([CallerFilePath] string? source = null, [CallerLineNumber] int? line = null)
        : base(source, line) { }

    /// <summary>The id of the flow, of a folder that was given to <see cref="FlowEngineActivitiesOptions.AddFlows"/>.</summary>
    [Input(Description = "The id of the flow.")]
    public Input<string> Flow { get; set; } = null!;

    /// <summary>The flow's inputs, an object; null (the default) for none.</summary>
    // Evaluated here: Elsa would store what it evaluates, and an input may be a secret.
    [Input(Description = "The flow's inputs, an object: its client.*.", AutoEvaluate = false)]
    public Input<object?>? Inputs { get; set; }

    /// <summary>How the flow ended: <c>{ status, end, outputs, user, claims }</c>.</summary>
    [Output(Description = "How the flow ended: { status, end, message, outputs, user, claims }.")]
    public Output<object?>? Result { get; set; }

    /// <summary>Starts the flow, as Elsa comes to the activity.</summary>
    /// <param name="context">Elsa's context.</param>
    /// <exception cref="FlowEngineException">There is no such flow, it does not compile, or it failed.</exception>
    protected override async ValueTask ExecuteAsync(ActivityExecutionContext context)
    {
        var engine = context.GetRequiredService<HostedEngine>();
        var flow = context.Get(Flow) ?? "";
        context.Properties[FlowProperty] = flow;
        var inputs = Inputs?.Expression is { } expression ? await ElsaInstance.EvaluateAsync(expression, context) : FlowValue.Missing;
        var run = FlowRun.Start(engine.PlanOf(flow), new RunStart { Client = inputs }, engine.Services);
        await FlowExecutor.AdvanceAsync(run, context.CancellationToken);
        await FollowAsync(engine, run, context);
    }

    /// <summary>Goes on with what a person submitted. Elsa finds it by its name, in this process or another.</summary>
    private async ValueTask ResumeAsync(ActivityExecutionContext context)
    {
        // First: what follows may fail, and Elsa keeps the input then.
        var submission = ElsaAnswer.TakeSubmission(context.ActivityInput, context.WorkflowExecutionContext.Input);
        var engine = context.GetRequiredService<HostedEngine>();
        var plan = engine.PlanOf(HostedValue.Of(context.Properties[FlowProperty]).ToText());
        var run = RunState.Load(engine.Unprotect(context.Properties[RunProperty]), plan, engine.Services);
        await FlowExecutor.SubmitAsync(run, submission, context.CancellationToken);
        await FollowAsync(engine, run, context);
    }

    private async ValueTask FollowAsync(HostedEngine engine, FlowRun run, ActivityExecutionContext context)
    {
        ElsaAnswer.Write(run, context.WorkflowExecutionContext.Output);
        if (run.Trace is { Count: > 0 } trace)
            context.Properties[ElsaInstance.TraceProperty] = HostedValue.ToObject(
                Tracing.TraceWriter.ToValue(trace, engine.RedactorOf(run))
            )!;
        switch (run.Status)
        {
            case RunStatus.Waiting:
                context.Properties[RunProperty] = engine.Protect(RunState.Save(run));
                context.CreateBookmark(
                    new CreateBookmarkArgs
                    {
                        BookmarkName = ElsaAnswer.Bookmark,
                        // A text: Elsa makes a hash of it by the properties of anything else.
                        Stimulus = Id,
                        Callback = ResumeAsync,
                        AutoComplete = false,
                    }
                );
                break;
            case RunStatus.Completed or RunStatus.Refused:
                context.Properties.Remove(RunProperty);
                var result = new Dictionary<string, object>();
                ElsaAnswer.Write(run, result);
                context.Set(Result, result, nameof(Result));
                await context.CompleteActivityWithOutcomesAsync(run.Status == RunStatus.Completed ? Completed : Refused);
                break;
            default:
                throw ElsaAnswer.Failure(run);
        }
    }
}
