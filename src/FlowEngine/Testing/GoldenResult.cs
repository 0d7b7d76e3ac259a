using FlowEngine.Execution;

namespace FlowEngine.Testing;

/// <summary>Shared and immutable: how a golden case went.</summary>
/// <param name="Case">The case.</param>
/// <param name="Run">The run it made.</param>
/// <param name="Differences">What differs from the expectation; empty when the case passed.</param>
public sealed record GoldenResult(GoldenCase Case, FlowRun Run, IReadOnlyList<GoldenDifference> Differences)
{
    /// <summary>Whether the run did what the case expects.</summary>
    public bool Passed => Differences.Count == 0;
}
