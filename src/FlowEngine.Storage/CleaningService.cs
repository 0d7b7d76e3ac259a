namespace FlowEngine.Storage;

/// <summary>Per process: cleans the storage every minute, batch after batch with a pause between, so that logins do not notice.</summary>
internal sealed partial class CleaningService(StorageCleaner cleaner, FormerRows former, TimeProvider time, ILogger<CleaningService> log)
    : RepeatingService(TimeSpan.FromMinutes(1), time, log)
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

    /// <inheritdoc/>
    protected override async Task RepeatAsync(CancellationToken stoppingToken)
    {
        while (await cleaner.CleanBatchAsync(stoppingToken).ConfigureAwait(false) > 0)
            await Task.Delay(Pause, Time, stoppingToken).ConfigureAwait(false);
        while (await former.SealBatchAsync(stoppingToken).ConfigureAwait(false) > 0)
            await Task.Delay(Pause, Time, stoppingToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    protected override void Tell(string reason) => Failed(Log, reason);

    [LoggerMessage(
        EventId = 1605,
        Level = LogLevel.Warning,
        Message = "Cleaning the storage failed and is tried again in a minute: {Reason}"
    )]
    private static partial void Failed(ILogger log, string reason);
}
