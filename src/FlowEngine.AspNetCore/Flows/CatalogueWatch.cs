using FlowEngine.Storage;

namespace FlowEngine.AspNetCore.Flows;

/// <summary>Per process: looks every second whether flows or connectors changed, on
/// this node or another. A storage that does not answer changes nothing.</summary>
internal sealed partial class CatalogueWatch(CatalogueService catalogue, TimeProvider time, ILogger<CatalogueWatch> log) : BackgroundService
{
    private static readonly TimeSpan Period = TimeSpan.FromSeconds(1);

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            using var timer = new PeriodicTimer(Period, time);
            while (await timer.WaitForNextTickAsync(stoppingToken))
                await RefreshAsync(stoppingToken);
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The server stops.
        }
    }

    private async Task RefreshAsync(CancellationToken stoppingToken)
    {
        try
        {
            await catalogue.RefreshAsync(stoppingToken);
        }
        catch (StorageException error) when (error.Code == StorageErrors.Unavailable)
        {
            // Requests and /readyz tell of it; a line a second would tell nothing more.
            Waiting(log, error.Message);
        }
#pragma warning disable CA1031 // What is known goes on; it must not end the server.
        catch (Exception error) when (error is not OperationCanceledException)
#pragma warning restore CA1031
        {
            Failed(log, error.Message);
        }
    }

    [LoggerMessage(EventId = 2001, Level = LogLevel.Debug, Message = "Flows and connectors cannot be read, those known go on: {Reason}")]
    private static partial void Waiting(ILogger log, string reason);

    [LoggerMessage(
        EventId = 2002,
        Level = LogLevel.Warning,
        Message = "Flows and connectors could not be read, those known go on: {Reason}"
    )]
    private static partial void Failed(ILogger log, string reason);
}
