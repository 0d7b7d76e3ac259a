using FlowEngine.Context;

namespace FlowEngine.Diff;

/// <summary>Stateless: compares the components of a screen. Inputs are the same by name, buttons and links by id; of the others those that are equal, then those of
/// the same type, in order.</summary>
internal static class ScreenDiff
{
    /// <summary>The differences: the place of a component, or of a setting in it.</summary>
    /// <param name="before">The components; anything but an array is one value.</param>
    /// <param name="after">The components.</param>
    public static IEnumerable<(ChangeKind Change, string Path, FlowValue Before, FlowValue After)> Of(FlowValue before, FlowValue after)
    {
        if (before == after)
            yield break;
        if (!TryRead(before, out var old) || !TryRead(after, out var young))
        {
            yield return (Kind(before, after), "components", before, after);
            yield break;
        }

        var partners = Match(old, young);
        for (var i = 0; i < old.Length; i++)
        {
            if (partners[i] < 0)
                yield return (ChangeKind.Removed, $"components[{i}]", old[i], FlowValue.Missing);
        }
        var staying = Staying(partners);
        var origins = Enumerable.Range(0, old.Length).Where(i => partners[i] >= 0).ToDictionary(i => partners[i]);
        for (var i = 0; i < young.Length; i++)
        {
            if (!origins.TryGetValue(i, out var origin))
            {
                yield return (ChangeKind.Added, $"components[{i}]", FlowValue.Missing, young[i]);
                continue;
            }
            if (!staying.Contains(origin))
                yield return (ChangeKind.Changed, $"components[{i}].position", FlowValue.From(origin + 1), FlowValue.From(i + 1));
            foreach (var (path, was, becomes) in SettingsDiff.Of(old[origin], young[i]))
                yield return (Kind(was, becomes), $"components[{i}].{path}", was, becomes);
        }
    }

    /// <summary>Whether something came, went or changed.</summary>
    public static ChangeKind Kind(FlowValue before, FlowValue after) => before.IsMissing ? ChangeKind.Added : after.IsMissing ? ChangeKind.Removed : ChangeKind.Changed;

    private static bool TryRead(FlowValue components, out FlowValue[] items)
    {
        items = components.TryGetArray(out var array) ? [.. array] : [];
        return components.IsMissing || (array is not null && items.All(item => item.Kind == FlowValueKind.Object));
    }

    /// <summary>For each component of before the index of the one it became, or -1.</summary>
    private static int[] Match(FlowValue[] before, FlowValue[] after)
    {
        var partners = Enumerable.Repeat(-1, before.Length).ToArray();
        var free = Enumerable.Range(0, after.Length).ToList();
        Pair((old, young) => Key(old) is { } key && key == Key(young));
        Pair((old, young) => Key(old) is null && old == young);
        Pair((old, young) => Key(old) is null && Key(young) is null && old.Get("type") == young.Get("type"));
        return partners;

        void Pair(Func<FlowValue, FlowValue, bool> belong)
        {
            for (var i = 0; i < before.Length; i++)
            {
                if (partners[i] >= 0 || free.FindIndex(j => belong(before[i], after[j])) is not (>= 0 and var found))
                    continue;
                partners[i] = free[found];
                free.RemoveAt(found);
            }
        }
    }

    private static string? Key(FlowValue component) =>
        component.Get("name").TryGetText(out var name) && name.Length > 0 ? "name " + name
        : component.Get("id").TryGetText(out var id) && id.Length > 0 ? "id " + id
        : null;

    /// <summary>The components that kept their order: the longest rising sequence of partners. The others were moved.</summary>
    private static HashSet<int> Staying(int[] partners)
    {
        var kept = Enumerable.Range(0, partners.Length).Where(i => partners[i] >= 0).ToArray();
        var (length, previous) = (new int[kept.Length], new int[kept.Length]);
        var last = -1;
        for (var i = 0; i < kept.Length; i++)
        {
            (length[i], previous[i]) = (1, -1);
            for (var j = 0; j < i; j++)
            {
                if (partners[kept[j]] < partners[kept[i]] && length[j] + 1 > length[i])
                    (length[i], previous[i]) = (length[j] + 1, j);
            }
            if (last < 0 || length[i] > length[last])
                last = i;
        }
        var staying = new HashSet<int>();
        for (; last >= 0; last = previous[last])
            staying.Add(kept[last]);
        return staying;
    }
}
