using FlowEngine.Attempts;
using FlowEngine.Compilation;
using FlowEngine.Errors;
using FlowEngine.Execution;
using FlowEngine.Identity;
using FlowEngine.Settings;
using FlowEngine.Templates;
using FlowEngine.Workers;

namespace FlowEngine.Activities;

/// <summary>Bound once, then read only: the settings of VerifyPassword.</summary>
public sealed class VerifyPasswordSettings
{
    /// <summary>What was entered.</summary>
    [Setting("The password that was entered.", Required = true)]
    public Template Password { get; set; } = Template.Empty;

    /// <summary>What is stored.</summary>
    [Setting(
        "The stored hash: Argon2id (PHC), bcrypt or ASP.NET Identity v3. A missing hash never matches, and takes as long.",
        Required = true
    )]
    public Template Hash { get; set; } = Template.Empty;

    /// <summary>How often passwords may be tried for one account; null (the default) without end.</summary>
    [Setting(
        "How often passwords may be tried for one account; then the outcome "
            + "is Locked, for growing times. A match forgets the failures before it."
    )]
    [AddsOutcomes(OutcomeSource.Given, AttemptGuard.Locked)]
    public AttemptLimitSettings? Limit { get; set; }
}

/// <summary>Shared and thread-safe: compares a password with a stored hash.
/// It remembers what the dearest one costs, and nothing else.</summary>
/// <remarks>A missing hash, or one in an unknown format, is never a match and takes about as long as the dearest that this activity
/// compared with since its flow was loaded (before any, as one that the engine makes), so that the time does not tell who has an account,
/// as long as all hashes cost the same. Neither password nor hash is in the trace. When too many passwords wait to
/// be compared, this one is not, and the error <c>password.busy</c> says so, which cannot be ignored.</remarks>
[Activity(
    "VerifyPassword",
    "Compares a password with a stored hash.",
    Category = "Identity",
    Outcomes = ["Match", "No Match"],
    ErrorEvents = [NotCheckedEvent],
    MayIgnoreErrors = false,
    MayShare = true,
    ConfirmsBy = "Match",
    Icon = "key-round",
    Tone = ActivityTone.User,
    Stem = "verify",
    Summary = "{hash}"
)]
public sealed class VerifyPassword : FlowActivity
{
    /// <summary>The event of a password that was not compared.</summary>
    public const string NotCheckedEvent = "Not Checked";

    private static readonly FailureWays Ways = new([FlowErrors.PasswordBusy.Code]);

    private readonly Template _password;
    private readonly Template _hash;
    private readonly AttemptGuard? _limit;
    private readonly DearestPasswordWork _dearest = new();

    internal VerifyPassword(VerifyPasswordSettings settings, ActivityCompilation compilation)
    {
        _limit = AttemptGuard.Of(settings.Limit, compilation);
        _password = settings.Password;
        _hash = settings.Hash;
    }

    /// <summary>Match, No Match, and Locked with a limit.</summary>
    public override IReadOnlyList<string>? Outcomes => _limit is null ? null : ["Match", "No Match", AttemptGuard.Locked];

    /// <inheritdoc/>
    public override ContextWrites WritesByOutcome(int outcome) => ContextWrites.Nothing;

    /// <inheritdoc/>
    public override ContextWrites WritesByError(int errorEvent) => ContextWrites.Nothing;

    /// <inheritdoc/>
    public override FailureWays WaysByError(int errorEvent) => Ways;

    /// <inheritdoc/>
    public override async ValueTask<Outcome> ExecuteAsync(RunContext context, CancellationToken cancellationToken)
    {
        var hash = _hash.EvaluateText(context, ValueEncoder.None).ToText();
        var work = PasswordHash.WorkOf(hash);
        if (_limit is null)
            return await CompareAsync(context, hash, work, cancellationToken).ConfigureAwait(false);

        // The stored hash is what the account alone has, by whatever spelling
        // it was found. One that cannot be used may be everybody's: "disabled".
        var keys = _limit.KeysOf(context, work is null ? null : hash);
        if (!await _limit.TryCountAsync(context, keys, cancellationToken).ConfigureAwait(false))
            return Outcome.Port(2);
        Outcome? outcome = null;
        try
        {
            var answer = await CompareAsync(context, hash, work, cancellationToken).ConfigureAwait(false);
            if (answer is { Kind: OutcomeKind.Port, Index: 0 })
                await AttemptGuard.ForgetAsync(context, keys, cancellationToken).ConfigureAwait(false);
            outcome = answer;
        }
        finally
        {
            // Whatever came between, a full queue, a failure, a caller who left: who tried knows no more than before.
            if (outcome is not { Kind: OutcomeKind.Port })
                await AttemptGuard.TakeBackAsync(context, keys).ConfigureAwait(false);
        }
        return outcome.Value;
    }

    private async ValueTask<Outcome> CompareAsync(RunContext context, string hash, PasswordWork? work, CancellationToken cancellationToken)
    {
        var password = _password.EvaluateText(context, ValueEncoder.None).ToText();
        var decoy = _dearest.Decoy;
        var (match, busy) = await context
            .Run.Services.PasswordWorkers.RunAsync(
                ClientNetwork.WideOf(context),
                () => PasswordHash.Verify(password, hash, decoy),
                cancellationToken
            )
            .ConfigureAwait(false);
        if (busy != WorkersBusy.No)
            return Outcome.Error(0, FlowErrors.PasswordBusy, "Too many passwords wait to be compared; this one was not.");
        cancellationToken.ThrowIfCancellationRequested();
        if (match == PasswordMatch.Unusable)
            context.Warn(FlowErrors.PasswordHash, "The stored password hash has an unknown format, or asks for more work than is allowed.");
        else if (work is not null)
            _dearest.Remember(work);
        return Outcome.Port(match == PasswordMatch.Yes ? 0 : 1);
    }
}
