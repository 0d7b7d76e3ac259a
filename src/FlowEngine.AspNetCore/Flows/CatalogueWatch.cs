using FlowEngine.Storage;

namespace FlowEngine.AspNetCore.Flows;

/// <summary>Per process: looks every second whether flows or connectors changed, on
/// this node or another. Where they cannot be read, what is known goes on.</summary>
internal sealed partial class CatalogueWatch(CatalogueService catalogue, TimeProvider time, ILogger<CatalogueWatch> log)
    : RepeatingService(TimeSpan.FromSeconds(1), time, log)
{
    /// <inheritdoc/>
    protected override Task RepeatAsync(CancellationToken stoppingToken) => catalogue.RefreshAsync(stoppingToken);

    /// <inheritdoc/>
    protected override void Tell(string reason) => Failed(Log, reason);

    [LoggerMessage(
        EventId = 2002,
        Level = LogLevel.Warning,
        Message = "Flows and connectors could not be read, those known go on: {Reason}"
    )]
    private static partial void Failed(ILogger log, string reason);
}
