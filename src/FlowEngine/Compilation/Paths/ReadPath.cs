using FlowEngine.Errors;

namespace FlowEngine.Compilation.Paths;

/// <summary>Shared and immutable: that a path is read by activities of a flow.</summary>
/// <param name="Read">The reading.</param>
/// <param name="Nodes">The positions of the activities: several show one screen.</param>
/// <param name="Connector">The connector in which it stands; null for the flow itself.</param>
/// <param name="Item">How it is written where it reads an item of a list that the reading names; null where it is written so.</param>
internal sealed record ReadPath(PathRead Read, IReadOnlyList<int> Nodes, string? Connector = null, PathRead? Item = null)
{
    /// <summary>How many of its parts lead to the item; 0 where there is none.</summary>
    private int ToItem => Item is { } item ? Read.Parts.Count - item.Parts.Count : 0;

    /// <summary>The path as it is written.</summary>
    /// <param name="count">How many of the parts of the reading; the rest is left out.</param>
    public string ToText(int count = int.MaxValue) => Item is { } item ? item.ToText(Math.Max(count, ToItem) - ToItem) : Read.ToText(count);

    /// <summary>Which part of what is written a part of the reading is; less than 0 for one that leads to the item.</summary>
    public int PartAt(int part) => part - ToItem;

    /// <summary>Who reads, for a message.</summary>
    public string Reader => Connector is null ? "This" : $"The connector '{Connector}'";

    /// <summary>Whether flows share it, and it says what stands in where they do not have the value.</summary>
    public bool IsOptional => Connector is not null && Read.Use == PathUse.WithFallback;
}
