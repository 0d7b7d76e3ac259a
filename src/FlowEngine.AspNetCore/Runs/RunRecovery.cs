using System.Collections.Concurrent;
using FlowEngine.Storage;

namespace FlowEngine.AspNetCore.Runs;

/// <summary>
/// Per process: goes on with runs whose server stopped in the middle of an advance, without waiting for the person to come back. Every node
/// looks; a run that another node advances right now is asked in vain, because
/// its grain takes one call after another and then has nothing left to do.
/// </summary>
internal sealed partial class RunRecovery(RunStore store, RunService runs, TimeProvider time, ILogger<RunRecovery> log)
    : RepeatingService(TimeSpan.FromSeconds(2), time, log)
{
    private const int Batch = 32;

    /// <summary>How many are under way at once at most. Most of them wait for
    /// an API, which keeps no thread; one more waits for nobody.</summary>
    private const int MostAtOnce = 1_000;

    /// <summary>A run that was stored within this time is left alone: somebody is at work on it.</summary>
    private static readonly TimeSpan Quiet = TimeSpan.FromSeconds(5);

    /// <summary>How long a run that could not be resumed is left alone.</summary>
    private static readonly TimeSpan Rest = TimeSpan.FromMinutes(1);

    /// <summary>Since when runs rest, as <see cref="TimeProvider.GetTimestamp"/> counts.</summary>
    private readonly ConcurrentDictionary<string, long> _resting = new(StringComparer.Ordinal);

    private readonly ConcurrentDictionary<string, byte> _underWay = new(StringComparer.Ordinal);

    /// <inheritdoc/>
    protected override bool IsDueAtOnce => true;

    /// <summary>Begins to go on with all of them, side by side: one that waits for a slow API keeps nobody else from it.</summary>
    protected override async Task RepeatAsync(CancellationToken stoppingToken)
    {
        foreach (var (id, since) in _resting)
        {
            if (Time.GetElapsedTime(since) >= Rest)
                _resting.TryRemove(id, out _);
        }

        var now = Time.GetUtcNow();
        IReadOnlyList<StoppedRun> page = [];
        do
        {
            page = await store.ListStoppedAsync(now - Quiet, now + Quiet, page is [.., var last] ? last : null, Batch, stoppingToken);
            foreach (var run in page)
                Begin(run.Id, stoppingToken);
        } while (page.Count == Batch && _underWay.Count < MostAtOnce);
    }

    private void Begin(string id, CancellationToken stoppingToken)
    {
        if (_underWay.Count < MostAtOnce && !_resting.ContainsKey(id) && _underWay.TryAdd(id, 0))
            _ = ResumeAsync(id, stoppingToken);
    }

    /// <summary>Goes on with one. Never faulted.</summary>
    private async Task ResumeAsync(string id, CancellationToken stoppingToken)
    {
        try
        {
            await runs.ResumeAsync(id, stoppingToken);
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The server stops.
        }
        catch (StorageException)
        {
            // The next round finds it again.
        }
#pragma warning disable CA1031 // One run that cannot go on must not keep the others from it. It is tried again, and expires in the end.
        catch (Exception error)
#pragma warning restore CA1031
        {
            _resting[id] = Time.GetTimestamp();
            // The id stays out of the log: whoever holds it can go on with the run.
            Failed(Log, error.GetType().Name, error.Message);
        }
        finally
        {
            _underWay.TryRemove(id, out _);
        }
    }

    [LoggerMessage(
        EventId = 1502,
        Level = LogLevel.Warning,
        Message = "A run that stopped in the middle could not go on ({Kind}) and is tried again in a minute: {Reason}"
    )]
    private static partial void Failed(ILogger log, string kind, string reason);
}
