using FlowEngine.AspNetCore.Flows;
using FlowEngine.AspNetCore.Web.Management.Connectors;
using FlowEngine.Execution;
using FlowEngine.Storage;

namespace FlowEngine.AspNetCore.Web.Management.Overview;

/// <summary>
/// Stateless: what is broken now, since when and since which version. A minute is bad in which at least a third of what ended failed, and a
/// connector or flow is broken when the last minute of the latest five that had anything to fail is bad by at least three failures.
/// It has been so since the first of the bad minutes behind which no good one stands.
/// </summary>
internal static class Outages
{
    /// <summary>How many runs are counted at most.</summary>
    private const int MostPeople = 10_000;

    private const int Latest = 5;
    private const int FewestFailures = 3;
    private const int OneOf = 3;
    private const int MinutesBack = 24 * 60;

    /// <summary>How far from a publication something may begin and still be because of it.</summary>
    private static readonly TimeSpan Near = TimeSpan.FromMinutes(3);

    /// <summary>Finds what is broken.</summary>
    public static async Task<IReadOnlyList<Outage>> FindAsync(
        CountStore counts,
        RunSearch runs,
        FlowStore flows,
        FlowCatalogue catalogue,
        DateTimeOffset now,
        CancellationToken cancellationToken
    )
    {
        var latest = Period.OfMinutes(Latest, now);
        var calls = await counts.ListAsync(
            RunCountKind.Call,
            RunCountKind.CallError,
            null,
            latest.Span,
            latest.From,
            latest.Until,
            cancellationToken
        );
        var ends = await counts.ListAsync(
            RunCountKind.Completed,
            RunCountKind.Failed,
            null,
            latest.Span,
            latest.From,
            latest.Until,
            cancellationToken
        );
        var found = new List<Outage>();
        var uses = ConnectorUse.Of(catalogue);
        foreach (var connector in calls.GroupBy(row => row.Subject, StringComparer.Ordinal).Where(rows => IsBroken(rows)))
        {
            var (since, total, failed, rows) = await FollowAsync(
                counts,
                RunCountKind.Call,
                RunCountKind.CallError,
                connector.Key,
                now,
                cancellationToken
            );
            var worst = rows.Where(row => row.Kind == RunCountKind.CallError && IsFailure(row))
                .GroupBy(row => (row.Item, row.Detail))
                .OrderByDescending(code => code.Sum(row => row.Amount))
                .ThenBy(code => code.Key.Item, StringComparer.Ordinal)
                .First()
                .Key;
            found.Add(
                new Outage(
                    "connector",
                    connector.Key,
                    new UnixTime(since),
                    total,
                    failed,
                    worst.Item,
                    StatusOf(worst.Detail),
                    await runs.CountStruckAsync(connector.Key, new UnixTime(since), MostPeople, cancellationToken),
                    await FlowsAsync(uses[connector.Key], since, flows, cancellationToken)
                )
            );
        }
        foreach (var flow in ends.GroupBy(row => row.Subject, StringComparer.Ordinal).Where(rows => IsBroken(rows)))
        {
            var (since, total, failed, _) = await FollowAsync(
                counts,
                RunCountKind.Completed,
                RunCountKind.Failed,
                flow.Key,
                now,
                cancellationToken
            );
            found.Add(
                new Outage(
                    "flow",
                    flow.Key,
                    new UnixTime(since),
                    total,
                    failed,
                    null,
                    null,
                    Math.Min(failed, MostPeople),
                    await FlowsAsync([flow.Key], since, flows, cancellationToken)
                )
            );
        }
        return [.. found.OrderBy(outage => outage.Since.Milliseconds).ThenBy(outage => outage.Id, StringComparer.Ordinal)];
    }

    /// <summary>Whether a count is of a failure: of calls, an answer from 400 to 499 is none, because it is an answer.</summary>
    public static bool IsFailure(CountRow row) =>
        row.Kind switch
        {
            RunCountKind.Failed => true,
            RunCountKind.CallError => StatusOf(row.Detail) is null or >= 500,
            _ => false,
        };

    /// <summary>The status that errors of calls are counted by; null for none.</summary>
    public static int? StatusOf(string detail) => int.TryParse(detail, out var status) ? status : null;

    private static bool IsBroken(IEnumerable<CountRow> rows)
    {
        var minute = MinutesOf(rows).Where(minute => minute.Total >= FewestFailures).LastOrDefault();
        return minute.Failed >= FewestFailures && IsBad(minute);
    }

    private static bool IsBad((long At, long Total, long Failed) minute) => minute.Failed * OneOf >= minute.Total && minute.Failed > 0;

    /// <summary>What ended and failed in each minute in which anything ended, in order.</summary>
    private static IEnumerable<(long At, long Total, long Failed)> MinutesOf(IEnumerable<CountRow> rows) =>
        rows.GroupBy(row => row.At.Milliseconds)
            .OrderBy(minute => minute.Key)
            .Select(minute =>
                (
                    minute.Key,
                    // Errors of calls are among the calls; runs that failed stand beside those that did not.
                    minute.Where(row => row.Kind != RunCountKind.CallError).Sum(row => row.Amount),
                    minute.Where(IsFailure).Sum(row => row.Amount)
                )
            );

    /// <summary>Follows an outage back to where it began: minute by minute for a day, then hour by hour.</summary>
    private static async Task<(long Since, long Total, long Failed, IReadOnlyList<CountRow> Rows)> FollowAsync(
        CountStore counts,
        RunCountKind first,
        RunCountKind last,
        string subject,
        DateTimeOffset now,
        CancellationToken cancellationToken
    )
    {
        var period = Period.OfMinutes(MinutesBack, now);
        var (rows, bad, isWhole) = await BadAsync(period);
        if (isWhole)
        {
            var longer = Period.OfHours(90 * 24, now);
            (rows, bad, _) = await BadAsync(longer);
        }
        var since = bad[0].At;
        return (since, bad.Sum(one => one.Total), bad.Sum(one => one.Failed), [.. rows.Where(row => row.At.Milliseconds >= since)]);

        async Task<(IReadOnlyList<CountRow> Rows, List<(long At, long Total, long Failed)> Bad, bool IsWhole)> BadAsync(Period time)
        {
            var all = await counts.ListAsync(first, last, subject, time.Span, time.From, time.Until, cancellationToken);
            var steps = MinutesOf(all).ToList();
            // What comes behind the last bad one is too little to say that it is over.
            var end = steps.FindLastIndex(IsBad);
            var begins = end < 0 ? 0 : steps.FindLastIndex(end, step => !IsBad(step)) + 1;
            return (all, steps[begins..(end + 1)], end >= 0 && begins == 0 && steps[0].At < time.From + 2 * time.Step);
        }
    }

    /// <summary>The versions that ran when it began.</summary>
    private static async Task<IReadOnlyList<OutageFlow>> FlowsAsync(
        IEnumerable<string> ids,
        long since,
        FlowStore flows,
        CancellationToken cancellationToken
    )
    {
        var found = new List<OutageFlow>();
        foreach (var id in ids.Take(20))
        {
            var versions = await flows.ListVersionsAsync(id, null, 50, cancellationToken);
            var near = (long)Near.TotalMilliseconds;
            if (versions.FirstOrDefault(version => version.PublishedAt.Milliseconds <= since + near / 3) is { } version)
                found.Add(new OutageFlow(id, version.Version, version.PublishedAt, since - version.PublishedAt.Milliseconds <= near));
        }
        return found;
    }
}
