using FlowEngine.Context;
using FlowEngine.Errors;
using FlowEngine.Screens;
using FlowEngine.Tracing;

namespace FlowEngine.Execution;

/// <summary>Stateless: advances runs. Different runs may be advanced at once, one run only by one caller at a time.</summary>
public static class FlowExecutor
{
    /// <summary>How many activities one advance may execute.</summary>
    public const int StepLimit = 1000;

    /// <summary>What a person reads after an error in automatic mode that has no message of its own.</summary>
    public const string DefaultErrorText = "Something went wrong. Please try again.";

    /// <summary>Executes activities until the run waits for a screen,
    /// completes or fails. A run that already did is left as it is.</summary>
    /// <param name="run">The run.</param>
    /// <param name="cancellationToken">Ends the advance with
    /// <see cref="OperationCanceledException"/>; the run can then be advanced again.</param>
    public static async ValueTask AdvanceAsync(FlowRun run, CancellationToken cancellationToken = default)
    {
        if (run.Status != RunStatus.Running)
            return;

        run.BeginBudget();
        using var span = RunTelemetry.StartRun(run);
        await GoOnAsync(run, cancellationToken).ConfigureAwait(false);
        RunTelemetry.EndRun(span, run);
    }

    /// <summary>Executes one activity of the run's flow, for a host that decides itself what follows: no connection is followed out of it.
    /// What it enters is followed by the engine to the end, or to the next screen.</summary>
    /// <param name="run">The run. Its time budget begins with the first step after a start, a submission or a loading, and goes on from
    /// step to step.</param>
    /// <param name="activityId">The activity; see <see cref="FlowRun.MoveTo"/>.</param>
    /// <param name="cancellationToken">Ends the step with <see cref="OperationCanceledException"/>; it can then be made again.</param>
    /// <exception cref="ArgumentException">The flow has no such activity.</exception>
    /// <exception cref="InvalidOperationException">The run is over.</exception>
    public static ValueTask<StepResult> StepAsync(FlowRun run, string activityId, CancellationToken cancellationToken = default)
    {
        run.MoveTo(activityId);
        run.Step = new SingleStep();
        return FinishStepAsync(run, run.Step, cancellationToken);
    }

    /// <summary>Submits the screen that a run waits for, for a host that decides itself what follows its button; see
    /// <see cref="StepAsync"/>.</summary>
    /// <param name="run">The run.</param>
    /// <param name="submission">The button and the inputs.</param>
    /// <param name="cancellationToken">Ends the step with <see cref="OperationCanceledException"/>.</param>
    public static ValueTask<StepResult> SubmitStepAsync(
        FlowRun run,
        ScreenSubmission submission,
        CancellationToken cancellationToken = default
    )
    {
        run.Step = new SingleStep();
        if (Accept(run, submission) is { } refusal)
        {
            run.Step = null;
            return ValueTask.FromResult(new StepResult(null, refusal));
        }
        run.BeginBudget();
        return FinishStepAsync(run, run.Step, cancellationToken);
    }

    private static async ValueTask<StepResult> FinishStepAsync(FlowRun run, SingleStep step, CancellationToken cancellationToken)
    {
        using var span = RunTelemetry.StartRun(run);
        try
        {
            run.GoOnWithBudget();
            await GoOnAsync(run, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            run.Step = null;
        }
        RunTelemetry.EndRun(span, run);
        return new StepResult(step.Outcome, null);
    }

    /// <summary>Executes activities until the run waits, completes or fails, without a
    /// span and without counting: for a run, and for a branch, which is none.</summary>
    internal static async ValueTask GoOnAsync(FlowRun run, CancellationToken cancellationToken)
    {
        var context = run.Context;
        for (var steps = 0; run.Status == RunStatus.Running && run.Step is not { IsDone: true }; steps++)
        {
            var node = context.Frame.Plan.Nodes[run.Position];
            if (steps == StepLimit)
            {
                FailStep(
                    run,
                    node,
                    new FlowError(FlowErrors.StepLimit.Code, $"The run took {StepLimit} steps without a screen.", run.ActivityId)
                );
                break;
            }

            var step = StepRecorder.Begin(context, node);
            var outcome = await ExecuteAsync(node, context, cancellationToken).ConfigureAwait(false);
            run.Items?.Failure?.Throw();
            Follow(run, node, outcome, step);

            if (run.Services.AfterStep is { } afterStep && run.Status == RunStatus.Running)
                await afterStep(run, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Submits the screen that a run waits for, and advances the run.</summary>
    /// <param name="run">The run.</param>
    /// <param name="submission">The button and the inputs.</param>
    /// <param name="cancellationToken">Ends the advance; see <see cref="AdvanceAsync"/>.</param>
    /// <returns>Null, or why the submission was refused; the run then waits for the same screen, which shows the message.</returns>
    public static async ValueTask<FlowError?> SubmitAsync(
        FlowRun run,
        ScreenSubmission submission,
        CancellationToken cancellationToken = default
    )
    {
        if (Accept(run, submission) is { } refusal)
            return refusal;
        // What was submitted is stored before anything is done with it, or a
        // server that is killed in the first activity has nothing to go on with.
        if (run.Services.AfterStep is { } afterStep && run.Status == RunStatus.Running && run.CurrentNode.Screen is null)
            await afterStep(run, cancellationToken).ConfigureAwait(false);
        await AdvanceAsync(run, cancellationToken).ConfigureAwait(false);
        return null;
    }

    /// <summary>Takes a submission, and follows its button.</summary>
    /// <returns>Null, or why it was refused.</returns>
    private static FlowError? Accept(FlowRun run, ScreenSubmission submission)
    {
        if (run.Status != RunStatus.Waiting)
            return FlowError.Of(FlowErrors.NotWaiting, "The run does not wait for a screen.");

        if (run.Context.Time.GetUtcNow() >= run.ExpiresAt)
        {
            run.Fail(FlowError.Of(FlowErrors.Expired, "The run expired before it was finished."));
            return run.Failure;
        }

        var node = run.CurrentNode;
        if (node.Screen!.TooEarly(submission.Interaction, run.Context) is { } early)
        {
            run.Show(early);
            return early.Error;
        }
        if (!node.Screen.TryAccept(submission, run.Context, run.Context.Frame.Form, out var accepted, out var refusal))
        {
            run.Show(refusal!);
            return refusal!.Error;
        }

        run.Show("");
        run.Context.Frame.Form = accepted.Form;
        run.Status = RunStatus.Running;
        var step = StepRecorder.Submitted(run, node, accepted, submission.Form);
        if (TooOften(run, node.Activity.Shows!.MaxSubmits) is { } problemOfRun)
        {
            FailStep(run, node, problemOfRun);
            return null;
        }
        Take(run, node, accepted.Port, step);
        return null;
    }

    /// <summary>Ends a run that waits. A run that has ended is left as it is.</summary>
    /// <param name="run">The run.</param>
    /// <param name="reason">Why it failed; null for an operator's wish: then it is cancelled, <c>run.cancelled</c>.</param>
    /// <returns>Whether the run ended by this.</returns>
    public static bool Cancel(FlowRun run, FlowError? reason = null)
    {
        if (run.Status != RunStatus.Waiting)
            return false;
        run.Show("");
        if (reason is null)
            run.Fail(FlowError.Of(FlowErrors.Cancelled, "An operator cancelled the run."), RunStatus.Cancelled);
        else
            FailStep(run, run.CurrentNode, reason);
        return true;
    }

    /// <summary>Executes one activity; an unexpected exception becomes an outcome.</summary>
    internal static async ValueTask<Outcome> ExecuteAsync(PlanNode node, RunContext context, CancellationToken cancellationToken)
    {
        using var span = RunTelemetry.StartActivity(node);
        var started = RunTelemetry.Timestamp();
        var (counts, time) = (context.Run.Services.Counts, context.Run.Services.Time);
        var began = counts is null ? 0 : time.GetTimestamp();
        Outcome outcome;
        try
        {
            outcome = await node.Activity.ExecuteAsync(context, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception error) when (!cancellationToken.IsCancellationRequested)
        {
            outcome = Unexpected(node, error);
        }
        RunTelemetry.EndActivity(span, node, outcome, started);
        if (counts is not null && node.Activity.ConnectorId is { } connector)
            counts.Called(connector, outcome.Problem, time.GetElapsedTime(began));
        return outcome;
    }

    /// <summary>What an exception that an activity did not expect becomes: its last error event, or the end of the run. The exception's
    /// message may hold data, so only its type is told.</summary>
    private static Outcome Unexpected(PlanNode node, Exception error)
    {
        var problem = FlowError.Of(FlowErrors.Unexpected, $"The activity threw {error.GetType().Name}.");
        return node.ErrorRoutes.Length > 0 ? Outcome.Error(node.ErrorRoutes.Length - 1, problem) : Outcome.Fail(problem);
    }

    private static void Follow(FlowRun run, PlanNode node, Outcome outcome, TraceStep? step)
    {
        var context = run.Context;
        run.Sequence++;
        run.AddToPath(context.ActivityId);
        switch (outcome.Kind)
        {
            case OutcomeKind.Port:
                if (step is not null)
                    StepRecorder.End(context, step, node.Outcomes[outcome.Index], null);
                Take(run, node, outcome.Index, step);
                break;

            case OutcomeKind.Suspended:
                StepRecorder.End(context, step, null, null);
                run.LastScreen = (context.Frame, run.Position);
                run.Status = RunStatus.Waiting;
                run.Services.Counts?.Showed(context.Frame.Plan, node);
                break;

            case OutcomeKind.Error:
                FollowError(run, node, outcome, step);
                break;

            case OutcomeKind.Handled:
                var known = NoteError(run, node, outcome, ErrorHandling.Outcome);
                StepRecorder.End(context, step, node.Outcomes[outcome.Index], known);
                Take(run, node, outcome.Index, step);
                break;

            case OutcomeKind.Failed:
                var failure = outcome.Problem! with { Activity = context.ActivityId };
                StepRecorder.End(context, step, null, failure);
                FailStep(run, node, failure);
                break;

            case OutcomeKind.Restart:
                StepRecorder.End(context, step, null, null);
                // Or whom nobody could help and who begins again would not be found.
                run.FindReference();
                context.Frame.Clear();
                context.User = context.Claims = FlowValue.From(FlowObject.Empty);
                run.Position = context.Frame.Plan.Start;
                if (context.Frame.Parent is null)
                    run.Step?.End(null);
                break;

            case OutcomeKind.Enter:
                if (step is not null)
                    step.Entered = outcome.Entry.Plan.Version;
                StepRecorder.End(context, step, null, null);
                context.Frame = new Frame(outcome.Entry.Plan, context.Frame, run.Position) { Client = outcome.Entry.Client };
                context.ForgetFlowRoot();
                run.Position = outcome.Entry.Plan.Start;
                break;

            case OutcomeKind.End:
                // What an End hands to the flow that called it is written by its step.
                End(run, outcome.Ending, step);
                StepRecorder.End(context, step, null, null);
                break;
        }
    }

    private static void FollowError(FlowRun run, PlanNode node, Outcome outcome, TraceStep? step)
    {
        ref readonly var route = ref node.ErrorRoutes[outcome.Index];
        var error = NoteError(run, node, outcome, run.HandlingOf(route));
        switch (route.Mode)
        {
            case ErrorMode.Custom:
                StepRecorder.End(run.Context, step, route.Event, error);
                Take(run, node, route.Port, step);
                break;

            case ErrorMode.Ignore:
                StepRecorder.End(run.Context, step, node.Outcomes[0], error);
                Take(run, node, 0, step);
                break;

            default:
                StepRecorder.End(run.Context, step, null, error);
                run.Services.Counts?.Stopped(run.Context.Frame.Plan, node);
                if (run.LastScreen is { } screen)
                {
                    run.Show(route.Message ?? DefaultErrorText);
                    run.Context.Frame = screen.Frame;
                    run.Context.ForgetFlowRoot();
                    run.Position = screen.Position;
                    run.Status = RunStatus.Waiting;
                    run.Services.Counts?.Showed(screen.Frame.Plan, run.CurrentNode);
                    run.AddToPath(run.ActivityId);
                }
                else
                {
                    run.Fail(error);
                }
                break;
        }
    }

    /// <summary>Notes the error of an activity, as the last one and among those of the run.</summary>
    private static FlowError NoteError(FlowRun run, PlanNode node, Outcome outcome, ErrorHandling handling)
    {
        var error = outcome.Problem! with { Activity = run.Context.ActivityId, Event = node.ErrorRoutes[outcome.ErrorEvent].Event };
        run.Context.Error = error.ToValue();
        // What names its activity was noted there: in a branch.
        if (outcome.Problem!.Activity is null)
            run.AddError(error, node.Activity.ConnectorId, handling);
        return error;
    }

    /// <summary>Fails the run at an activity, which is noted as its error.</summary>
    private static void FailStep(FlowRun run, PlanNode node, FlowError error)
    {
        run.AddError(error, node.Activity.ConnectorId, ErrorHandling.Failed);
        run.Services.Counts?.Stopped(run.Context.Frame.Plan, node);
        run.Fail(error);
    }

    /// <summary>Whether a screen was submitted more often than it may be in one run. Each time that it was shown, now included, stands in
    /// the run's path, which a restart does not shorten; and whoever is at a screen left
    /// it before, every time but this, by a submission that was accepted.</summary>
    private static FlowError? TooOften(FlowRun run, int maxSubmits)
    {
        if (run.Path.Count <= maxSubmits)
            return null;
        var (id, shown) = (run.ActivityId, 0);
        foreach (var activity in run.Path)
        {
            if (activity == id)
                shown++;
        }
        return shown <= maxSubmits
            ? null
            : new FlowError(FlowErrors.Submits.Code, $"The screen was submitted more than {maxSubmits} times in one run.", id);
    }

    /// <summary>Follows the connection of an outcome.</summary>
    /// <param name="run">The run.</param>
    /// <param name="node">The activity that ended.</param>
    /// <param name="port">The outcome.</param>
    /// <param name="step">The activity's step, which tells of the connection's message, or null.</param>
    private static void Take(FlowRun run, PlanNode node, int port, TraceStep? step)
    {
        var target = node.Targets[port];
        run.Services.Counts?.Took(run.Context.Frame.Plan, node, port);
        if (target >= 0)
        {
            if (node.Messages is { } messages && messages[port] is { } message)
                run.Tell(message, step);
            run.Position = target;
        }
        if (run.Step is { } single && run.Context.Frame.Parent is null)
        {
            // A host leads on, wherever the connection leads, if there is one.
            single.End(node.Outcomes[port]);
            return;
        }
        if (target >= 0)
            return;
        FailStep(run, node, LeadsNowhere(node, port) with { Activity = run.Context.ActivityId });
    }

    /// <summary>Why a run ends at an outcome without a connection: an optional one, or any in a flow compiled with open outcomes.</summary>
    private static FlowError LeadsNowhere(PlanNode node, int port) =>
        node.OptionalOutcomes.Contains(node.Outcomes[port])
            ? FlowError.Of(FlowErrors.NoBranch, "No branch of the condition matched and Else is not connected.")
            : FlowError.Of(FlowErrors.Unconnected, $"The outcome '{node.Outcomes[port]}' has no connection, and no host led on.");

    private static void End(FlowRun run, FlowEnd end, TraceStep? step)
    {
        var frame = run.Context.Frame;
        if (frame.Parent is null)
        {
            run.EndName = end.Name;
            run.Outputs = end.Outputs;
            // The message on the way to a refusal is its reason; a success has nothing to say of what came before.
            if (end.Message is { } message)
                run.Tell(message, step);
            else if (!end.IsRefused)
                run.Show("");
            run.Status = end.IsRefused ? RunStatus.Refused : RunStatus.Completed;
            return;
        }

        run.Context.Frame = frame.Parent;
        run.Context.ForgetFlowRoot();
        run.Position = frame.ReturnNode;
        var caller = run.CurrentNode;
        Take(run, caller, caller.Activity.Return(run.Context, end), step);
    }
}
