using Dapper;
using FlowEngine.Errors;
using FlowEngine.Server.Storage.Engines;

namespace FlowEngine.Server.Storage;

/// <summary>
/// Per process, thread-safe: removes what is over, a small batch at a time, found by index. Any number of nodes may clean at once.
/// </summary>
internal sealed class StorageCleaner(StorageDatabase database, StorageOptions options, TimeProvider time)
{
    private readonly TraceBudget _traces = new(database, options, time);

    /// <summary>Removes one batch of each kind.</summary>
    /// <returns>How many rows were changed or removed; 0 when nothing is left to do.</returns>
    public async Task<int> CleanBatchAsync(CancellationToken cancellationToken)
    {
        var changed = await ExpireRunsAsync(cancellationToken).ConfigureAwait(false);
        changed += await RemoveRunsAsync(UnstartedRuns, options.UnstartedRetention, cancellationToken).ConfigureAwait(false);
        changed += await RemoveRunsAsync(RemovableRuns, options.TraceRetention, cancellationToken).ConfigureAwait(false);
        changed += await _traces.KeepAsync(cancellationToken).ConfigureAwait(false);
        changed += await RemoveAsync("one_time_codes", "hash", cancellationToken).ConfigureAwait(false);
        changed += await RemoveAsync("start_keys", "hash", cancellationToken).ConfigureAwait(false);
        changed += await RemoveAsync("queued_calls", "id", cancellationToken).ConfigureAwait(false);
        changed += await RemoveAsync("attempts", "key", cancellationToken).ConfigureAwait(false);
        changed += await RemoveAsync("console_sessions", "hash", cancellationToken).ConfigureAwait(false);
        changed += await RemoveAsync("access_tokens", "key", cancellationToken).ConfigureAwait(false);
        return changed + await RemoveAsync("refresh_families", "id", cancellationToken).ConfigureAwait(false);
    }

    /// <summary>The runs to expire: the state goes, and with it the secrets in it. What is left is the row that its trace hangs on.</summary>
    internal string ExpirableRuns => $"select number from runs where sealed_state is not null and expires_at < @before order by expires_at limit @batch {database.SkipLocked}";

    /// <summary>The runs to remove because nobody went on with them; in the words of their index.</summary>
    internal string UnstartedRuns =>
        $"select number from runs where saves = 1 and (status = 1 or error_code = '{FlowErrors.Expired.Code}') and created_at < @before "
        + $"order by created_at, number limit @batch {database.SkipLocked}";

    /// <summary>The runs to remove with their traces.</summary>
    internal string RemovableRuns => $"select number from runs where created_at < @before and sealed_state is null order by created_at, number limit @batch {database.SkipLocked}";

    private Task<int> ExpireRunsAsync(CancellationToken cancellationToken) => database.WriteAsync(
        $"""
        update runs set
            sealed_state = null, screen = null, error_code = case when status < 2 then '{FlowErrors.Expired.Code}' else error_code end, status = case when status < 2 then 3 else status end
        where number in ({ExpirableRuns})
        """,
        Arguments(time.GetUtcNow()),
        cancellationToken);

    private Task<int> RemoveRunsAsync(string runs, TimeSpan after, CancellationToken cancellationToken) => database.TransactAsync(
        async (connection, transaction) =>
        {
            var numbers = (await connection.QueryAsync<long>(
                StorageDatabase.Command(runs, Arguments(time.GetUtcNow() - after), transaction, cancellationToken)).ConfigureAwait(false)).AsList();
            if (numbers.Count == 0)
                return 0;
            // Numbers of our own, not parameters: the engines spell lists of them differently.
            var list = string.Join(',', numbers);
            await connection.ExecuteAsync(StorageDatabase.Command(
                $"delete from run_traces where run_number in ({list}); delete from run_marks where run_number in ({list}); delete from runs where number in ({list});", null, transaction, cancellationToken)).ConfigureAwait(false);
            return numbers.Count;
        },
        cancellationToken);

    private Task<int> RemoveAsync(string table, string key, CancellationToken cancellationToken) => database.WriteAsync(
        $"delete from {table} where {key} in (select {key} from {table} where expires_at < @before order by expires_at limit @batch {database.SkipLocked})",
        Arguments(time.GetUtcNow()),
        cancellationToken);

    private object Arguments(DateTimeOffset before) => new { before = (UnixTime)before, batch = options.CleaningBatch };
}
