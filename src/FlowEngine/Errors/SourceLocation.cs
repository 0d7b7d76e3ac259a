using System.Text;
using FlowEngine.Json;

namespace FlowEngine.Errors;

/// <summary>Shared and immutable: a place in a JSON file. Its pointer's text is made only when a problem is reported.</summary>
public sealed class SourceLocation
{
    private readonly SourceLocation? _parent;
    private readonly string? _name;
    private readonly int _index;
    private readonly Func<string, string>? _translate;

    private SourceLocation(string? file, SourceLocation? parent, string? name, int index, Func<string, string>? translate)
    {
        _translate = translate;
        File = file;
        _parent = parent;
        _name = name;
        _index = index;
    }

    /// <summary>The file as the caller named it, or null.</summary>
    public string? File { get; }

    /// <summary>The member's name; null for an element of an array and for the whole document.</summary>
    internal string? Name => _name;

    /// <summary>The JSON Pointer (RFC 6901) into the file.</summary>
    public string Pointer
    {
        get
        {
            var pointer = OwnPointer();
            return _translate is null ? pointer : _translate(pointer);
        }
    }

    /// <summary>The whole document.</summary>
    public static SourceLocation Root(string? file) => new(file, null, null, 0, null);

    /// <summary>The whole document, which was made from a file of another form.</summary>
    /// <param name="file">The file as the caller named it, or null.</param>
    /// <param name="translate">Turns a pointer into the document into one into the file.</param>
    public static SourceLocation Root(string? file, Func<string, string> translate) => new(file, null, null, 0, translate);

    /// <summary>A member of the object at this place.</summary>
    public SourceLocation At(string name) => new(File, this, name, 0, _translate);

    /// <summary>An element of the array at this place.</summary>
    public SourceLocation At(int index) => new(File, this, null, index, _translate);

    /// <summary>The way from a place that this one lies in; null when it lies elsewhere.</summary>
    /// <param name="outer">That place.</param>
    internal PathPart[]? Below(SourceLocation outer)
    {
        var parts = new List<PathPart>();
        var place = this;
        for (; place is not null && place != outer; place = place._parent)
            parts.Add(new PathPart(place._name, place._index));
        parts.Reverse();
        return place is null ? null : [.. parts];
    }

    private string OwnPointer()
    {
        // From the inside out, without recursion: a value made by a program may nest deeply.
        var places = new Stack<SourceLocation>();
        for (var place = this; place._parent is not null; place = place._parent)
            places.Push(place);
        var pointer = new StringBuilder();
        foreach (var place in places)
        {
            if (place._name is null)
                JsonPointer.Append(pointer, place._index);
            else
                JsonPointer.Append(pointer, place._name);
        }
        return pointer.ToString();
    }
}
