using System.Collections.Concurrent;
using FlowEngine.Storage;

namespace FlowEngine.AspNetCore.Runs;

/// <summary>
/// Per process, thread-safe: whether there is a run of an id. A grain is made for whatever id it is asked for, so nobody asks for one that
/// is not stored. Of the runs that this node began or was asked for lately it knows that; for others it
/// looks into the storage, by index. What is not there is not remembered: nobody could make it up twice.
/// </summary>
internal sealed class KnownRuns(RunStore store)
{
    /// <summary>How many ids a generation holds. There are two of them: a few MB, and at a hundred logins a second some minutes.</summary>
    private const int GenerationSize = 32_768;

    private volatile Generations _known = new(new(StringComparer.Ordinal), new(StringComparer.Ordinal));

    /// <summary>Remembers a run that was stored.</summary>
    public void Add(string id)
    {
        var known = _known;
        known.Young.TryAdd(id, 0);
        // Two threads may both make the next generation: then one is lost, and a few runs are looked up once more.
        if (Interlocked.Increment(ref known.Count) == GenerationSize)
            _known = new Generations(new(StringComparer.Ordinal), known.Young);
    }

    /// <summary>Whether there is such a run.</summary>
    /// <exception cref="StorageException">The storage does not answer.</exception>
    public ValueTask<bool> ExistsAsync(string id, CancellationToken cancellationToken)
    {
        if (!FlowEngine.Execution.RunId.IsWellFormed(id))
            return new(false);
        var known = _known;
        return known.Young.ContainsKey(id) || known.Old.ContainsKey(id) ? new(true) : new(LookUpAsync(id, cancellationToken));
    }

    private async Task<bool> LookUpAsync(string id, CancellationToken cancellationToken)
    {
        if (!await store.ExistsAsync(id, cancellationToken))
            return false;
        Add(id);
        return true;
    }

    private sealed class Generations(ConcurrentDictionary<string, byte> young, ConcurrentDictionary<string, byte> old)
    {
        public int Count;

        public ConcurrentDictionary<string, byte> Young => young;

        public ConcurrentDictionary<string, byte> Old => old;
    }
}
