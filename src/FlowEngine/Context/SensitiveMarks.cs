using System.Globalization;

namespace FlowEngine.Context;

/// <summary>Keeps sensitive marks over a trip through JSON, which has none: as JSON Pointers (RFC 6901) in a member <c>sensitive</c>. Stateless.</summary>
internal static class SensitiveMarks
{
    /// <summary>The pointers of the outermost marked values.</summary>
    public static IEnumerable<string> Collect(FlowValue value)
    {
        var pointers = new List<string>();
        Collect(value, "", pointers);
        return pointers;
    }

    /// <summary>Marks what the member <c>sensitive</c> of an object points at.</summary>
    public static FlowValue Apply(FlowValue json)
    {
        if (!json.Get("sensitive").TryGetArray(out var pointers))
            return json;
        foreach (var pointer in pointers)
            json = Mark(json, pointer.ToText().Split('/').AsSpan(1));
        return json;
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
                Collect(array[i], $"{pointer}/{i.ToString(CultureInfo.InvariantCulture)}", pointers);
        }
        else if (value.TryGetObject(out var obj))
        {
            foreach (var (name, member) in obj)
                Collect(member, $"{pointer}/{name.Replace("~", "~0", StringComparison.Ordinal).Replace("/", "~1", StringComparison.Ordinal)}", pointers);
        }
    }

    private static FlowValue Mark(FlowValue value, ReadOnlySpan<string> path)
    {
        if (path.IsEmpty)
            return value.AsSensitive();
        if (value.TryGetObject(out var obj))
        {
            var name = path[0].Replace("~1", "/", StringComparison.Ordinal).Replace("~0", "~", StringComparison.Ordinal);
            return FlowValue.From(obj.With(name, Mark(obj.Get(name), path[1..])));
        }
        if (value.TryGetArray(out var array) && int.TryParse(path[0], NumberStyles.None, CultureInfo.InvariantCulture, out var index) && index < array.Count)
        {
            var items = array.ToArray();
            items[index] = Mark(items[index], path[1..]);
            return FlowValue.From(FlowArray.Own(items, items.Length));
        }
        return value;
    }
}
