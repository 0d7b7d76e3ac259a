using FlowEngine.Context;

namespace FlowEngine.Diff;

/// <summary>Stateless: compares the components of a screen. Inputs are the same by name, buttons and links by id; of the others those that
/// are equal, then those of the same type, in order.</summary>
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
    public static ChangeKind Kind(FlowValue before, FlowValue after) =>
        before.IsMissing ? ChangeKind.Added
        : after.IsMissing ? ChangeKind.Removed
        : ChangeKind.Changed;

    private static bool TryRead(FlowValue components, out FlowValue[] items)
    {
        items = components.TryGetArray(out var array) ? [.. array] : [];
        return components.IsMissing || (array is not null && items.All(item => item.Kind == FlowValueKind.Object));
    }

    /// <summary>For each component of before the index of the one it became, or -1. Three rounds,
    /// each of which pairs those that are alike in order: by key, by content, by type.</summary>
    private static int[] Match(FlowValue[] before, FlowValue[] after)
    {
        var partners = Enumerable.Repeat(-1, before.Length).ToArray();
        var isTaken = new bool[after.Length];
        Pair(Key, StringComparer.Ordinal);
        Pair(component => Key(component) is null ? new Whole(component) : null, EqualityComparer<Whole>.Default);
        Pair(component => Key(component) is null ? component.Get("type").ToJson() : null, StringComparer.Ordinal);
        return partners;

        // What belongs together has the same mark; null belongs to nothing.
        void Pair<T>(Func<FlowValue, T?> markOf, IEqualityComparer<T> comparer)
            where T : class
        {
            var free = new Dictionary<T, Queue<int>>(comparer);
            for (var j = 0; j < after.Length; j++)
            {
                if (isTaken[j] || markOf(after[j]) is not { } mark)
                    continue;
                if (!free.TryGetValue(mark, out var places))
                    free.Add(mark, places = new Queue<int>());
                places.Enqueue(j);
            }
            for (var i = 0; i < before.Length; i++)
            {
                if (
                    partners[i] >= 0
                    || markOf(before[i]) is not { } mark
                    || !free.TryGetValue(mark, out var places)
                    || !places.TryDequeue(out var found)
                )
                    continue;
                partners[i] = found;
                isTaken[found] = true;
            }
        }
    }

    private static string? Key(FlowValue component) =>
        component.Get("name").TryGetText(out var name) && name.Length > 0 ? "name " + name
        : component.Get("id").TryGetText(out var id) && id.Length > 0 ? "id " + id
        : null;

    /// <summary>The components that kept their order: the longest rising sequence of
    /// partners (Fredman 1975, with a Fenwick tree). The others were moved.</summary>
    private static HashSet<int> Staying(int[] partners)
    {
        var kept = Enumerable.Range(0, partners.Length).Where(i => partners[i] >= 0).ToArray();
        var (length, previous) = (new int[kept.Length], new int[kept.Length]);
        // By partner: the first of the longest sequences that end before it, as its place among those kept.
        var longest = new int[partners.Append(-1).Max() + 2];
        Array.Fill(longest, -1);
        var last = -1;
        for (var i = 0; i < kept.Length; i++)
        {
            previous[i] = Best(partners[kept[i]]);
            length[i] = previous[i] < 0 ? 1 : length[previous[i]] + 1;
            for (var at = partners[kept[i]] + 1; at < longest.Length; at += at & -at)
            {
                if (IsBetter(i, longest[at]))
                    longest[at] = i;
            }
            if (last < 0 || length[i] > length[last])
                last = i;
        }
        var staying = new HashSet<int>();
        for (; last >= 0; last = previous[last])
            staying.Add(kept[last]);
        return staying;

        int Best(int partner)
        {
            var best = -1;
            for (var at = partner; at > 0; at -= at & -at)
            {
                if (longest[at] >= 0 && IsBetter(longest[at], best))
                    best = longest[at];
            }
            return best;
        }

        bool IsBetter(int i, int than) => than < 0 || length[i] > length[than] || (length[i] == length[than] && i < than);
    }

    /// <summary>Shared and immutable: a component by all that it says. Its hash goes down to the
    /// leaves: components that differ only there are many in a screen of many alike.</summary>
    private sealed class Whole(FlowValue component) : IEquatable<Whole>
    {
        private readonly FlowValue _component = component;
        private readonly int _hash = HashOf(component);

        public bool Equals(Whole? other) => other is not null && _hash == other._hash && _component == other._component;

        public override bool Equals(object? obj) => Equals(obj as Whole);

        public override int GetHashCode() => _hash;

        private static int HashOf(FlowValue value)
        {
            var hash = 17;
            if (value.TryGetArray(out var array))
            {
                foreach (ref readonly var item in array.AsSpan())
                    hash = HashCode.Combine(hash, HashOf(item));
                return hash;
            }
            if (!value.TryGetObject(out var obj))
                return value.GetHashCode();
            // The order of members does not count.
            foreach (var (name, member) in obj)
                hash += HashCode.Combine(name, HashOf(member));
            return hash;
        }
    }
}
