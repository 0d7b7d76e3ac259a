using FlowEngine.Activities;
using FlowEngine.Conditions;
using FlowEngine.Context;
using FlowEngine.Errors;
using FlowEngine.Execution;
using FlowEngine.Templates;

namespace FlowEngine.Compilation.Failures;

/// <summary>Shared and immutable: which failures a way out of an activity settles, by what became of them since.</summary>
/// <param name="Latest">Those that are the last error, while what they wrote is still there.</param>
/// <param name="LatestGone">Those that are the last error, when something else was written in their place.</param>
/// <param name="Earlier">Those after which something else failed, while what they wrote is still there.</param>
internal readonly record struct Settled(FailureSet Latest, FailureSet LatestGone, FailureSet Earlier)
{
    /// <summary>None.</summary>
    public static Settled None { get; } = new(FailureSet.None, FailureSet.None, FailureSet.None);

    /// <summary>Whatever is the last error.</summary>
    public static Settled LastError { get; } = new(FailureSet.All, FailureSet.All, FailureSet.None);

    /// <summary>These, by what they wrote.</summary>
    public static Settled ByResult(IEnumerable<int> failures) =>
        FailureSet.Of(failures) is var set ? new Settled(set, FailureSet.None, set) : default;

    /// <summary>Those of one of the two.</summary>
    public Settled Or(Settled other) => new(Latest.Or(other.Latest), LatestGone.Or(other.LatestGone), Earlier.Or(other.Earlier));

    /// <summary>Those of both.</summary>
    public Settled And(Settled other) => new(Latest.And(other.Latest), LatestGone.And(other.LatestGone), Earlier.And(other.Earlier));
}

/// <summary>
/// Per compilation and single-threaded: which failures the branches of a condition name. A rule names a failure when it cannot hold after
/// it, or when it holds for what the failure wrote and neither for a missing value nor for what a success, or anything at all, would have
/// written. A rule catches a failure when it holds after it whatever it wrote: then no later branch, nor <c>Else</c>, is taken. What is
/// not certain, as what a script or a template says, is neither.
/// </summary>
internal sealed class FailureNames
{
    /// <summary>How often it is looked for earlier values of a place.</summary>
    private const int MaxSearches = 1000;

    /// <summary>What a value may be that has nothing to do with any failure.</summary>
    private static readonly FlowValue[] Anything =
    [
        FlowValue.Missing,
        FlowValue.Null,
        FlowValue.EmptyText,
        FlowValue.From("~"),
        FlowValue.From(FlowObject.Empty),
        FlowValue.Parse("""{ "~": "~" }"""),
        FlowValue.Parse("[]"),
        FlowValue.Parse("""[ "~" ]"""),
    ];

    private static readonly FlowValue[] Nothing =
    [
        FlowValue.Missing,
        FlowValue.Null,
        FlowValue.EmptyText,
        FlowValue.From(FlowObject.Empty),
        FlowValue.Parse("[]"),
    ];

    private readonly FailureGraph _graph;
    private readonly Dictionary<(int Frame, ContextRoot Root, string Key), List<int>> _byPlace = [];
    private readonly Dictionary<(int Frame, ContextRoot Root, string Key), bool[]> _written = [];
    private readonly Dictionary<(int Point, int Port), Settled> _settled = [];
    private readonly FailureSet?[] _replaced;

    /// <summary>Makes it.</summary>
    public FailureNames(FailureGraph graph)
    {
        _graph = graph;
        for (var i = 0; i < graph.Failures.Count; i++)
        {
            foreach (var place in graph.Failures[i].Places)
            {
                var key = (graph.FrameOf[graph.Failures[i].Point], place.Root, place.Key);
                if (!_byPlace.TryGetValue(key, out var failures))
                    _byPlace.Add(key, failures = []);
                failures.Add(i);
            }
        }
        _replaced = new FailureSet?[graph.Points];
        for (var point = 0; point < graph.Activities; point++)
        {
            Find(point);
            _replaced[point] = FindReplaced(point);
        }
    }

    /// <summary>Whether anything reads the last error: it outlives a restart.</summary>
    public bool ReadsError { get; private set; }

    /// <summary>The failures that are settled by a way out.</summary>
    public Settled By(in FailureStep step) =>
        step.Port < 0 ? Settled.None : _settled.GetValueOrDefault((step.From, step.Port), Settled.None);

    /// <summary>The failures of other activities in whose place an activity may write something; null for none.</summary>
    public FailureSet? ReplacedAt(int point) => _replaced[point];

    /// <summary>The failures that are over when a flow begins again at an activity of it: its own, and those of the flows that it
    /// enters.</summary>
    public FailureSet ClearedAt(int point)
    {
        var prefix = _graph.FrameAt(point).Prefix;
        return prefix.Length == 0
            ? FailureSet.All
            : FailureSet.Of(
                Enumerable
                    .Range(0, _graph.Failures.Count)
                    .Where(i => _graph.FrameAt(_graph.Failures[i].Point).Prefix.StartsWith(prefix, StringComparison.Ordinal))
            );
    }

    private FailureSet? FindReplaced(int point)
    {
        if (_byPlace.Count == 0)
            return null;
        var found = new List<int>();
        var frame = _graph.FrameOf[point];
        foreach (var item in _graph.NodeOf(point).PossibleWrites().SelectMany(writes => writes.Items))
        {
            if (item.Key is { } key)
            {
                if (_byPlace.TryGetValue((frame, item.Root, key), out var failures))
                    found.AddRange(failures);
            }
            else if (item.Shape is not null)
            {
                found.AddRange(
                    _byPlace.Where(place => place.Key.Frame == frame && place.Key.Root == item.Root).SelectMany(place => place.Value)
                );
            }
        }
        // A flow that is entered again knows nothing of the time before.
        foreach (ref readonly var step in _graph.From(point))
        {
            if (step.To < _graph.Activities && _graph.FrameOf[step.To] is var entered && entered > frame)
                found.AddRange(Enumerable.Range(0, _graph.Failures.Count).Where(i => _graph.FrameOf[_graph.Failures[i].Point] == entered));
        }
        found.RemoveAll(failure => _graph.Failures[failure].Point == point);
        return found.Count == 0 ? null : FailureSet.Of(found);
    }

    private void Find(int point)
    {
        var activity = _graph.NodeOf(point).Activity;
        if (activity.Needs is { } needed)
            _settled[(point, 0)] = Lacking(point, needed);
        if (activity.Branches.Count == 0)
            return;
        var caught = Settled.None;
        for (var i = 0; i < activity.Branches.Count; i++)
        {
            var (names, catches) = Judge(activity.Branches[i], _graph.FrameOf[point]);
            _settled[(point, i)] = names.Or(caught);
            caught = caught.Or(catches);
        }
        _settled[(point, activity.Branches.Count)] = caught;
    }

    private (Settled Names, Settled Catches) Judge(Rule rule, int frame)
    {
        switch (rule)
        {
            case GroupRule group:
                var rules = group.Rules.Select(inner => Judge(inner, frame)).ToList();
                if (rules.Count == 0)
                    return (Settled.None, Settled.None);
                var names = rules.Select(inner => inner.Names);
                var catches = rules.Select(inner => inner.Catches);
                return group.IsAll
                    ? (names.Aggregate((one, other) => one.Or(other)), catches.Aggregate((one, other) => one.And(other)))
                    : (names.Aggregate((one, other) => one.And(other)), catches.Aggregate((one, other) => one.Or(other)));

            case KnownRule known when known.Key.Root == ContextRoot.Error:
                ReadsError = true;
                return (
                    HoldsForAny(known, Nothing) ? Settled.None : Settled.LastError,
                    known.AsksForAny ? Settled.LastError : Settled.None
                );

            case KnownRule known when known.Key.Root is ContextRoot.Connectors or ContextRoot.Scripts:
                return JudgeResult(known, frame);

            case ScriptRule script:
                ReadsError |= script.Roots.Contains(ContextRoot.Error);
                return (Settled.None, Settled.None);

            default:
                // What a template makes is not known; it may be the last error.
                ReadsError |= rule is not KnownRule;
                return (Settled.None, Settled.None);
        }
    }

    private (Settled Names, Settled Catches) JudgeResult(KnownRule rule, int frame)
    {
        var parts = rule.Key.ReadAt(SourceLocation.Root(null), PathUse.Value).Parts;
        if (parts is not [{ Name: { } key }, ..] || !_byPlace.TryGetValue((frame, rule.Key.Root, key), out var failures))
            return (Settled.None, Settled.None);
        PathPart[] behind = [.. parts.Skip(1)];
        List<int> names = [],
            catches = [];
        foreach (var failure in failures)
        {
            var (isNamed, isCaught) = Judge(
                rule,
                behind,
                failure,
                _graph.Failures[failure].Places.First(place => place.Key == key && place.Root == rule.Key.Root)
            );
            if (isNamed)
                names.Add(failure);
            if (isCaught)
                catches.Add(failure);
        }
        return (Settled.ByResult(names), Settled.ByResult(catches));
    }

    private (bool Names, bool Catches) Judge(KnownRule rule, PathPart[] parts, int index, FailedPlace place)
    {
        if (!IsFresh(index, place))
            return (false, false);
        var failure = _graph.Failures[index];
        var holdsForMissing = rule.HoldsFor(FlowValue.Missing);
        if (!FailedPlace.MayHave(place.Failed, parts))
            return (!holdsForMissing, holdsForMissing);
        if (!FailedPlace.MayHave(place.Succeeded, parts))
            return (!HoldsForAny(rule, Nothing), rule.AsksForAny && place.IsWritten && IsCertain(parts));
        // A result of before says nothing of the failure that it stands in for.
        if (failure.IsStale || parts is not [{ Name: { } member }, ..])
            return (false, false);
        return failure.Tellings.GetValueOrDefault(member) switch
        {
            Telling.Status when parts.Length == 1 && failure.Ways.Statuses.Count > 0 => JudgeStatus(rule, failure.Ways, holdsForMissing),
            Telling.Answer => (!HoldsForAny(rule, Anything), false),
            _ => (false, false),
        };
    }

    /// <summary>Whether each result of a failure has the path: the error, and what each error has.</summary>
    private static bool IsCertain(PathPart[] parts) =>
        parts is [{ Name: "error" }] or [{ Name: "error" }, { Name: "code" or "event" or "message" }];

    private static (bool Names, bool Catches) JudgeStatus(KnownRule rule, FailureWays ways, bool holdsForMissing)
    {
        var held = ways.Statuses.Where(status => rule.HoldsFor(FlowValue.From(status))).ToHashSet();
        var succeeded = ways.Successes.Count(status => rule.HoldsFor(FlowValue.From(status)));
        // A success whose content is none has the status of one; and what holds for every success picks out nothing.
        var isNamed = !holdsForMissing && (held.Count == 0 || !ways.Successes.Any(held.Contains) && succeeded < ways.Successes.Count);
        return (isNamed, held.Count == ways.Statuses.Count);
    }

    private static bool HoldsForAny(KnownRule rule, FlowValue[] values) => Array.Exists(values, value => rule.HoldsFor(value));

    /// <summary>The failures behind which a place is certainly without a value.</summary>
    private Settled Lacking(int point, ContextPath path)
    {
        var parts = path.ReadAt(SourceLocation.Root(null), PathUse.Value).Parts;
        if (parts is not [{ Name: { } key }, ..] || !_byPlace.TryGetValue((_graph.FrameOf[point], path.Root, key), out var failures))
            return Settled.None;
        PathPart[] behind = [.. parts.Skip(1)];
        return Settled.ByResult(
            failures.Where(failure =>
                _graph.Failures[failure].Places.First(place => place.Key == key && place.Root == path.Root) is var place
                && IsFresh(failure, place)
                && !FailedPlace.MayHave(place.Failed, behind)
            )
        );
    }

    /// <summary>Whether what stands in a place after a failure is what that failure left there, and no value of before.</summary>
    private bool IsFresh(int failure, FailedPlace place)
    {
        if (place.IsWritten)
            return true;
        var point = _graph.Failures[failure].Point;
        var key = (_graph.FrameOf[point], place.Root, place.Key);
        if (!_written.TryGetValue(key, out var written))
        {
            if (_written.Count == MaxSearches)
                return false;
            _written.Add(key, written = FindWritten(key));
        }
        return !written[point];
    }

    /// <summary>The points at which a place may have a value.</summary>
    private bool[] FindWritten((int Frame, ContextRoot Root, string Key) place)
    {
        var written = new bool[_graph.Points];
        var pending = new Stack<int>();
        var frame = _graph.Frames[place.Frame];
        for (var i = 0; i < frame.Nodes.Length; i++)
        {
            if (
                frame
                    .Nodes[i]
                    .PossibleWrites()
                    .Exists(writes =>
                        writes.Items.Any(item =>
                            item.Root == place.Root && (item.Key is null || item.Key == place.Key) && item.Shape is not null
                        )
                    )
            )
                pending.Push(frame.Base + i);
        }
        var seen = new bool[_graph.Points];
        while (pending.TryPop(out var point))
        {
            if (seen[point])
                continue;
            seen[point] = true;
            foreach (ref readonly var step in _graph.From(point))
            {
                if (step.Effects.HasFlag(StepEffects.Clears))
                    continue;
                written[step.To] = true;
                pending.Push(step.To);
            }
        }
        return written;
    }
}
