namespace FlowEngine.Server.Tests.Architecture;

/// <summary>
/// Shared and immutable: the floors of an assembly, from the ground up: <c>Json+Context &lt; Model &lt; Testing, Diff</c>. What stands on a
/// floor may name what stands below it. Names joined by <c>+</c> are one floor and may name each other; those with a comma between them
/// stand side by side and may not. A name is a namespace below the assembly's own with all that is in it, unless another name says more
/// closely where a part of it stands; or a type; <c>.</c> is what is left of the assembly's own namespace.
/// </summary>
internal sealed class Floors
{
    private readonly string _root;
    private readonly Dictionary<string, (int Floor, int Place)> _places = new(StringComparer.Ordinal);

    public Floors(string root, string map)
    {
        _root = root;
        foreach (var (floor, names) in map.Split('<', StringSplitOptions.TrimEntries).Index())
        foreach (var (place, joined) in names.Split(',', StringSplitOptions.TrimEntries).Index())
        foreach (var name in joined.Split('+', StringSplitOptions.TrimEntries))
            _places.Add(name == "." ? root : $"{root}.{name}", (floor, place));
    }

    /// <summary>What stands where it may not: a type without a place, or one that names what is not below it; <c>A → B</c>, in
    /// order.</summary>
    public IReadOnlyList<string> Violations(IReadOnlyDictionary<string, IReadOnlySet<string>> references)
    {
        var found = new SortedSet<string>(StringComparer.Ordinal);
        foreach (var (type, others) in references.Where(pair => IsOurs(pair.Key)))
        {
            if (PlaceOf(type) is not { } own)
                found.Add($"{type} has no place");
            else
            {
                foreach (var other in others.Where(IsOurs))
                {
                    if (PlaceOf(other) is { } place && (place.Floor > own.Floor || (place.Floor == own.Floor && place.Place != own.Place)))
                        found.Add($"{type} → {other}");
                }
            }
        }
        return [.. found];
    }

    /// <summary>Names of the map that nothing in the assembly has.</summary>
    public IReadOnlyList<string> Empty(IEnumerable<string> types)
    {
        var used = types.Where(IsOurs).Select(EntryOf).ToHashSet();
        return [.. _places.Keys.Where(name => !used.Contains(name))];
    }

    // What compilers and generators add stands in namespaces of their own.
    private bool IsOurs(string type) => type.StartsWith(_root + ".", StringComparison.Ordinal);

    private (int Floor, int Place)? PlaceOf(string type) => EntryOf(type) is { } entry ? _places[entry] : null;

    private string? EntryOf(string type)
    {
        for (var name = type; ; name = name[..name.LastIndexOf('.')])
        {
            // What stands in the assembly's own namespace is named as a type, or is what is left of it.
            if (name == _root)
                return _places.ContainsKey(name) && type.LastIndexOf('.') == name.Length ? name : null;
            if (_places.ContainsKey(name))
                return name;
        }
    }
}
