using System.Collections;

namespace FlowEngine.Context;

/// <summary>Shared and immutable: a JSON array.</summary>
public sealed class FlowArray : IReadOnlyList<FlowValue>, IEquatable<FlowArray>
{
    private readonly FlowValue[] _items;

    private FlowArray(FlowValue[] items, int count)
    {
        _items = items;
        Count = count;
    }

    /// <summary>The array without elements.</summary>
    public static FlowArray Empty { get; } = new([], 0);

    /// <inheritdoc/>
    public int Count { get; }

    /// <inheritdoc/>
    public FlowValue this[int index] => (uint)index < (uint)Count ? _items[index] : throw new ArgumentOutOfRangeException(nameof(index));

    /// <summary>Makes an array of these elements; the span is copied.</summary>
    public static FlowArray Of(params ReadOnlySpan<FlowValue> items) => items.IsEmpty ? Empty : new(items.ToArray(), items.Length);

    /// <summary>Makes an array of these elements.</summary>
    public static FlowArray From(IEnumerable<FlowValue> items)
    {
        var copy = items.ToArray();
        return copy.Length == 0 ? Empty : new(copy, copy.Length);
    }

    /// <summary>The element at that index, or <see cref="FlowValue.Missing"/> beyond the ends.</summary>
    public FlowValue Get(int index) => (uint)index < (uint)Count ? _items[index] : FlowValue.Missing;

    /// <summary>The elements, without copying.</summary>
    public ReadOnlySpan<FlowValue> AsSpan() => _items.AsSpan(0, Count);

    /// <inheritdoc/>
    public bool Equals(FlowArray? other) => other is not null && AsSpan().SequenceEqual(other.AsSpan());

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as FlowArray);

    /// <inheritdoc/>
    public override int GetHashCode() => Count;

    /// <inheritdoc/>
    public IEnumerator<FlowValue> GetEnumerator()
    {
        for (var i = 0; i < Count; i++)
            yield return _items[i];
    }

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    internal bool ContainsSensitive()
    {
        foreach (ref readonly var item in AsSpan())
        {
            if (item.ContainsSensitive())
                return true;
        }
        return false;
    }

    /// <summary>Takes ownership of <paramref name="items"/>: the caller must not write to it again.</summary>
    internal static FlowArray Own(FlowValue[] items, int count) => count == 0 ? Empty : new(items, count);
}
