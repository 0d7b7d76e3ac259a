using FlowEngine.Errors;
using FlowEngine.Execution;
using FlowEngine.Identity;
using FlowEngine.Settings;
using FlowEngine.Templates;

namespace FlowEngine.Activities;

/// <summary>Bound once, then read only: the settings of VerifyPassword.</summary>
public sealed class VerifyPasswordSettings
{
    /// <summary>What was entered.</summary>
    [Setting("The password that was entered.", Required = true)]
    public Template Password { get; set; } = Template.Empty;

    /// <summary>What is stored.</summary>
    [Setting("The stored hash: Argon2id (PHC), bcrypt or ASP.NET Identity v3. A missing hash never matches, and takes as long.", Required = true)]
    public Template Hash { get; set; } = Template.Empty;
}

/// <summary>Shared and immutable: compares a password with a stored hash.</summary>
/// <remarks>A missing hash, or one in an unknown format, is never a match and takes about as long as one in the format that the engine makes itself, so
/// that the time does not tell who has an account. Neither password nor hash is in the trace.</remarks>
[Activity("VerifyPassword", "Compares a password with a stored hash.", Category = "Identity", Outcomes = ["Match", "No Match"])]
public sealed class VerifyPassword : FlowActivity
{
    private readonly Template _password;
    private readonly Template _hash;

    internal VerifyPassword(VerifyPasswordSettings settings)
    {
        _password = settings.Password;
        _hash = settings.Hash;
    }

    /// <inheritdoc/>
    public override async ValueTask<Outcome> ExecuteAsync(RunContext context, CancellationToken cancellationToken)
    {
        var password = _password.EvaluateText(context, ValueEncoder.None).ToText();
        var hash = _hash.EvaluateText(context, ValueEncoder.None).ToText();
        var match = await PasswordHash.VerifyAsync(password, hash, cancellationToken).ConfigureAwait(false);
        if (match == PasswordMatch.Unusable)
            context.Warn(FlowErrors.PasswordHash, "The stored password hash has an unknown format, or asks for more work than is allowed.");
        return Outcome.Port(match == PasswordMatch.Yes ? 0 : 1);
    }
}
