namespace FlowEngine.Context;

/// <summary>Single-threaded: collects members and makes a <see cref="FlowObject"/> of them. A later member of the same name replaces the earlier one.</summary>
public sealed class FlowObjectBuilder
{
    /// <summary>Beyond this many members a duplicate is looked up in a table instead of by a scan.</summary>
    private const int ScanLimit = 16;

    private string[] _names;
    private FlowValue[] _values;
    private int _count;
    private Dictionary<string, int>? _index;

    /// <summary>Makes a builder with room for this many members.</summary>
    public FlowObjectBuilder(int capacity = 4)
    {
        _names = new string[Math.Max(capacity, 1)];
        _values = new FlowValue[_names.Length];
    }

    /// <summary>How many members there are.</summary>
    public int Count => _count;

    /// <summary>Adds or replaces a member.</summary>
    /// <returns>Whether the name was new.</returns>
    public bool Set(string name, FlowValue value)
    {
        var index = IndexOf(name);
        if (index >= 0)
        {
            _values[index] = value;
            return false;
        }

        if (_count == _names.Length)
        {
            Array.Resize(ref _names, _count * 2);
            Array.Resize(ref _values, _count * 2);
        }
        _names[_count] = name;
        _values[_count] = value;
        _index?.Add(name, _count);
        _count++;
        return true;
    }

    /// <summary>Makes the object. The builder must not be used afterwards.</summary>
    public FlowObject Build()
    {
        if (_count == 0)
            return FlowObject.Empty;
        if (_count != _names.Length)
        {
            Array.Resize(ref _names, _count);
            Array.Resize(ref _values, _count);
        }
        return new FlowObject(FlowShape.Own(_names), _values);
    }

    private int IndexOf(string name)
    {
        if (_count <= ScanLimit)
            return Array.IndexOf(_names, name, 0, _count);

        if (_index is null)
        {
            _index = new Dictionary<string, int>(_count * 2, StringComparer.Ordinal);
            for (var i = 0; i < _count; i++)
                _index.Add(_names[i], i);
        }
        return _index.TryGetValue(name, out var found) ? found : -1;
    }
}
