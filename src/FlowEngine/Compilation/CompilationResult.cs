using System.Collections.Frozen;
using FlowEngine.Errors;
using FlowEngine.Execution;

namespace FlowEngine.Compilation;

/// <summary>Shared and immutable: a plan, or why there is none.</summary>
/// <param name="Plan">The plan; null when one of the diagnostics is an error,
/// or the flow was read with errors, which its reader reported.</param>
/// <param name="Diagnostics">All problems of the flow and of the connectors and subflows that it uses.</param>
public sealed record CompilationResult(FlowPlan? Plan, IReadOnlyList<Diagnostic> Diagnostics)
{
    /// <summary>The ids of the connectors that the flow and its subflows ask for, whether or not
    /// there are such: when one of them changes, the flow has to be compiled anew.</summary>
    public IReadOnlySet<string> Connectors { get; init; } = FrozenSet<string>.Empty;

    /// <summary>How many steps the checks of the flow's paths took: what it costs, measured in something that is the same on every
    /// machine.</summary>
    internal long PathSteps { get; init; }

    /// <summary>The same of the proof that the flow does not fail open.</summary>
    internal long ProofSteps { get; init; }

    /// <summary>The ids of the subflows, of all depths.</summary>
    public IReadOnlySet<string> Flows { get; init; } = FrozenSet<string>.Empty;
}
