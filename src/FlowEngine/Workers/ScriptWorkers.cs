using FlowEngine.Errors;

namespace FlowEngine.Workers;

/// <summary>
/// Per process, thread-safe: the threads that scripts run on. However many scripts spin, the thread pool, with timers, cancellation and
/// everybody else's requests on it, goes on; and no flow's scripts take all threads, or
/// all places in the queue, from the scripts of another (<see cref="FairWorkers"/>).
/// </summary>
/// <remarks>Scripts of different flows that wait are taken in turn. A script that has no loop, no function and no regular expression does
/// not come here: it ends sooner than it could be handed over.</remarks>
public sealed class ScriptWorkers
{
    /// <summary>How many scripts may wait for each thread.</summary>
    public const int QueuedPerThread = 64;

    /// <summary>How long a script may wait for a thread.</summary>
    public static readonly TimeSpan DefaultMaxWait = FairWorkers.DefaultMaxWait;

    private readonly FairWorkers _workers;
    private readonly TimeSpan _maxWait;

    /// <summary>Makes workers; no thread is started yet.</summary>
    /// <param name="threads">How many scripts run at once; three quarters of that, and at least one, of the same flow.</param>
    /// <param name="maxQueued">How many may wait beyond that; half of it of the
    /// same flow. Default <see cref="QueuedPerThread"/> for each thread.</param>
    /// <param name="maxWait">How long one may wait. Default <see cref="DefaultMaxWait"/>.</param>
    public ScriptWorkers(int threads, int? maxQueued = null, TimeSpan? maxWait = null)
    {
        _maxWait = maxWait ?? DefaultMaxWait;
        _workers = new FairWorkers("script", threads, maxQueued ?? threads * QueuedPerThread, maxWait: _maxWait);
    }

    /// <summary>Those of the process: as many threads as the machine has processors, and at least two.</summary>
    public static ScriptWorkers Shared { get; } = new(Math.Max(2, Environment.ProcessorCount));

    /// <summary>How many scripts run at once.</summary>
    public int MaxThreads => _workers.MaxThreads;

    /// <summary>How many scripts of one flow run at once.</summary>
    public int MaxThreadsOfFlow => _workers.MaxThreadsOfLane;

    /// <summary>How many may wait beyond that.</summary>
    public int MaxQueued => _workers.MaxQueued;

    /// <summary>How many of one flow may wait.</summary>
    public int MaxQueuedOfFlow => _workers.MaxQueuedOfLane;

    /// <summary>How many wait just now.</summary>
    public int Queued => _workers.Queued;

    /// <summary>How many run just now.</summary>
    public int Running => _workers.Running;

    /// <summary>Has a script run on one of the threads.</summary>
    /// <typeparam name="T">What it results in.</typeparam>
    /// <param name="flow">The flow that it belongs to.</param>
    /// <param name="work">Runs it. It must look at the token itself once it has begun.</param>
    /// <param name="cancellationToken">Ends the wait for a thread at once.</param>
    /// <returns>What it resulted in, or why it did not run: <c>script.busy</c>.</returns>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    internal async ValueTask<(T? Result, FlowError? Busy)> RunAsync<T>(string flow, Func<T> work, CancellationToken cancellationToken)
    {
        var (result, busy) = await _workers.RunAsync(flow, work, cancellationToken).ConfigureAwait(false);
        return busy switch
        {
            WorkersBusy.No => (result, null),
            WorkersBusy.QueueFull => (default, Busy("too many scripts wait already")),
            _ => (default, Busy($"the script waited longer than {_maxWait.TotalSeconds:0} s")),
        };
    }

    private static FlowError Busy(string why) => FlowError.Of(FlowErrors.ScriptBusy, $"The script was not run: {why}.");
}
