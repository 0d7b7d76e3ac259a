namespace FlowEngine.Storage;

/// <summary>
/// Per process: does something again and again, from the start of the server to its stop. What fails is told once for as long as it goes
/// on failing alike, and done again the next time: it ends neither the service nor the server.
/// </summary>
/// <remarks>The first time is somewhere in the second half of a period, so that nodes which start together do not do it together.</remarks>
internal abstract partial class RepeatingService : BackgroundService
{
    private PeriodicTimer? _timer;
    private string? _told;

    /// <summary>Makes it; nothing is done before the server starts.</summary>
    /// <param name="period">How often, from one beginning to the next; what takes longer is followed at once.</param>
    /// <param name="time"><see cref="Time"/>.</param>
    /// <param name="log"><see cref="Log"/>.</param>
    protected RepeatingService(TimeSpan period, TimeProvider time, ILogger log) => (Interval, Time, Log) = (period, time, log);

    /// <summary>How often.</summary>
    protected TimeSpan Interval { get; }

    /// <summary>The time.</summary>
    protected TimeProvider Time { get; }

    /// <summary>Where failures are told.</summary>
    protected ILogger Log { get; }

    /// <summary>Whether it is done the first time at once, without waiting. Default false.</summary>
    protected virtual bool IsDueAtOnce => false;

    /// <summary>What is done.</summary>
    /// <param name="stoppingToken">Cancelled when the server stops.</param>
    protected abstract Task RepeatAsync(CancellationToken stoppingToken);

    /// <summary>Waits until it is to be done again. Default: until the period is over.</summary>
    /// <param name="stoppingToken">Cancelled when the server stops.</param>
    protected virtual async Task WaitAsync(CancellationToken stoppingToken)
    {
        await _timer!.WaitForNextTickAsync(stoppingToken).ConfigureAwait(false);
        if (_timer.Period != Interval)
            _timer.Period = Interval;
    }

    /// <summary>Tells of a failure that was not told before.</summary>
    protected virtual void Tell(string reason) => Failed(Log, GetType().Name, reason);

    /// <inheritdoc/>
    protected sealed override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        _timer = new PeriodicTimer(IsDueAtOnce ? Interval : Interval * (1 - Random.Shared.NextDouble() / 2), Time);
        try
        {
            if (!IsDueAtOnce)
                await WaitAsync(stoppingToken).ConfigureAwait(false);
            while (true)
            {
                await TryAsync(stoppingToken).ConfigureAwait(false);
                await WaitAsync(stoppingToken).ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The server stops.
        }
        finally
        {
            _timer.Dispose();
        }
    }

    private async Task TryAsync(CancellationToken stoppingToken)
    {
        try
        {
            await RepeatAsync(stoppingToken).ConfigureAwait(false);
            _told = null;
        }
        catch (StorageException error) when (error.Code == StorageErrors.Unavailable || error.Code == StorageErrors.Full)
        {
            // Requests and /readyz tell of it, once for all who wait for it.
            Waiting(Log, GetType().Name, error.Message);
        }
#pragma warning disable CA1031 // It is done again; it must not end the server.
        catch (Exception error)
#pragma warning restore CA1031
        {
            // What the stop breaks off is no failure.
            if (_told != error.Message && !stoppingToken.IsCancellationRequested)
                Tell(_told = error.Message);
        }
    }

    [LoggerMessage(EventId = 1606, Level = LogLevel.Warning, Message = "{Service} failed and is tried again: {Reason}")]
    private static partial void Failed(ILogger log, string service, string reason);

    [LoggerMessage(EventId = 1607, Level = LogLevel.Debug, Message = "{Service} waits for the storage: {Reason}")]
    private static partial void Waiting(ILogger log, string service, string reason);
}
