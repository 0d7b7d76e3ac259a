namespace FlowEngine.Storage;

/// <summary>Per process: cleans the storage every minute, batch after batch with a pause between, so that logins do not notice.</summary>
internal sealed partial class CleaningService(StorageCleaner cleaner, FormerRows former, TimeProvider time, ILogger<CleaningService> log)
    : BackgroundService
{
    private static readonly TimeSpan Period = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            using var timer = new PeriodicTimer(Period, time);
            while (await timer.WaitForNextTickAsync(stoppingToken).ConfigureAwait(false))
                await CleanAsync(stoppingToken).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The server stops.
        }
    }

    private async Task CleanAsync(CancellationToken stoppingToken)
    {
        try
        {
            while (await cleaner.CleanBatchAsync(stoppingToken).ConfigureAwait(false) > 0)
                await Task.Delay(Pause, time, stoppingToken).ConfigureAwait(false);
            while (await former.SealBatchAsync(stoppingToken).ConfigureAwait(false) > 0)
                await Task.Delay(Pause, time, stoppingToken).ConfigureAwait(false);
        }
#pragma warning disable CA1031 // A cleaning that failed is tried again in a minute; it must not end the server.
        catch (Exception error) when (error is not OperationCanceledException)
#pragma warning restore CA1031
        {
            Failed(log, error.Message);
        }
    }

    [LoggerMessage(
        EventId = 1605,
        Level = LogLevel.Warning,
        Message = "Cleaning the storage failed and is tried again in a minute: {Reason}"
    )]
    private static partial void Failed(ILogger log, string reason);
}
