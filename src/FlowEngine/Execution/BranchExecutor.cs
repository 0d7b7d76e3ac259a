using FlowEngine.Activities;
using FlowEngine.Errors;

namespace FlowEngine.Execution;

/// <summary>Stateless: runs one branch of a Parallel, or one item of a ForEach, in its own context.</summary>
internal static class BranchExecutor
{
    /// <summary>Runs the branch to its end.</summary>
    /// <returns>Null, or the error that the branch failed with. Never faulted: a cancelled branch is a cancelled task.</returns>
    public static async Task<FlowError?> RunAsync(PlanNode branch, RunContext context, CancellationToken cancellationToken)
    {
        // Off the caller's stack, so that branches which do not wait still run at
        // once; and off the caller's synchronization context, which may be blocked.
        await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
        return await ExecuteAsync(branch, context, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>As <see cref="RunAsync"/>, for who is off the caller's stack already.</summary>
    public static async ValueTask<FlowError?> ExecuteAsync(PlanNode branch, RunContext context, CancellationToken cancellationToken)
    {
        var outcome = await FlowExecutor.ExecuteAsync(branch, context, cancellationToken).ConfigureAwait(false);
        if (outcome.Kind == OutcomeKind.Enter)
            return await RunSubflowAsync(branch.Activity, outcome.Entry, context, cancellationToken).ConfigureAwait(false);

        var problem = ProblemOf(branch, outcome, context);
        if (context.Step is { } step)
        {
            step.Outcome = problem is null && outcome.Kind == OutcomeKind.Port ? branch.Outcomes[outcome.Index] : null;
            step.Error = problem;
            step.Stop(context.Time);
        }
        return problem;
    }

    private static async Task<FlowError?> RunSubflowAsync(
        FlowActivity activity,
        SubflowEntry entry,
        RunContext context,
        CancellationToken cancellationToken
    )
    {
        // Advanced like a run, but none: it is not stored, and its end tells nobody that the run, whose id it has, would be over. The
        // compiler refused screens and everything that writes what branches share.
        var services = context.Run.Services;
        var run = new FlowRun(
            context.Run.Id,
            entry.Plan,
            context.Run.StartedAt,
            services.AfterStep is null ? services : services with { AfterStep = null },
            context.Frame.Beside(entry.Plan)
        )
        {
            Caller = context.Run,
        };
        if (context.Step is { } begun)
        {
            begun.Entered = entry.Plan.Version;
            run.TraceSteps = [];
        }
        run.Prefix = $"{context.ActivityId}/";
        run.Context.User = context.User;
        run.Context.Claims = context.Claims;
        run.Context.Device = context.Device;
        run.Context.Frame.Client = entry.Client;
        run.Sequence = context.Run.Sequence;
        await FlowExecutor.GoOnAsync(run, cancellationToken).ConfigureAwait(false);

        context.Run.TakeErrors(run, HandlingOf(context.Run));
        foreach (var step in run.TraceSteps ?? [])
            context.Step!.AddChild(step);
        if (run.Failure is null)
            activity.Return(context, new FlowEnd(run.EndName!, run.Outputs));
        if (context.Step is { } own)
        {
            own.Outcome = run.EndName;
            own.Output = run.Outputs;
            own.Error = run.Failure;
            own.Stop(context.Time);
        }
        return run.Failure;
    }

    private static FlowError? ProblemOf(PlanNode branch, Outcome outcome, RunContext context)
    {
        if (outcome.Problem is null)
            return null;
        var error = outcome.Problem! with { Activity = context.ActivityId };
        var isIgnored = false;
        if (outcome.Kind != OutcomeKind.Failed)
        {
            ref readonly var route = ref branch.ErrorRoutes[outcome.ErrorEvent];
            error = error with { Event = route.Event };
            // No connection leaves a branch by the outcome that an error has of its own.
            isIgnored = route.Mode == ErrorMode.Ignore && outcome.Kind == OutcomeKind.Error;
        }
        context.Run.AddError(error, branch.Activity.ConnectorId, isIgnored ? ErrorHandling.Ignore : HandlingOf(context.Run));
        return isIgnored ? null : error;
    }

    /// <summary>What follows when a branch fails: what the activity around it, on which the run stands, says.</summary>
    private static ErrorHandling HandlingOf(FlowRun run) => run.HandlingOf(run.CurrentNode.ErrorRoutes[0]);
}
