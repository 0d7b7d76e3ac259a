using System.Numerics;
using FlowEngine.Execution;

namespace FlowEngine.Compilation.Paths;

/// <summary>
/// Per compilation and single-threaded: which screens can be the last one shown when a run comes to an activity, for that is where an
/// automatic error leads. 64 screens are
/// followed through the flow at once, and activities with the same last screens share one set.
/// </summary>
internal sealed class LastScreens
{
    /// <summary>How many members all sets may have together. Beyond it nobody looks through a flow: thousands of screens and as many
    /// different ways between them.</summary>
    private const int MaxMembers = 1_000_000;

    /// <summary>How many steps may be followed.</summary>
    private const int MaxSteps = 50_000_000;

    private readonly int[] _sets;
    private readonly bool[] _mayBeNone;
    private readonly List<(int Before, int Block, ulong Bits)> _links = [];

    private LastScreens(int nodes)
    {
        _sets = new int[nodes];
        Array.Fill(_sets, -1);
        _mayBeNone = new bool[nodes];
    }

    /// <summary>Finds them.</summary>
    /// <param name="graph">The ways, but for those that this is to find.</param>
    /// <param name="nodes">The activities.</param>
    /// <param name="waiting">The activities that wait, each with the point behind its waiting.</param>
    /// <returns>The sets; null when there is too much to follow.</returns>
    public static LastScreens? Find(FlowGraph graph, PlanNode?[] nodes, List<(int Node, int Point)> waiting)
    {
        var found = new LastScreens(nodes.Length);
        var known = new Dictionary<(int, int, ulong), int>();
        var own = new ulong[graph.Points];
        var keeps = new bool[graph.Points];
        Array.Fill(keeps, true);
        foreach (var (node, point) in waiting)
            keeps[point] = nodes[node]!.Activity.Enters is { Traits.EndsUnseen: true };

        var (members, steps) = (0L, 0L);
        var bits = new ulong[graph.Points];
        // Bit 0 of the first block is "none yet".
        for (var block = 0; block <= waiting.Count / 64; block++)
        {
            Array.Clear(bits);
            Array.Clear(own);
            if (block == 0)
                bits[graph.Start] = 1;
            for (var i = Math.Max(1, block * 64); i <= waiting.Count && i < (block + 1) * 64; i++)
                own[waiting[i - 1].Point] |= 1UL << (i % 64);
            if (!Follow(graph, bits, own, keeps, ref steps))
                return null;

            foreach (var point in graph.Order)
            {
                if (point >= nodes.Length)
                    continue;
                var last = bits[point];
                if (block == 0)
                {
                    found._mayBeNone[point] = (last & 1) != 0;
                    last &= ~1UL;
                }
                if (last == 0)
                    continue;
                var link = (found._sets[point], block, last);
                if (!known.TryGetValue(link, out var set))
                {
                    known.Add(link, set = found._links.Count);
                    found._links.Add(link);
                    members += BitOperations.PopCount(last);
                    if (members > MaxMembers)
                        return null;
                }
                found._sets[point] = set;
            }
        }
        return found;
    }

    /// <summary>Whether a run may come to an activity without having shown a screen.</summary>
    public bool MayBeNone(int node) => _mayBeNone[node];

    /// <summary>The set of the screens that may be the last before an activity; -1 for none.</summary>
    public int SetOf(int node) => _sets[node];

    /// <summary>The positions of the members of a set in the list of what waits.</summary>
    public IEnumerable<int> Members(int set)
    {
        for (; set >= 0; set = _links[set].Before)
        {
            for (var bits = _links[set].Bits; bits != 0; bits &= bits - 1)
                yield return _links[set].Block * 64 + BitOperations.TrailingZeroCount(bits) - 1;
        }
    }

    private static bool Follow(FlowGraph graph, ulong[] bits, ulong[] own, bool[] keeps, ref long steps)
    {
        for (var changed = true; changed; )
        {
            changed = false;
            foreach (var point in graph.Order)
            {
                var behind = own[point] | (keeps[point] ? bits[point] : 0);
                foreach (ref readonly var step in graph.From(point))
                {
                    changed |= (behind & ~bits[step.To]) != 0;
                    bits[step.To] |= behind;
                }
                steps += graph.From(point).Length;
            }
            if (steps > MaxSteps)
                return false;
        }
        return true;
    }
}
