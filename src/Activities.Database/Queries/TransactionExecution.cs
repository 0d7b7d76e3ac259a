using System.Data.Common;
using FlowEngine.Context;
using FlowEngine.Database.Engines;
using FlowEngine.Errors;

namespace FlowEngine.Database.Queries;

/// <summary>Per transaction: as a query, with several statements between its beginning and its end, each made of what those before it
/// gave.</summary>
internal sealed class TransactionExecution(SqlEngine engine, SemaphoreSlim places, int maxPoolSize, TransactionRun run, QueryLimits limits)
    : QueryExecution(engine, places, maxPoolSize, run.Statements[0], [], limits)
{
    protected override FlowValue[] AllValues => run.AllValues;

    protected override int MaxLessons => run.Statements.Sum(statement => statement.ParameterCount);

    protected override QueryOutcome Failed(FlowError error, QueryPhase phase) =>
        phase == QueryPhase.Running && !run.IsComplete
            ? new(
                default,
                error with
                {
                    Message = $"Statement {run.Done + 1} of {run.Statements.Count} failed, and nothing was written. {error.Message}",
                },
                run.Done
            )
            : new(default, error);

    protected override async Task<StatementRead> PerformAsync(DbConnection connection, CancellationToken cancellationToken)
    {
        run.Begin();
        while (!run.IsComplete)
        {
            (Query, Values) = (run.Statements[run.Done], run.Next());
            var read = await ReadAsync(connection, cancellationToken).ConfigureAwait(false);
            // MySQL gives a cancelled sleep() or benchmark() a result as if nothing had happened.
            cancellationToken.ThrowIfCancellationRequested();
            run.Take(read.Result);
        }
        return new StatementRead(run.Result, -1, IsComplete: true);
    }
}
