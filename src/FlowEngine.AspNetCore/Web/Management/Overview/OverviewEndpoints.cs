using FlowEngine.AspNetCore.Flows;
using FlowEngine.AspNetCore.Runs;
using FlowEngine.AspNetCore.Web.Edge;
using FlowEngine.AspNetCore.Web.Management.Connectors;
using FlowEngine.Connectors;
using FlowEngine.Context;
using FlowEngine.Execution;
using FlowEngine.Json;
using FlowEngine.Storage;

namespace FlowEngine.AspNetCore.Web.Management.Overview;

/// <summary>Stateless: the console's numbers, of what was counted: no run is read for them but the latest of those that wait.</summary>
internal static class OverviewEndpoints
{
    private const int MostFlows = 20;
    private const int MostCodes = 10;
    private const int MostPlaces = 50;
    private const int LookedAt = 2_000;

    /// <summary>How far back the version before is looked for.</summary>
    private const int HoursBefore = 30 * 24;

    /// <summary>After how long without a word a node is gone.</summary>
    private static readonly TimeSpan Silent = TimeSpan.FromSeconds(30);

    /// <summary>How everything is.</summary>
    public static async Task<OverviewView> FindAsync(
        OverviewQuery query,
        CountStore counts,
        RunSearch runs,
        FlowStore flows,
        CallStore calls,
        ConnectorStore connectors,
        ConnectorCertificates certificates,
        FlowCatalogue catalogue,
        TimeProvider time,
        CancellationToken cancellationToken
    )
    {
        var now = time.GetUtcNow();
        var period = Period.Of(query.Since, now);
        var rows = await counts.ListAsync(
            RunCountKind.Started,
            RunCountKind.Left,
            null,
            period.Span,
            period.From,
            period.Until,
            cancellationToken
        );
        var nodes = (await counts.ListNodesAsync(Silent, cancellationToken))
            .Select(node => (node.At, Report: NodeReport.Read(node.About)))
            .Where(node => node.Report is not null)
            .ToList();
        return new OverviewView(
            now,
            new UnixTime(period.From),
            (int)(period.Step / 1000),
            NumbersOf(rows),
            TimesOf(rows, period),
            await Outages.FindAsync(counts, runs, flows, catalogue, now, cancellationToken),
            await ConnectorsAsync(counts, connectors, certificates, period, [.. nodes.Select(node => node.Report!)], cancellationToken),
            await FlowsAsync(rows, counts, catalogue, period, now, cancellationToken),
            await WaitingAsync(runs, cancellationToken),
            await StorageAsync(counts, calls, now, cancellationToken),
            [
                .. nodes
                    .Select(node => new NodeNumbers(
                        node.Report!.Name,
                        node.Report.Release,
                        node.Report.StartedAt,
                        node.At,
                        node.Report.Runs,
                        node.Report.Processor,
                        node.Report.Memory
                    ))
                    .OrderBy(node => node.Name, StringComparer.Ordinal)
                    .ThenBy(node => node.StartedAt.Milliseconds),
            ]
        );
    }

    /// <summary>What runs of a flow did, for its canvas.</summary>
    public static async Task<FlowCounts> FindCountsAsync(
        string id,
        FlowCountsQuery query,
        CountStore counts,
        FlowStore flows,
        TimeProvider time,
        CancellationToken cancellationToken
    )
    {
        var published =
            await flows.FindPublishedAsync(ApiQuery.Id(id), cancellationToken)
            ?? throw ApiQuery.NotFound($"There is no published flow '{id}'.");
        var now = time.GetUtcNow();
        var isOfVersion = query.Since == "publish";
        var period = query.Since switch
        {
            // By minutes where there are few, so that it begins where the version does.
            "publish" when now - published.PublishedAt < TimeSpan.FromDays(1) => Period.OfMinutes(24 * 60, now) with
            {
                From = CountStore.MinuteOf(published.PublishedAt),
            },
            "publish" => Period.OfHours(1, now) with { From = CountStore.HourOf(published.PublishedAt) },
            null or "hour" or "day" or "week" => Period.Of(query.Since, now),
            _ => throw ApiQuery.Wrong("since", "hour, day, week or publish"),
        };
        var rows = (
            await counts.SumAsync(RunCountKind.Started, RunCountKind.Stopped, id, period.Span, period.From, period.Until, cancellationToken)
        )
            .Where(row => !isOfVersion || row.Version == published.Version)
            .ToList();
        return new FlowCounts(
            isOfVersion ? published.Version : null,
            new UnixTime(period.From),
            NumbersOf(rows),
            [
                .. rows.Where(row => row.Item.Length > 0)
                    .GroupBy(row => row.Item, StringComparer.Ordinal)
                    .OrderBy(activity => activity.Key, StringComparer.Ordinal)
                    .Select(activity => new ActivityCounts(
                        activity.Key,
                        SumOf(activity, RunCountKind.Shown),
                        SumOf(activity, RunCountKind.Stopped),
                        [
                            .. activity
                                .Where(row => row.Kind == RunCountKind.Outcome)
                                .GroupBy(row => row.Detail, StringComparer.Ordinal)
                                .OrderBy(outcome => outcome.Key, StringComparer.Ordinal)
                                .Select(outcome => new OutcomeCount(outcome.Key, outcome.Sum(row => row.Amount))),
                        ]
                    )),
            ]
        );
    }

    private static async Task<IReadOnlyList<ConnectorNumbers>> ConnectorsAsync(
        CountStore counts,
        ConnectorStore connectors,
        ConnectorCertificates certificates,
        Period period,
        IReadOnlyList<NodeReport> nodes,
        CancellationToken cancellationToken
    )
    {
        var rows = (
            await counts.SumAsync(
                RunCountKind.Call,
                RunCountKind.CallDuration,
                null,
                period.Span,
                period.From,
                period.Until,
                cancellationToken
            )
        ).ToLookup(row => row.Subject, StringComparer.Ordinal);
        return
        [
            .. (await connectors.ListAsync(cancellationToken)).Select(connector =>
            {
                var own = rows[connector.Id].ToList();
                var errors = own.Where(row => row.Kind == RunCountKind.CallError).ToList();
                var durations = own.Where(row => row.Kind == RunCountKind.CallDuration).ToList();
                ConnectorState[] states =
                [
                    .. nodes.Select(node => node.Connectors.GetValueOrDefault(connector.Id)).OfType<ConnectorState>(),
                ];
                return new ConnectorNumbers(
                    connector.Id,
                    connector.Definition.Get("name").TryGetText(out var name) ? name : connector.Id,
                    connector.Definition.Get("type").ToText(),
                    SumOf(own, RunCountKind.Call),
                    errors.Sum(row => row.Amount),
                    Durations.Quantile(durations, 0.5),
                    Durations.Quantile(durations, 0.95),
                    [
                        .. errors
                            .OrderByDescending(row => row.Amount)
                            .ThenBy(row => row.Item, StringComparer.Ordinal)
                            .Take(MostCodes)
                            .Select(row => new ErrorNumbers(row.Item, Outages.StatusOf(row.Detail), row.Amount)),
                    ],
                    errors.Count == 0 ? null : new UnixTime(errors.Max(row => row.At.Milliseconds)),
                    BreakerOf(states),
                    Latest(states, state => state.CooldownUntil),
                    Latest(states, state => state.TokenSince),
                    Latest(states, state => state.TokenUntil),
                    certificates.EndOf(connector.Id)
                );
            }),
        ];
    }

    /// <summary>Of several nodes, that on which it is worst.</summary>
    private static string? BreakerOf(IReadOnlyList<ConnectorState> states) =>
        new[] { "open", "halfOpen", "closed" }.FirstOrDefault(known => states.Any(state => state.Breaker == known));

    private static UnixTime? Latest(IReadOnlyList<ConnectorState> states, Func<ConnectorState, DateTimeOffset?> time) =>
        states.Max(time) is { } latest ? (UnixTime?)latest : null;

    private static async Task<IReadOnlyList<FlowNumbers>> FlowsAsync(
        IReadOnlyList<CountRow> rows,
        CountStore counts,
        FlowCatalogue catalogue,
        Period period,
        DateTimeOffset now,
        CancellationToken cancellationToken
    )
    {
        var published = catalogue.Published.ToDictionary(flow => flow.Definition.Id, StringComparer.Ordinal);
        var before = Period.OfHours(HoursBefore, now);
        var found = new List<FlowNumbers>();
        foreach (
            var id in rows.Where(row => published.ContainsKey(row.Subject))
                .GroupBy(row => row.Subject, StringComparer.Ordinal)
                .OrderByDescending(flow => SumOf(flow, RunCountKind.Started))
                .ThenBy(flow => flow.Key, StringComparer.Ordinal)
                .Take(MostFlows)
                .Select(flow => flow.Key)
        )
        {
            var flow = published[id];
            var own = (await SumAsync(period)).Where(row => row.Version == flow.Version).ToList();
            var earlier = (await SumAsync(before)).Where(row => row.Version < flow.Version).ToList();
            int? version = earlier.Count == 0 ? null : earlier.Max(row => row.Version);
            earlier.RemoveAll(row => row.Version != version);
            found.Add(
                new FlowNumbers(
                    id,
                    flow.Definition.Name.Length > 0 ? flow.Definition.Name : id,
                    flow.Version,
                    NumbersOf(own),
                    version,
                    version is null ? null : NumbersOf(earlier),
                    ScreensOf(flow, own, earlier)
                )
            );

            Task<IReadOnlyList<CountRow>> SumAsync(Period time) =>
                counts.SumAsync(RunCountKind.Started, RunCountKind.Shown, id, time.Span, time.From, time.Until, cancellationToken);
        }
        return found;
    }

    /// <summary>How many people came to each screen, and how many went on.</summary>
    private static IReadOnlyList<ScreenNumbers> ScreensOf(PublishedFlow flow, IReadOnlyList<CountRow> own, IReadOnlyList<CountRow> before)
    {
        if (flow.Plan is not { } plan)
            return [];
        return
        [
            .. from activity in plan.ActivityIds
            let screen = plan.ScreenOf(activity)
            where screen is not null
            let rows = own.Where(row => row.Item == activity).ToList()
            let earlier = before.Where(row => row.Item == activity).ToList()
            select new ScreenNumbers(
                activity,
                screen.Title.Source,
                SumOf(rows, RunCountKind.Shown),
                SumOf(rows, RunCountKind.Outcome),
                earlier.Count == 0 ? null : SumOf(earlier, RunCountKind.Shown),
                earlier.Count == 0 ? null : SumOf(earlier, RunCountKind.Outcome)
            ),
        ];
    }

    private static async Task<WaitingRuns> WaitingAsync(RunSearch runs, CancellationToken cancellationToken)
    {
        var open = await runs.ListOpenAsync(LookedAt + 1, cancellationToken);
        return new WaitingRuns(
            [
                .. open.Take(LookedAt)
                    .GroupBy(run => (run.FlowId, run.Screen))
                    .OrderByDescending(place => place.Count())
                    .ThenBy(place => place.Key.FlowId, StringComparer.Ordinal)
                    .Take(MostPlaces)
                    .Select(place =>
                    {
                        var screen = place.Key.Screen is { } text ? JsonReading.Parse(text) : FlowValue.Null;
                        return new WaitingPlace(
                            place.Key.FlowId,
                            screen.Get("activity").TryGetText(out var activity) ? activity : null,
                            screen.Get("title").TryGetText(out var title) ? title : null,
                            place.Count(),
                            place.MinBy(run => run.CreatedAt.Milliseconds)!.CreatedAt
                        );
                    }),
            ],
            open.Count > LookedAt
        );
    }

    private static async Task<StorageNumbers> StorageAsync(
        CountStore counts,
        CallStore calls,
        DateTimeOffset now,
        CancellationToken cancellationToken
    )
    {
        var queued = await calls.CountAsync(cancellationToken);
        return new StorageNumbers(
            await counts.BytesAsync(cancellationToken),
            await GrownAsync(24),
            await GrownAsync(7 * 24),
            queued.Sum(count => count.Count - count.Dead),
            queued.Sum(count => count.Dead)
        );

        async Task<long> GrownAsync(int hours)
        {
            var period = Period.OfHours(hours, now);
            return (
                await counts.SumAsync(
                    RunCountKind.Growth,
                    RunCountKind.Growth,
                    null,
                    period.Span,
                    period.From,
                    period.Until,
                    cancellationToken
                )
            ).Sum(row => row.Amount);
        }
    }

    private static List<TimeNumbers> TimesOf(IReadOnlyList<CountRow> rows, Period period)
    {
        var byTime = rows.ToLookup(row => row.At.Milliseconds);
        var times = new List<TimeNumbers>();
        for (var at = period.From; at < period.Until; at += period.Step)
            times.Add(new TimeNumbers(new UnixTime(at), NumbersOf(byTime[at])));
        return times;
    }

    private static RunNumbers NumbersOf(IEnumerable<CountRow> rows)
    {
        var sums = new long[(int)RunCountKind.Left + 1];
        foreach (var row in rows.Where(row => row.Kind <= RunCountKind.Left))
            sums[(int)row.Kind] += row.Amount;
        return new RunNumbers(
            sums[(int)RunCountKind.Started],
            sums[(int)RunCountKind.Completed],
            sums[(int)RunCountKind.Refused],
            sums[(int)RunCountKind.Failed],
            sums[(int)RunCountKind.Cancelled],
            sums[(int)RunCountKind.Left]
        );
    }

    private static long SumOf(IEnumerable<CountRow> rows, RunCountKind kind) => rows.Where(row => row.Kind == kind).Sum(row => row.Amount);
}
