using FlowEngine.Execution;
using FlowEngine.Workers;

namespace FlowEngine.Database.Engines.Sqlite;

/// <summary>Per process, thread-safe: the threads that SQLite's queries block, whichever connector they belong to. However slow they are,
/// the thread pool, with timers,
/// cancellation and everybody else's requests on it, never waits behind them.</summary>
/// <remarks>Queries of one text have three quarters of the threads at most, and half of the places in the queue, so that a slow one
/// leaves others the rest.</remarks>
internal static class SqliteThreads
{
    /// <summary>How many queries may wait for each thread.</summary>
    public const int QueuedPerThread = 64;

    /// <summary>Those of the process: two for each processor, at least four. A query that waits for a lock or a disk needs a thread, but
    /// no processor.</summary>
    public static FairWorkers Shared { get; } = Of(Math.Max(4, 2 * Environment.ProcessorCount));

    /// <summary>A number of threads. How long a query waits for one is up to its own timeout.</summary>
    public static FairWorkers Of(int threads, int? maxQueued = null) =>
        new("sqlite query", threads, maxQueued ?? threads * QueuedPerThread, maxWait: Timeout.InfiniteTimeSpan);
}
