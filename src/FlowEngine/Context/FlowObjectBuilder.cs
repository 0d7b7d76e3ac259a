namespace FlowEngine.Context;

/// <summary>Single-threaded: collects members and makes a <see cref="FlowObject"/> of them. A later member of the same name replaces the
/// earlier one. However many members there are, each costs the same.</summary>
public sealed class FlowObjectBuilder
{
    /// <summary>Beyond this many members a duplicate is looked up in a table instead of by a scan.</summary>
    private const int ScanLimit = 16;

    /// <summary>The shape of the object that it began with, until a new name comes; null otherwise.</summary>
    private FlowShape? _shape;

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

    /// <summary>Makes a builder that begins with the members of an object: one copy, however many are set afterwards.</summary>
    public FlowObjectBuilder(FlowObject members)
    {
        _shape = members.Shape;
        _names = [];
        _values = members.Values.ToArray();
        _count = _values.Length;
    }

    /// <summary>How many members there are.</summary>
    public int Count => _count;

    /// <summary>The member of that name so far, or <see cref="FlowValue.Missing"/>.</summary>
    public FlowValue Get(string name) => IndexOf(name) is >= 0 and var index ? _values[index] : FlowValue.Missing;

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

        if (_shape is not null || _count == _names.Length)
            MakeRoom();
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
        if (_count != _values.Length)
            Array.Resize(ref _values, _count);
        if (_shape is not null)
            return new FlowObject(_shape, _values);
        if (_count != _names.Length)
            Array.Resize(ref _names, _count);
        return new FlowObject(FlowShape.Own(_names), _values);
    }

    private void MakeRoom()
    {
        // The first to join an object may be the only one.
        var room = _shape is not null ? _count + 1 : Math.Max(_count * 2, 4);
        Array.Resize(ref _names, room);
        Array.Resize(ref _values, room);
        _shape?.Names.CopyTo(_names);
        _shape = null;
    }

    private int IndexOf(string name)
    {
        if (_shape is not null)
            return _shape.IndexOf(name);
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
