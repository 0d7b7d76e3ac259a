using System.Collections.Concurrent;
using FlowEngine.Storage;

namespace FlowEngine.AspNetCore.Runs.Calls;

/// <summary>Per process, thread-safe: fire-and-forget calls that did not arrive. Nobody waits for them and nobody makes them again; here
/// they are counted, for the log.</summary>
internal sealed class LostCalls
{
    private readonly ConcurrentDictionary<string, Failures> _byConnector = new(StringComparer.Ordinal);

    /// <summary>One did not arrive.</summary>
    public void Add(string connector, string code) => _byConnector.GetOrAdd(connector, _ => new Failures()).Add(code);

    /// <summary>What is to be told now, by connector.</summary>
    public IEnumerable<(string Connector, int Count, string Code)> Take(TimeProvider time, TimeSpan period)
    {
        foreach (var (connector, failures) in _byConnector)
        {
            if (failures.Take(time, period) is var (count, code))
                yield return (connector, count, code);
        }
    }
}

/// <summary>Per process: says in the log, once a minute and connector, that fire-and-forget calls were lost.</summary>
internal sealed partial class LostCallsLog(LostCalls lost, TimeProvider time, ILogger<LostCallsLog> log)
    : RepeatingService(TimeSpan.FromSeconds(1), time, log)
{
    private static readonly TimeSpan Period = TimeSpan.FromMinutes(1);

    /// <inheritdoc/>
    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        TellLost(TimeSpan.Zero);
    }

    /// <inheritdoc/>
    protected override Task RepeatAsync(CancellationToken stoppingToken)
    {
        TellLost(Period);
        return Task.CompletedTask;
    }

    private void TellLost(TimeSpan period)
    {
        foreach (var (connector, count, code) in lost.Take(Time, period))
            LogLost(Log, count, connector, code);
    }

    [LoggerMessage(
        EventId = 1804,
        Level = LogLevel.Warning,
        Message = "{Count} fire-and-forget calls through the connector {Connector} were lost, "
            + "the last with {Code}. Where none may be lost, set \"async\": \"durable\"."
    )]
    private static partial void LogLost(ILogger logger, int count, string connector, string code);
}
