using FlowEngine.Templates;

namespace FlowEngine.Compilation.Paths;

/// <summary>
/// Per compilation and single-threaded: follows through a flow whether paths have a value: on some way (may), and on every way (must). It
/// is the data-flow analysis of
/// reaching definitions and definite assignment (Kildall 1973), for 64 paths at once, so that memory grows with the flow alone and time
/// with the flow times a 64th of its paths.
/// </summary>
internal sealed class PathFlow
{
    /// <summary>How many paths are followed at once.</summary>
    public const int BlockSize = 64;

    /// <summary>How many steps are followed for all paths together. What is left then is judged by what the flow writes anywhere.</summary>
    public const long MaxSteps = 100_000_000;

    private static readonly ContextRoot[] Shared = [ContextRoot.User, ContextRoot.Claims, ContextRoot.Error];

    private readonly FlowGraph _graph;
    private readonly bool _isEntered;
    private readonly Dictionary<(ContextRoot Root, string Key), List<(int Writes, ContextWrite Item)>> _places = [];
    private readonly List<(int Writes, ContextWrite Item)> _everywhere = [];
    private readonly Effect[] _effects;
    private readonly ulong[] _may;
    private readonly ulong[] _must;

    /// <summary>Which paths may have lost their value since the last screen. An error goes back to that very screen, so what was certain
    /// there still is, unless it is among these: other screens' ways to the same activity do not count.</summary>
    private readonly ulong[] _lost;
    private readonly bool[] _waits;
    private readonly bool[] _isNew;

    /// <summary>Makes it.</summary>
    /// <param name="graph">The ways through the flow.</param>
    /// <param name="isEntered">Whether another flow enters it, which may have written what they share.</param>
    public PathFlow(FlowGraph graph, bool isEntered)
    {
        _graph = graph;
        _isEntered = isEntered;
        _effects = new Effect[graph.Writes.Count];
        _may = new ulong[graph.Points];
        _must = new ulong[graph.Points];
        _lost = new ulong[graph.Points];
        _isNew = new bool[graph.Points];
        _waits = new bool[graph.Points];
        for (var i = 0; i < _waits.Length; i++)
            _waits[i] = graph.Waits(i);
        for (var i = 0; i < graph.Writes.Count; i++)
        {
            foreach (var item in graph.Writes[i].Items)
            {
                if (item.Key is null)
                    _everywhere.Add((i, item));
                else if (_places.TryGetValue((item.Root, item.Key), out var known))
                    known.Add((i, item));
                else
                    _places.Add((item.Root, item.Key), [(i, item)]);
            }
        }
    }

    /// <summary>What some writes do to the paths of the block, a bit for each.</summary>
    private record struct Effect(ulong KeepsMay, ulong GivesMay, ulong KeepsMust, ulong GivesMust)
    {
        public static readonly Effect None = new(~0UL, 0, ~0UL, 0);
    }

    /// <summary>How many steps were followed.</summary>
    public long Steps { get; private set; }

    /// <summary>Whether a path of the block may have a value at a point, by the last call of <see cref="TryFollow"/>.</summary>
    public bool May(int point, int fact) => (_may[point] >> fact & 1) != 0;

    /// <summary>Whether a path of the block certainly has a value at a point.</summary>
    public bool Must(int point, int fact) => (_must[point] >> fact & 1) != 0;

    /// <summary>Whether it certainly has one behind a step.</summary>
    public bool MustBehind(in FlowStep step, int fact) => (Behind(step).Must >> fact & 1) != 0;

    private (ulong May, ulong Must, ulong Lost) Behind(in FlowStep step)
    {
        var (may, must, lost) = (_may[step.From], _must[step.From], _waits[step.From] ? 0 : _lost[step.From]);
        if (step.Writes >= 0)
        {
            ref readonly var effect = ref _effects[step.Writes];
            may = may & effect.KeepsMay | effect.GivesMay;
            must = must & effect.KeepsMust | effect.GivesMust;
            lost = lost & ~effect.GivesMust | ~effect.KeepsMust & ~effect.GivesMust;
        }
        else if (_graph.OwnerOf(step.From) < 0)
        {
            must |= _must[step.To] & ~lost;
        }
        return (may, must, lost);
    }

    /// <summary>Whether anything at all in the flow, or a caller of it, may give a path a value.</summary>
    public bool IsWrittenSomewhere(PathFact fact) =>
        Array.IndexOf(Shared, fact.Root) >= 0
        || _everywhere.Exists(write => write.Item.Root == fact.Root && write.Item.Shape is not null)
        || (_places.TryGetValue((fact.Root, fact.Key), out var writes) && writes.Exists(write => fact.MayBeIn(write.Item.Shape)));

    /// <summary>Follows a block of paths.</summary>
    /// <param name="block">At most <see cref="BlockSize"/> paths.</param>
    /// <returns>Whether all was followed; otherwise nothing can be said of them.</returns>
    public bool TryFollow(ReadOnlySpan<PathFact> block)
    {
        FindEffects(block);
        Array.Clear(_may);
        Array.Clear(_lost);
        Array.Fill(_must, ~0UL);
        Array.Fill(_isNew, true);
        var shared = 0UL;
        foreach (var root in Shared)
            shared |= BitsOf(block, root);
        _may[_graph.Start] = shared;
        _must[_graph.Start] = _isEntered ? shared : 0;

        for (var changed = true; changed; )
        {
            changed = false;
            foreach (var point in _graph.Order)
            {
                if (!_isNew[point])
                    continue;
                _isNew[point] = false;
                var steps = _graph.From(point);
                Steps += steps.Length;
                foreach (ref readonly var step in steps)
                {
                    var (may, must, lost) = Behind(step);
                    if ((may & ~_may[step.To]) == 0 && (_must[step.To] & ~must) == 0 && (lost & ~_lost[step.To]) == 0)
                        continue;
                    changed = _isNew[step.To] = true;
                    _may[step.To] |= may;
                    _must[step.To] &= must;
                    _lost[step.To] |= lost;
                }
            }
            // To look for what is new costs something too.
            Steps += _graph.Order.Length / 4;
            if (Steps > MaxSteps)
                return false;
        }
        return true;
    }

    private static ulong BitsOf(ReadOnlySpan<PathFact> block, ContextRoot root)
    {
        var bits = 0UL;
        for (var i = 0; i < block.Length; i++)
            bits |= block[i].Root == root ? 1UL << i : 0;
        return bits;
    }

    private void FindEffects(ReadOnlySpan<PathFact> block)
    {
        Array.Fill(_effects, Effect.None);
        for (var i = 0; i < block.Length; i++)
        {
            if (!_places.TryGetValue((block[i].Root, block[i].Key), out var writes))
                continue;
            Steps += writes.Count;
            // The alternatives of one activity stand one after the other.
            for (var first = 0; first < writes.Count; )
            {
                var (may, must, isCertain) = (false, true, true);
                var next = first;
                for (; next < writes.Count && writes[next].Writes == writes[first].Writes; next++)
                {
                    var has = block[i].MayBeIn(writes[next].Item.Shape);
                    may |= has;
                    must &= has;
                    isCertain &= writes[next].Item.IsCertain;
                }
                var bit = 1UL << i;
                ref var effect = ref _effects[writes[first].Writes];
                effect = new Effect(
                    isCertain ? effect.KeepsMay & ~bit : effect.KeepsMay,
                    may ? effect.GivesMay | bit : effect.GivesMay,
                    isCertain || !must ? effect.KeepsMust & ~bit : effect.KeepsMust,
                    isCertain && must ? effect.GivesMust | bit : effect.GivesMust
                );
                first = next;
            }
        }

        // Last: what may be anything speaks for what else is written with it.
        foreach (var (position, item) in _everywhere)
        {
            var bits = BitsOf(block, item.Root);
            ref var effect = ref _effects[position];
            effect = item.Shape is null
                ? effect with
                {
                    KeepsMay = effect.KeepsMay & ~bits,
                    KeepsMust = effect.KeepsMust & ~bits,
                }
                : effect with
                {
                    GivesMay = effect.GivesMay | bits,
                    GivesMust = effect.GivesMust | bits,
                };
        }
    }
}
