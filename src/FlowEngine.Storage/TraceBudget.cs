using Dapper;
using FlowEngine.Storage.Engines;

namespace FlowEngine.Storage;

/// <summary>
/// Per process, thread-safe: keeps all stored traces together within <see cref="TraceOptions.MaxBytes"/>, the oldest go first. Their
/// runs stay. Any number of nodes may do it at once: each step may be done twice.
/// </summary>
/// <remarks>Runs are numbered as they begin, and measured by stretches of a thousand: once when the next stretch has begun, once more an
/// hour later. So each trace is measured twice and not every minute, and the sum is over a row for a thousand runs.</remarks>
internal sealed class TraceBudget(StorageDatabase database, StorageSetup options, TimeProvider time)
{
    private const int Stretch = 1_000;

    /// <summary>How many stretches are measured in one step.</summary>
    private const int MeasuredAtOnce = 20;

    private static readonly TimeSpan SecondLook = TimeSpan.FromHours(1);

    /// <summary>The traces of a stretch.</summary>
    private const string OfStretch = "run_number >= @first and run_number < @beyond";

    /// <summary>The sum of a stretch: what is sealed, and what an earlier release wrote as text.</summary>
    internal string Measure =>
        $"select coalesce(sum({database.SizeOf("steps")} + "
        + $"coalesce({database.SizeOf("sealed_steps")}, 0)), 0) from run_traces where {OfStretch}";

    /// <summary>Removes a batch of the traces of a stretch.</summary>
    internal string RemoveTraces =>
        $"""
            delete from run_traces where (run_number, part) in (
                select run_number, part from run_traces where {OfStretch} order by run_number, part limit @batch {database.SkipLocked})
            """;

    /// <summary>The oldest stretch that has any traces left, as far as is known.</summary>
    internal const string Oldest = "select stretch from trace_sizes where bytes > 0 order by stretch limit 1";

    /// <summary>The stretches to measure once more.</summary>
    internal const string Due = "select stretch from trace_sizes where due_at is not null and due_at <= @now order by due_at limit @limit";

    /// <summary>Measures a few stretches, and removes a batch of traces if they are too many.</summary>
    /// <returns>How many rows were removed or measured; 0 when nothing is left to do.</returns>
    public async Task<int> KeepAsync(CancellationToken cancellationToken)
    {
        if (options.Trace.MaxBytes == 0 || await EndAsync(cancellationToken).ConfigureAwait(false) is not { } end)
            return 0;
        var measured = await MeasureAsync(end, cancellationToken).ConfigureAwait(false);
        return measured > 0 ? measured : await RemoveAsync(end, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>The first and the last run that there are; null for none.</summary>
    private async Task<(long First, long Last)?> EndAsync(CancellationToken cancellationToken)
    {
        var ends = await database
            .FirstAsync<Ends>(
                "select (select min(number) from runs) as First, (select max(number) from runs) as Last",
                null,
                cancellationToken
            )
            .ConfigureAwait(false);
        return ends is { First: { } first, Last: { } last } ? (first, last) : null;
    }

    private async Task<int> MeasureAsync((long First, long Last) runs, CancellationToken cancellationToken)
    {
        // What has no runs any more has no traces either.
        await database
            .WriteAsync("delete from trace_sizes where stretch < @first", new { first = runs.First / Stretch }, cancellationToken)
            .ConfigureAwait(false);
        var now = time.GetUtcNow();
        var known = await database.FirstAsync<long?>("select max(stretch) from trace_sizes", null, cancellationToken).ConfigureAwait(false);
        var measured = 0;
        for (
            var stretch = known + 1 ?? runs.First / Stretch;
            stretch < runs.Last / Stretch && measured < MeasuredAtOnce;
            stretch++, measured++
        )
            await StoreAsync(stretch, now + SecondLook, cancellationToken).ConfigureAwait(false);
        foreach (
            var stretch in await database
                .ListAsync<long>(Due, new { now = (UnixTime)now, limit = MeasuredAtOnce - measured }, cancellationToken)
                .ConfigureAwait(false)
        )
        {
            await StoreAsync(stretch, null, cancellationToken).ConfigureAwait(false);
            measured++;
        }
        return measured;
    }

    private async Task StoreAsync(long stretch, DateTimeOffset? due, CancellationToken cancellationToken)
    {
        var bytes = await MeasureAsync(stretch, cancellationToken).ConfigureAwait(false);
        await database
            .WriteAsync(
                "insert into trace_sizes (stretch, bytes, due_at) values (@stretch, @bytes, @due) on "
                    + "conflict (stretch) do update set bytes = excluded.bytes, due_at = excluded.due_at",
                new
                {
                    stretch,
                    bytes,
                    due = due?.ToUnixTimeMilliseconds(),
                },
                cancellationToken
            )
            .ConfigureAwait(false);
    }

    private Task<long> MeasureAsync(long stretch, CancellationToken cancellationToken) =>
        database.FirstAsync<long>(Measure, new { first = stretch * Stretch, beyond = (stretch + 1) * Stretch }, cancellationToken);

    private async Task<int> RemoveAsync((long First, long Last) runs, CancellationToken cancellationToken)
    {
        var last = runs.Last / Stretch;
        var total =
            await database
                .FirstAsync<long>("select coalesce(sum(bytes), 0) from trace_sizes", null, cancellationToken)
                .ConfigureAwait(false) + await MeasureAsync(last, cancellationToken).ConfigureAwait(false);
        if (total <= options.Trace.MaxBytes)
            return 0;
        // With all others gone, the one that is not full yet.
        var oldest = await database.FirstAsync<long?>(Oldest, null, cancellationToken).ConfigureAwait(false) ?? last;
        return await database
            .TransactAsync(
                async (connection, transaction) =>
                {
                    var arguments = new
                    {
                        first = oldest * Stretch,
                        beyond = (oldest + 1) * Stretch,
                        batch = options.CleaningBatch,
                        stretch = oldest,
                    };
                    await database.FindByIndexAsync(connection, transaction, cancellationToken).ConfigureAwait(false);
                    var removed = await connection
                        .ExecuteAsync(StorageDatabase.Command(RemoveTraces, arguments, transaction, cancellationToken))
                        .ConfigureAwait(false);
                    var left = await connection
                        .QueryFirstAsync<long>(StorageDatabase.Command(Measure, arguments, transaction, cancellationToken))
                        .ConfigureAwait(false);
                    var noted = await connection
                        .ExecuteAsync(
                            StorageDatabase.Command(
                                "update trace_sizes set bytes = @left where stretch = @stretch",
                                new { left, stretch = oldest },
                                transaction,
                                cancellationToken
                            )
                        )
                        .ConfigureAwait(false);
                    // A stretch whose traces had gone another way counts as done too.
                    return removed > 0 ? removed : noted;
                },
                cancellationToken
            )
            .ConfigureAwait(false);
    }

    /// <summary>Shared and immutable: the numbers of the first and the last run.</summary>
    private sealed record Ends
    {
        public long? First { get; init; }

        public long? Last { get; init; }
    }
}
