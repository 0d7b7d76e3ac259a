using FlowEngine.Errors;
using FlowEngine.Model;

namespace FlowEngine.ElsaFormat;

/// <summary>
/// Per flow and single-threaded: finds the loops that Elsa's default flowchart refuses. It takes a connection back only to an activity
/// through which every way to the connection leads, its dominator.
/// </summary>
internal sealed class ElsaLoops
{
    private readonly FlowDefinition _flow;
    private readonly List<(int Target, int Connection)>[] _next;

    /// <summary>The number of each activity: its place in the order in which a walk from the start enters them; -1 if it does not come
    /// there.</summary>
    private readonly int[] _numbers;

    /// <summary>By number: the activity from which the walk entered, and those that lead there, by their numbers.</summary>
    private readonly List<int> _parents = [];

    private readonly List<List<int>> _before = [];
    private readonly List<(int Source, int Target, int Connection)> _back = [];
    private long _steps;

    private ElsaLoops(FlowDefinition flow, Dictionary<string, int> indices)
    {
        _flow = flow;
        _numbers = new int[flow.Activities.Count];
        Array.Fill(_numbers, -1);
        _next = new List<(int, int)>[_numbers.Length];
        for (var i = 0; i < _next.Length; i++)
            _next[i] = [];
        for (var i = 0; i < flow.Connections.Count; i++)
        {
            var connection = flow.Connections[i];
            if (indices.TryGetValue(connection.Source, out var source) && indices.TryGetValue(connection.Target, out var target))
                _next[source].Add((target, i));
        }
    }

    /// <summary>Warns of each connection that leads back into a loop which can also be entered elsewhere.</summary>
    /// <returns>How many steps it took: with n activities and m connections, some (n + m) log n at worst.</returns>
    public static long Check(FlowDefinition flow, DiagnosticBag problems)
    {
        var indices = new Dictionary<string, int>(StringComparer.Ordinal);
        for (var i = 0; i < flow.Activities.Count; i++)
            indices.TryAdd(flow.Activities[i].Id, i);
        if (!indices.TryGetValue(flow.Start, out var start))
            return 0;

        var loops = new ElsaLoops(flow, indices);
        loops.Walk(start);
        if (loops._back.Count > 0)
            loops.Report(problems);
        return loops._steps;
    }

    /// <summary>Goes through the flow in depth, without recursion: a flow may be ten thousand activities long.</summary>
    private void Walk(int start)
    {
        var isOnTheWay = new bool[_numbers.Length];
        var way = new Stack<(int Activity, int Next)>();
        Enter(start, 0);
        while (way.TryPop(out var at))
        {
            _steps++;
            if (at.Next == _next[at.Activity].Count)
            {
                isOnTheWay[at.Activity] = false;
                continue;
            }
            way.Push((at.Activity, at.Next + 1));
            var (target, connection) = _next[at.Activity][at.Next];
            var number = _numbers[at.Activity];
            if (isOnTheWay[target])
                _back.Add((number, _numbers[target], connection));
            if (_numbers[target] < 0)
                Enter(target, number);
            _before[_numbers[target]].Add(number);
        }

        void Enter(int activity, int parent)
        {
            _numbers[activity] = _parents.Count;
            _parents.Add(parent);
            _before.Add([]);
            isOnTheWay[activity] = true;
            way.Push((activity, 0));
        }
    }

    private void Report(DiagnosticBag problems)
    {
        var (first, last) = Under(Dominators());
        foreach (var (source, target, index) in _back)
        {
            _steps++;
            if (first[target] <= first[source] && first[source] <= last[target])
                continue;
            var connection = _flow.Connections[index];
            problems.Warning(
                ElsaErrors.IrreducibleLoop,
                connection.Location,
                $"'{connection.Source}' leads back to '{connection.Target}' by '{connection.Port}', but can be reached without passing it: "
                    + "Elsa's default flowchart fails there (\"Invalid backward connection\")."
            );
        }
    }

    /// <summary>By number, the nearest dominator of each activity (Lengauer, Tarjan: A Fast Algorithm for Finding Dominators in a
    /// Flowgraph, in its simple form). It always has the lower number.</summary>
    private int[] Dominators()
    {
        var count = _parents.Count;
        var semi = Enumerable.Range(0, count).ToArray();
        var forest = new Forest(semi);
        var dominators = new int[count];
        var waiting = new List<int>[count];
        for (var at = count - 1; at > 0; at--)
        {
            foreach (var before in _before[at])
                semi[at] = Math.Min(semi[at], semi[forest.Lowest(before)]);
            (waiting[semi[at]] ??= []).Add(at);
            var parent = _parents[at];
            forest.Link(parent, at);
            foreach (var below in waiting[parent] ?? [])
            {
                var lowest = forest.Lowest(below);
                dominators[below] = semi[lowest] < semi[below] ? lowest : parent;
            }
            waiting[parent] = [];
            _steps += 1 + _before[at].Count;
        }
        for (var at = 1; at < count; at++)
        {
            if (dominators[at] != semi[at])
                dominators[at] = dominators[dominators[at]];
        }
        _steps += forest.Steps;
        return dominators;
    }

    /// <summary>Numbers anew, so that whatever an activity dominates has the numbers from its first, which is its own, to its
    /// last.</summary>
    private static (int[] First, int[] Last) Under(int[] dominators)
    {
        var sizes = new int[dominators.Length];
        Array.Fill(sizes, 1);
        for (var at = sizes.Length - 1; at > 0; at--)
            sizes[dominators[at]] += sizes[at];

        var (first, last, free) = (new int[sizes.Length], new int[sizes.Length], new int[sizes.Length]);
        for (var at = 0; at < sizes.Length; at++)
        {
            if (at > 0)
            {
                first[at] = free[dominators[at]];
                free[dominators[at]] += sizes[at];
            }
            free[at] = first[at] + 1;
            last[at] = first[at] + sizes[at] - 1;
        }
        return (first, last);
    }

    /// <summary>Per flow: trees that grow together, in which the way up is made shorter each time that it is walked.</summary>
    private sealed class Forest
    {
        private readonly int[] _semi;
        private readonly int[] _above;

        /// <summary>Of each the one with the lowest semidominator on the part of its way up that was made shorter.</summary>
        private readonly int[] _lowest;

        private readonly Stack<int> _way = new();

        public Forest(int[] semi)
        {
            _semi = semi;
            _lowest = [.. semi];
            _above = new int[semi.Length];
            Array.Fill(_above, -1);
        }

        public long Steps { get; private set; }

        public void Link(int parent, int child) => _above[child] = parent;

        /// <summary>The one with the lowest semidominator on the way from here up to the root, which does not count.</summary>
        public int Lowest(int at)
        {
            if (_above[at] < 0)
                return at;
            for (var up = at; _above[_above[up]] >= 0; up = _above[up])
                _way.Push(up);
            Steps += _way.Count + 1;
            while (_way.TryPop(out var below))
            {
                var above = _above[below];
                if (_semi[_lowest[above]] < _semi[_lowest[below]])
                    _lowest[below] = _lowest[above];
                _above[below] = _above[above];
            }
            return _lowest[at];
        }
    }
}
