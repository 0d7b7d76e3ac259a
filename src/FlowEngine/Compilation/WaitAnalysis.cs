using FlowEngine.Errors;
using FlowEngine.Execution;
using FlowEngine.Model;

namespace FlowEngine.Compilation;

/// <summary>
/// Per compilation and single-threaded: how long people may wait from one screen to the next when nobody answers (SPEC 6.2). What an
/// activity adds says <see cref="Activities.FlowActivity.LongestWait"/>; the longest ways are found in one walk, from the ends backwards.
/// </summary>
internal sealed class WaitAnalysis
{
    /// <summary>What a person puts up with where the flow has no budget.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private readonly PlanNode[] _nodes;
    private readonly int _start;

    /// <summary>From each activity, itself included, to where a run waits or ends.</summary>
    private readonly Ways _ways;

    /// <summary>From each activity to an End of the flow without a screen.</summary>
    private readonly Ways _toEnd;

    /// <summary>Of each activity that is part of a loop which asks somebody, what the loop asks.</summary>
    private readonly Dictionary<int, IReadOnlyList<WaitPart>> _loops = [];

    /// <summary>Which loop an activity is part of; 0 for none.</summary>
    private readonly int[] _loopOf;

    /// <summary>The subflows whose way to their first screen is longer than the one through them.</summary>
    private readonly HashSet<int> _entered = [];

    private WaitAnalysis(PlanNode[] nodes, int start)
    {
        _nodes = nodes;
        _start = start;
        _ways = new Ways(nodes.Length);
        _toEnd = new Ways(nodes.Length);
        _loopOf = new int[nodes.Length];
    }

    /// <summary>Finds the stretches, and warns of those that are longer than the flow's budget, or than 20 s where it has none.</summary>
    /// <param name="flow">The flow.</param>
    /// <param name="nodes">Its activities, all of them right.</param>
    /// <param name="start">The position of the first.</param>
    /// <param name="budget">The flow's time budget, or null.</param>
    /// <param name="problems">Where warnings go.</param>
    public static FlowWaits Run(FlowDefinition flow, PlanNode[] nodes, int start, TimeSpan? budget, DiagnosticBag problems)
    {
        if (!Array.Exists(nodes, node => node.Waits || node.Activity.Enters is not null || SecondsOf(node.Activity.LongestWait) > 0))
            return FlowWaits.None;
        var analysis = new WaitAnalysis(nodes, start);
        analysis.FindWays();
        var waits = analysis.Describe();
        foreach (var stretch in waits.Stretches.Where(stretch => !(stretch.Longest <= (budget ?? Patience))))
        {
            var at = flow.Activities[stretch.Position < 0 ? start : stretch.Position].Location;
            problems.Warning(FlowErrors.Waits, at, Sentence(stretch, budget));
        }
        return waits;
    }

    private static string Sentence(StretchWait stretch, TimeSpan? budget)
    {
        var from = stretch.Position < 0 ? "the start" : $"'{stretch.From}'";
        if (stretch.Longest is not { } longest)
            return $"Behind {from} a loop without a screen asks again and again while nobody answers: {stretch.Named}.";
        var allowed = budget is { } given ? $"the flow's time budget of {WaitPart.Text(given)}" : WaitPart.Text(Patience);
        return $"From {from} to the next screen it may take {WaitPart.Text(longest)}, more than {allowed}: {stretch.Named}.";
    }

    /// <summary>Whether a stretch ends at an activity, whatever happens there.</summary>
    private static bool EndsStretch(PlanNode node) => node.Waits && node.Activity.Enters is not { LongestWaits.Through: not null };

    private static double SecondsOf(LongestWait wait) =>
        wait.Total == TimeSpan.MaxValue ? double.PositiveInfinity : wait.Total.TotalSeconds;

    private static double SecondsOf(StretchWait stretch) => stretch.Longest?.TotalSeconds ?? double.PositiveInfinity;

    /// <summary>What an activity adds to a way that goes on behind it.</summary>
    private double Own(int position) =>
        _nodes[position].Activity is var activity && activity.Enters is { } flow
            ? SecondsOf(flow.LongestWaits.Through ?? flow.LongestWaits.Entry)
            : SecondsOf(activity.LongestWait);

    private void FindWays()
    {
        for (var i = 0; i < _nodes.Length; i++)
        {
            if (!EndsStretch(_nodes[i]))
                continue;
            _toEnd.Seconds[i] = Ways.None;
            if (_nodes[i].Activity.Enters is { } flow)
                Enter(i, flow);
        }
        var loops = 0;
        foreach (var members in GraphComponents.Of(_nodes, _start, EndsStretch))
        {
            var isLoop = GraphComponents.IsLoop(members, _nodes, _start);
            if (isLoop)
                loops++;
            foreach (var member in members)
                _loopOf[member] = isLoop ? loops : 0;
            Follow(members, isLoop, _ways, whereNothingFollows: 0);
            Follow(members, isLoop, _toEnd, Ways.None);
            foreach (var member in members)
            {
                if (
                    _nodes[member] is { Waits: true, Activity.Enters: { } flow }
                    && SecondsOf(flow.LongestWaits.Entry) > _ways.Seconds[member]
                )
                    Enter(member, flow);
            }
        }
    }

    private void Enter(int position, FlowPlan flow)
    {
        _entered.Add(position);
        (_ways.Seconds[position], _ways.Next[position]) = (SecondsOf(flow.LongestWaits.Entry), -1);
    }

    /// <summary>Finds the ways from activities that lead to each other, or from one; what they lead to is known.</summary>
    private void Follow(List<int> members, bool isLoop, Ways ways, double whereNothingFollows)
    {
        var (seconds, next) = (whereNothingFollows, -1);
        foreach (var member in members)
        {
            if (ways == _toEnd && _nodes[member].Activity.Exit is not null && seconds < 0)
                seconds = 0;
            Behind(member, ways, ref seconds, ref next);
        }
        if (isLoop && members.Exists(member => Own(member) > 0))
        {
            seconds = seconds < 0 ? seconds : double.PositiveInfinity;
            next = -1;
            if (ways == _ways)
                AddLoop(members);
        }
        else if (!isLoop && seconds >= 0)
        {
            seconds += Own(members[0]);
        }
        foreach (var member in members)
            (ways.Seconds[member], ways.Next[member]) = (seconds, next);
    }

    private void AddLoop(List<int> members)
    {
        var parts = members.Order().SelectMany(OwnParts).Take(StretchWait.MaxParts).ToList();
        foreach (var member in members)
            _loops[member] = parts;
    }

    /// <summary>The longest of the ways that follow an activity, and the next on it that has one wait.</summary>
    private void Behind(int position, Ways ways, ref double seconds, ref int next)
    {
        foreach (var target in GraphComponents.Successors(_nodes[position], _start))
        {
            if (target < 0 || ways.Seconds[target] <= seconds || (_loopOf[position] > 0 && _loopOf[target] == _loopOf[position]))
                continue;
            seconds = ways.Seconds[target];
            next = IsWaitedFor(target) ? target : ways.Next[target];
        }
    }

    private bool IsWaitedFor(int position) => _loops.ContainsKey(position) || _entered.Contains(position) || Own(position) > 0;

    private FlowWaits Describe()
    {
        var stretches = new List<StretchWait>();
        var entry = At(_start, _ways);
        if (_nodes[_start].Screen is null)
            stretches.Add(entry);
        StretchWait? exit = null;
        for (var i = 0; i < _nodes.Length; i++)
        {
            var before =
                _nodes[i].Screen is not null ? new StretchWait(_nodes[i].Id, i, TimeSpan.Zero, [])
                : _nodes[i].Activity.Enters?.LongestWaits.Exit is { } inner ? Within(i, inner)
                : null;
            if (before is null)
                continue;
            stretches.Add(Behind(i, before, _ways, 0)!);
            if (Behind(i, before, _toEnd, Ways.None) is { } toEnd && (exit is null || SecondsOf(toEnd) > SecondsOf(exit)))
                exit = toEnd;
        }
        return new FlowWaits(stretches, entry, _toEnd.Seconds[_start] < 0 ? null : At(_start, _toEnd), exit);
    }

    private StretchWait At(int position, Ways ways) =>
        new(StretchWait.AtStart, -1, TimeOf(ways.Seconds[position]), Parts(IsWaitedFor(position) ? position : ways.Next[position], ways));

    /// <summary>A stretch that goes on behind an activity; null where none does.</summary>
    private StretchWait? Behind(int position, StretchWait before, Ways ways, double whereNothingFollows)
    {
        var (seconds, next) = (whereNothingFollows, -1);
        Behind(position, ways, ref seconds, ref next);
        if (seconds < 0)
            return null;
        var parts = before.Parts.Concat(Parts(next, ways)).Take(StretchWait.MaxParts).ToList();
        return before with { Longest = TimeOf(SecondsOf(before) + seconds), Parts = parts };
    }

    private List<WaitPart> Parts(int position, Ways ways)
    {
        var parts = new List<WaitPart>();
        for (; position >= 0 && parts.Count < StretchWait.MaxParts; position = ways.Next[position])
        {
            if (_loops.TryGetValue(position, out var loop))
                return [.. loop];
            parts.AddRange(
                ways == _ways && _entered.Contains(position)
                    ? Within(position, _nodes[position].Activity.Enters!.LongestWaits.Entry).Parts
                    : OwnParts(position)
            );
        }
        return [.. parts.Take(StretchWait.MaxParts)];
    }

    private IEnumerable<WaitPart> OwnParts(int position) =>
        _nodes[position].Activity is var activity && activity.Enters is { LongestWaits: var waits }
            ? Within(position, waits.Through ?? waits.Entry).Parts
        : SecondsOf(activity.LongestWait) > 0 ? [new WaitPart(_nodes[position].Id, activity.LongestWait)]
        : [];

    /// <summary>A stretch of the flow that an activity enters, as it is named here.</summary>
    private StretchWait Within(int position, StretchWait inner)
    {
        var id = _nodes[position].Id;
        return new(
            $"{id}/{inner.From}",
            position,
            inner.Longest,
            [.. inner.Parts.Select(part => part with { Activity = $"{id}/{part.Activity}" })]
        );
    }

    private static TimeSpan? TimeOf(double seconds) => seconds < TimeSpan.MaxValue.TotalSeconds ? TimeSpan.FromSeconds(seconds) : null;

    /// <summary>The longest way from each activity.</summary>
    private sealed class Ways(int count)
    {
        /// <summary>There is no such way.</summary>
        public const double None = -1;

        public double[] Seconds { get; } = new double[count];

        /// <summary>The next activity on it that is waited for; -1 for none.</summary>
        public int[] Next { get; } = MadeOf(count);

        private static int[] MadeOf(int count)
        {
            var next = new int[count];
            Array.Fill(next, -1);
            return next;
        }
    }
}
