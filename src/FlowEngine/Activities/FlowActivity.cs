using FlowEngine.Execution;

namespace FlowEngine.Activities;

/// <summary>
/// Shared and immutable: one activity of a compiled flow. One instance serves all runs at once, so whatever belongs to a run lives in its
/// <see cref="RunContext"/>. This is the engine's extension point; see <c>docs/custom-activity.md</c>.
/// </summary>
public abstract class FlowActivity
{
    /// <summary>The outcomes of this activity when its settings decide them; null (the default) takes those its type declares.</summary>
    public virtual IReadOnlyList<string>? Outcomes => null;

    /// <summary>Whether the outcomes cannot be known because of an error that was reported: connections from here are then not judged.</summary>
    internal virtual bool HasUnknownOutcomes => false;

    /// <summary>The connector that it calls, for the trace's span and metrics, or null.</summary>
    public virtual string? ConnectorId => null;

    /// <summary>Does the work.</summary>
    /// <param name="context">The run's data.</param>
    /// <param name="cancellationToken">The caller's: when it is cancelled, throw <see cref="OperationCanceledException"/>.</param>
    /// <returns>Exactly one outcome. An expected failure is <see cref="Outcome.Error(int, Errors.ErrorCode, string)"/>; an exception becomes the type's last
    /// error event, or fails the run when it has none.</returns>
    public abstract ValueTask<Outcome> ExecuteAsync(RunContext context, CancellationToken cancellationToken);
}
