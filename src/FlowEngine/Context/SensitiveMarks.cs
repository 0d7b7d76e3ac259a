using System.Globalization;
using FlowEngine.Json;

namespace FlowEngine.Context;

/// <summary>Keeps sensitive marks over a trip through JSON, which has none: as
/// JSON Pointers (RFC 6901) in a member <c>sensitive</c>. Stateless.</summary>
internal static class SensitiveMarks
{
    /// <summary>The pointers of the outermost marked values.</summary>
    public static IEnumerable<string> Collect(FlowValue value)
    {
        var pointers = new List<string>();
        Collect(value, JsonPointer.Root, pointers);
        return pointers;
    }

    /// <summary>Marks what the member <c>sensitive</c> of an object points at.</summary>
    public static FlowValue Apply(FlowValue json)
    {
        if (!json.Get("sensitive").TryGetArray(out var pointers))
            return json;
        // All at once: a copy of what lies around each of them would cost as much as there are marks, times what they lie in.
        var marks = new Place();
        foreach (var pointer in pointers)
            marks.Add(pointer.ToText());
        return Mark(json, marks);
    }

    private static void Collect(FlowValue value, string pointer, List<string> pointers)
    {
        if (value.IsSensitive)
        {
            pointers.Add(pointer);
        }
        else if (value.TryGetArray(out var array))
        {
            for (var i = 0; i < array.Count; i++)
                Collect(array[i], JsonPointer.At(pointer, i), pointers);
        }
        else if (value.TryGetObject(out var obj))
        {
            foreach (var (name, member) in obj)
                Collect(member, JsonPointer.At(pointer, name), pointers);
        }
    }

    private static FlowValue Mark(FlowValue value, Place place)
    {
        if (place.IsMarked)
            return value.AsSensitive();
        if (value.TryGetObject(out var obj))
        {
            var members = new FlowObjectBuilder(obj);
            foreach (var (name, inner) in place.Inner)
            {
                if (obj.Get(name) is { IsMissing: false } member)
                    members.Set(name, Mark(member, inner));
            }
            return FlowValue.From(members.Build());
        }
        if (value.TryGetArray(out var array))
        {
            var items = array.ToArray();
            foreach (var (name, inner) in place.Inner)
            {
                if (int.TryParse(name, NumberStyles.None, CultureInfo.InvariantCulture, out var index) && index < items.Length)
                    items[index] = Mark(items[index], inner);
            }
            return FlowValue.From(FlowArray.Own(items, items.Length));
        }
        return value;
    }

    /// <summary>Single-threaded: a place that is marked, or on the way to one.</summary>
    private sealed class Place
    {
        private Dictionary<string, Place>? _inner;

        public bool IsMarked { get; private set; }

        public IEnumerable<KeyValuePair<string, Place>> Inner => _inner ?? [];

        public void Add(string pointer)
        {
            var place = this;
            foreach (var segment in JsonPointer.Segments(pointer))
                place = place.At(segment);
            place.IsMarked = true;
        }

        private Place At(string name)
        {
            _inner ??= new Dictionary<string, Place>(StringComparer.Ordinal);
            if (!_inner.TryGetValue(name, out var place))
                _inner.Add(name, place = new Place());
            return place;
        }
    }
}
