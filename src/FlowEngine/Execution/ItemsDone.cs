using System.Runtime.ExceptionServices;
using FlowEngine.Context;

namespace FlowEngine.Execution;

/// <summary>
/// Per execution of a ForEach, thread-safe: stores how far it has come, with the run, so that a crash has none of that done again. Whoever
/// finishes an item does not begin another before it is stored; those that finish meanwhile are stored together.
/// </summary>
/// <remarks>A save holds all results so far. What they cost together grows with the list, not with its square: from a few items on a save
/// waits for one more in <see cref="Share"/> of those that are done, but no longer than <see cref="LongestWait"/>.</remarks>
/// <param name="sequence">The run's <see cref="FlowRun.Sequence"/> at the ForEach.</param>
/// <param name="results">What the items gave, by index; missing for those that are not done.</param>
#pragma warning disable CA1001 // Without its wait handle a SemaphoreSlim holds nothing.
internal sealed class ItemsDone(int sequence, FlowValue[] results)
#pragma warning restore CA1001
{
    /// <summary>One in so many of those that are done may not be stored yet.</summary>
    public const int Share = 64;

    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(1);

    private readonly Lock _gate = new();
    private readonly FlowValue[] _results = results;
    private readonly SemaphoreSlim _saving = new(1, 1);
    private long _savedAt;
    private int _done = results.Count(result => !result.IsMissing);
    private int _stored = results.Count(result => !result.IsMissing);

    /// <summary>The run's sequence number at the ForEach.</summary>
    public int Sequence => sequence;

    /// <summary>Why it could not be stored: then nothing of the run may go on. Null for nothing.</summary>
    public ExceptionDispatchInfo? Failure { get; private set; }

    /// <summary>How far a ForEach has come: where it was when the run was stored; null where nobody stores it.</summary>
    /// <param name="run">The run, which stands on the ForEach.</param>
    /// <param name="count">How many items it has.</param>
    public static ItemsDone? Begin(FlowRun run, int count)
    {
        if (run.Services.AfterStep is null)
            return null;
        if (run.Items is not { } before || before.Sequence != run.Sequence || before._results.Length != count)
            run.Items = new ItemsDone(run.Sequence, new FlowValue[count]);
        return run.Items;
    }

    /// <summary>What was done before, by index; missing for what was not.</summary>
    public FlowValue[] Results() => (FlowValue[])_results.Clone();

    /// <summary>Notes what an item gave, and stores it when it is time.</summary>
    /// <returns>Whether it can go on.</returns>
    public async ValueTask<bool> TakeAsync(int index, FlowValue result, FlowRun run, CancellationToken cancellationToken)
    {
        int mine;
        lock (_gate)
        {
            _results[index] = result;
            mine = ++_done;
            // With the last of them the step ends, and is stored.
            if (mine == _results.Length)
                return Failure is null;
            if (mine - _stored < Math.Max(1, mine / Share) && run.Services.Time.GetElapsedTime(_savedAt) < LongestWait)
                return Failure is null;
        }
        await _saving.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            if (_stored < mine && Failure is null)
                await SaveAsync(run, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            _saving.Release();
        }
        return Failure is null;
    }

    /// <summary>For the run's state.</summary>
    public FlowValue ToValue()
    {
        lock (_gate)
        {
            var done = Enumerable.Range(0, _results.Length).Where(index => !_results[index].IsMissing).ToList();
            return FlowValue.Object(
                ("count", FlowValue.From(_results.Length)),
                ("at", FlowValue.Array(done.Select(index => FlowValue.From(index)))),
                ("results", FlowValue.Array(done.Select(index => _results[index])))
            );
        }
    }

    /// <summary>Reads what <see cref="ToValue"/> wrote; null for none.</summary>
    public static ItemsDone? FromValue(FlowValue value, int sequence)
    {
        if (
            !value.Get("count").TryGetInteger(out var count)
            || count is < 0 or > ValueLimits.MaxValues
            || !value.Get("at").TryGetArray(out var at)
        )
            return null;
        var results = new FlowValue[count];
        for (var i = 0; i < at.Count; i++)
        {
            if (at[i].TryGetInteger(out var index) && index >= 0 && index < count)
                results[index] = value.Get("results").Get(i);
        }
        return new ItemsDone(sequence, results);
    }

    private async Task SaveAsync(FlowRun run, CancellationToken cancellationToken)
    {
        int done;
        lock (_gate)
            done = _done;
        try
        {
            await run.Services.AfterStep!(run, cancellationToken).ConfigureAwait(false);
            lock (_gate)
            {
                _stored = done;
                _savedAt = run.Services.Time.GetTimestamp();
            }
        }
#pragma warning disable CA1031 // It goes on where the run is advanced.
        catch (Exception error)
#pragma warning restore CA1031
        {
            Failure = ExceptionDispatchInfo.Capture(error);
        }
    }
}
