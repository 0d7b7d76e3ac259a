using FlowEngine.Context;

namespace FlowEngine.Testing;

/// <summary>Shared and immutable: one field in which a run differs from what its golden case expects.</summary>
/// <param name="Field">The field: <c>status</c>, <c>path</c>, <c>context.connectors.db.rowCount</c>, …</param>
/// <param name="Expected">What the case says; missing for nothing at all.</param>
/// <param name="Actual">What the run did; missing for nothing at all. Write it redacted.</param>
public sealed record GoldenDifference(string Field, FlowValue Expected, FlowValue Actual);
