using FlowEngine.Context;
using FlowEngine.Errors;

namespace FlowEngine.Model;

/// <summary>
/// Shared and immutable: a kind of file, told by the members that no other kind has. A file that is given for another is refused in a
/// sentence that says what it is, instead of with a list of what it lacks.
/// </summary>
public sealed class FileKind
{
    /// <summary>A flow file.</summary>
    public static readonly FileKind Flow = new("a flow", "flows", ["activities", "connections", "screens", "start"]);

    /// <summary>A connector file.</summary>
    public static readonly FileKind Connector = new("a connector", "connectors", ["configuration"]);

    /// <summary>A golden case.</summary>
    public static readonly FileKind Case = new("a golden case", "cases", ["flow", "answers", "replies", "expect"]);

    private static readonly FileKind[] Own = [Flow, Connector, Case];

    private readonly string _name;
    private readonly string _names;
    private readonly string[] _members;

    /// <summary>Makes a kind, such as that of another program's files.</summary>
    /// <param name="name">What one file holds, as a sentence calls it: <c>a flow</c>.</param>
    /// <param name="names">What several hold: <c>flows</c>.</param>
    /// <param name="members">The members that no other kind has, at least one.</param>
    public FileKind(string name, string names, params string[] members)
    {
        _name = name;
        _names = names;
        _members = members;
    }

    /// <summary>Whether the content of a file is of this kind: it has a member that only this kind has. Anything but an object is of
    /// none.</summary>
    public bool Fits(FlowValue json) => json.TryGetObject(out var members) && Array.Exists(_members, name => !members.Get(name).IsMissing);

    /// <summary>Whether the content of a file may be of this kind; reports <c>flow.file_kind</c> when it is not.</summary>
    /// <param name="json">The content. What is no object is left to the reader of the kind, which says so.</param>
    /// <param name="file">The file as the caller names it, or null.</param>
    /// <param name="problems">Where the problem goes.</param>
    /// <param name="others">Kinds beside the engine's own that it may be instead.</param>
    public bool Check(FlowValue json, string? file, DiagnosticBag problems, params FileKind[] others)
    {
        if (json.Kind != FlowValueKind.Object || Fits(json))
            return true;
        var at = SourceLocation.Root(file);
        if ((Array.Find(Own, kind => kind.Fits(json)) ?? Array.Find(others, kind => kind.Fits(json))) is { } other)
        {
            problems.Error(
                FlowErrors.FileKind,
                at,
                $"The file holds {other._name}, not {_name}.",
                $"Use it where {other._names} are asked for, and choose {_name} here."
            );
        }
        else
        {
            var members = _members.Length == 1 ? $"'{_members[0]}'" : $"'{string.Join("', '", _members[..^1])}' or '{_members[^1]}'";
            problems.Error(
                FlowErrors.FileKind,
                at,
                $"The file does not hold {_name}: it has no {members}.",
                $"Choose a file that holds {_name}."
            );
        }
        return false;
    }
}
