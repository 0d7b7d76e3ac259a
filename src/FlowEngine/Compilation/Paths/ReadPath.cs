using FlowEngine.Errors;

namespace FlowEngine.Compilation.Paths;

/// <summary>Shared and immutable: that a path is read by activities of a flow.</summary>
/// <param name="Read">The reading.</param>
/// <param name="Nodes">The positions of the activities: several show one screen.</param>
/// <param name="Connector">The connector in which it stands; null for the flow itself.</param>
internal sealed record ReadPath(PathRead Read, IReadOnlyList<int> Nodes, string? Connector = null)
{
    /// <summary>Who reads, for a message.</summary>
    public string Reader => Connector is null ? "This" : $"The connector '{Connector}'";

    /// <summary>Whether flows share it, and it says what stands in where they do not have the value.</summary>
    public bool IsOptional => Connector is not null && Read.Use == PathUse.WithFallback;
}
