using FlowEngine.Context;
using FlowEngine.Tracing;

namespace FlowEngine.Execution.Lineage;

/// <summary>Shared and immutable: where a step is in its trace: its number, and within that one the numbers of children. Counted from
/// 1.</summary>
/// <param name="Parts">The numbers.</param>
internal sealed record StepPlace(int[] Parts);

/// <summary>Per reading of a trace, single-threaded: what one flow of a run has for itself, as <see cref="Frame"/> has it.</summary>
/// <param name="plan">The flow.</param>
internal sealed class LineageFrame(FlowPlan plan)
{
    public FlowPlan Plan => plan;

    /// <summary>The step that gave its inputs; null for those of the run.</summary>
    public StepPlace? Client { get; init; }

    /// <summary>Which steps wrote <c>form</c>, <c>connectors</c> and <c>scripts</c>.</summary>
    public LineageWrites Values { get; } = new();
}

/// <summary>Per reading of a trace, single-threaded: which step wrote each key of some roots last.</summary>
internal sealed class LineageWrites
{
    private readonly Dictionary<(string Root, string Key), (int Order, StepPlace By)> _keys = [];
    private readonly Dictionary<string, (int Order, StepPlace By)> _roots = new(StringComparer.Ordinal);
    private int _order;

    /// <summary>A step wrote a key; "" is that of a root that has none.</summary>
    public void Set(string root, string key, StepPlace by) => _keys[(root, key)] = (_order++, by);

    /// <summary>A step wrote keys of a root, nobody knows which.</summary>
    public void SetAll(string root, StepPlace by) => _roots[root] = (_order++, by);

    /// <summary>All is gone but the last error.</summary>
    public void Clear()
    {
        var hasError = _keys.TryGetValue(("error", ""), out var error);
        _keys.Clear();
        _roots.Clear();
        if (hasError)
            _keys.Add(("error", ""), error);
    }

    /// <summary>The same, for what goes on beside.</summary>
    public LineageWrites Copy()
    {
        var copy = new LineageWrites { _order = _order };
        foreach (var (place, write) in _keys)
            copy._keys.Add(place, write);
        foreach (var (root, write) in _roots)
            copy._roots.Add(root, write);
        return copy;
    }

    /// <summary>Who wrote what a path leads to.</summary>
    /// <param name="root">Its root.</param>
    /// <param name="key">The key; "" for a root that has none, null for all keys.</param>
    /// <param name="path">The path.</param>
    public IEnumerable<LineageSource> Find(string root, string? key, string path)
    {
        if (key is null)
            return All(root, path);
        var hasKey = _keys.TryGetValue((root, key), out var write);
        if (_roots.TryGetValue(root, out var any) && (!hasKey || any.Order > write.Order))
            (hasKey, write) = (true, any);
        return [TraceLineage.Source(path, hasKey ? write.By : null)];
    }

    private List<LineageSource> All(string root, string path)
    {
        var found = _keys
            .Where(write => write.Key.Root == root)
            .OrderBy(write => write.Value.Order)
            .Select(write => TraceLineage.Source(path + PathText.Member(write.Key.Key), write.Value.By))
            .ToList();
        if (_roots.TryGetValue(root, out var any) || found.Count == 0)
            found.Insert(0, TraceLineage.Source(path, any.By));
        return found;
    }
}
