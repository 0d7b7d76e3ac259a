using FlowEngine.Errors;
using FlowEngine.Extensions;

namespace FlowEngine.AspNetCore.Hosting;

/// <summary>Shared and immutable: what a start found and made, for whoever tells people of it.</summary>
/// <param name="ManagementKeyFile">The file of the management key, when it was made now; else null.</param>
/// <param name="Problems">What is wrong with flows and connectors: errors, and secrets that are missing.</param>
/// <param name="Published">How many flows are published.</param>
/// <param name="New">How many of them in a new version.</param>
internal sealed record EngineStart(string? ManagementKeyFile, IReadOnlyList<Diagnostic> Problems, int Published, int New)
{
    /// <summary>The extensions in use.</summary>
    public IReadOnlyList<ExtensionInfo> Extensions { get; init; } = [];
}
