using System.Buffers.Binary;
using System.Data.Common;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Dapper;
using FlowEngine.Errors;
using FlowEngine.Execution;
using FlowEngine.Storage.Engines;

namespace FlowEngine.Storage;

/// <summary>Shared and immutable: how often something happened within a minute or an hour, or within all that was asked for.</summary>
internal sealed record CountRow
{
    /// <summary>What.</summary>
    public RunCountKind Kind { get; init; }

    /// <summary>The flow, or the connector.</summary>
    public string Subject { get; init; } = "";

    /// <summary>The flow's version; 0 for a connector.</summary>
    public int Version { get; init; }

    /// <summary>What of it, see <see cref="RunCountKind"/>.</summary>
    public string Item { get; init; } = "";

    /// <summary>More of that.</summary>
    public string Detail { get; init; } = "";

    /// <summary>When the minute or hour began; of a sum, the last of them in which anything happened.</summary>
    public UnixTime At { get; init; }

    /// <summary>How often.</summary>
    public long Amount { get; init; }
}

/// <summary>Shared and immutable: a process that counts, and what it says of itself.</summary>
internal sealed record CountingNode
{
    /// <summary>Its name.</summary>
    public string Name { get; init; } = "";

    /// <summary>When it last reported.</summary>
    public UnixTime At { get; init; }

    /// <summary>What it says of itself, as JSON.</summary>
    public string? About { get; init; }
}

/// <summary>
/// Per process, thread-safe: how often what happened, minute by minute and hour by hour, of all nodes together.
/// </summary>
/// <remarks>
/// What nodes count in memory is added under a number of their own, so that a report whose answer was lost counts once. Runs are counted from
/// what is stored of them: those that began and ended since the last look, and once more those of the <see cref="Settled"/> before it, of
/// which only what is new is added. So their numbers do not depend on who saved them, and no kill loses any. Runs that nobody came back to
/// are counted by <see cref="StorageCleaner"/>, in the transaction that expires or removes them.
/// </remarks>
internal sealed class CountStore(StorageDatabase database, CountOptions options, TimeProvider time)
{
    /// <summary>The minutes of <see cref="CountRow.At"/>.</summary>
    public const int Minutes = 1;

    /// <summary>Its hours.</summary>
    public const int Hours = 60;

    /// <summary>How long after the time that a save of a run bears it may still arrive in the database, clocks that differ included.</summary>
    public static readonly TimeSpan Settled = TimeSpan.FromMinutes(3);

    /// <summary>What is looked at in one step; more only after all nodes were down.</summary>
    private static readonly TimeSpan Stretch = TimeSpan.FromHours(1);

    /// <summary>How far back the first look goes: that of a release that counts over what one stored that did not.</summary>
    private static readonly TimeSpan FirstLook = TimeSpan.FromDays(1);

    /// <summary>How long what another node counted is new enough.</summary>
    private static readonly TimeSpan Fresh = TimeSpan.FromSeconds(4);

    private static readonly TimeSpan Day = TimeSpan.FromDays(1);

    private const long Minute = 60_000;
    private const long Hour = 60 * Minute;
    private const int RowsAtOnce = 200;
    private const string OfRuns = "runs";
    private const string OfNode = "node:";
    private const string OfDatabase = "database";

    /// <summary>The runs that began, by minute.</summary>
    internal const string Started =
        "select flow_id as FlowId, flow_version as Version, 0 as Status, created_at / 60000 as Minute, count(*) as Amount from runs "
        + "where created_at >= @from and created_at < @until group by 1, 2, 4";

    /// <summary>The runs that ended by themselves or by an operator, by minute. Those that expired, <see cref="StorageCleaner"/>
    /// counts.</summary>
    internal static readonly string Ended =
        $"select flow_id as FlowId, flow_version as Version, status as Status, updated_at / 60000 as Minute, count(*) as Amount from runs "
        + $"where {RunStatusSql.IsOver} and updated_at >= @from and updated_at < @until "
        + $"and coalesce(error_code, '') <> '{FlowErrors.Expired.Code}' group by 1, 2, 3, 4";

    /// <summary>Sums of a kind.</summary>
    internal const string SumsOf =
        "select s.kind as Kind, s.subject as Subject, s.version as Version, s.item as Item, s.detail as Detail, max(c.at) as At, "
        + "cast(sum(c.amount) as bigint) as Amount from series s join counts c on c.series = s.id and c.span = @span and c.at >= @from and "
        + "c.at < @until where s.kind >= @first and s.kind <= @last";

    /// <summary>The rows of a kind.</summary>
    internal const string RowsOf =
        "select s.kind as Kind, s.subject as Subject, s.version as Version, s.item as Item, s.detail as Detail, c.at as At, "
        + "c.amount as Amount from series s join counts c on c.series = s.id and c.span = @span and c.at >= @from and c.at < @until "
        + "where s.kind >= @first and s.kind <= @last";

    private const string OfSubject = " and s.subject = @subject";

    private const string Together = " group by s.kind, s.subject, s.version, s.item, s.detail";

    /// <summary>Removes a batch of what is too old.</summary>
    internal string RemoveCounts =>
        "delete from counts where (series, span, at) in (select series, span, at from counts where at < @before order by at "
        + $"limit @batch {database.SkipLocked})";

    /// <summary>Removes a batch of series of which nothing is left.</summary>
    internal string RemoveSeries =>
        "delete from series where id in (select id from series where used_at < @before order by used_at "
        + $"limit @batch {database.SkipLocked})";

    /// <summary>Adds what a node counted.</summary>
    /// <param name="node">The node: a name that each process draws anew.</param>
    /// <param name="number">The number of this report: 1, 2, 3…</param>
    /// <param name="at">Since when it was counted.</param>
    /// <param name="counts">What was counted.</param>
    /// <param name="about">What the node says of itself, as JSON.</param>
    /// <param name="cancellationToken">The caller's.</param>
    /// <returns>Whether it was added now; false where it had been, because the answer was lost.</returns>
    public Task<bool> AddAsync(
        string node,
        long number,
        DateTimeOffset at,
        IReadOnlyList<RunCount> counts,
        string about,
        CancellationToken cancellationToken
    ) =>
        database.TransactAsync(
            async (connection, transaction) =>
            {
                var now = (UnixTime)time.GetUtcNow();
                var isNew =
                    await connection
                        .ExecuteAsync(
                            StorageDatabase.Command(
                                "insert into counters (name, number, at, about) values (@name, @number, @now, @about) on conflict (name) do "
                                    + "update set number = excluded.number, at = excluded.at, about = excluded.about "
                                    + "where counters.number < excluded.number",
                                new
                                {
                                    name = OfNode + node,
                                    number,
                                    now,
                                    about,
                                },
                                transaction,
                                cancellationToken
                            )
                        )
                        .ConfigureAwait(false) == 1;
                if (isNew)
                    await AddAsync(
                            connection,
                            transaction,
                            counts.Select(count => (count, ((UnixTime)at).Milliseconds)),
                            now,
                            cancellationToken
                        )
                        .ConfigureAwait(false);
                return isNew;
            },
            cancellationToken
        );

    /// <summary>Adds counts in a transaction that does what they count.</summary>
    /// <param name="connection">The connection.</param>
    /// <param name="transaction">The transaction.</param>
    /// <param name="counts">The counts, each with the time it is of.</param>
    /// <param name="now">The time.</param>
    /// <param name="cancellationToken">The caller's.</param>
    public static async Task AddAsync(
        DbConnection connection,
        DbTransaction transaction,
        IEnumerable<(RunCount Count, long At)> counts,
        UnixTime now,
        CancellationToken cancellationToken
    )
    {
        // In one order on all nodes, so that none waits for another that waits for it.
        var rows = new SortedDictionary<(long Series, int Span, long At), long>();
        var series = new SortedDictionary<long, RunCount>();
        foreach (var (count, at) in counts)
        {
            var id = IdOf(count);
            series.TryAdd(id, count);
            Add((id, Minutes, at - at % Minute));
            Add((id, Hours, at - at % Hour));

            void Add((long, int, long) key) => rows[key] = rows.GetValueOrDefault(key) + count.Amount;
        }

        foreach (var some in series.Chunk(RowsAtOnce))
        {
            var known = (
                await connection
                    .QueryAsync<long>(
                        Command(
                            $"select id from series where id in ({string.Join(',', some.Select(one => one.Key))}) and used_at > @fresh",
                            new { fresh = now.Milliseconds - (long)Day.TotalMilliseconds }
                        )
                    )
                    .ConfigureAwait(false)
            ).ToHashSet();
            foreach (var (id, count) in some.Where(one => !known.Contains(one.Key)))
                await connection
                    .ExecuteAsync(
                        Command(
                            "insert into series (id, kind, subject, version, item, detail, used_at) values (@id, @kind, @subject, @version, "
                                + "@item, @detail, @now) on conflict (id) do update set used_at = excluded.used_at",
                            new
                            {
                                id,
                                kind = (int)count.Kind,
                                subject = count.Subject,
                                version = count.Version,
                                item = count.Item,
                                detail = count.Detail,
                                now,
                            }
                        )
                    )
                    .ConfigureAwait(false);
        }
        // Numbers of our own, not parameters.
        foreach (var some in rows.Chunk(RowsAtOnce))
            await connection
                .ExecuteAsync(
                    Command(
                        "insert into counts (series, span, at, amount) values "
                            + string.Join(
                                ',',
                                some.Select(row =>
                                    string.Create(
                                        CultureInfo.InvariantCulture,
                                        $"({row.Key.Series},{row.Key.Span},{row.Key.At},{row.Value})"
                                    )
                                )
                            )
                            + " on conflict (series, span, at) do update set amount = counts.amount + excluded.amount",
                        null
                    )
                )
                .ConfigureAwait(false);

        CommandDefinition Command(string sql, object? arguments) => StorageDatabase.Command(sql, arguments, transaction, cancellationToken);
    }

    /// <summary>Counts the runs that began and ended since somebody last did, on whichever node.</summary>
    public async Task CountRunsAsync(CancellationToken cancellationToken)
    {
        while (await CountStretchAsync(cancellationToken).ConfigureAwait(false))
            cancellationToken.ThrowIfCancellationRequested();
    }

    /// <returns>Whether there is more to count.</returns>
    private async Task<bool> CountStretchAsync(CancellationToken cancellationToken)
    {
        var now = ((UnixTime)time.GetUtcNow()).Milliseconds;
        var before = await database
            .FirstAsync<Counted>(
                "select number as Number, at as At, about as About from counters where name = @name",
                new { name = OfRuns },
                cancellationToken
            )
            .ConfigureAwait(false);
        if (before is not null && now - before.At >= 0 && now - before.At < (long)Fresh.TotalMilliseconds)
            return false;
        // A clock that was set back does not have everything counted anew: what is counted stays.
        var since = Math.Min(before?.At ?? now - (long)FirstLook.TotalMilliseconds, now);
        var from = Floor(since) - (long)Settled.TotalMilliseconds;
        var end = Math.Min(now, since + (long)Stretch.TotalMilliseconds);
        var arguments = new { from, until = Floor(end) + Minute };
        var found = (await database.ListAsync<RunsOfMinute>(Started, arguments, cancellationToken).ConfigureAwait(false))
            .Select(row => row with { Kind = RunCountKind.Started })
            .Concat(
                (await database.ListAsync<RunsOfMinute>(Ended, arguments, cancellationToken).ConfigureAwait(false)).Select(row =>
                    row with
                    {
                        Kind = KindOf(row.Status),
                    }
                )
            );
        var known = (
            await ListAsync(RunCountKind.Started, RunCountKind.Cancelled, null, Minutes, arguments.from, arguments.until, cancellationToken)
                .ConfigureAwait(false)
        ).ToDictionary(row => (row.Kind, row.Subject, row.Version, row.At.Milliseconds), row => row.Amount);
        // Never fewer than before: what was removed since had been there.
        var added = found
            .Select(row =>
                (
                    Count: new RunCount(
                        row.Kind,
                        row.FlowId,
                        row.Version,
                        "",
                        "",
                        row.Amount - known.GetValueOrDefault((row.Kind, row.FlowId, row.Version, row.Minute * Minute))
                    ),
                    At: row.Minute * Minute
                )
            )
            .Where(row => row.Count.Amount > 0)
            .ToList();
        var size = before?.About;
        if (Floor(end) == Floor(now) && (size is null || Floor(before!.At) != Floor(end)))
        {
            // Once a minute.
            var bytes = await database.FirstAsync<long>(database.BytesTaken, null, cancellationToken).ConfigureAwait(false);
            size = bytes.ToString(CultureInfo.InvariantCulture);
            if (long.TryParse(before?.About, NumberStyles.None, CultureInfo.InvariantCulture, out var was) && bytes != was)
                added.Add((new RunCount(RunCountKind.Growth, OfDatabase, 0, "", "", bytes - was), end));
        }
        await database
            .TransactAsync(
                async (connection, transaction) =>
                {
                    // Whoever was first has counted these; they are not counted twice.
                    var isFirst =
                        await connection
                            .ExecuteAsync(
                                StorageDatabase.Command(
                                    before is null
                                        ? "insert into counters (name, number, at, about) values (@name, 1, @end, @size) on conflict (name) do nothing"
                                        : "update counters set number = number + 1, at = @end, about = @size where name = @name "
                                            + "and number = @number",
                                    new
                                    {
                                        name = OfRuns,
                                        number = before?.Number ?? 0,
                                        end,
                                        size,
                                    },
                                    transaction,
                                    cancellationToken
                                )
                            )
                            .ConfigureAwait(false) == 1;
                    if (isFirst)
                        await AddAsync(connection, transaction, added, new UnixTime(now), cancellationToken).ConfigureAwait(false);
                    return isFirst;
                },
                cancellationToken
            )
            .ConfigureAwait(false);
        return end < now;
    }

    /// <summary>Sums, one for each series in which anything happened.</summary>
    /// <param name="first">The first kind.</param>
    /// <param name="last">The last kind.</param>
    /// <param name="subject">Of this flow or connector; null for all.</param>
    /// <param name="span"><see cref="Minutes"/> or <see cref="Hours"/>.</param>
    /// <param name="from">From the one that begins then.</param>
    /// <param name="until">Before the one that begins then.</param>
    /// <param name="cancellationToken">The caller's.</param>
    public Task<IReadOnlyList<CountRow>> SumAsync(
        RunCountKind first,
        RunCountKind last,
        string? subject,
        int span,
        long from,
        long until,
        CancellationToken cancellationToken
    ) => ReadAsync(SumsOf, Together, first, last, subject, span, from, until, cancellationToken);

    /// <summary>What happened minute by minute, or hour by hour; where nothing did, there is no row.</summary>
    /// <inheritdoc cref="SumAsync"/>
    public Task<IReadOnlyList<CountRow>> ListAsync(
        RunCountKind first,
        RunCountKind last,
        string? subject,
        int span,
        long from,
        long until,
        CancellationToken cancellationToken
    ) => ReadAsync(RowsOf, "", first, last, subject, span, from, until, cancellationToken);

    /// <summary>How many bytes the database took when that was last asked; null for not yet.</summary>
    public async Task<long?> BytesAsync(CancellationToken cancellationToken) =>
        long.TryParse(
            await database
                .FirstAsync<string>("select about from counters where name = @name", new { name = OfRuns }, cancellationToken)
                .ConfigureAwait(false),
            NumberStyles.None,
            CultureInfo.InvariantCulture,
            out var bytes
        )
            ? bytes
            : null;

    /// <summary>The nodes that reported within a time, by name.</summary>
    public Task<IReadOnlyList<CountingNode>> ListNodesAsync(TimeSpan within, CancellationToken cancellationToken) =>
        database.ListAsync<CountingNode>(
            "select substr(name, 6) as Name, at as At, about as About from counters where name like 'node:%' and at >= @since "
                + "order by name limit 200",
            new { since = (UnixTime)(time.GetUtcNow() - within) },
            cancellationToken
        );

    /// <summary>Removes a batch of what is too old.</summary>
    /// <returns>How many rows were removed.</returns>
    public async Task<int> CleanBatchAsync(int batch, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var removed = await RemoveAsync(RemoveCounts, now - options.Retention).ConfigureAwait(false);
        // A series is marked as used once a day.
        removed += await RemoveAsync(RemoveSeries, now - options.Retention - 2 * Day).ConfigureAwait(false);
        return removed
            + await RemoveAsync("delete from counters where name like 'node:%' and at < @before", now - Day).ConfigureAwait(false);

        Task<int> RemoveAsync(string sql, DateTimeOffset before) =>
            database.TransactAsync(
                async (connection, transaction) =>
                {
                    await database.FindByIndexAsync(connection, transaction, cancellationToken).ConfigureAwait(false);
                    return await connection
                        .ExecuteAsync(
                            StorageDatabase.Command(sql, new { before = (UnixTime)before, batch }, transaction, cancellationToken)
                        )
                        .ConfigureAwait(false);
                },
                cancellationToken
            );
    }

    /// <summary>When the hour of a time began, in milliseconds.</summary>
    public static long HourOf(DateTimeOffset at)
    {
        var milliseconds = at.ToUnixTimeMilliseconds();
        return milliseconds - milliseconds % Hour;
    }

    /// <summary>When the minute of a time began, in milliseconds.</summary>
    public static long MinuteOf(DateTimeOffset at) => Floor(at.ToUnixTimeMilliseconds());

    private Task<IReadOnlyList<CountRow>> ReadAsync(
        string sql,
        string end,
        RunCountKind first,
        RunCountKind last,
        string? subject,
        int span,
        long from,
        long until,
        CancellationToken cancellationToken
    ) =>
        database.ListAsync<CountRow>(
            sql + (subject is null ? "" : OfSubject) + end,
            new
            {
                first = (int)first,
                last = (int)last,
                subject,
                span,
                from,
                until,
            },
            cancellationToken
        );

    private static RunCountKind KindOf(RunStatus status) =>
        status switch
        {
            RunStatus.Completed => RunCountKind.Completed,
            RunStatus.Refused => RunCountKind.Refused,
            RunStatus.Cancelled => RunCountKind.Cancelled,
            _ => RunCountKind.Failed,
        };

    private static long Floor(long milliseconds) => milliseconds - milliseconds % Minute;

    /// <summary>The same on every node and after every start. Of a million series two are the same with a chance of 1 in 30 million.</summary>
    private static long IdOf(RunCount count) =>
        BinaryPrimitives.ReadInt64LittleEndian(
            SHA256.HashData(
                Encoding.UTF8.GetBytes(
                    string.Create(
                        CultureInfo.InvariantCulture,
                        $"{(int)count.Kind}\n{count.Subject}\n{count.Version}\n{count.Item}\n{count.Detail}"
                    )
                )
            )
        );

    /// <summary>How far runs are counted.</summary>
    private sealed record Counted
    {
        public long Number { get; init; }

        public long At { get; init; }

        /// <summary>How many bytes the database took.</summary>
        public string? About { get; init; }
    }

    /// <summary>The runs of a flow's version in a minute.</summary>
    private sealed record RunsOfMinute
    {
        public string FlowId { get; init; } = "";

        public int Version { get; init; }

        public RunStatus Status { get; init; }

        public RunCountKind Kind { get; init; }

        public long Minute { get; init; }

        public long Amount { get; init; }
    }
}
