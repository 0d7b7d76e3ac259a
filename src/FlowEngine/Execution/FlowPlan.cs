using FlowEngine.Activities;
using FlowEngine.Context;
using FlowEngine.Execution.Lineage;
using FlowEngine.Model;
using FlowEngine.Screens;
using FlowEngine.Templates;
using FlowEngine.Tracing;

namespace FlowEngine.Execution;

/// <summary>
/// Shared and immutable: a compiled flow. Names are resolved to indexes, templates parsed, scripts prepared and settings bound, so that a
/// run only follows it.
/// </summary>
public sealed class FlowPlan
{
    internal FlowPlan(
        FlowDefinition definition,
        int version,
        PlanNode[] nodes,
        int start,
        CompiledScreen[] screens,
        FlowOptions options,
        IReadOnlySet<string> connectors,
        FlowTraits? traits = null,
        FlowWaits? waits = null,
        AcceptedFailures? accepts = null
    )
    {
        Accepts = accepts ?? AcceptedFailures.None;
        Traits = traits ?? FlowTraits.None;
        LongestWaits = waits ?? FlowWaits.None;
        Definition = definition;
        Version = version;
        Nodes = nodes;
        Waits = Array.Exists(nodes, node => node.Waits);
        Start = start;
        Screens = screens;
        Options = options;
        Connectors = connectors;
        Identity = (definition.Id, version);
    }

    /// <summary>The flow that was compiled.</summary>
    public FlowDefinition Definition { get; }

    /// <summary>The flow's id.</summary>
    public string FlowId => Definition.Id;

    /// <summary>The flow's version; 0 for a flow that is not published.</summary>
    public int Version { get; }

    /// <summary>What the flow says about its runs.</summary>
    public FlowOptions Options { get; }

    /// <summary>The failures after which it may issue a token all the same.</summary>
    public AcceptedFailures Accepts { get; }

    /// <summary>The ids of the connectors that it uses, those of its subflows included.</summary>
    public IReadOnlySet<string> Connectors { get; }

    /// <summary>The redactor of what these connectors hold.</summary>
    internal KeptRedactor Redactor { get; } = new();

    /// <summary>The screens.</summary>
    public IReadOnlyList<CompiledScreen> Screens { get; }

    /// <summary>The ids of the activities, by position.</summary>
    public IEnumerable<string> ActivityIds => Nodes.Select(node => node.Id);

    /// <summary>Whether a start does nothing but show a screen.</summary>
    public bool BeginsWithScreen => Nodes[Start].Screen is not null;

    /// <summary>Whether a run may wait in it for a person.</summary>
    internal bool Waits { get; }

    internal (string Id, int Version) Identity { get; }

    internal PlanNode[] Nodes { get; }

    /// <summary>The activities that stand inside others.</summary>
    internal IReadOnlyList<PlanNode> Inline { get; init; } = [];

    internal int Start { get; }

    /// <summary>What the flow is to one that enters it.</summary>
    internal FlowTraits Traits { get; }

    /// <summary>How long it may have people wait, as far as those need it who enter the flow.</summary>
    internal FlowWaits LongestWaits { get; }

    /// <summary>How long a person may wait from each screen to the next, and from the start of the flow to its first, when nobody answers:
    /// by the timeouts of what it asks. Its time budget is not counted.</summary>
    public IReadOnlyList<StretchWait> Stretches => LongestWaits.Stretches;

    /// <summary>The position of an activity, or -1. For cold paths: resuming and tools.</summary>
    public int IndexOf(string activityId) => Array.FindIndex(Nodes, node => node.Id == activityId);

    /// <summary>The screen that an activity shows; null for none, and for an activity that there is not. For designers and tools.</summary>
    public CompiledScreen? ScreenOf(string activityId) => Array.Find(Nodes, node => node.Id == activityId)?.Screen;

    /// <summary>The outcomes of an activity, in order; for designers and tools.</summary>
    public IReadOnlyList<string> OutcomesOf(string activityId) => Nodes[IndexOf(activityId)].Outcomes;
}

/// <summary>What happens when an error event occurs.</summary>
public enum ErrorMode : byte
{
    /// <summary>Back to the last screen shown, with a message; without one, the run fails.</summary>
    Automatic,

    /// <summary>By the outcome of the event's name.</summary>
    Custom,

    /// <summary>By the first outcome, as if nothing had happened.</summary>
    Ignore,
}

/// <summary>Shared and immutable: the mode of one error event of one activity.</summary>
/// <param name="Event">The event's name.</param>
/// <param name="Mode">What happens.</param>
/// <param name="Message">What the person reads in automatic mode, or null for the default message.</param>
/// <param name="Port">In custom mode, the index of the event's outcome.</param>
public readonly record struct ErrorRoute(string Event, ErrorMode Mode, string? Message, int Port);

/// <summary>Shared and immutable: one activity in its place in the graph.</summary>
internal sealed class PlanNode
{
    public required string Id { get; init; }

    public required string Type { get; init; }

    public required FlowActivity Activity { get; init; }

    /// <summary>The outcomes, those of custom error events last.</summary>
    public required string[] Outcomes { get; init; }

    public required ErrorRoute[] ErrorRoutes { get; init; }

    /// <summary>The position that follows each outcome; -1 where nothing is connected.</summary>
    public required int[] Targets { get; init; }

    /// <summary>The message that each outcome's connection brings to the next screen,
    /// null for none; null, as for most, when no connection has one.</summary>
    public Template?[]? Messages { get; set; }

    /// <summary>The screen that the activity shows, or null.</summary>
    public CompiledScreen? Screen { get; init; }

    /// <summary>Whether a run may wait in it for a person, to whom automatic errors go back; also in the flow that it enters.</summary>
    public bool Waits { get; init; }

    /// <summary>Whether it begins the flow anew.</summary>
    public bool Restarts { get; init; }

    /// <summary>Whether it, or the flow that it enters, may say who the person is.</summary>
    public bool KnowsPerson { get; init; }

    /// <summary>Whether it may stand in a flow that runs beside others of the same run.</summary>
    public bool MayShare { get; init; }

    /// <summary>Whether it stands in another one and is done for each item of a list.</summary>
    public bool Repeats { get; set; }

    /// <summary>What its settings are made of; null for one that reads nothing.</summary>
    public NodeSources? Sources { get; set; }

    /// <summary>Where its outcomes are counted; null until the first of them is. A plan belongs to one engine, which has one
    /// <see cref="RunCounts"/>.</summary>
    public RunCounts.NodeCounts? Counts { get; set; }

    /// <summary>What the members of its result tell of a failure, by name.</summary>
    public required IReadOnlyDictionary<string, Telling> Tellings { get; init; }

    /// <summary>Which of the outcomes need no connection.</summary>
    public IReadOnlyList<string> OptionalOutcomes { get; init; } = [];

    /// <summary>How many of the outcomes are the activity's own; those of custom error events follow.</summary>
    public int OwnOutcomes => Outcomes.Length - ErrorRoutes.Count(route => route.Mode == ErrorMode.Custom);

    /// <summary>How long it has a person wait at most, the flow that it enters included.</summary>
    public TimeSpan LongestWait =>
        Activity.Enters is { LongestWaits: var waits }
            ? (waits.Through ?? waits.Entry).Longest ?? TimeSpan.MaxValue
            : Activity.LongestWait.Total;

    /// <summary>
    /// Where it puts what it found as a branch: its frame is its own, and of that only these two roots are taken over. Of one that does not
    /// say where it writes, it is its context key, as far as anybody can tell.
    /// </summary>
    /// <param name="json">The activity as its file says it.</param>
    public IEnumerable<(ContextRoot Root, string Key)> ResultsOf(FlowObject json)
    {
        var key = json.Get("contextKey").TryGetText(out var given) && given.Length > 0 ? given : Id;
        return PossibleWrites()
            .SelectMany(writes => writes.Items)
            .Where(item => item.Root is ContextRoot.Connectors or ContextRoot.Scripts)
            .Select(item => (item.Root, item.Key ?? key))
            .Distinct();
    }

    /// <summary>What it may have written as a branch, by each way that counts as a success.</summary>
    public List<ContextWrites> SuccessfulWrites() =>
        [
            .. Enumerable.Range(0, OwnOutcomes).Select(Activity.WritesByOutcome),
            .. Enumerable.Range(0, ErrorRoutes.Length).Where(i => ErrorRoutes[i].Mode == ErrorMode.Ignore).Select(Activity.WritesByError),
        ];

    /// <summary>What it may have written, by each way.</summary>
    public List<ContextWrites> PossibleWrites() =>
        [
            .. Enumerable.Range(0, OwnOutcomes).Select(Activity.WritesByOutcome),
            .. Enumerable.Range(0, ErrorRoutes.Length).Select(Activity.WritesByError),
        ];
}
