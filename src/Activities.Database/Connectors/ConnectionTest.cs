using System.Diagnostics;
using Dapper;
using FlowEngine.Context;
using FlowEngine.Database.Engines;
using FlowEngine.Database.Queries;
using FlowEngine.Errors;
using FlowEngine.Execution;
using FlowEngine.Workers;

namespace FlowEngine.Database.Connectors;

/// <summary>Tries a connector out: connects, reports the server's version, and
/// warns of a role that can do more than a flow should. Stateless.</summary>
internal static class ConnectionTest
{
    private static readonly QueryLimits Limits = new(DatabaseSettings.DefaultTimeout, 1, ReadOnly: true);
    private static readonly FlowShape Success = FlowShape.Of("ok", "engine", "serverVersion", "milliseconds");
    private static readonly FlowShape Warned = FlowShape.Of("ok", "engine", "serverVersion", "milliseconds", "warnings");
    private static readonly FlowShape Failure = FlowShape.Of("ok", "error");
    private static readonly FlowShape ErrorShape = FlowShape.Of("code", "message");

    public static async Task<FlowValue> RunAsync(SqlEngine engine, string engineName, CancellationToken cancellationToken)
    {
        using var deadline = new QueryDeadline(Limits.Time, Limits.Clock, cancellationToken);
        if (engine.Workers is not { } workers)
            return await TryAsync(engine, engineName, deadline, cancellationToken).ConfigureAwait(false);
        try
        {
            var (test, busy) = await workers
                .RunAsync(engine.Target, () => TryAsync(engine, engineName, deadline, cancellationToken), deadline.Token)
                .ConfigureAwait(false);
            return busy == WorkersBusy.No ? await test!.ConfigureAwait(false) : Failed(QueryMessages.Busy(engine, workers));
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return Failed(QueryMessages.Timeout(engine, QueryPhase.Queued, 0, Limits));
        }
    }

    private static async Task<FlowValue> TryAsync(
        SqlEngine engine,
        string engineName,
        QueryDeadline deadline,
        CancellationToken cancellationToken
    )
    {
        var started = Stopwatch.GetTimestamp();
        try
        {
            // A connection from the pool may be one that the server has closed.
            await engine.ClearPoolAsync().ConfigureAwait(false);
            var connection = await engine.ConnectAsync(readOnly: true, deadline.Token).ConfigureAwait(false);
            var isClean = false;
            try
            {
                using (engine.Watch(connection, () => null, deadline))
                    await connection
                        .ExecuteScalarAsync(
                            new CommandDefinition(engine.Probe, commandTimeout: Limits.TimeoutSeconds, cancellationToken: deadline.Token)
                        )
                        .ConfigureAwait(false);
                var milliseconds = FlowValue.From(Math.Round(Stopwatch.GetElapsedTime(started).TotalMilliseconds, 1));
                var powers = await engine.PowersAsync(connection, deadline.Token).ConfigureAwait(false);
                isClean = true;
                var (name, version) = (FlowValue.From(engineName), FlowValue.From(connection.ServerVersion));
                return FlowValue.From(
                    powers.Count == 0
                        ? Success.With(FlowValue.True, name, version, milliseconds)
                        : Warned.With(
                            FlowValue.True,
                            name,
                            version,
                            milliseconds,
                            FlowValue.Array(powers.Select(power => FlowValue.From(power)))
                        )
                );
            }
            finally
            {
                await engine.ReleaseAsync(connection, isClean).ConfigureAwait(false);
            }
        }
        catch (Exception error)
        {
            cancellationToken.ThrowIfCancellationRequested();
            return Failed(
                deadline.IsOver
                    ? QueryMessages.Timeout(engine, QueryPhase.Opening, 0, Limits)
                    : QueryMessages.Of(engine, engine.Explain(error), QueryPhase.Opening, Limits, [])
            );
        }
    }

    public static FlowValue Failed(FlowError error) =>
        FlowValue.From(
            Failure.With(FlowValue.False, FlowValue.From(ErrorShape.With(FlowValue.From(error.Code), FlowValue.From(error.Message))))
        );
}
