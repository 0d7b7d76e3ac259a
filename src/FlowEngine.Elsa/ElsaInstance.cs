using System.Runtime.CompilerServices;
using Elsa.Expressions.Contracts;
using Elsa.Expressions.Models;
using Elsa.Extensions;
using Elsa.Workflows;
using Elsa.Workflows.Activities.Flowchart.Models;
using Elsa.Workflows.Models;
using Elsa.Workflows.Signals;
using FlowEngine.Context;
using FlowEngine.ElsaActivities.Hosting;
using FlowEngine.Errors;
using FlowEngine.Screens;
using FlowEngine.Templates;

namespace FlowEngine.ElsaActivities;

/// <summary>Per workflow instance and burst of it, single-threaded: our run as a property of the instance, encrypted.</summary>
internal sealed class ElsaInstance
{
    /// <summary>The property of the instance that holds the run.</summary>
    private const string RunProperty = "FlowEngine.Run";

    /// <summary>The property of an activity's execution that holds its trace, which Elsa keeps in its journal.</summary>
    public const string TraceProperty = "FlowEngine.Trace";

    /// <summary>The variable that Elsa's activities and expressions read: <c>variables.connectors.KEY.statusCode</c>.</summary>
    private const string ConnectorsVariable = "connectors";

    /// <summary>By which Elsa's flowchart knows that it is led back.</summary>
    private const string BackwardConnection = "BackwardConnection";

    private static readonly ConditionalWeakTable<WorkflowExecutionContext, ElsaInstance> Instances = [];

    private readonly HostedEngine _engine;
    private readonly HostedFlow _flow;
    private readonly HostedRun _run;
    private FlowValue _shown;

    private ElsaInstance(HostedEngine engine, HostedFlow flow, HostedRun run)
    {
        _engine = engine;
        _flow = flow;
        _run = run;
    }

    /// <summary>The run of the instance that is executed: the one that it holds, or a new one.</summary>
    /// <exception cref="FlowEngineException">Our activities of the workflow do not compile.</exception>
    public static ElsaInstance Of(ActivityExecutionContext context)
    {
        var workflow = context.WorkflowExecutionContext;
        return Instances.TryGetValue(workflow, out var known) ? known : Instances.GetValue(workflow, _ => Open(context));
    }

    private static ElsaInstance Open(ActivityExecutionContext context)
    {
        var engine = context.GetRequiredService<HostedEngine>();
        var workflow = context.WorkflowExecutionContext.Workflow;
        var flow = engine.FlowOf(workflow, () => ElsaWorkflows.Describe(workflow));
        var run = context.WorkflowExecutionContext.Properties.TryGetValue(RunProperty, out var kept)
            ? HostedRun.Load(flow, engine.Unprotect(kept), engine.Services)
            : HostedRun.Start(flow, HostedValue.Of(context.WorkflowInput), engine.Services);
        return new ElsaInstance(engine, flow, run);
    }

    /// <summary>Executes an activity that Elsa has come to.</summary>
    public async ValueTask<HostedStep> EnterAsync(string activityId, ActivityExecutionContext context)
    {
        var expressions = _flow.ExpressionsOf(activityId);
        var values = new List<(HostedExpression, FlowValue)>(expressions.Count);
        foreach (var expression in expressions)
            values.Add(
                (expression, await EvaluateAsync(((Input)context.Activity.SyntheticProperties[expression.Setting]).Expression!, context))
            );
        return await _run.EnterAsync(activityId, VariablesOf(context.ExpressionExecutionContext), values, context.CancellationToken);
    }

    /// <summary>Takes what a person submitted at the screen that an activity waits at.</summary>
    public ValueTask<HostedStep> SubmitAsync(string activityId, ScreenSubmission submission, CancellationToken cancellationToken) =>
        _run.SubmitAsync(activityId, submission, cancellationToken);

    /// <summary>Has Elsa do what follows a step.</summary>
    /// <param name="activity">The activity.</param>
    /// <param name="context">Its context.</param>
    /// <param name="step">How the step ended.</param>
    /// <param name="resume">What is called when a person submits its screen.</param>
    /// <exception cref="FlowEngineException">The flow failed.</exception>
    public async ValueTask FollowAsync(
        FlowEngineActivity activity,
        ActivityExecutionContext context,
        HostedStep step,
        ExecuteActivityDelegate resume
    )
    {
        Keep(activity, context);
        switch (step.Kind)
        {
            case HostedStepKind.Outcome when NextInLoop(activity, context, step.Name!) is { } next:
                await GoToAsync(next, context);
                break;
            case HostedStepKind.Outcome:
                await context.CompleteActivityWithOutcomesAsync(step.Name!);
                break;
            case HostedStepKind.Waits:
                context.CreateBookmark(
                    new CreateBookmarkArgs
                    {
                        BookmarkName = ElsaAnswer.Bookmark,
                        // A text: Elsa makes a hash of it by the properties of anything else.
                        Stimulus = activity.Id,
                        Callback = resume,
                        AutoComplete = false,
                    }
                );
                break;
            case HostedStepKind.GoesTo:
                var target =
                    ElsaWorkflows.Find(context.WorkflowExecutionContext.Workflow, step.Name!)
                    ?? throw new FlowEngineException(FlowErrors.State.Code, $"The workflow has no activity '{step.Name}' any more.");
                await GoToAsync(target, context);
                break;
            case HostedStepKind.Ends:
                await context.CompleteActivityAsync();
                break;
            default:
                throw ElsaAnswer.Failure(_run.Run);
        }
    }

    private static async ValueTask GoToAsync(FlowEngineActivity target, ActivityExecutionContext context)
    {
        // Scheduled first: a chart in which nothing is left to do completes.
        await context.SendSignalAsync(new ScheduleChildActivity(target, new Dictionary<string, object> { [BackwardConnection] = true }));
        await context.CompleteActivityAsync(Outcomes.Empty);
    }

    /// <summary>
    /// Our activity behind an outcome, when Elsa's flowchart may not find it; null when the flowchart is to follow. By default it counts
    /// visits, and waits at an activity until all that lead there have been passed as often: what is led to from a loop and from before it
    /// was passed once only, and the workflow would end there as if it were done. Where nothing else is under way, nothing is waited for.
    /// </summary>
    private FlowEngineActivity? NextInLoop(FlowEngineActivity activity, ActivityExecutionContext context, string outcome) =>
        _run.VisitsOf(activity.Id) > 1 && IsAlone(context)
            ? ElsaWorkflows.OnlyTarget(context.ParentActivityExecutionContext?.Activity, activity, outcome, _run.Run.Path)
            : null;

    /// <summary>Whether an activity, and what it stands in, is all that is under way in its workflow.</summary>
    private static bool IsAlone(ActivityExecutionContext context)
    {
        var workflow = context.WorkflowExecutionContext;
        if (workflow.Scheduler.HasAny)
            return false;
        var own = new HashSet<ActivityExecutionContext>(ReferenceEqualityComparer.Instance);
        for (var each = context; each is not null; each = each.ParentActivityExecutionContext)
            own.Add(each);
        return workflow.ActivityExecutionContexts.All(other => other.Status != ActivityStatus.Running || own.Contains(other));
    }

    /// <summary>Keeps the run in the instance, and shows what may be seen of it.</summary>
    private void Keep(FlowEngineActivity activity, ActivityExecutionContext context)
    {
        var run = _run.Run;
        context.WorkflowExecutionContext.Properties[RunProperty] = _engine.Protect(_run.Save());
        ElsaAnswer.Write(run, context.WorkflowExecutionContext.Output);
        var redactor = _engine.RedactorOf(run);
        if (_run.TakeTrace(redactor) is { IsMissing: false } trace)
            context.Properties[TraceProperty] = HostedValue.ToObject(trace)!;
        var connectors = run.Context.Get(ContextRoot.Connectors);
        if (connectors != _shown)
        {
            _shown = connectors;
            context.SetDynamicVariable(ConnectorsVariable, HostedValue.ToObject(redactor.Redact(connectors)));
        }
        if (activity.SyntheticProperties.TryGetValue(FlowEngineActivityProvider.Result, out var bound) && bound is Output output)
            context.Set(output, HostedValue.ToObject(redactor.Redact(_run.ResultOf(activity.Id))), FlowEngineActivityProvider.Result);
    }

    /// <summary>What Elsa makes of an expression.</summary>
    public static async ValueTask<FlowValue> EvaluateAsync(Expression expression, ActivityExecutionContext context) =>
        HostedValue.Of(
            await context.GetRequiredService<IExpressionEvaluator>().EvaluateAsync<object>(expression, context.ExpressionExecutionContext)
        );

    /// <summary>The variables that the flow's templates read; missing where they read none.</summary>
    private FlowValue VariablesOf(ExpressionExecutionContext context)
    {
        if (!_flow.ReadsVariables)
            return FlowValue.Missing;
        var values = new FlowObjectBuilder();
        var inScope = context.GetVariableNamesInScope();
        foreach (var name in _flow.VariableNames is { } named ? inScope.Intersect(named) : inScope)
            values.Set(name, HostedValue.Of(context.GetVariableInScope(name)));
        return FlowValue.From(values.Build());
    }
}
