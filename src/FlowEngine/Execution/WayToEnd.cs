using FlowEngine.Context;

namespace FlowEngine.Execution;

/// <summary>Shared and immutable: a way in which an activity can end when whoever it asks does not answer as usual.</summary>
/// <param name="Name">What it is called in the table of a drill and in a flow's <c>accepts</c>: <c>timeout</c>, <c>404</c>, <c>no row</c>.
/// Unique among those of the activity.</param>
/// <param name="Reply">The scripted reply, as a golden case has it, that makes the activity end so.</param>
public sealed record WayToEnd(string Name, FlowValue Reply);
