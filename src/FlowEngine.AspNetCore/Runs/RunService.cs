using FlowEngine.AspNetCore.Tokens;
using FlowEngine.Context;
using FlowEngine.Errors;
using FlowEngine.Execution;
using FlowEngine.Screens;

namespace FlowEngine.AspNetCore.Runs;

/// <summary>Shared and immutable: what a run is started with.</summary>
internal sealed record RunRequest
{
    /// <summary>The flow.</summary>
    public required string FlowId { get; init; }

    /// <summary>The version; null (the default) for the published one.</summary>
    public int? Version { get; init; }

    /// <summary>The inputs: <c>client.*</c>.</summary>
    public FlowValue Client { get; init; } = FlowValue.From(FlowObject.Empty);

    /// <summary>The device: <c>ip</c>, <c>userAgent</c>, <c>language</c>.</summary>
    public FlowValue Device { get; init; } = FlowValue.From(FlowObject.Empty);

    /// <summary>With an interaction of the start screen, that screen counts as
    /// submitted with <see cref="Input"/>. Null (the default) shows it.</summary>
    public string? InteractionId { get; init; }

    /// <summary>The inputs of the start screen.</summary>
    public FlowValue Input { get; init; } = FlowValue.From(FlowObject.Empty);

    /// <summary>The locale that was asked for; comes back with each answer. Null (the default) for none.</summary>
    public string? Locale { get; init; }

    /// <summary>Whether nobody is there to see a screen: a run that comes to one fails with <c>api.screen</c>. Default false.</summary>
    public bool IsUnattended { get; init; }

    /// <summary>The header <c>Authorization</c> of whoever starts it, or null: a flow whose access is <c>key</c> wants the management key
    /// there. It goes no further than <see cref="RunService.StartAsync"/>.</summary>
    public string? Authorization { get; init; }

    /// <summary>Whether whoever starts it has shown the management key. Default
    /// false: then a flow whose access is <c>key</c> is not started.</summary>
    public bool HasKey { get; init; }

    /// <summary>Who may go on with the run: a secret of the browser that began it, kept
    /// as a hash; null (the default) for any holder of the execution id.</summary>
    public string? BrowserKey { get; init; }

    /// <summary>Where the login leads when it is done; null (the default) for nowhere.</summary>
    public LoginReturn? Return { get; init; }

    /// <summary>The key under which the same start may be sent again, for a day; null (the default) when each is a start of its own. It
    /// goes no further than <see cref="RunService.StartAsync"/>.</summary>
    public StartKey? Key { get; init; }

    /// <summary>The run when it was drawn before, by <see cref="RunService.Draw"/>: the
    /// same start may be sent again then. Null (the default) for a new one.</summary>
    public DrawnRun? Drawn { get; init; }

    /// <summary>Until when the run's answer is kept once it has ended; null (the default) for as long as any run's.</summary>
    internal DateTimeOffset? KeptUntil { get; init; }
}

/// <summary>Shared and immutable: a key under which a start may be sent again: it is the same run then.</summary>
/// <param name="Scope">Whose key it is, and for what. The same key of another is another.</param>
/// <param name="Key">The key.</param>
/// <param name="Request">The whole request; the key with another one is refused.</param>
internal sealed record StartKey(string Scope, string Key, byte[] Request);

/// <summary>Shared and immutable: where a run is, as its clients see it.</summary>
internal sealed record RunAnswer
{
    /// <summary>The run's id, which nobody can guess.</summary>
    public required string ExecutionId { get; init; }

    /// <summary>The flow.</summary>
    public required string FlowId { get; init; }

    /// <summary>The step that waits: changes with every advance, so that a submission
    /// of an earlier step is recognised. "" when the run does not wait.</summary>
    public required string StepId { get; init; }

    /// <summary>The activity's id.</summary>
    public required string StepName { get; init; }

    /// <summary>Where it is in its life.</summary>
    public required RunStatus Status { get; init; }

    /// <summary>The screen as <see cref="FlowEngine.Screens.ScreenView"/> renders
    /// it, without escapes; missing when the run does not wait.</summary>
    public FlowValue Screen { get; init; }

    /// <summary>What the texts of <see cref="Screen"/>, or <see cref="Message"/>, were made of.</summary>
    public ScreenWording Wording { get; init; } = ScreenWording.None;

    /// <summary>The locale that the run was started with, or null.</summary>
    public string? Locale { get; init; }

    /// <summary>Why the run failed, why the submission was refused, or the error that led back to the screen; null for none.</summary>
    public FlowError? Error { get; init; }

    /// <summary>What the End says that the run reached, in the flow's own words and not yet translated; "" for nothing.</summary>
    public string Message { get; init; } = "";

    /// <summary>What a person can quote, and an operator finds the run by: where something went wrong, or the flow turned them away. Null
    /// otherwise, and where no run is stored.</summary>
    public string? Reference =>
        IsStored && (Status is RunStatus.Failed or RunStatus.Cancelled or RunStatus.Refused || IsSetBack)
            ? RunReference.Of(ExecutionId)
            : null;

    private bool IsStored => ExecutionId.Length > 0 && Error?.Code != FlowErrors.Input.Code;

    /// <summary>Whether the screen says what the flow says of it, in a run of which a step failed.</summary>
    internal bool TellsOfError { get; init; }

    /// <summary>Whether an error led to the screen; not that what was submitted was no good.</summary>
    private bool IsSetBack =>
        Status == RunStatus.Waiting
        && (Error is { } error ? error.Code != FlowErrors.ScreenInput.Code && error.Code != FlowErrors.Interaction.Code : TellsOfError);

    /// <summary>The tokens of a completed run with a user; null otherwise.</summary>
    public IssuedTokens? Tokens { get; init; }

    /// <summary>Where the login leads, as it was begun; null for nowhere.</summary>
    public LoginReturn? Return { get; init; }

    /// <summary>The one-time code of a completed run that leads somewhere: one
    /// for each run, in the answer that completed it; null otherwise.</summary>
    public string? Code { get; init; }

    /// <summary>The person: <c>user.*</c>.</summary>
    public FlowValue User { get; init; }

    /// <summary>The custom claims.</summary>
    public FlowValue Claims { get; init; }

    /// <summary>The End's outputs.</summary>
    public FlowValue Output { get; init; }

    /// <summary>Whether nothing was started, because the flow wants the management key.</summary>
    public bool IsRefused => Error?.Code == RunRefusals.FlowKey.Code;

    /// <summary>Whether nothing was started, because the key of the start belongs to another request.</summary>
    public bool IsOtherRequest => Error?.Code == RunRefusals.Idempotency.Code;

    /// <summary>The answer to whoever may not start the run, or not so. There is no run.</summary>
    internal static RunAnswer Refused(string id, string flowId, ErrorCode? code = null) =>
        new()
        {
            ExecutionId = id,
            FlowId = flowId,
            StepId = "",
            StepName = "",
            Status = RunStatus.Failed,
            Error = FlowError.Of(code ?? RunRefusals.FlowKey, (code ?? RunRefusals.FlowKey).Meaning),
        };
}

/// <summary>Per process, thread-safe: starts runs and takes submissions, whichever node holds the run.</summary>
internal abstract class RunService
{
    /// <summary>Draws the id of a run that a browser starts with its next request,
    /// see <see cref="RunRequest.Drawn"/>. Nobody can guess it.</summary>
    /// <returns>The run; null when it is as well to start it at once, because
    /// a start of this flow does nothing but show a screen.</returns>
    public virtual DrawnRun? Draw(string flowId, string browserKey) => null;

    /// <summary>Starts a run and advances it to its first screen or end. With a <see cref="RunRequest.Key"/> that was sent before, it is
    /// that run: a start that was cut off goes on, one that is still on its way is waited for.</summary>
    /// <returns>Where it is; null when there is no such flow; <see cref="RunAnswer.IsRefused"/> when it wants the management key,
    /// <see cref="RunAnswer.IsOtherRequest"/> when the key came with another request before. Also null
    /// when the <see cref="RunRequest.Drawn"/> run was not drawn for this browser and flow.</returns>
    public abstract Task<RunAnswer?> StartAsync(RunRequest request, CancellationToken cancellationToken);

    /// <summary>Submits a step. A step that was submitted before with the same interaction gets the answer of then; a step that is no
    /// longer current gets the current one.</summary>
    /// <returns>Where the run is; null when there is no such run, or it is not this
    /// browser's: a run that no browser began is none for any browser.</returns>
    public abstract Task<RunAnswer?> SubmitAsync(
        string executionId,
        string stepId,
        string interactionId,
        FlowValue input,
        string? browserKey,
        CancellationToken cancellationToken
    );

    /// <summary>Goes on with a run that stands in the middle of an advance
    /// because its server stopped; does nothing when it does not.</summary>
    public abstract Task ResumeAsync(string executionId, CancellationToken cancellationToken);

    /// <summary>Ends a run that waits, as an operator does: it is cancelled, with
    /// code <c>run.cancelled</c>. One that has ended stays as it is.</summary>
    /// <returns>Where the run is now; null when there is no such run.</returns>
    public abstract Task<RunAnswer?> CancelAsync(string executionId, string actor, CancellationToken cancellationToken);

    /// <summary>Where a run is; null when there is no such run, or it is not this
    /// browser's: a run that no browser began is none for any browser.</summary>
    public abstract Task<RunAnswer?> FindAsync(string executionId, string? browserKey, CancellationToken cancellationToken);
}
