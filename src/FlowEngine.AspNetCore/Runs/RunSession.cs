using FlowEngine.AspNetCore.Flows;
using FlowEngine.AspNetCore.Runs.Calls;
using FlowEngine.AspNetCore.Tokens;
using FlowEngine.Attempts;
using FlowEngine.Connectors;
using FlowEngine.Context;
using FlowEngine.Errors;
using FlowEngine.Execution;
using FlowEngine.Json;
using FlowEngine.Model;
using FlowEngine.Screens;
using FlowEngine.Storage;
using FlowEngine.Templates;
using FlowEngine.Tracing;

namespace FlowEngine.AspNetCore.Runs;

/// <summary>
/// Per run, one call at a time: loads a run, advances it and stores it before anybody sees where it is. Whatever breaks on the way leaves
/// what was stored last, and the next call begins there.
/// </summary>
/// <remarks>One call at a time is all the order it needs, so it does not go back to the grain's own scheduler after each wait.</remarks>
internal sealed class RunSession(
    string id,
    FlowCatalogue flows,
    RunStore store,
    TokenService tokens,
    OneTimeCodes codes,
    ConnectorSet connectors,
    AttemptCounter attempts,
    CallQueue calls,
    ConnectorFaults faults,
    RunCounts counts,
    TimeProvider time
)
{
    /// <summary>Stands for the start where the last submission is named. A client
    /// that sends it gets what anybody gets who sends a step that is over.</summary>
    private const string StartStep = "(start)";

    /// <summary>How many characters the trace of one save may have, about: 256 KiB.</summary>
    private const int MaxTracePart = 256 * 1024;

    /// <summary>How many characters the trace of a run may have, about: 1 MiB. From there
    /// on steps are told without their values, for as much as one part more.</summary>
    private const int MaxTrace = 1024 * 1024;

    private HeldRun? _held;

    /// <summary>Whether the run came to its end, so that nobody is expected to come back soon.</summary>
    public bool IsOver => _held?.Run is not { } run || run.Status.IsOver();

    /// <summary>Starts the run.</summary>
    /// <param name="request">What it is started with.</param>
    /// <param name="isRepeated">Whether it may have been started by a call whose answer was
    /// lost: then that run's answer is given, and it is started if there is none.</param>
    /// <returns>Where it is; null when there is no such flow.</returns>
    public Task<RunAnswer?> StartAsync(RunRequest request, bool isRepeated = false) =>
        GuardAsync(async () =>
        {
            if (isRepeated && await OpenAsync(request.BrowserKey) is var (started, instead) && (started is not null || instead is not null))
            {
                // Tokens that a later step brought are for those who submitted it.
                return instead
                    ?? (started!.Last is { StepId: StartStep, Answer: { } first } ? first : Answer(started, started.Run!.Failure));
            }

            var generation = flows.Generation;
            var plan = request.Version is { } version
                ? await flows.PlanAsync(request.FlowId, version, CancellationToken.None)
                : flows.FindPlan(request.FlowId);
            if (plan is null)
                return null;
            if (plan.Options.Access == FlowAccess.Key && !request.HasKey)
                return RunAnswer.Refused(id, plan.FlowId);

            store.EnsureRoom();
            HeldRun held = null!;
            var run = FlowRun.Start(
                plan,
                new RunStart
                {
                    Id = id,
                    Client = request.Client,
                    Device = request.Device,
                },
                Services(plan, () => held)
            );
            held = new HeldRun
            {
                Run = run,
                Generation = generation,
                FlowId = plan.FlowId,
                BrowserKeyHash = request.BrowserKey is { } key ? SecretHash.Of(key) : null,
                Locale = request.Locale,
                Return = request.Return,
                KeptUntil = request.KeptUntil,
                Last = new LastSubmission(StartStep, "", null),
                Client = run.Context.Get(ContextRoot.Client),
                WorkedSince = time.GetTimestamp(),
            };
            // Inputs that the flow refuses make no run.
            if (run.Status == RunStatus.Failed)
                return Answer(held, run.Failure);

            _held = held;
            await FlowExecutor.AdvanceAsync(run);
            if (request.IsUnattended)
                FlowExecutor.Cancel(run, FlowError.Of(RunRefusals.Screen, RunRefusals.Screen.Meaning));
            FlowError? refusal = null;
            if (request.InteractionId is { } interaction && run.Status == RunStatus.Waiting)
                refusal = await FlowExecutor.SubmitAsync(run, new ScreenSubmission(interaction, request.Input));
            return await FinishAsync(held, run.Status == RunStatus.Waiting ? refusal : null);
        });

    /// <summary>Submits a step.</summary>
    public Task<RunAnswer?> SubmitAsync(string stepId, string interactionId, FlowValue input, string? browserKey) =>
        GuardAsync(async () =>
        {
            var (held, answer) = await OpenAsync(browserKey);
            if (held is null || answer is not null)
                return answer;

            var run = held.Run!;
            // The answer to a start is for those who started it, whose call may be repeated; it may hold tokens.
            if (
                held.Last is { Answer: { } before }
                && held.Last.StepId == stepId
                && held.Last.InteractionId == interactionId
                && stepId != StartStep
            )
                return before;
            if (run.Status != RunStatus.Waiting || held.StepToken != stepId)
                return Answer(held, run.Failure);

            store.EnsureRoom();
            var last = held.Last;
            held.Last = new LastSubmission(stepId, interactionId, null);
            held.WorkedSince = time.GetTimestamp();
            var refusal = await FlowExecutor.SubmitAsync(run, new ScreenSubmission(interactionId, input));
            if (refusal is null || run.Status != RunStatus.Waiting)
                return await FinishAsync(held, null);

            // Nothing moved: the step stays current, and there is nothing to store.
            held.Last = last;
            return Answer(held, refusal);
        });

    /// <summary>Goes on when its server stopped in the middle of an advance.</summary>
    public Task<RunAnswer?> ResumeAsync() =>
        GuardAsync(async () =>
        {
            // To open it is to go on with it.
            await OpenAsync(null, isOperator: true);
            return null;
        });

    /// <summary>Where the run is. Tokens are in the answer that completed it, and in no other.</summary>
    public Task<RunAnswer?> FindAsync(string? browserKey) =>
        GuardAsync(async () =>
        {
            var (held, answer) = await OpenAsync(browserKey);
            return answer ?? (held is null ? null : Answer(held, held.Run!.Failure));
        });

    /// <summary>Ends the run for an operator, whoever's browser it belongs to.</summary>
    public Task<RunAnswer?> CancelAsync(string actor) =>
        GuardAsync(async () =>
        {
            var (held, answer) = await OpenAsync(null, isOperator: true);
            if (_held?.Unusable is { } stored && answer?.Error?.Code == FlowErrors.State.Code)
                return await CancelAsync(_held, stored, actor);
            if (held is null || answer is not null)
                return answer;
            return FlowExecutor.Cancel(held.Run!) ? await FinishAsync(held, null, actor) : Answer(held, held.Run!.Failure);
        });

    /// <summary>The run, ready to be used; or the answer there is instead: none for
    /// a run that is not there or not this browser's, and that it expired.</summary>
    private async Task<(HeldRun? Held, RunAnswer? Instead)> OpenAsync(string? browserKey, bool isOperator = false)
    {
        // A plan of before a change has connectors of before: they are about to be closed.
        if (_held?.Generation != flows.Generation)
            _held = null;
        var held = _held ??= await LoadAsync();
        // A browser's run is for that browser alone, and a run that a program began
        // is for no browser: whoever sent somebody its address would know its id.
        if (held is null || (!isOperator && held.BrowserKeyHash != (browserKey is null ? null : SecretHash.Of(browserKey))))
            return (null, null);
        if (held.Unusable is { } stored && (stored.Status.IsOver() || time.GetUtcNow() < stored.ExpiresAt))
            return (null, Unusable(held, stored));
        if (held.Run is not { } run || (!run.Status.IsOver() && time.GetUtcNow() >= run.ExpiresAt))
            return (null, Ended(held, FlowErrors.Expired));

        // Its server stopped in the middle of an advance.
        if (run.Status == RunStatus.Running)
        {
            store.EnsureRoom();
            held.WorkedSince = time.GetTimestamp();
            await FlowExecutor.AdvanceAsync(run);
            await FinishAsync(held, null);
        }
        return (held, null);
    }

    private async Task<HeldRun?> LoadAsync()
    {
        var generation = flows.Generation;
        if (await store.FindAsync(id, CancellationToken.None) is not { } stored)
            return null;
        if (stored.State is not { } state)
            return new HeldRun
            {
                Generation = generation,
                FlowId = stored.FlowId,
                BrowserKeyHash = stored.BrowserKeyHash,
            };

        var progress = RunProgress.FromBytes(state);
        HeldRun held = null!;
        FlowRun run;
        try
        {
            run = await flows.LoadAsync(progress.State, plan => Services(plan, () => held), CancellationToken.None);
        }
        catch (RunStateException)
        {
            return new HeldRun
            {
                Unusable = stored,
                Generation = generation,
                FlowId = stored.FlowId,
                BrowserKeyHash = stored.BrowserKeyHash,
                Locale = progress.Locale,
            };
        }
        held = new HeldRun
        {
            Run = run,
            Generation = generation,
            FlowId = stored.FlowId,
            BrowserKeyHash = stored.BrowserKeyHash,
            Locale = progress.Locale,
            Return = progress.Return,
            KeptUntil = progress.KeptUntil,
            Stamp = stored.Stamp,
            StepToken = stored.StepToken,
            Last = progress.Last,
            StoredTraceBytes = progress.TraceBytes,
        };
        return held;
    }

    /// <summary>Names the step that waits now, issues the tokens of a login, and stores it all.</summary>
    private async Task<RunAnswer> FinishAsync(HeldRun held, FlowError? refusal, string? cancelledBy = null)
    {
        var run = held.Run!;
        held.StepToken = run.Status == RunStatus.Waiting ? RunId.New() : "";
        var login =
            run.Status == RunStatus.Completed && !run.Context.User.Get("userId").IsNothing ? tokens.Issue(SessionContent.Of(run)) : null;
        var answer = Answer(held, refusal ?? run.Failure) with { Tokens = login?.Tokens };
        // With the save that completes the run, so that there is one code for each run, whatever breaks.
        var code = run.Status == RunStatus.Completed && held.Return is not null ? codes.New(RunWire.Write(answer)) : null;
        if (code is not null)
            answer = answer with { Code = code.Text };
        // A start that only shows a screen needs no answer kept: the screen is made anew from where the run is.
        if (held.Last is { StepId: StartStep } && run.Status == RunStatus.Waiting && refusal is null)
            held.Last = null;
        else if (held.Last is { Answer: null } last)
            held.Last = last with { Answer = answer };
        await SaveAsync(held, login?.Family, code, cancelledBy);
        return answer;
    }

    private async ValueTask SaveAsync(HeldRun held, RefreshFamily? login, NewCode? code, string? cancelledBy = null)
    {
        var run = held.Run!;
        var steps = run.Trace ?? [];
        var trace = steps.Count > held.StoredSteps && held.StoredTraceBytes < MaxTrace + MaxTracePart ? TraceOf(held, steps) : null;
        // Before what they are made of is forgotten.
        var reference = run.FindReference();
        var (email, loginId) = (NameOf(run, "email"), NameOf(run, "loginId"));
        // Nobody goes on with it, and its trace is told: what is left is whatever its answers need.
        if (run.Status.IsOver())
            run.ForgetWork();
        var record = new RunRecord
        {
            Id = id,
            FlowId = run.Plan.FlowId,
            FlowVersion = run.Plan.Version,
            Status = run.Status,
            IsUntouched = held.Last is null or { StepId: StartStep },
            StepToken = held.StepToken,
            State = new RunProgress(
                RunState.Save(run),
                held.Locale,
                held.Return,
                held.Last,
                held.StoredTraceBytes + (trace?.Length ?? 0),
                held.KeptUntil
            ).ToBytes(),
            BrowserKeyHash = held.BrowserKeyHash,
            Person = run.Context.User.Get("userId") is { IsNothing: false } person ? person.ToText() : null,
            Reference = reference == held.StoredReference ? null : reference,
            // What says the same as another is kept once.
            Email = IsSame(email, reference) ? null : email,
            LoginId =
                IsSame(loginId, reference) || IsSame(loginId, email) || loginId == run.Context.User.Get("userId").ToText() ? null : loginId,
            Screen = WaitingScreen.Of(run),
            Errors = run.Errors is { } errors ? JsonWriting.ToText(errors.ToValue()) : null,
            Worked = held.WorkedSince is { } since ? (long)time.GetElapsedTime(since).TotalMilliseconds : 0,
            ErrorCode = run.Failure?.Code,
            CreatedAt = run.StartedAt,
            ExpiresAt = held.KeptUntil is { } until && until > run.ExpiresAt && run.Status.IsOver() ? until : run.ExpiresAt,
        };
        var queued = run.TakeQueuedCalls();
        var extras = new RunExtras
        {
            Login = login,
            Code = code,
            CancelledBy = cancelledBy,
            TraceSteps = trace,
            Calls = queued,
        };
        held.Stamp =
            await (
                held.Stamp is { } stamp
                    ? store.SaveAsync(record, stamp, extras, CancellationToken.None)
                    : store.AddAsync(record, extras, CancellationToken.None)
            )
            ?? throw new RunConflictException();
        held.StoredReference = reference ?? held.StoredReference;
        held.WorkedSince = run.Status == RunStatus.Running ? time.GetTimestamp() : null;
        if (queued.Count > 0)
            calls.Ring();
        held.StoredTraceBytes += trace?.Length ?? 0;
        for (; held.StoredSteps < steps.Count; held.StoredSteps++)
            steps[held.StoredSteps].IsWritten = true;
        held.Client = default;
    }

    /// <summary>The steps since the last save. A run that goes round and round tells less
    /// and less, and in the end nothing: its client must not fill the storage.</summary>
    private byte[] TraceOf(HeldRun held, IReadOnlyList<TraceStep> steps)
    {
        steps[held.StoredSteps].Client = held.Client;
        var room = new TraceRoom(Math.Clamp(MaxTrace - held.StoredTraceBytes, 0, MaxTracePart));
        return JsonWriting.ToUtf8(
            TraceWriter.ToValue(steps.Skip(held.StoredSteps), held.Run!.RedactorFor(connectors.SecretsOf(held.Run!.Plan.Connectors)), room)
        );
    }

    /// <summary>A name of the person by which the run is found; null for none, for a secret, and for what is no name.</summary>
    private static string? NameOf(FlowRun run, string member) =>
        run.Context.User.Get(member) is { IsSensitive: false } value
        && value.TryGetText(out var text)
        && text.AsSpan().Trim().Length is > 0 and <= FlowOptions.MaxReference
            ? text
            : null;

    private static bool IsSame(string? one, string? other) =>
        one is not null && other is not null && one.AsSpan().Trim().Equals(other.AsSpan().Trim(), StringComparison.OrdinalIgnoreCase);

    private RunServices Services(FlowPlan plan, Func<HeldRun> held) =>
        new()
        {
            Time = time,
            Trace = true,
            Attempts = attempts,
            OnError = faults.Note,
            Counts = counts,
            QueueCall = calls.Admission,
            AfterStep = plan.Options.Durability == Durability.Step ? (_, _) => SaveAsync(held(), null, null) : null,
        };

    private static RunAnswer Answer(HeldRun held, FlowError? error)
    {
        var run = held.Run!;
        var isWaiting = run.Status == RunStatus.Waiting;
        // Only a flow with translations has use for it.
        var filled = run.Plan.Options.Locales.Count == 0 ? null : new List<FilledText>();
        var screen = isWaiting ? ScreenView.Of(run, ValueEncoder.None, filled) : FlowValue.Missing;
        return new RunAnswer
        {
            ExecutionId = run.Id,
            FlowId = run.Plan.FlowId,
            StepId = isWaiting ? held.StepToken : "",
            StepName = run.ActivityId,
            Status = run.Status,
            Locale = held.Locale,
            Return = held.Return,
            Screen = screen,
            Wording = ScreenWording.Of(run.InputProblems, run.ErrorTextSource, filled),
            Error =
                error
                ?? (
                    isWaiting && run is { ErrorText.Length: > 0, ErrorTextKind: ErrorTextKind.Error }
                        ? FlowError.FromValue(run.Context.Error)
                        : null
                ),
            TellsOfError = isWaiting && run is { ErrorText.Length: > 0, ErrorTextKind: ErrorTextKind.Message, Errors: not null },
            Message = run.Status.HasResult() ? run.ErrorText : "",
            User = run.Context.User,
            Claims = run.Context.Claims,
            Output = run.Outputs,
        };
    }

    private RunAnswer Ended(HeldRun held, ErrorCode code, RunStatus status = RunStatus.Failed) =>
        new()
        {
            ExecutionId = id,
            FlowId = held.FlowId,
            StepId = "",
            StepName = "",
            Status = status,
            Locale = held.Locale,
            Error = FlowError.Of(code, code.Meaning),
        };

    /// <summary>What is left to tell of a run that cannot be read: how it ended and with which code, or that it cannot go on.</summary>
    private RunAnswer Unusable(HeldRun held, StoredRun stored) =>
        stored.Status switch
        {
            RunStatus.Completed or RunStatus.Refused => Ended(held, FlowErrors.State, stored.Status) with { Error = null },
            RunStatus.Failed or RunStatus.Cancelled => Ended(held, FlowErrors.State, stored.Status) with
            {
                Error = new FlowError(stored.ErrorCode ?? FlowErrors.State.Code, FlowErrors.State.Meaning),
            },
            _ => Ended(held, FlowErrors.State),
        };

    /// <summary>Ends a run that cannot be read for an operator; its state is of no use any more.</summary>
    private async Task<RunAnswer> CancelAsync(HeldRun held, StoredRun stored, string actor)
    {
        var cancelled = stored with { Status = RunStatus.Cancelled, StepToken = "", State = null, ErrorCode = FlowErrors.Cancelled.Code };
        _ =
            await store.SaveAsync(cancelled, stored.Stamp, new RunExtras { CancelledBy = actor }, CancellationToken.None)
            ?? throw new RunConflictException();
        return Ended(held, FlowErrors.Cancelled, RunStatus.Cancelled);
    }

    /// <summary>Drops what is in memory when something breaks; when another server saved
    /// the run meanwhile, the call is made once more on what that one stored.</summary>
    private async Task<RunAnswer?> GuardAsync(Func<Task<RunAnswer?>> call)
    {
        for (var isRetry = false; ; isRetry = true)
        {
            try
            {
                return await call();
            }
            catch (RunConflictException) when (!isRetry)
            {
                _held = null;
            }
            catch
            {
                _held = null;
                throw;
            }
        }
    }
}
