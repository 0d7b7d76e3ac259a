using FlowEngine.Errors;
using FlowEngine.Execution;

namespace FlowEngine.Compilation;

/// <summary>Shared and immutable: a plan, or why there is none.</summary>
/// <param name="Plan">The plan; null when one of the diagnostics is an error, or the flow was read with errors, which its reader reported.</param>
/// <param name="Diagnostics">All problems of the flow and of the connectors and subflows that it uses.</param>
public sealed record CompilationResult(FlowPlan? Plan, IReadOnlyList<Diagnostic> Diagnostics);
