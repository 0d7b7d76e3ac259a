using System.Collections.Concurrent;
using System.Runtime.CompilerServices;

namespace FlowEngine.Execution;

/// <summary>What is counted of runs. The numbers are stored: a new one goes to the end of its kind.</summary>
public enum RunCountKind
{
    /// <summary>Runs of a flow's version that began.</summary>
    Started = 0,

    /// <summary>Runs that reached an End.</summary>
    Completed = 1,

    /// <summary>Runs that reached an End which refuses.</summary>
    Refused = 2,

    /// <summary>Runs that failed.</summary>
    Failed = 3,

    /// <summary>Runs that an operator ended.</summary>
    Cancelled = 4,

    /// <summary>Runs whose person never came back: they expired, or were removed unstarted.</summary>
    Left = 5,

    /// <summary>How often an activity (the item) of a flow's version ended by an outcome (the detail).</summary>
    Outcome = 10,

    /// <summary>How often a screen's activity (the item) was shown, also once more after an error.</summary>
    Shown = 11,

    /// <summary>How often an activity (the item) failed without an outcome: the run went back to its last screen, or failed.</summary>
    Stopped = 12,

    /// <summary>Calls through a connector (the subject), retries of one included in it.</summary>
    Call = 20,

    /// <summary>Those that failed, by code (the item) and, of an answer that was no success, its status (the detail).</summary>
    CallError = 21,

    /// <summary>How long they took: the item is the <see cref="RunCounts.DurationBounds">bound</see> in milliseconds that they stayed
    /// within, "" beyond the last.</summary>
    CallDuration = 22,

    /// <summary>By how many bytes the database grew; fewer than none where it shrank.</summary>
    Growth = 30,
}

/// <summary>Shared and immutable: how often something happened since it was last asked for. It holds ids and codes, and no value of a
/// run.</summary>
/// <param name="Kind">What.</param>
/// <param name="Subject">The flow, or the connector.</param>
/// <param name="Version">The flow's version; 0 for a connector.</param>
/// <param name="Item">What of it, see <see cref="RunCountKind"/>; "" for all.</param>
/// <param name="Detail">More of that; "" for nothing.</param>
/// <param name="Amount">How often.</param>
public sealed record RunCount(RunCountKind Kind, string Subject, int Version, string Item, string Detail, long Amount);

/// <summary>
/// Per process, thread-safe: counts which outcomes runs take, which screens they show and what their connectors' calls come to, in memory:
/// a number is added to where the plan has it at hand, and nothing is allocated. How many runs began and ended is not counted here: that
/// is known of the runs that are stored.
/// </summary>
public sealed class RunCounts
{
    /// <summary>How many kinds of errors of one connector are told apart; the next ones are <c>other</c>.</summary>
    internal const int MostErrors = 50;

    private const string OtherErrors = "other";

    private readonly Lock _gate = new();
    private readonly List<(WeakReference<PlanNode> Node, NodeCounts Counts)> _nodes = [];
    private readonly ConcurrentDictionary<string, ConnectorCounts> _connectors = new(StringComparer.Ordinal);

    /// <summary>The bounds by which durations of calls are counted, in milliseconds, in order.</summary>
    public static IReadOnlyList<int> DurationBounds { get; } =
    [5, 10, 15, 20, 30, 50, 75, 100, 150, 200, 300, 500, 750, 1_000, 1_500, 2_000, 3_000, 5_000, 7_500, 10_000, 15_000, 30_000, 60_000];

    /// <summary>What was counted since the last time, each thing once; it is counted anew from here on.</summary>
    public IReadOnlyList<RunCount> Take()
    {
        var all = new List<RunCount>();
        lock (_gate)
        {
            _nodes.RemoveAll(entry =>
            {
                // Of a plan that nobody has any more, nothing can come after this.
                var isGone = !entry.Node.TryGetTarget(out _);
                entry.Counts.TakeInto(all);
                return isGone;
            });
        }
        foreach (var connector in _connectors.Values)
            connector.TakeInto(all);
        // Plans of one version may be several: each change of a connector makes another.
        return
        [
            .. all.GroupBy(count => count with { Amount = 0 }).Select(same => same.Key with { Amount = same.Sum(count => count.Amount) }),
        ];
    }

    internal void Took(FlowPlan plan, PlanNode node, int port) => Of(plan, node).Took(port);

    internal void Showed(FlowPlan plan, PlanNode node) => Of(plan, node).Showed();

    internal void Stopped(FlowPlan plan, PlanNode node) => Of(plan, node).Stopped();

    /// <summary>Counts a call.</summary>
    /// <param name="connector">The connector.</param>
    /// <param name="problem">What it failed with; null for nothing.</param>
    /// <param name="duration">How long it took.</param>
    internal void Called(string connector, Errors.FlowError? problem, TimeSpan duration) =>
        _connectors.GetOrAdd(connector, static id => new ConnectorCounts(id)).Add(problem, duration);

    private NodeCounts Of(FlowPlan plan, PlanNode node) => node.Counts ?? Add(plan, node);

    private NodeCounts Add(FlowPlan plan, PlanNode node)
    {
        lock (_gate)
        {
            if (node.Counts is { } meanwhile)
                return meanwhile;
            var counts = new NodeCounts(plan.FlowId, plan.Version, node.Id, node.Outcomes);
            _nodes.Add((new WeakReference<PlanNode>(node), counts));
            return node.Counts = counts;
        }
    }

    /// <summary>Per activity of a plan, thread-safe: how often each of its outcomes was taken.</summary>
    internal sealed class NodeCounts(string flow, int version, string activity, string[] outcomes)
    {
        private readonly long[] _taken = new long[outcomes.Length];
        private long _shown;
        private long _stopped;

        public void Took(int port) => Interlocked.Increment(ref _taken[port]);

        public void Showed() => Interlocked.Increment(ref _shown);

        public void Stopped() => Interlocked.Increment(ref _stopped);

        public void TakeInto(List<RunCount> all)
        {
            for (var i = 0; i < _taken.Length; i++)
                Add(RunCountKind.Outcome, outcomes[i], ref _taken[i]);
            Add(RunCountKind.Shown, "", ref _shown);
            Add(RunCountKind.Stopped, "", ref _stopped);

            void Add(RunCountKind kind, string detail, ref long amount)
            {
                if (Interlocked.Exchange(ref amount, 0) is > 0 and var taken)
                    all.Add(new RunCount(kind, flow, version, activity, detail, taken));
            }
        }
    }

    /// <summary>Per connector, thread-safe: its calls.</summary>
    private sealed class ConnectorCounts(string id)
    {
        private readonly long[] _durations = new long[DurationBounds.Count + 1];
        private readonly ConcurrentDictionary<(string Code, int? Status), StrongBox<long>> _errors = new();
        private long _calls;

        public void Add(Errors.FlowError? problem, TimeSpan duration)
        {
            Interlocked.Increment(ref _calls);
            var bound = 0;
            while (bound < DurationBounds.Count && duration.TotalMilliseconds > DurationBounds[bound])
                bound++;
            Interlocked.Increment(ref _durations[bound]);
            if (problem is null)
                return;
            var kind = (problem.Code, problem.Status);
            if (!_errors.ContainsKey(kind) && _errors.Count >= MostErrors)
                kind = (OtherErrors, null);
            Interlocked.Increment(ref _errors.GetOrAdd(kind, static _ => new StrongBox<long>()).Value);
        }

        public void TakeInto(List<RunCount> all)
        {
            if (Interlocked.Exchange(ref _calls, 0) is > 0 and var calls)
                all.Add(new RunCount(RunCountKind.Call, id, 0, "", "", calls));
            for (var i = 0; i < _durations.Length; i++)
            {
                if (Interlocked.Exchange(ref _durations[i], 0) is > 0 and var taken)
                    all.Add(
                        new RunCount(RunCountKind.CallDuration, id, 0, i < DurationBounds.Count ? $"{DurationBounds[i]}" : "", "", taken)
                    );
            }
            foreach (var ((code, status), amount) in _errors)
            {
                if (Interlocked.Exchange(ref amount.Value, 0) is > 0 and var failed)
                    all.Add(new RunCount(RunCountKind.CallError, id, 0, code, status is null ? "" : $"{status}", failed));
            }
        }
    }
}
