using System.Diagnostics;
using Dapper;
using FlowEngine.Context;
using FlowEngine.Database.Engines;
using FlowEngine.Database.Queries;
using FlowEngine.Errors;

namespace FlowEngine.Database.Connectors;

/// <summary>Tries a connector out: connects, and reports the server's version. Stateless.</summary>
internal static class ConnectionTest
{
    private static readonly QueryLimits Limits = new(DatabaseSettings.DefaultTimeout, 1, ReadOnly: true);
    private static readonly FlowShape Success = FlowShape.Of("ok", "engine", "serverVersion", "milliseconds");
    private static readonly FlowShape Failure = FlowShape.Of("ok", "error");
    private static readonly FlowShape ErrorShape = FlowShape.Of("code", "message");

    public static async Task<FlowValue> RunAsync(SqlEngine engine, string engineName, CancellationToken cancellationToken)
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        deadline.CancelAfter(TimeSpan.FromSeconds(Limits.TimeoutSeconds));
        var started = Stopwatch.GetTimestamp();
        try
        {
            // A connection from the pool may be one that the server has closed.
            await engine.ClearPoolAsync().ConfigureAwait(false);
            var connection = await engine.ConnectAsync(readOnly: true, deadline.Token).ConfigureAwait(false);
            await using (connection.ConfigureAwait(false))
            {
                await connection.ExecuteScalarAsync(new CommandDefinition("select 1", cancellationToken: deadline.Token)).ConfigureAwait(false);
                return FlowValue.From(Success.With(
                    FlowValue.True,
                    FlowValue.From(engineName),
                    FlowValue.From(connection.ServerVersion),
                    FlowValue.From(Math.Round(Stopwatch.GetElapsedTime(started).TotalMilliseconds, 1))));
            }
        }
        catch (Exception error)
        {
            cancellationToken.ThrowIfCancellationRequested();
            return Failed(deadline.IsCancellationRequested
                ? QueryMessages.Timeout(engine, QueryPhase.Opening, 0, Limits)
                : QueryMessages.Of(engine, engine.Explain(error), QueryPhase.Opening, Limits, []));
        }
    }

    public static FlowValue Failed(FlowError error) => FlowValue.From(Failure.With(
        FlowValue.False,
        FlowValue.From(ErrorShape.With(FlowValue.From(error.Code), FlowValue.From(error.Message)))));
}
