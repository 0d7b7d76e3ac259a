using FlowEngine.Execution;
using FlowEngine.Templates;

namespace FlowEngine.Activities;

/// <summary>Restart has no settings.</summary>
public sealed class RestartSettings;

/// <summary>Shared and immutable: clears <c>form</c>, <c>connectors</c>, <c>scripts</c>, <c>claims</c> and <c>user</c>, and goes to the start.</summary>
[Activity("Restart", "Forgets what was entered and found, and begins the flow again.", Category = "Flow", Outcomes = [])]
public sealed class Restart : FlowActivity
{
    internal override bool Restarts => true;

    /// <inheritdoc/>
    public override ContextWrites WritesByOutcome(int outcome) => ContextWrites.Nothing;

    /// <inheritdoc/>
    public override ValueTask<Outcome> ExecuteAsync(RunContext context, CancellationToken cancellationToken) => new(Outcome.Restart);
}
