using FlowEngine.Conditions;
using FlowEngine.Context;
using FlowEngine.Execution;
using FlowEngine.Screens;
using FlowEngine.Templates;

namespace FlowEngine.Activities;

/// <summary>
/// Shared and immutable: one activity of a compiled flow. One instance serves all runs at once, so whatever belongs to a run lives in its
/// <see cref="RunContext"/>. This is the engine's extension point; see <c>docs/custom-activity.md</c>.
/// </summary>
public abstract class FlowActivity
{
    /// <summary>The outcomes of this activity when its settings decide them; null (the default) takes those its type declares.</summary>
    public virtual IReadOnlyList<string>? Outcomes => null;

    /// <summary>Whether the outcomes cannot be known because of an error that
    /// was reported: connections from here are then not judged.</summary>
    internal virtual bool HasUnknownOutcomes => false;

    /// <summary>The screen that it shows, or null.</summary>
    internal virtual ShownScreen? Shows => null;

    /// <summary>What it is as an end of the flow, or null.</summary>
    internal virtual FlowExit? Exit => null;

    /// <summary>The flow that it enters, or null.</summary>
    internal virtual FlowPlan? Enters => null;

    /// <summary>The rules by which it takes its first outcomes: the first that holds wins. None for what decides otherwise.</summary>
    internal virtual IReadOnlyList<Rule> Branches => [];

    /// <summary>A path without whose value it fails the run; null for none.</summary>
    internal virtual ContextPath? Needs => null;

    /// <summary>The activities that stand inside it.</summary>
    internal virtual IReadOnlyList<PlanNode> Inner => [];

    /// <summary>Whether what the activities inside it write is in the context behind it, each in its own place.</summary>
    internal virtual bool KeepsInnerWrites => false;

    /// <summary>The connector that it calls, for the trace's span and metrics, or null.</summary>
    public virtual string? ConnectorId => null;

    /// <summary>How long it has a person wait at most when whoever it asks does not answer; nothing (the default) for what asks nobody.
    /// By it
    /// the compiler finds how long the way from one screen to the next may take.</summary>
    public virtual LongestWait LongestWait => default;

    /// <summary>In which ways it can end when whoever it asks does not answer as usual, each with the scripted reply that makes it end
    /// so: a
    /// drill (<c>flowengine drill</c>, <i>What if</i>) runs the flow once for each. Nothing (the default) for what asks nobody; of what
    /// takes scripted replies all the same, each error event is one.</summary>
    /// <param name="call">What is known of the call.</param>
    public virtual IReadOnlyList<WayToEnd> WaysToEnd(DrilledCall call) => [];

    /// <summary>What it has written into the context when it leaves by an outcome. Default <see cref="ContextWrites.Anything"/>: whoever
    /// does not say it has no paths
    /// below <c>connectors</c> and <c>scripts</c> checked behind the activity.</summary>
    /// <param name="outcome">The index of the outcome among <see cref="Outcomes"/>.</param>
    /// <returns>What it has certainly written, or may have. The same object for outcomes for which it is the same costs least.</returns>
    public virtual ContextWrites WritesByOutcome(int outcome) => ContextWrites.Anything;

    /// <summary>What it has written when it ends with an error event, whatever its mode. Default
    /// <see cref="ContextWrites.Anything"/>.</summary>
    /// <param name="errorEvent">The index of the event among the type's error events.</param>
    public virtual ContextWrites WritesByError(int errorEvent) => ContextWrites.Anything;

    /// <summary>Whether it leaves by an outcome when something has failed: an outcome for which it says <see cref="Outcome.Handled"/>.
    /// Default <see cref="Fails.Never"/>.</summary>
    /// <param name="outcome">The index of the outcome among <see cref="Outcomes"/>.</param>
    public virtual Fails FailsBy(int outcome) => Fails.Never;

    /// <summary>Whether an outcome for which <see cref="FailsBy"/> says so says by its name what has failed, so that whoever connects it
    /// has decided what follows. Default true; false for one that stands for any failure, as if all had gone well.</summary>
    /// <param name="outcome">The index of the outcome among <see cref="Outcomes"/>.</param>
    public virtual bool NamesFailure(int outcome) => true;

    /// <summary>In which ways it may fail where it ends with an error event; what leaves by an outcome of its own is none of them. Default
    /// <see cref="FailureWays.Unknown"/>.</summary>
    /// <param name="errorEvent">The index of the event among the type's error events.</param>
    public virtual FailureWays WaysByError(int errorEvent) => FailureWays.Unknown;

    /// <summary>In which ways it may have failed where it leaves by an outcome for which <see cref="FailsBy"/> says so. Default
    /// <see cref="FailureWays.Unknown"/>.</summary>
    /// <param name="outcome">The index of the outcome among <see cref="Outcomes"/>.</param>
    public virtual FailureWays WaysByOutcome(int outcome) => FailureWays.Unknown;

    /// <summary>Does the work.</summary>
    /// <param name="context">The run's data.</param>
    /// <param name="cancellationToken">The caller's: when it is cancelled, throw <see cref="OperationCanceledException"/>.</param>
    /// <returns>Exactly one outcome. An expected failure is <see cref="Outcome.Error(int, Errors.ErrorCode, string)"/>; an exception
    /// becomes the type's last error event, or fails the run when it has none.</returns>
    public abstract ValueTask<Outcome> ExecuteAsync(RunContext context, CancellationToken cancellationToken);

    /// <summary>The flow that it entered has ended: takes what that gave.</summary>
    /// <param name="context">The run's data, back in this activity's flow.</param>
    /// <param name="end">The end.</param>
    /// <returns>The index of the outcome that the run leaves by.</returns>
    internal virtual int Return(RunContext context, FlowEnd end) => throw new InvalidOperationException($"{GetType()} enters no flow.");
}

/// <summary>Shared and immutable: a screen that an activity shows.</summary>
/// <param name="Screen">The screen; null when the flow has none of that id, which was reported.</param>
/// <param name="MaxSubmits">How often it may be submitted in one run; what an input of it refused does not count.</param>
internal sealed record ShownScreen(CompiledScreen? Screen, int MaxSubmits);

/// <summary>Shared and immutable: an end of a flow.</summary>
/// <param name="Name">Its name: the outcome of whoever entered the flow.</param>
/// <param name="Outputs">What is known of the outputs.</param>
/// <param name="MayIssueTokens">Whether a person who is known gets tokens there.</param>
internal sealed record FlowExit(string Name, ValueShape Outputs, bool MayIssueTokens)
{
    /// <summary>The setting whose members the outputs are.</summary>
    public required string Setting { get; init; }
}
