using System.Collections;

namespace FlowEngine.Context;

/// <summary>Shared and immutable: a JSON object whose members keep their order.</summary>
public sealed class FlowObject : IReadOnlyCollection<KeyValuePair<string, FlowValue>>, IEquatable<FlowObject>
{
    private readonly FlowValue[] _values;

    /// <summary>Takes ownership of <paramref name="values"/>: the caller must not write to it again.</summary>
    internal FlowObject(FlowShape shape, FlowValue[] values)
    {
        Shape = shape;
        _values = values;
    }

    /// <summary>The object without members.</summary>
    public static FlowObject Empty { get; } = new(FlowShape.Empty, []);

    /// <summary>The member names, in order.</summary>
    public FlowShape Shape { get; }

    /// <inheritdoc/>
    public int Count => _values.Length;

    /// <summary>The member values, in the order of the names.</summary>
    public ReadOnlySpan<FlowValue> Values => _values;

    /// <summary>The member of that name, or <see cref="FlowValue.Missing"/>.</summary>
    public FlowValue Get(string name)
    {
        var index = Shape.IndexOf(name);
        return index < 0 ? FlowValue.Missing : _values[index];
    }

    /// <summary>The member of that name whatever its case, or <see cref="FlowValue.Missing"/>.</summary>
    public FlowValue GetIgnoringCase(string name)
    {
        var index = Shape.IndexOf(name);
        if (index < 0)
            index = Shape.IndexOfIgnoringCase(name);
        return index < 0 ? FlowValue.Missing : _values[index];
    }

    /// <summary>A copy in which the member has this value; a new member comes last. It costs as much as the object has members: whoever
    /// sets several uses a <see cref="FlowObjectBuilder"/> that begins with the object.</summary>
    public FlowObject With(string name, FlowValue value)
    {
        var index = Shape.IndexOf(name);
        if (index >= 0)
        {
            var changed = (FlowValue[])_values.Clone();
            changed[index] = value;
            return new FlowObject(Shape, changed);
        }

        var names = new string[Count + 1];
        Shape.Names.CopyTo(names);
        names[^1] = name;
        var values = new FlowValue[Count + 1];
        _values.CopyTo(values, 0);
        values[^1] = value;
        return new FlowObject(FlowShape.Own(names), values);
    }

    /// <summary>Equal members, whatever their order.</summary>
    public bool Equals(FlowObject? other)
    {
        if (other is null || other.Count != Count)
            return false;
        if (ReferenceEquals(Shape, other.Shape))
            return Values.SequenceEqual(other.Values);

        var names = Shape.Names;
        for (var i = 0; i < names.Length; i++)
        {
            var index = other.Shape.IndexOf(names[i]);
            if (index < 0 || _values[i] != other._values[index])
                return false;
        }
        return true;
    }

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as FlowObject);

    /// <inheritdoc/>
    public override int GetHashCode() => Count;

    /// <inheritdoc/>
    public IEnumerator<KeyValuePair<string, FlowValue>> GetEnumerator()
    {
        for (var i = 0; i < _values.Length; i++)
            yield return KeyValuePair.Create(Shape.Names[i], _values[i]);
    }

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    internal bool ContainsSensitive()
    {
        foreach (ref readonly var value in Values)
        {
            if (value.ContainsSensitive())
                return true;
        }
        return false;
    }
}
