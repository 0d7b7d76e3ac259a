using System.Data;
using System.Data.Common;
using FlowEngine.Context;
using FlowEngine.Database.Engines;
using FlowEngine.Database.Results;
using FlowEngine.Errors;
using FlowEngine.Workers;

namespace FlowEngine.Database.Queries;

/// <summary>Per query: connect, begin, execute, read, end; the timeout covers all of it.</summary>
internal class QueryExecution(
    SqlEngine engine,
    SemaphoreSlim places,
    int maxPoolSize,
    SqlQuery query,
    FlowValue[] values,
    QueryLimits limits
)
{
    /// <summary>How long the end of a failed query may take beyond the timeout.</summary>
    private static readonly TimeSpan CleanupTime = TimeSpan.FromSeconds(1);

    private QueryPhase _phase = QueryPhase.Waiting;
    private QueryParameters? _parameters;
    private long _room;

    /// <summary>The query that runs: of several statements the one whose turn it is.</summary>
    protected SqlQuery Query { get; set; } = query;

    /// <summary>Its parameters.</summary>
    protected FlowValue[] Values { get; set; } = values;

    /// <summary>All parameters that the engine has seen: its words about what failed may quote them.</summary>
    protected virtual FlowValue[] AllValues => Values;

    /// <summary>How often an engine may learn something of the query's parameters before it is given up.</summary>
    protected virtual int MaxLessons => Values.Length;

    /// <summary>Runs the query to its end.</summary>
    /// <exception cref="OperationCanceledException">The caller cancelled it.</exception>
    public async Task<QueryOutcome> RunAsync(CancellationToken cancellationToken)
    {
        using var deadline = new QueryDeadline(limits.Time, limits.Clock, cancellationToken);
        try
        {
            // Where the threads are fewer than the connections, they are what is waited for.
            if (engine.Workers is { } workers && workers.MaxThreads <= maxPoolSize)
                return await OnThreadAsync(workers, deadline).ConfigureAwait(false);

            await places.WaitAsync(deadline.Token).ConfigureAwait(false);
            try
            {
                return await (engine.Workers is null ? AttemptAsync(deadline) : OnThreadAsync(engine.Workers, deadline)).ConfigureAwait(
                    false
                );
            }
            finally
            {
                places.Release();
            }
        }
        catch (Exception error)
        {
            cancellationToken.ThrowIfCancellationRequested();
            return Failed(ErrorOf(error, deadline.IsOver), _phase);
        }
    }

    /// <summary>The outcome of one that failed.</summary>
    protected virtual QueryOutcome Failed(FlowError error, QueryPhase phase) => new(default, error);

    /// <summary>Makes what has to be made between the beginning and the end of the transaction.</summary>
    protected virtual Task<StatementRead> PerformAsync(DbConnection connection, CancellationToken cancellationToken) =>
        ReadAsync(connection, cancellationToken);

    private FlowError ErrorOf(Exception error, bool isOver) =>
        _phase == QueryPhase.Committing && engine.IsCommitUnknown(error) ? QueryMessages.OutcomeUnknown(engine, limits)
        : isOver ? QueryMessages.Timeout(engine, _phase, maxPoolSize, limits)
        : QueryMessages.Of(engine, engine.Explain(error), _phase, limits, AllValues);

    /// <summary>Queries on a thread that may be blocked. Nothing on the way
    /// waits for another one, so the thread sees the query to its end.</summary>
    private async Task<QueryOutcome> OnThreadAsync(FairWorkers workers, QueryDeadline deadline)
    {
        _phase = QueryPhase.Queued;
        var (attempt, busy) = await workers.RunAsync(Query.Sql, () => AttemptAsync(deadline), deadline.Token).ConfigureAwait(false);
        return busy == WorkersBusy.No
            ? await attempt!.ConfigureAwait(false)
            : new QueryOutcome(default, QueryMessages.Busy(engine, workers));
    }

    private async Task<QueryOutcome> AttemptAsync(QueryDeadline deadline)
    {
        var wasBroken = false;
        for (var attempt = 0; ; attempt++)
        {
            try
            {
                return await OnceAsync(deadline).ConfigureAwait(false);
            }
            catch (Exception error) when (!deadline.IsOver && _phase != QueryPhase.Committing)
            {
                if (attempt <= MaxLessons && engine.Learns(Query, Values, error))
                    continue;

                // A pooled connection that the server has closed meanwhile. Another
                // one is tried once, and only where nothing can happen twice.
                var repeatable = _phase == QueryPhase.Beginning || (_phase == QueryPhase.Running && limits.ReadOnly);
                if (wasBroken || !repeatable || !engine.Explain(error).IsBroken)
                    throw;
                wasBroken = true;
                await engine.ClearPoolAsync().ConfigureAwait(false);
            }
        }
    }

    private async Task<QueryOutcome> OnceAsync(QueryDeadline deadline)
    {
        var cancellationToken = deadline.Token;
        _phase = QueryPhase.Opening;
        var connection = await engine.ConnectAsync(limits.ReadOnly, cancellationToken).ConfigureAwait(false);
        var isClean = false;
        try
        {
            _phase = QueryPhase.Beginning;
            _room = QueryLimits.MaxCharacters;
            var finished = false;
            try
            {
                using (engine.Workers is null ? null : engine.Watch(connection, FindCommand, deadline))
                {
                    if (!Query.HasTransaction)
                        await ExecuteAsync(connection, engine.Begin(limits.ReadOnly), cancellationToken).ConfigureAwait(false);
                    cancellationToken.ThrowIfCancellationRequested();
                    _phase = QueryPhase.Running;
                    var (result, recordsAffected, isComplete) = await PerformAsync(connection, cancellationToken).ConfigureAwait(false);
                    finished = Query.HasTransaction && isComplete;
                    // MySQL gives a cancelled sleep() or benchmark() a result as if nothing had happened.
                    cancellationToken.ThrowIfCancellationRequested();
                    if (limits.ReadOnly && engine.Wrote(recordsAffected))
                        return new QueryOutcome(
                            default,
                            QueryMessages.Of(engine, new SqlFailure(DatabaseErrors.ReadOnly, null, null), _phase, limits, Values)
                        );

                    if (!limits.ReadOnly)
                    {
                        _phase = QueryPhase.Committing;
                        await ExecuteAsync(connection, SqlEngine.Commit, cancellationToken).ConfigureAwait(false);
                        finished = true;
                    }
                    return new QueryOutcome(result, null);
                }
            }
            finally
            {
                isClean = finished || await RollBackAsync(connection).ConfigureAwait(false);
                if (engine.ResetAfter(Query) is { } reset && !await CleanUpAsync(connection, reset).ConfigureAwait(false))
                    await engine.ClearPoolAsync().ConfigureAwait(false);
                await DisposeCommandAsync().ConfigureAwait(false);
            }
        }
        finally
        {
            await engine.ReleaseAsync(connection, isClean).ConfigureAwait(false);
        }
    }

    /// <summary>Executes the query, and reads what it gives.</summary>
    protected async Task<StatementRead> ReadAsync(DbConnection connection, CancellationToken cancellationToken)
    {
        await DisposeCommandAsync().ConfigureAwait(false);
        var parameters = _parameters = new QueryParameters(engine, Query, Values);
        var reader = await engine.ExecuteAsync(connection, parameters, limits.TimeoutSeconds, cancellationToken).ConfigureAwait(false);
        var isComplete = true;
        try
        {
            var rows = new RowReader(Query, SensitiveEcho.Of(Values), _room);
            var hasRead = false;
            do
            {
                // The rows are those of the first statement that has any.
                if (hasRead || reader.FieldCount == 0)
                    continue;
                hasRead = true;
                isComplete = await rows.ReadAsync(
                        reader,
                        engine.Columns(reader),
                        limits.MaxRows,
                        toTheEnd: !limits.ReadOnly,
                        cancellationToken
                    )
                    .ConfigureAwait(false);
            } while (isComplete && await reader.NextResultAsync(cancellationToken).ConfigureAwait(false));

            _room = rows.Room;
            var recordsAffected = isComplete ? reader.RecordsAffected : -1;
            return new StatementRead(QueryResult.Of(rows.Rows, recordsAffected, rows.Truncated), recordsAffected, isComplete);
        }
        catch (DatabaseRefusal)
        {
            // The rest is not worth reading.
            isComplete = false;
            throw;
        }
        finally
        {
            await CloseAsync(reader, isComplete ? null : parameters).ConfigureAwait(false);
        }
    }

    private DbCommand? FindCommand() => _parameters?.Command;

    private ValueTask DisposeCommandAsync()
    {
        var last = _parameters;
        _parameters = null;
        return last?.EndAsync() ?? ValueTask.CompletedTask;
    }

    /// <summary>Closes the reader. Rows that nobody wants are not fetched: the command
    /// is cancelled first, and then its end is an error of no interest.</summary>
    private async Task CloseAsync(DbDataReader reader, QueryParameters? unfinished)
    {
        if (unfinished is null)
        {
            await reader.DisposeAsync().ConfigureAwait(false);
            return;
        }

        try
        {
            // Cancel blocks while it talks to the server. Whoever has a thread to block blocks that one.
            if (engine.Workers is null)
                await Task.Run(unfinished.Cancel).ConfigureAwait(false);
            else
                unfinished.Cancel();
            await reader.DisposeAsync().ConfigureAwait(false);
        }
        catch (DbException)
        {
            // "Canceled on user request", as asked.
        }
    }

    /// <summary>Tells whether it could be done.</summary>
    private async Task<bool> RollBackAsync(DbConnection connection)
    {
        if (await CleanUpAsync(connection, SqlEngine.Rollback).ConfigureAwait(false))
            return true;
        await engine.DiscardAsync().ConfigureAwait(false);
        return false;
    }

    /// <summary>Tells whether it could be done. Whatever is wrong has been
    /// told already, or does not matter to rows that have been read.</summary>
    private async Task<bool> CleanUpAsync(DbConnection connection, string sql)
    {
        if (connection.State != ConnectionState.Open)
            return false;
        using var time = new CancellationTokenSource(CleanupTime);
        try
        {
            await ExecuteAsync(connection, sql, time.Token).ConfigureAwait(false);
            return true;
        }
        catch (Exception error) when (error is DbException or OperationCanceledException or InvalidOperationException or IOException)
        {
            return false;
        }
    }

    private Task ExecuteAsync(DbConnection connection, string sql, CancellationToken cancellationToken) =>
        engine.ExecuteOwnAsync(connection, sql, limits.TimeoutSeconds, cancellationToken);
}
