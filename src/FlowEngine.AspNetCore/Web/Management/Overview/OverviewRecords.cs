using FlowEngine.AspNetCore.Web.Edge;
using FlowEngine.Storage;

namespace FlowEngine.AspNetCore.Web.Management.Overview;

/// <summary>Which numbers to tell.</summary>
/// <param name="Since">Those of the last hour, day (the default) or week.</param>
internal sealed record OverviewQuery([OneOf("hour", "day", "week")] string? Since) : IRequestQuery<OverviewQuery>;

/// <summary>How everything is, in numbers.</summary>
/// <param name="At">When it was asked for.</param>
/// <param name="From">Since when it is counted.</param>
/// <param name="Step">How many seconds each of <c>times</c> is: a minute of the last hour, else an hour.</param>
/// <param name="Runs">Runs, from then until now.</param>
/// <param name="Times">The same, step by step, without gaps; the last one is not over.</param>
/// <param name="Broken">What is broken now, the longest first.</param>
/// <param name="Connectors">The connectors, by id.</param>
/// <param name="Flows">The flows that had runs, those with most first, at most 20.</param>
/// <param name="Waiting">Where runs wait.</param>
/// <param name="Storage">What is stored.</param>
/// <param name="Nodes">The servers that are there, by name.</param>
[SchemaName("Overview")]
internal sealed record OverviewView(
    UnixTime At,
    UnixTime From,
    int Step,
    RunNumbers Runs,
    IReadOnlyList<TimeNumbers> Times,
    IReadOnlyList<Outage> Broken,
    IReadOnlyList<ConnectorNumbers> Connectors,
    IReadOnlyList<FlowNumbers> Flows,
    WaitingRuns Waiting,
    StorageNumbers Storage,
    IReadOnlyList<NodeNumbers> Nodes
);

/// <summary>How many runs began, and how many ended in which way. A run that ends later than it began counts at both times.</summary>
/// <param name="Started">Began.</param>
/// <param name="Completed">Reached an End.</param>
/// <param name="Refused">Reached an End that refuses.</param>
/// <param name="Failed">Failed.</param>
/// <param name="Cancelled">Were ended by an operator.</param>
/// <param name="Left">Ended because nobody came back.</param>
internal sealed record RunNumbers(long Started, long Completed, long Refused, long Failed, long Cancelled, long Left);

/// <summary>The runs of a time.</summary>
/// <param name="At">When it began.</param>
/// <param name="Runs">Its runs.</param>
internal sealed record TimeNumbers(UnixTime At, RunNumbers Runs);

/// <summary>A connector or flow of which at least a third, and three, fail: calls that get no answer or a status from 500 on, or
/// runs.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Id">Its id.</param>
/// <param name="Since">The minute from which on it is so without interruption.</param>
/// <param name="Total">How many calls were made, or runs ended, since then.</param>
/// <param name="Failed">How many of them failed.</param>
/// <param name="Code">The error that most of these calls ended with; null for a flow.</param>
/// <param name="Status">The status of the answer, if that is the error.</param>
/// <param name="People">How many runs had an error of the connector since then, or failed; at most 10,000 are counted.</param>
/// <param name="Flows">The flows that use it, or itself, with the version that ran when it began.</param>
internal sealed record Outage(
    [property: OneOf("connector", "flow")] string Kind,
    string Id,
    UnixTime Since,
    long Total,
    long Failed,
    string? Code,
    int? Status,
    long People,
    IReadOnlyList<OutageFlow> Flows
);

/// <summary>A flow that something broken concerns.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Version">The version that ran when it began.</param>
/// <param name="PublishedAt">When that was published.</param>
/// <param name="BeganWithIt">Whether it began within minutes of that.</param>
internal sealed record OutageFlow(string Id, int Version, UnixTime PublishedAt, bool BeganWithIt);

/// <summary>What the calls of a connector came to, and how it is.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Name">Its name; its id where it has none.</param>
/// <param name="Type">Its type.</param>
/// <param name="Calls">How many calls flows made.</param>
/// <param name="Errors">How many of them failed.</param>
/// <param name="P50">Within how many milliseconds half of them ended; null for none.</param>
/// <param name="P95">Within how many milliseconds 95 of 100 ended.</param>
/// <param name="Codes">What they failed with, the most frequent first, at most 10.</param>
/// <param name="LastFailureAt">The minute, or of a time of over an hour the hour, of the last failure; null for none.</param>
/// <param name="Breaker">Its circuit breaker, of the node on which it is open if any; null for none.</param>
/// <param name="CooldownUntil">Until when it makes no call, because the API asked for time.</param>
/// <param name="TokenSince">When its access token was asked for.</param>
/// <param name="TokenUntil">Until when that is used.</param>
/// <param name="CertificateUntil">When the certificate that it shows ends.</param>
internal sealed record ConnectorNumbers(
    string Id,
    string Name,
    string Type,
    long Calls,
    long Errors,
    int? P50,
    int? P95,
    IReadOnlyList<ErrorNumbers> Codes,
    UnixTime? LastFailureAt,
    [property: OneOf("closed", "open", "halfOpen")] string? Breaker,
    UnixTime? CooldownUntil,
    UnixTime? TokenSince,
    UnixTime? TokenUntil,
    UnixTime? CertificateUntil
);

/// <summary>How often calls failed in a way.</summary>
/// <param name="Code">The stable code.</param>
/// <param name="Status">The status of the answer, if that was the error.</param>
/// <param name="Count">How often.</param>
internal sealed record ErrorNumbers(string Code, int? Status, long Count);

/// <summary>The runs of a flow's published version, compared with the version before.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Name">Its name; its id where it has none.</param>
/// <param name="Version">The published version.</param>
/// <param name="Runs">Its runs.</param>
/// <param name="Before">The last version before it that had runs within 30 days; null for none.</param>
/// <param name="RunsBefore">Its runs of these 30 days.</param>
/// <param name="Screens">The screens, in the order of the flow.</param>
internal sealed record FlowNumbers(
    string Id,
    string Name,
    int Version,
    RunNumbers Runs,
    int? Before,
    RunNumbers? RunsBefore,
    IReadOnlyList<ScreenNumbers> Screens
);

/// <summary>A screen of a flow.</summary>
/// <param name="Activity">The activity that shows it.</param>
/// <param name="Title">Its title, templates and all.</param>
/// <param name="Shown">How often it was shown, once more after each error included.</param>
/// <param name="Submitted">How often it was submitted.</param>
/// <param name="ShownBefore">How often the version before showed it; null where there is none, or it had no such screen.</param>
/// <param name="SubmittedBefore">How often it was submitted then.</param>
internal sealed record ScreenNumbers(string Activity, string Title, long Shown, long Submitted, long? ShownBefore, long? SubmittedBefore);

/// <summary>Where runs wait.</summary>
/// <param name="Places">Each place, with most runs first, at most 50.</param>
/// <param name="IsSample">Whether there are more than the latest 2,000, which were looked at.</param>
internal sealed record WaitingRuns(IReadOnlyList<WaitingPlace> Places, bool IsSample);

/// <summary>A place where runs wait.</summary>
/// <param name="Flow">The flow.</param>
/// <param name="Activity">The activity whose screen they wait for, qualified by the subflows it lies in; null for those that are being
/// advanced.</param>
/// <param name="Title">The screen's title, templates and all.</param>
/// <param name="Count">How many.</param>
/// <param name="Oldest">When the first of them began.</param>
internal sealed record WaitingPlace(string Flow, string? Activity, string? Title, long Count, UnixTime Oldest);

/// <summary>What is stored.</summary>
/// <param name="Bytes">How many bytes the database takes; null for not known yet.</param>
/// <param name="GrownDay">By how many it grew within a day.</param>
/// <param name="GrownWeek">By how many it grew within a week.</param>
/// <param name="CallsQueued">How many durable calls wait to be delivered.</param>
/// <param name="CallsDead">How many were given up.</param>
internal sealed record StorageNumbers(long? Bytes, long GrownDay, long GrownWeek, long CallsQueued, long CallsDead);

/// <summary>A server.</summary>
/// <param name="Name">Its address for the others of a cluster, or the machine's name.</param>
/// <param name="Release">Its release.</param>
/// <param name="StartedAt">When it began.</param>
/// <param name="SeenAt">When it was last heard of.</param>
/// <param name="Runs">The runs in its memory.</param>
/// <param name="Processor">How much of its machine's processors it takes, from 0 to 1.</param>
/// <param name="Memory">How many bytes of memory it takes.</param>
internal sealed record NodeNumbers(
    string Name,
    string Release,
    UnixTime StartedAt,
    UnixTime SeenAt,
    int Runs,
    double Processor,
    long Memory
);

/// <summary>Which numbers of a flow to tell.</summary>
/// <param name="Since">Those of the last hour, day (the default) or week, or those of the published version since it was
/// published.</param>
internal sealed record FlowCountsQuery([OneOf("hour", "day", "week", "publish")] string? Since) : IRequestQuery<FlowCountsQuery>;

/// <summary>What runs of a flow did.</summary>
/// <param name="Version">The published version, if its numbers alone are told; else null.</param>
/// <param name="From">Since when it is counted.</param>
/// <param name="Runs">Its runs.</param>
/// <param name="Activities">The activities that did anything, by id.</param>
internal sealed record FlowCounts(int? Version, UnixTime From, RunNumbers Runs, IReadOnlyList<ActivityCounts> Activities);

/// <summary>What an activity did.</summary>
/// <param name="Activity">Its id.</param>
/// <param name="Shown">How often its screen was shown.</param>
/// <param name="Stopped">How often it failed without an outcome: the run went back to its last screen, or failed.</param>
/// <param name="Outcomes">How often each outcome was taken that was.</param>
internal sealed record ActivityCounts(string Activity, long Shown, long Stopped, IReadOnlyList<OutcomeCount> Outcomes);

/// <summary>How often an outcome was taken.</summary>
/// <param name="Outcome">The outcome.</param>
/// <param name="Count">How often.</param>
internal sealed record OutcomeCount(string Outcome, long Count);
