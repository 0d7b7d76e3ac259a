using FlowEngine.Context;
using FlowEngine.Errors;
using FlowEngine.Templates;
using FlowEngine.Tracing;

namespace FlowEngine.Execution.Lineage;

/// <summary>
/// Per reading of a trace, single-threaded: joins what the plan knows, of which paths each value among an activity's settings is made, with
/// what the steps say, which of them wrote a path last. A run pays nothing for it: its trace holds what it always held.
/// </summary>
public sealed class TraceLineage
{
    /// <summary>How many sources are told of one trace. The steps behind have no lineage: who goes round and round, or through a list
    /// of ten thousand items, must not make an answer of any size.</summary>
    public const int MaxSources = 20_000;

    private readonly IReadOnlyDictionary<(string Flow, int Version), FlowPlan> _others;
    private readonly Dictionary<FlowPlan, Dictionary<string, PlanNode>> _nodes = new(ReferenceEqualityComparer.Instance);
    private readonly HashSet<(string Flow, int Version)> _missing = [];
    private int _left = MaxSources;

    private TraceLineage(IReadOnlyDictionary<(string Flow, int Version), FlowPlan>? others) =>
        _others = others ?? new Dictionary<(string Flow, int Version), FlowPlan>();

    /// <summary>Says where what the steps were given came from.</summary>
    /// <param name="plan">The plan of the run's flow, in the version that it ran.</param>
    /// <param name="steps">The trace, as <see cref="TraceWriter"/> writes it.</param>
    /// <param name="missing">The versions of subflows that the run entered and the plan does not have, because others were published since.
    /// What is inside them has no lineage.</param>
    /// <param name="others">The plans of other versions of subflows; null (the default) for none.</param>
    /// <returns>The trace, each step with <c>lineage</c>, where there is some: an array of <see cref="LineageEntry"/>.</returns>
    public static FlowValue Join(
        FlowPlan plan,
        FlowValue steps,
        out IReadOnlyCollection<(string Flow, int Version)> missing,
        IReadOnlyDictionary<(string Flow, int Version), FlowPlan>? others = null
    )
    {
        var lineage = new TraceLineage(others);
        var joined = lineage.Join(new Walk(new LineageFrame(plan), new LineageWrites(), "", [], null), steps);
        missing = lineage._missing;
        return joined;
    }

    /// <summary>Says it of a trace whose plan is the one that the run had: no other version of a subflow can be missing.</summary>
    /// <param name="plan">The plan of the run's flow.</param>
    /// <param name="steps">The trace.</param>
    public static FlowValue Join(FlowPlan plan, FlowValue steps) => Join(plan, steps, out _);

    private FlowValue Join(Walk walk, FlowValue steps)
    {
        if (!steps.TryGetArray(out var array))
            return steps;
        var joined = new FlowValue[array.Count];
        for (var i = 0; i < joined.Length; i++)
            joined[i] = Join(walk, array[i], i + 1);
        return FlowValue.From(FlowArray.Of(joined));
    }

    private FlowValue Join(Walk walk, FlowValue step, int number)
    {
        if (step.Get("delivery").TryGetBoolean(out _) || !step.Get("activity").TryGetText(out var activity))
            return step;
        var (prefix, id) = Split(activity);
        if (FrameOf(walk, prefix) is not { } frame || NodeOf(frame.Plan, id) is not { } node)
            return step;

        var here = new StepPlace([.. walk.At, number]);
        var entries = EntriesOf(walk, frame, node, step, here);
        var children = step.Get("children");
        StepPlace? exit = null;
        var wrote = new Dictionary<string, StepPlace>(StringComparer.Ordinal);
        if (children.TryGetArray(out var inside) && inside.Count > 0)
        {
            // What runs beside others begins with a copy of what there is, and no sibling sees what it writes.
            var branch = EnteredBy(node, step) is { } entered
                ? new Walk(new LineageFrame(entered) { Client = here }, walk.Writes.Copy(), $"{activity}/", here.Parts, null)
                {
                    ExitKey = WritesOf(step).FirstOrDefault(),
                }
                : new Walk(frame, walk.Writes, prefix, here.Parts, here) { Wrote = wrote };
            children = Join(branch, children);
            exit = branch.Exit;
        }
        Note(walk, frame, node, step, exit ?? here, wrote);
        if (node.Activity.Enters is not null && !IsOver(step) && walk.Beside is null)
            Enter(walk, node, step, activity, here);
        return With(step, entries, children);
    }

    /// <summary>Opens the frame of the flow that a step entered.</summary>
    private void Enter(Walk walk, PlanNode node, FlowValue step, string activity, StepPlace here)
    {
        if (EnteredBy(node, step) is { } plan)
            walk.Frames[$"{activity}/"] = new LineageFrame(plan) { Client = here };
        else
            walk.Frames.Remove($"{activity}/");
    }

    private FlowPlan? EnteredBy(PlanNode node, FlowValue step)
    {
        if (node.Activity.Enters is not { } plan)
            return null;
        if (!step.Get("entered").TryGetInteger(out var version) || version == plan.Version)
            return plan;
        var other = (plan.FlowId, (int)version);
        if (_others.TryGetValue(other, out var found))
            return found;
        _missing.Add(other);
        return null;
    }

    /// <summary>Whether a step ended where it began: an activity that entered a flow goes on there, and its step has no end.</summary>
    private static bool IsOver(FlowValue step) => !step.Get("outcome").IsMissing || !step.Get("error").IsMissing;

    private static LineageFrame? FrameOf(Walk walk, string prefix) =>
        prefix == walk.Prefix || walk.Beside is not null ? walk.Frame : walk.Frames.GetValueOrDefault(prefix);

    private PlanNode? NodeOf(FlowPlan plan, string id)
    {
        if (!_nodes.TryGetValue(plan, out var nodes))
        {
            nodes = new Dictionary<string, PlanNode>(StringComparer.Ordinal);
            foreach (var node in plan.Nodes.Concat(plan.Inline))
                nodes.TryAdd(node.Id, node);
            _nodes.Add(plan, nodes);
        }
        return nodes.GetValueOrDefault(id);
    }

    private static (string Prefix, string Id) Split(string activity) =>
        activity.LastIndexOf('/') is var slash and >= 0 ? (activity[..(slash + 1)], activity[(slash + 1)..]) : ("", activity);

    private List<LineageEntry> EntriesOf(Walk walk, LineageFrame frame, PlanNode node, FlowValue step, StepPlace here)
    {
        var entries = new List<LineageEntry>();
        if (node.Sources is null || _left <= 0)
            return entries;
        var outcome = step.Get("outcome");
        foreach (var value in node.Sources.All.GroupBy(source => (source.To, source.Outcome, source.Connector)))
        {
            if (value.Key.Outcome is { } needed && (!outcome.TryGetText(out var taken) || taken != needed))
                continue;
            var from = new List<LineageSource>();
            foreach (var source in value)
            {
                foreach (var one in SourcesOf(walk, frame, source.Read, source.Path, node.Repeats ? walk.Beside : null, here))
                {
                    if (!from.Contains(one, SameSource.Instance))
                        from.Add(one);
                }
            }
            _left -= from.Count;
            entries.Add(
                new LineageEntry(value.Key.To, from)
                {
                    Expression = string.Join('\n', value.Select(source => source.Expression).OfType<string>().Distinct())
                        is { Length: > 0 } all
                        ? all
                        : null,
                    Connector = value.Key.Connector,
                    Writes = value.First().Writes ?? WrittenByExit(walk, node, step, value.Key.To),
                }
            );
        }
        return entries;
    }

    /// <summary>Where what an end hands over is put, by the step itself: in the flow that entered the one that it ends.</summary>
    private static string? WrittenByExit(Walk walk, PlanNode node, FlowValue step, string to) =>
        node.Activity.Exit is { } exit && PathText.IsBelow(to, exit.Setting) && (walk.ExitKey ?? WritesOf(step).FirstOrDefault()) is { } key
            ? key + to[exit.Setting.Length..]
            : null;

    private static IEnumerable<LineageSource> SourcesOf(
        Walk walk,
        LineageFrame frame,
        PathRead read,
        string path,
        StepPlace? items,
        StepPlace here
    )
    {
        switch (read.Root)
        {
            case "form" or "connectors" or "scripts":
                return frame.Values.Find(read.Root, read.Key, path);
            case "claims" or "user" or "error":
                return walk.Writes.Find(read.Root, read.Root == "claims" ? read.Key : "", path);
            case "client":
                return [Source(path, frame.Client)];
            case "item" or "index":
                return [Source(path, items)];
            case "statements":
                return [Source(path, here)];
            default:
                return [Source(path, null)];
        }
    }

    internal static LineageSource Source(string path, StepPlace? at) =>
        at is null ? new LineageSource(path, null) : new LineageSource(path, at.Parts[0]) { Branch = at.Parts[1..] };

    /// <summary>Notes what a step wrote.</summary>
    private static void Note(
        Walk walk,
        LineageFrame frame,
        PlanNode node,
        FlowValue step,
        StepPlace here,
        Dictionary<string, StepPlace> children
    )
    {
        // Of those beside each other only the one around them tells the others that something failed.
        if (walk.Beside is null && !step.Get("error").IsMissing)
            walk.Writes.Set("error", "", here);
        if (node.Restarts && !IsOver(step))
        {
            frame.Values.Clear();
            walk.Writes.Clear();
            return;
        }
        // An end writes into the flow that entered its own.
        var target = node.Activity.Exit is null ? frame : FrameOf(walk, OuterOf(walk, step)) ?? frame;
        if (node.Activity.Exit is not null)
            walk.Exit = here;
        foreach (var path in WritesOf(node, step))
        {
            var dot = path.IndexOf('.', StringComparison.Ordinal);
            var (root, key) = dot < 0 ? (path, null) : (path[..dot], path[(dot + 1)..]);
            var by = children.GetValueOrDefault(path, here);
            if (walk.Beside is not null)
                walk.Note(path, by, node);
            else if (key is not null)
                target.Values.Set(root, key, by);
            else if (root is "user")
                walk.Writes.Set(root, "", by);
            else
                NoteKeys(root == "form" ? frame.Values : walk.Writes, root, KeysOf(node, step, root), by);
        }
    }

    private static void NoteKeys(LineageWrites writes, string root, IReadOnlyList<string>? keys, StepPlace by)
    {
        if (keys is null)
            writes.SetAll(root, by);
        foreach (var key in keys ?? [])
            writes.Set(root, key, by);
    }

    /// <summary>Which keys of a root that has many a step wrote, as its activity says; null where that is not known.</summary>
    private static IReadOnlyList<string>? KeysOf(PlanNode node, FlowValue step, string root)
    {
        var outcome = step.Get("outcome").TryGetText(out var taken) ? Array.IndexOf(node.Outcomes, taken) : -1;
        if (outcome < 0 || outcome >= node.OwnOutcomes || !Enum.TryParse<ContextRoot>(root, ignoreCase: true, out var known))
            return null;
        var written = node.Activity.WritesByOutcome(outcome).Items.Where(item => item.Root == known).ToList();
        return written.Count > 0 && written.TrueForAll(item => item.Key is not null) ? [.. written.Select(item => item.Key!)] : null;
    }

    private static string OuterOf(Walk walk, FlowValue step)
    {
        var (prefix, _) = Split(step.Get("activity").ToText());
        return prefix.Length == 0 || prefix == walk.Prefix ? prefix : Split(prefix[..^1]).Prefix;
    }

    private static IEnumerable<string> WritesOf(FlowValue step) =>
        step.Get("writes").TryGetArray(out var writes) ? writes.Select(path => path.ToText()) : [];

    /// <summary>What a step wrote; of one for whose facts there was no room, what its activity writes by that outcome.</summary>
    private static IEnumerable<string> WritesOf(PlanNode node, FlowValue step)
    {
        if (!step.Get("writes").IsMissing || step.Get("truncated").IsMissing || !step.Get("outcome").TryGetText(out var taken))
            return WritesOf(step);
        var outcome = Array.IndexOf(node.Outcomes, taken);
        return outcome < 0 || outcome >= node.OwnOutcomes
            ? []
            : node
                .Activity.WritesByOutcome(outcome)
                .Items.Where(item => item.Key is not null)
                .Select(item =>
                    item.Root.ToString().ToLowerInvariant() is var root && ContextWrite.IsByKey(item.Root) ? $"{root}.{item.Key}" : root
                )
                .Distinct();
    }

    private static FlowValue With(FlowValue step, List<LineageEntry> entries, FlowValue children)
    {
        if (entries.Count == 0 && children.IsMissing)
            return step;
        step.TryGetObject(out var view);
        var joined = new FlowObjectBuilder(view!);
        if (entries.Count > 0)
            joined.Set("lineage", FlowValue.Array(entries.Select(entry => entry.ToValue())));
        if (!children.IsMissing)
            joined.Set("children", children);
        return FlowValue.From(joined.Build());
    }

    /// <summary>Per list of steps: where it is in the trace, and what those before it wrote.</summary>
    private sealed class Walk
    {
        public Walk(LineageFrame frame, LineageWrites writes, string prefix, int[] at, StepPlace? beside)
        {
            (Frame, Writes, Prefix, At, Beside) = (frame, writes, prefix, at, beside);
            Frames = new Dictionary<string, LineageFrame>(StringComparer.Ordinal) { [prefix] = frame };
        }

        /// <summary>The frame of the flow whose activities the list begins with.</summary>
        public LineageFrame Frame { get; }

        /// <summary>The person, the claims and the last error, which flows share.</summary>
        public LineageWrites Writes { get; }

        /// <summary>What stands before the ids of those activities.</summary>
        public string Prefix { get; }

        /// <summary>The step that the list is in; empty for the trace itself.</summary>
        public int[] At { get; }

        /// <summary>The step that has the list's steps run beside each other; null where they run one after another.</summary>
        public StepPlace? Beside { get; }

        /// <summary>The frames by what stands before the ids of their activities.</summary>
        public Dictionary<string, LineageFrame> Frames { get; }

        /// <summary>Where the end of the list's flow puts its outputs; null where its step says so itself.</summary>
        public string? ExitKey { get; init; }

        /// <summary>The last step that ended a flow.</summary>
        public StepPlace? Exit { get; set; }

        /// <summary>Which of steps beside each other wrote what the one around them has written.</summary>
        public Dictionary<string, StepPlace> Wrote { get; init; } = [];

        /// <summary>Notes that one of steps beside each other wrote a path; what is done for each item writes for itself.</summary>
        public void Note(string path, StepPlace by, PlanNode node)
        {
            if (!node.Repeats)
                Wrote[path] = by;
        }
    }

    private sealed class SameSource : IEqualityComparer<LineageSource>
    {
        public static SameSource Instance { get; } = new();

        public bool Equals(LineageSource? x, LineageSource? y) =>
            x!.Path == y!.Path && x.Step == y.Step && x.Branch.SequenceEqual(y.Branch);

        public int GetHashCode(LineageSource obj) => HashCode.Combine(obj.Path, obj.Step);
    }
}
