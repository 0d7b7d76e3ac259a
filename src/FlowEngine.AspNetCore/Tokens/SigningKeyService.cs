namespace FlowEngine.AspNetCore.Tokens;

/// <summary>Per process: keeps <see cref="SigningKeys"/> fresh.</summary>
internal sealed partial class SigningKeyService(SigningKeys keys, TimeProvider time, ILogger<SigningKeyService> log) : BackgroundService
{
    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            using var timer = new PeriodicTimer(SigningKeys.RefreshPeriod, time);
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
            await keys.RefreshAsync(stoppingToken);
        }
#pragma warning disable CA1031 // The keys known last go on; the next reading may work.
        catch (Exception error) when (error is not OperationCanceledException)
#pragma warning restore CA1031
        {
            Failed(log, error.Message);
        }
    }

    [LoggerMessage(
        EventId = 1901,
        Level = LogLevel.Warning,
        Message = "The signing keys could not be read, those known last go on: {Reason}"
    )]
    private static partial void Failed(ILogger log, string reason);
}
