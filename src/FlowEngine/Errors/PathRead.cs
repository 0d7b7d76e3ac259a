using System.Globalization;
using System.Text;
using FlowEngine.Context;

namespace FlowEngine.Errors;

/// <summary>What becomes of a path that has no value when it is read.</summary>
internal enum PathUse : byte
{
    /// <summary>Something is missing: a text has a hole, a comparison is with nothing.</summary>
    Value,

    /// <summary>A fallback stands in.</summary>
    WithFallback,

    /// <summary>That it may be missing is what is asked, as <c>empty</c> does.</summary>
    Question,
}

/// <summary>Shared and immutable: a part of a path behind its root.</summary>
/// <param name="Name">The name of a member; null for an element.</param>
/// <param name="Index">The index of an element.</param>
internal readonly record struct PathPart(string? Name, int Index)
{
    /// <summary>Any element, whichever it is.</summary>
    public static PathPart Each { get; } = new(null, -1);

    /// <inheritdoc/>
    public override string ToString() => Name ?? Index.ToString(CultureInfo.InvariantCulture);
}

/// <summary>Shared and immutable: that something of a flow or connector reads a path of the context.</summary>
/// <param name="Root">The root, such as <c>client</c>.</param>
/// <param name="Parts">What follows it; empty when the whole root is read.</param>
/// <param name="Use">What becomes of it when there is no value.</param>
/// <param name="At">Where it is read.</param>
internal readonly record struct PathRead(string Root, IReadOnlyList<PathPart> Parts, PathUse Use, SourceLocation At)
{
    /// <summary>What it is read by, as it is written: the whole template, the key of a rule, the script.</summary>
    public string? Text { get; init; }

    /// <summary>Which of the template's expressions reads it, from 0.</summary>
    public int Place { get; init; }

    /// <summary>What follows the root; null when the whole root is read.</summary>
    public string? Key => Parts.Count == 0 ? null : Parts[0].ToString();

    /// <summary>The path as one would write it: two readings of one path have the same.</summary>
    /// <param name="count">How many of the parts; the rest is left out.</param>
    public string ToText(int count = int.MaxValue)
    {
        var text = new StringBuilder(Root);
        for (var i = 0; i < Parts.Count && i < count; i++)
            text.Append(Parts[i].Name is { } name ? PathText.Member(name) : PathText.Element(Parts[i].Index));
        return text.ToString();
    }
}
