namespace FlowEngine.Extensions;

/// <summary>Shared and immutable: an extension in use, for whoever operates the server.</summary>
/// <param name="Name">The name of its assembly.</param>
/// <param name="Version">Its version.</param>
/// <param name="File">Where it was loaded from; null for one that the program itself registers.</param>
/// <param name="Brings">What it brings, such as <c>activity LoyaltyTier</c>.</param>
public sealed record ExtensionInfo(string Name, string Version, string? File, IReadOnlyList<string> Brings);
