using FlowEngine.Context;
using FlowEngine.Errors;
using FlowEngine.Templates;

namespace FlowEngine.Compilation.Paths;

/// <summary>Shared and immutable: what is asked of each place of a flow: whether a path has a value there.</summary>
/// <param name="Root">The root.</param>
/// <param name="Key">The key below it; <see cref="ContextWrite.Whole"/> where the root is written as a whole.</param>
/// <param name="Parts">What follows the key.</param>
internal sealed record PathFact(ContextRoot Root, string Key, IReadOnlyList<PathPart> Parts)
{
    /// <summary>The question that a reading is; null when nothing can be said of it.</summary>
    public static PathFact? Of(PathRead read)
    {
        if (!Enum.TryParse<ContextRoot>(read.Root, ignoreCase: true, out var root) || read.Key is not { } key)
            return null;
        return ContextWrite.IsByKey(root) ? new PathFact(root, key, [.. read.Parts.Skip(1)])
            : root is ContextRoot.User or ContextRoot.Error ? new PathFact(root, ContextWrite.Whole, read.Parts)
            : null;
    }

    /// <summary>Whether a value of that shape may have what the path asks for.</summary>
    public bool MayBeIn(ValueShape? shape) => LengthIn(shape) == Parts.Count;

    /// <summary>How many of the parts a value of that shape may have; -1 when there is no value.</summary>
    public int LengthIn(ValueShape? shape)
    {
        for (var i = 0; i < Parts.Count && shape is not null; i++)
        {
            shape = Parts[i].Name is { } name ? shape.Member(name) : shape.Item(Parts[i].Index);
            if (shape is null)
                return i;
        }
        return shape is null ? -1 : Parts.Count;
    }

    /// <summary>What is known of the value behind so many parts.</summary>
    public ValueShape? ShapeIn(ValueShape? shape, int parts)
    {
        for (var i = 0; i < parts && shape is not null; i++)
            shape = Parts[i].Name is { } name ? shape.Member(name) : shape.Item(Parts[i].Index);
        return shape;
    }
}
