using FlowEngine.Execution;
using FlowEngine.Settings;
using FlowEngine.Templates;

namespace FlowEngine.Activities;

/// <summary>Bound once, then read only: the settings of Restart.</summary>
public sealed class RestartSettings
{
    /// <summary>The message.</summary>
    [Setting(
        "What the person reads on the next screen, where its errors stand. Default the message of the connection that led here, if any."
    )]
    public Template Message { get; set; } = Template.Empty;
}

/// <summary>Shared and immutable: clears <c>form</c>, <c>connectors</c>,
/// <c>scripts</c>, <c>claims</c> and <c>user</c>, and goes to the start.</summary>
[Activity(
    "Restart",
    "Forgets what was entered and found, and begins the flow again.",
    Category = "Flow",
    Outcomes = [],
    Icon = "rotate-ccw",
    Tone = ActivityTone.End,
    Stem = "again",
    Summary = "Back to the start"
)]
[Steers(Steering.Restarts)]
public sealed class Restart : FlowActivity
{
    private readonly Template? _message;

    internal Restart(RestartSettings settings) => _message = settings.Message.Source.Length > 0 ? settings.Message : null;

    /// <inheritdoc/>
    public override ContextWrites WritesByOutcome(int outcome) => ContextWrites.Nothing;

    /// <inheritdoc/>
    public override ValueTask<Outcome> ExecuteAsync(RunContext context, CancellationToken cancellationToken)
    {
        // Before what it may tell of is forgotten.
        if (_message is not null)
            context.Run.Tell(_message, context.Step);
        return new(Outcome.Restart);
    }
}
