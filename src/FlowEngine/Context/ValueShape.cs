namespace FlowEngine.Context;

/// <summary>
/// Shared and immutable: what is known of a value before any run has made it. It is a promise about what is <em>not</em> there: a member
/// that a shape does not have is
/// certainly missing, so whoever is not certain says <see cref="Any"/>.
/// </summary>
public sealed class ValueShape
{
    private readonly Dictionary<string, ValueShape>? _members;
    private readonly ValueShape? _item;
    private readonly ValueShape[]? _items;
    private readonly Dictionary<string, string>? _hints;

    private ValueShape(
        Dictionary<string, ValueShape>? members,
        ValueShape? item,
        Dictionary<string, string>? hints = null,
        ValueShape[]? items = null
    )
    {
        _members = members;
        _item = item;
        _hints = hints;
        _items = items;
    }

    /// <summary>Nothing is known: whatever is read of it may be there.</summary>
    public static ValueShape Any { get; } = new(null, null);

    /// <summary>A text, number or boolean: it has no members and no elements.</summary>
    public static ValueShape Scalar { get; } = new([], null);

    /// <summary>The names of its members; empty where none are known.</summary>
    public IEnumerable<string> MemberNames => _members?.Keys ?? Enumerable.Empty<string>();

    /// <summary>An object that has no other members than these.</summary>
    public static ValueShape Object(params IEnumerable<(string Name, ValueShape Shape)> members) => Object(members, StringComparer.Ordinal);

    /// <summary>An object that has no other members than these.</summary>
    /// <param name="members">The members. Of those with the same name the last counts.</param>
    /// <param name="names">How names are compared: where the case of a name is not certain, without regard to it.</param>
    public static ValueShape Object(IEnumerable<(string Name, ValueShape Shape)> members, StringComparer names)
    {
        var byName = new Dictionary<string, ValueShape>(names);
        foreach (var (name, shape) in members)
            byName[name] = shape;
        return new ValueShape(byName, null);
    }

    /// <summary>An array.</summary>
    /// <param name="item">What each of its elements is.</param>
    public static ValueShape List(ValueShape item) => new(null, item);

    /// <summary>An array of exactly these elements.</summary>
    public static ValueShape Tuple(params IEnumerable<ValueShape> items) => new(null, null, null, [.. items]);

    /// <summary>The shape of a value that is known already.</summary>
    public static ValueShape Of(FlowValue value)
    {
        if (value.TryGetObject(out var obj))
            return Object(obj.Select(member => (member.Key, Of(member.Value))));
        return value.Kind == FlowValueKind.Array ? List(Any) : Scalar;
    }

    /// <summary>The same shape, with what to do for somebody who looks for a member that it does not have.</summary>
    /// <param name="member">The member's name.</param>
    /// <param name="advice">What to do to get it, a sentence.</param>
    public ValueShape Lacking(string member, string advice) =>
        new(_members, _item, new Dictionary<string, string>(_hints ?? []) { [member] = advice }, _items);

    /// <summary>What is known of a member; null when there is certainly none of that name.</summary>
    public ValueShape? Member(string name)
    {
        if (_item is not null || _items is not null)
            return null;
        return _members is null ? Any : _members.GetValueOrDefault(name);
    }

    /// <summary>What is known of an element; null when there is certainly none.</summary>
    /// <param name="index">Its index; less than 0 for any, whichever it is.</param>
    public ValueShape? Item(int index) =>
        index < 0 && _items is not null ? (_items.Length > 0 ? Any : null)
        : _members is not null ? null
        : _items is null ? _item ?? Any
        : (uint)index < (uint)_items.Length ? _items[index]
        : null;

    /// <summary>What it has, in words that go on from its name.</summary>
    internal static string Describe(IReadOnlyList<ValueShape> shapes)
    {
        if (shapes.Count > 0 && shapes.Max(shape => shape._items?.Length ?? -1) is var count && count >= 0)
            return count == 1 ? "has one element" : $"has {count} elements";
        var names = shapes.SelectMany(shape => shape.MemberNames).Distinct().ToList();
        return names.Count == 0 ? "has no members" : $"has {string.Join(", ", names.Take(20))}{(names.Count > 20 ? ", …" : "")}";
    }

    /// <summary>What to do for a member that is not there; null when nobody said.</summary>
    internal string? HintFor(string member) => _hints?.GetValueOrDefault(member);
}
