using FlowEngine.Errors;
using FlowEngine.Model;

namespace FlowEngine.ElsaFormat;

/// <summary>
/// Per flow and single-threaded: finds the loops that Elsa's default flowchart refuses. It takes a connection back only to an activity
/// through which every way to the connection leads, its dominator (Cooper, Harvey, Kennedy: A Simple, Fast Dominance Algorithm).
/// </summary>
internal sealed class ElsaLoops
{
    private readonly List<List<(int Target, int Connection)>> _next = [];
    private readonly List<List<int>> _before = [];

    /// <summary>The place of each activity in the order in which a walk from the start leaves them for good; -1 if it does not
    /// come there.</summary>
    private readonly int[] _left;

    private readonly List<int> _leaving = [];
    private readonly List<(int Source, int Target, int Connection)> _back = [];

    private ElsaLoops(FlowDefinition flow, Dictionary<string, int> indices)
    {
        _left = new int[flow.Activities.Count];
        Array.Fill(_left, -1);
        for (var i = 0; i < _left.Length; i++)
        {
            _next.Add([]);
            _before.Add([]);
        }
        for (var i = 0; i < flow.Connections.Count; i++)
        {
            var connection = flow.Connections[i];
            if (!indices.TryGetValue(connection.Source, out var source) || !indices.TryGetValue(connection.Target, out var target))
                continue;
            _next[source].Add((target, i));
            _before[target].Add(source);
        }
    }

    /// <summary>Warns of each connection that leads back into a loop which can also be entered elsewhere.</summary>
    public static void Check(FlowDefinition flow, DiagnosticBag problems)
    {
        var indices = new Dictionary<string, int>(StringComparer.Ordinal);
        for (var i = 0; i < flow.Activities.Count; i++)
            indices.TryAdd(flow.Activities[i].Id, i);
        if (!indices.TryGetValue(flow.Start, out var start))
            return;

        var loops = new ElsaLoops(flow, indices);
        loops.Walk(start);
        if (loops._back.Count == 0)
            return;

        var dominators = loops.Dominators(start);
        foreach (var (source, target, index) in loops._back)
        {
            if (loops.Dominates(dominators, target, source, start))
                continue;
            var connection = flow.Connections[index];
            problems.Warning(
                ElsaErrors.IrreducibleLoop,
                connection.Location,
                $"'{connection.Source}' leads back to '{connection.Target}' by '{connection.Port}', but can be reached without passing it: "
                    + "Elsa's default flowchart fails there (\"Invalid backward connection\")."
            );
        }
    }

    /// <summary>Goes through the flow in depth, without recursion: a flow may be ten thousand activities long.</summary>
    private void Walk(int start)
    {
        const int Entered = -2;
        var way = new Stack<(int Activity, int Next)>();
        way.Push((start, 0));
        _left[start] = Entered;
        while (way.TryPop(out var at))
        {
            if (at.Next == _next[at.Activity].Count)
            {
                _left[at.Activity] = _leaving.Count;
                _leaving.Add(at.Activity);
                continue;
            }
            way.Push((at.Activity, at.Next + 1));
            var (target, connection) = _next[at.Activity][at.Next];
            if (_left[target] == Entered)
                _back.Add((at.Activity, target, connection));
            if (_left[target] != -1)
                continue;
            _left[target] = Entered;
            way.Push((target, 0));
        }
    }

    private int[] Dominators(int start)
    {
        var dominators = new int[_left.Length];
        Array.Fill(dominators, -1);
        dominators[start] = start;
        for (var changed = true; changed; )
        {
            changed = false;
            for (var i = _leaving.Count - 2; i >= 0; i--)
            {
                var activity = _leaving[i];
                var found = -1;
                foreach (var before in _before[activity])
                {
                    if (_left[before] >= 0 && dominators[before] >= 0)
                        found = found < 0 ? before : Common(dominators, before, found);
                }
                changed |= dominators[activity] != found;
                dominators[activity] = found;
            }
        }
        return dominators;
    }

    private int Common(int[] dominators, int one, int other)
    {
        while (one != other)
        {
            while (_left[one] < _left[other])
                one = dominators[one];
            while (_left[other] < _left[one])
                other = dominators[other];
        }
        return one;
    }

    private bool Dominates(int[] dominators, int target, int source, int start)
    {
        for (var at = source; ; at = dominators[at])
        {
            if (at == target)
                return true;
            if (at == start || _left[at] > _left[target])
                return false;
        }
    }
}
