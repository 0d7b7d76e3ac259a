namespace FlowEngine.Context;

/// <summary>
/// Shared and immutable: the member names of an object, in order. Objects of one kind (the rows of a query, the results of a connector)
/// share one shape, so that each carries only its values.
/// </summary>
public sealed class FlowShape
{
    /// <summary>Up to this many names a scan is faster than a hash table.</summary>
    private const int ScanLimit = 8;

    private readonly string[] _names;
    private Dictionary<string, int>? _index;

    private FlowShape(string[] names) => _names = names;

    /// <summary>The shape without names.</summary>
    public static FlowShape Empty { get; } = new([]);

    /// <summary>The names, in order.</summary>
    public ReadOnlySpan<string> Names => _names;

    /// <summary>How many names there are.</summary>
    public int Count => _names.Length;

    /// <summary>Makes a shape.</summary>
    /// <exception cref="ArgumentException">A name occurs twice.</exception>
    public static FlowShape Of(params ReadOnlySpan<string> names)
    {
        var shape = Own(names.ToArray());
        for (var i = 1; i < names.Length; i++)
        {
            if (shape.IndexOf(names[i]) != i)
                throw new ArgumentException($"The name '{names[i]}' occurs twice.", nameof(names));
        }
        return shape;
    }

    /// <summary>The position of a name, or -1.</summary>
    public int IndexOf(string name)
    {
        var names = _names;
        if (names.Length > ScanLimit)
            return (_index ??= BuildIndex()).TryGetValue(name, out var found) ? found : -1;

        for (var i = 0; i < names.Length; i++)
        {
            if (ReferenceEquals(names[i], name))
                return i;
        }
        for (var i = 0; i < names.Length; i++)
        {
            if (string.Equals(names[i], name))
                return i;
        }
        return -1;
    }

    /// <summary>The position of a name whatever its case, or -1.</summary>
    public int IndexOfIgnoringCase(string name) =>
        Array.FindIndex(_names, candidate => string.Equals(candidate, name, StringComparison.OrdinalIgnoreCase));

    /// <summary>Makes an object of this shape.</summary>
    /// <param name="values">One value per name, in the order of the names; copied.</param>
    public FlowObject With(params ReadOnlySpan<FlowValue> values)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(values.Length, Count, nameof(values));
        return new FlowObject(this, values.ToArray());
    }

    /// <summary>Takes ownership of <paramref name="names"/>, which must be distinct.</summary>
    internal static FlowShape Own(string[] names) => names.Length == 0 ? Empty : new(names);

    /// <summary>A plain table: its hashes turn random when names collide, which a
    /// frozen one's do not, and anonymous clients choose these names.</summary>
    private Dictionary<string, int> BuildIndex()
    {
        var index = new Dictionary<string, int>(_names.Length, StringComparer.Ordinal);
        for (var i = 0; i < _names.Length; i++)
            index.TryAdd(_names[i], i);
        return index;
    }
}
