using System.Data.Common;
using Dapper;
using FlowEngine.Errors;
using FlowEngine.Execution;
using FlowEngine.Storage.Engines;

namespace FlowEngine.Storage;

/// <summary>
/// Per process, thread-safe: removes what is over, a small batch at a time, found by index: also after a long stop, when what the database
/// believes of its tables is no longer true. Any number of nodes may clean at once.
/// </summary>
internal sealed class StorageCleaner(StorageDatabase database, StorageSetup options, CountStore counts, TimeProvider time)
{
    private readonly TraceBudget _traces = new(database, options, time);

    /// <summary>What is over by itself, and its key.</summary>
    internal static readonly IReadOnlyList<(string Table, string Key)> Expiring =
    [
        ("one_time_codes", "hash"),
        ("start_keys", "hash"),
        ("queued_calls", "id"),
        ("attempts", "key"),
        ("console_sessions", "hash"),
        ("access_tokens", "key"),
        ("cooldowns", "key"),
        ("refresh_families", "id"),
    ];

    /// <summary>What of a run decides whether it is counted as one whose person left.</summary>
    private const string Found =
        "number as Number, flow_id as FlowId, flow_version as Version, status as Status, error_code as ErrorCode, created_at as At";

    /// <summary>Removes one batch of each kind.</summary>
    /// <returns>How many rows were changed or removed; 0 when nothing is left to do.</returns>
    public async Task<int> CleanBatchAsync(CancellationToken cancellationToken)
    {
        // What is about to be removed has been counted before, also after all nodes were down.
        await counts.CountRunsAsync(cancellationToken).ConfigureAwait(false);
        var changed = await ExpireRunsAsync(cancellationToken).ConfigureAwait(false);
        changed += await RemoveRunsAsync(UnstartedRuns, options.Runs.UnstartedRetention, cancellationToken).ConfigureAwait(false);
        changed += await RemoveRunsAsync(RemovableRuns, options.Trace.Retention, cancellationToken).ConfigureAwait(false);
        changed += await _traces.KeepAsync(cancellationToken).ConfigureAwait(false);
        changed += await counts.CleanBatchAsync(options.CleaningBatch, cancellationToken).ConfigureAwait(false);
        foreach (var (table, key) in Expiring)
            changed += await ChangeAsync(RemoveExpired(table, key), cancellationToken).ConfigureAwait(false);
        return changed;
    }

    /// <summary>The runs to expire: the state goes, and with it the secrets
    /// in it. What is left is the row that its trace hangs on.</summary>
    internal string ExpirableRuns =>
        "select number from runs where sealed_state is not null and expires_at "
        + $"< @before order by expires_at limit @batch {database.SkipLocked}";

    /// <summary>The runs to remove because nobody went on with them; in the words of their index.</summary>
    internal string UnstartedRuns =>
        $"select {Found} from runs where saves = start_saves and ({RunStatusSql.IsWaiting} or "
        + $"error_code = '{FlowErrors.Expired.Code}') and created_at < @before "
        + $"order by created_at, number limit @batch {database.SkipLocked}";

    /// <summary>The runs to remove with their traces.</summary>
    internal string RemovableRuns =>
        $"select {Found} from runs where created_at < @before and sealed_state is "
        + $"null order by created_at, number limit @batch {database.SkipLocked}";

    /// <summary>Expires them.</summary>
    internal string ExpireRuns =>
        $"""
            update runs set
                sealed_state = null, screen = null,
                error_code = case when {RunStatusSql.IsOpen} then '{FlowErrors.Expired.Code}' else error_code end,
                status = case when {RunStatusSql.IsOpen} then {RunStatusSql.Failed} else status end
            where number in ({ExpirableRuns})
            """;

    /// <summary>Expires them, and says which.</summary>
    private string ExpireAndTell =>
        $"{ExpireRuns} returning number as Number, flow_id as FlowId, flow_version as Version, status as Status, error_code as ErrorCode, "
        + "expires_at as At";

    /// <summary>Removes a batch of what is over by itself.</summary>
    internal string RemoveExpired(string table, string key) =>
        $"delete from {table} where {key} in (select {key} from {table} where "
        + $"expires_at < @before order by expires_at limit @batch {database.SkipLocked})";

    /// <summary>Removes runs, by numbers of our own, not parameters: the engines spell lists of them differently.</summary>
    internal static IEnumerable<string> Remove(IEnumerable<long> numbers)
    {
        var list = string.Join(',', numbers);
        return
        [
            $"delete from run_traces where run_number in ({list})",
            $"delete from run_marks where run_number in ({list})",
            $"delete from runs where number in ({list})",
        ];
    }

    private Task<int> ChangeAsync(string sql, CancellationToken cancellationToken) =>
        database.TransactAsync(
            async (connection, transaction) =>
            {
                await database.FindByIndexAsync(connection, transaction, cancellationToken).ConfigureAwait(false);
                return await connection
                    .ExecuteAsync(StorageDatabase.Command(sql, Arguments(time.GetUtcNow()), transaction, cancellationToken))
                    .ConfigureAwait(false);
            },
            cancellationToken
        );

    private Task<int> ExpireRunsAsync(CancellationToken cancellationToken) =>
        database.TransactAsync(
            async (connection, transaction) =>
            {
                await database.FindByIndexAsync(connection, transaction, cancellationToken).ConfigureAwait(false);
                var now = time.GetUtcNow();
                var expired = (
                    await connection
                        .QueryAsync<FoundRun>(StorageDatabase.Command(ExpireAndTell, Arguments(now), transaction, cancellationToken))
                        .ConfigureAwait(false)
                ).AsList();
                // The state of a run that had ended goes too; it was counted when it did.
                await CountLeftAsync(
                        connection,
                        transaction,
                        expired.Where(run => run.ErrorCode == FlowErrors.Expired.Code),
                        TimeSpan.Zero,
                        now,
                        cancellationToken
                    )
                    .ConfigureAwait(false);
                return expired.Count;
            },
            cancellationToken
        );

    /// <summary>Counts runs whose person left, at the time at which that was certain.</summary>
    private static Task CountLeftAsync(
        DbConnection connection,
        DbTransaction transaction,
        IEnumerable<FoundRun> runs,
        TimeSpan after,
        DateTimeOffset now,
        CancellationToken cancellationToken
    ) =>
        CountStore.AddAsync(
            connection,
            transaction,
            runs.Select(run =>
                (new RunCount(RunCountKind.Left, run.FlowId, run.Version, "", "", 1), run.At.Milliseconds + (long)after.TotalMilliseconds)
            ),
            now,
            cancellationToken
        );

    private Task<int> RemoveRunsAsync(string runs, TimeSpan after, CancellationToken cancellationToken) =>
        database.TransactAsync(
            async (connection, transaction) =>
            {
                await database.FindByIndexAsync(connection, transaction, cancellationToken).ConfigureAwait(false);
                var now = time.GetUtcNow();
                var found = (
                    await connection
                        .QueryAsync<FoundRun>(StorageDatabase.Command(runs, Arguments(now - after), transaction, cancellationToken))
                        .ConfigureAwait(false)
                ).AsList();
                if (found.Count == 0)
                    return 0;
                var numbers = found.Select(run => run.Number);
                await connection
                    .ExecuteAsync(StorageDatabase.Command(string.Join("; ", Remove(numbers)), null, transaction, cancellationToken))
                    .ConfigureAwait(false);
                // One that expired was counted when it did.
                await CountLeftAsync(
                        connection,
                        transaction,
                        found.Where(run => run.Status == RunStatus.Waiting),
                        after,
                        now,
                        cancellationToken
                    )
                    .ConfigureAwait(false);
                return found.Count;
            },
            cancellationToken
        );

    private object Arguments(DateTimeOffset before) => new { before = (UnixTime)before, batch = options.CleaningBatch };

    /// <summary>A run to expire or to remove.</summary>
    private sealed record FoundRun
    {
        public long Number { get; init; }

        public string FlowId { get; init; } = "";

        public int Version { get; init; }

        public RunStatus Status { get; init; }

        public string? ErrorCode { get; init; }

        public UnixTime At { get; init; }
    }
}
