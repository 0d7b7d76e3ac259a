using FlowEngine.Context;

namespace FlowEngine.Diff;

/// <summary>Stateless: compares JSON values setting by setting: into objects by name, into the activities that are written inside a
/// Parallel by id. Any other array is one value: what an element means often depends on its place.</summary>
public static class SettingsDiff
{
    /// <summary>The setting that holds activities.</summary>
    private const string Inline = "activities";

    /// <summary>The differences.</summary>
    /// <param name="before">What it was; missing for nothing.</param>
    /// <param name="after">What it is; missing for nothing.</param>
    /// <param name="path">Where the values stand; "" for a whole object, whose members are the settings.</param>
    /// <param name="except">The members of a whole object that are not looked at.</param>
    public static IEnumerable<(string Path, FlowValue Before, FlowValue After)> Of(
        FlowValue before,
        FlowValue after,
        string path = "",
        params string[] except
    )
    {
        ArgumentNullException.ThrowIfNull(path);
        ArgumentNullException.ThrowIfNull(except);
        if (before == after)
            return [];
        if (
            before.TryGetObject(out var old)
            && after.TryGetObject(out var young)
            && (path.Length == 0 || (old.Count > 0 && young.Count > 0))
        )
            return Members(old, young, path, except);
        if (path == Inline && ById(before) is { } oldItems && ById(after) is { } youngItems)
            return Members(oldItems, youngItems, path, ["id"]);
        return [(path, before, after)];
    }

    private static IEnumerable<(string, FlowValue, FlowValue)> Members(FlowObject before, FlowObject after, string path, string[] except) =>
        from name in Names(before, after)
        where path.Length > 0 || !except.Contains(name)
        let was = before.Get(name)
        let becomes = after.Get(name)
        // Before a path is made, which may be long.
        where was != becomes
        from change in Of(was, becomes, Join(path, name))
        select change;

    /// <summary>The names of both, in the order of the first; what is only in the second comes last.</summary>
    private static IEnumerable<string> Names(FlowObject before, FlowObject after) =>
        before.Select(member => member.Key).Union(after.Select(member => member.Key), StringComparer.Ordinal);

    /// <summary>As a path of the context is written: a name that could be taken for more than one stands in brackets.</summary>
    private static string Join(string path, string name)
    {
        if (name.Length == 0 || name.AsSpan().IndexOfAny('.', '[', '"') >= 0)
            return path + PathText.InBrackets(name);
        return path.Length == 0 ? name : $"{path}.{name}";
    }

    /// <summary>An array of objects with different ids as an object; null for any other value.</summary>
    private static FlowObject? ById(FlowValue value)
    {
        if (!value.TryGetArray(out var items) || items.Count == 0)
            return null;
        var byId = new FlowObjectBuilder(items.Count);
        foreach (var item in items)
        {
            if (item.Kind != FlowValueKind.Object || !item.Get("id").TryGetText(out var id) || !byId.Set(id, item))
                return null;
        }
        return byId.Build();
    }
}
