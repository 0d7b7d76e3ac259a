using FlowEngine.Compilation;
using FlowEngine.Execution;
using FlowEngine.Model;

namespace FlowEngine.AspNetCore.Flows;

/// <summary>Shared and immutable: a published flow: what its file says, and what was made of it.</summary>
/// <param name="Definition">The flow.</param>
/// <param name="Version">The published version.</param>
/// <param name="Result">What the compiler made of it, and which connectors and flows that depends on.</param>
internal sealed record PublishedFlow(FlowDefinition Definition, int Version, CompilationResult Result)
{
    /// <summary>The plan; null when the flow does not compile, because its connectors changed.</summary>
    public FlowPlan? Plan => Result.Plan;
}
