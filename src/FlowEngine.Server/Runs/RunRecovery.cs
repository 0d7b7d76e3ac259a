using FlowEngine.Server.Storage;

namespace FlowEngine.Server.Runs;

/// <summary>
/// Per process: goes on with runs whose server stopped in the middle of an advance, without waiting for the person to come back. Every node looks; a run that
/// another node advances right now is asked in vain, because its grain takes one call after another and then has nothing left to do.
/// </summary>
internal sealed partial class RunRecovery(RunStore store, RunService runs, TimeProvider time, ILogger<RunRecovery> log) : BackgroundService
{
    private const int Batch = 32;

    private static readonly TimeSpan Period = TimeSpan.FromSeconds(5);

    /// <summary>A run that was stored within this time is left alone: somebody is at work on it.</summary>
    private static readonly TimeSpan Quiet = TimeSpan.FromSeconds(5);

    /// <summary>How long a run that could not be resumed is left alone.</summary>
    private static readonly TimeSpan Rest = TimeSpan.FromMinutes(1);

    private readonly Dictionary<string, DateTimeOffset> _resting = new(StringComparer.Ordinal);

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            using var timer = new PeriodicTimer(Period, time);
            do
                await RecoverAsync(stoppingToken);
            while (await timer.WaitForNextTickAsync(stoppingToken));
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The server stops.
        }
    }

    /// <summary>Goes on with all of them, a few at a time.</summary>
    internal async Task RecoverAsync(CancellationToken stoppingToken)
    {
        try
        {
            var now = time.GetUtcNow();
            foreach (var rested in _resting.Where(run => run.Value <= now).Select(run => run.Key).ToList())
                _resting.Remove(rested);

            IReadOnlyList<StoppedRun> page = [];
            do
            {
                page = await store.ListStoppedAsync(now - Quiet, page is [.., var last] ? last : null, Batch, stoppingToken);
                await Task.WhenAll(page.Where(run => !_resting.ContainsKey(run.Id)).ToList().Select(run => ResumeAsync(run.Id, now, stoppingToken)));
            }
            while (page.Count == Batch);
        }
        catch (StorageException error)
        {
            Waiting(log, error.Message);
        }
    }

    private async Task ResumeAsync(string id, DateTimeOffset now, CancellationToken stoppingToken)
    {
        try
        {
            await runs.ResumeAsync(id, stoppingToken);
        }
        catch (StorageException)
        {
            // The next round finds it again.
        }
#pragma warning disable CA1031 // One run that cannot go on must not keep the others from it. It is tried again, and expires in the end.
        catch (Exception error) when (error is not OperationCanceledException)
#pragma warning restore CA1031
        {
            lock (_resting)
                _resting[id] = now + Rest;
            // The id stays out of the log: whoever holds it can go on with the run.
            Failed(log, error.GetType().Name, error.Message);
        }
    }

    [LoggerMessage(EventId = 1501, Level = LogLevel.Debug, Message = "Runs that stopped in the middle cannot be looked for: {Reason}")]
    private static partial void Waiting(ILogger log, string reason);

    [LoggerMessage(EventId = 1502, Level = LogLevel.Warning, Message = "A run that stopped in the middle could not go on ({Kind}) and is tried again in a minute: {Reason}")]
    private static partial void Failed(ILogger log, string kind, string reason);
}
