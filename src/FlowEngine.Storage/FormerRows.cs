using Dapper;
using FlowEngine.Storage.Engines;
using FlowEngine.Storage.Protection;

namespace FlowEngine.Storage;

/// <summary>
/// Per process, thread-safe: seals what releases before stored in plain, traces and whom runs are about, a small batch at a time, found by
/// an index that is empty once they are done. Any number of nodes may do so at once; what is not sealed yet is read as it is.
/// </summary>
internal sealed class FormerRows(StorageDatabase database, RunSeals seals, StorageSetup options)
{
    /// <summary>The runs whose person is still in plain.</summary>
    internal string PlainPeople =>
        "select number as Number, person as Person from runs where sealed_person is "
        + $"null and person is not null order by number limit @batch {database.SkipLocked}";

    /// <summary>The parts of traces that are still in plain.</summary>
    internal string PlainTraces =>
        "select run_number as Number, part as Part, steps as Steps from run_traces where "
        + $"sealed_steps is null order by run_number, part limit @batch {database.SkipLocked}";

    /// <summary>Seals one batch of each kind.</summary>
    /// <returns>How many rows were sealed; 0 when nothing is left to do.</returns>
    public async Task<int> SealBatchAsync(CancellationToken cancellationToken)
    {
        // A look first: what is done once in the life of a database takes no turn of the writer every minute.
        var hasPeople =
            await database.ListAsync<Row>(PlainPeople, new { batch = 1 }, cancellationToken).ConfigureAwait(false) is { Count: > 0 };
        var hasTraces =
            await database.ListAsync<Row>(PlainTraces, new { batch = 1 }, cancellationToken).ConfigureAwait(false) is { Count: > 0 };
        var count = 0;
        if (hasPeople)
        {
            count += await SealAsync(
                    PlainPeople,
                    "update runs set person = @Hash, sealed_person = @Sealed where number = @Number",
                    row => new
                    {
                        row.Number,
                        Hash = seals.HashOf(row.Person),
                        Sealed = seals.SealPerson(row.Person),
                    },
                    cancellationToken
                )
                .ConfigureAwait(false);
        }
        if (hasTraces)
        {
            count += await SealAsync(
                    PlainTraces,
                    "update run_traces set steps = '[]', sealed_steps = @Sealed where run_number = @Number and part = @Part",
                    row => new
                    {
                        row.Number,
                        row.Part,
                        Sealed = seals.SealTrace(System.Text.Encoding.UTF8.GetBytes(row.Steps)),
                    },
                    cancellationToken
                )
                .ConfigureAwait(false);
        }
        return count;
    }

    private Task<int> SealAsync(string select, string update, Func<Row, object> arguments, CancellationToken cancellationToken) =>
        database.TransactAsync(
            async (connection, transaction) =>
            {
                if (database.Overwriting is { } overwriting)
                    await connection
                        .ExecuteAsync(StorageDatabase.Command(overwriting, null, transaction, cancellationToken))
                        .ConfigureAwait(false);
                var rows = (
                    await connection
                        .QueryAsync<Row>(
                            StorageDatabase.Command(select, new { batch = options.CleaningBatch }, transaction, cancellationToken)
                        )
                        .ConfigureAwait(false)
                ).AsList();
                foreach (var row in rows)
                    await connection
                        .ExecuteAsync(StorageDatabase.Command(update, arguments(row), transaction, cancellationToken))
                        .ConfigureAwait(false);
                return rows.Count;
            },
            cancellationToken
        );

    private sealed record Row
    {
        public long Number { get; init; }

        public int Part { get; init; }

        public string Person { get; init; } = "";

        public string Steps { get; init; } = "";
    }
}
