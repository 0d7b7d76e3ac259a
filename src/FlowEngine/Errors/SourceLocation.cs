using System.Globalization;

namespace FlowEngine.Errors;

/// <summary>Shared and immutable: a place in a JSON file. Its pointer's text is made only when a problem is reported.</summary>
public sealed class SourceLocation
{
    private readonly SourceLocation? _parent;
    private readonly string? _name;
    private readonly int _index;

    private SourceLocation(string? file, SourceLocation? parent, string? name, int index)
    {
        File = file;
        _parent = parent;
        _name = name;
        _index = index;
    }

    /// <summary>The file as the caller named it, or null.</summary>
    public string? File { get; }

    /// <summary>The JSON Pointer (RFC 6901).</summary>
    public string Pointer
    {
        get
        {
            if (_parent is null)
                return "";
            var segment = _name is null
                ? _index.ToString(CultureInfo.InvariantCulture)
                : _name.Replace("~", "~0", StringComparison.Ordinal).Replace("/", "~1", StringComparison.Ordinal);
            return $"{_parent.Pointer}/{segment}";
        }
    }

    /// <summary>The whole document.</summary>
    public static SourceLocation Root(string? file) => new(file, null, null, 0);

    /// <summary>A member of the object at this place.</summary>
    public SourceLocation At(string name) => new(File, this, name, 0);

    /// <summary>An element of the array at this place.</summary>
    public SourceLocation At(int index) => new(File, this, null, index);
}
