namespace FlowEngine.Workers;

/// <summary>Why work was not done.</summary>
public enum WorkersBusy
{
    /// <summary>It was done.</summary>
    No,

    /// <summary>Too much waits already, altogether or in its lane.</summary>
    QueueFull,

    /// <summary>Its turn did not come in time.</summary>
    WaitedTooLong,
}

/// <summary>
/// Per process, thread-safe: threads of their own for work that keeps a processor busy, with a share for each lane (a flow, a client's
/// network), so that no lane takes all threads, or all places in the queue, from
/// the others. Lanes that wait are taken in turn, and nobody waits for ever.
/// </summary>
/// <remarks>What belongs to nobody shares one lane, <c>""</c>. Lanes are forgotten when nothing of them runs or waits.</remarks>
public sealed class FairWorkers
{
    /// <summary>How long work may wait for a thread unless something else is said.</summary>
    public static readonly TimeSpan DefaultMaxWait = TimeSpan.FromSeconds(5);

    private readonly Lock _lock = new();
    private readonly BoundedWorkers _workers;
    private readonly TimeSpan _maxWait;
    private readonly TimeProvider _time;
    private readonly Dictionary<string, FairLane> _lanes = new(StringComparer.Ordinal);
    private readonly LinkedList<FairLane> _turns = [];
    private int _running;
    private int _waiting;

    /// <summary>Makes workers; no thread is started yet.</summary>
    /// <param name="name">The name of the threads, for debuggers and dumps.</param>
    /// <param name="threads">How much is worked on at once; three quarters of that, and at least one, for the same lane.</param>
    /// <param name="maxQueued">How much may wait beyond that; 0 for none.</param>
    /// <param name="maxQueuedOfLane">How much of one lane may wait. Default half of all, and at least one.</param>
    /// <param name="maxWait">How long work may wait. Default <see cref="DefaultMaxWait"/>.</param>
    /// <param name="time">By whose timers. Default the system's.</param>
    /// <exception cref="ArgumentOutOfRangeException">There would be no thread, or fewer than no places.</exception>
    public FairWorkers(
        string name,
        int threads,
        int maxQueued,
        int? maxQueuedOfLane = null,
        TimeSpan? maxWait = null,
        TimeProvider? time = null
    )
    {
        ArgumentOutOfRangeException.ThrowIfNegative(maxQueued);
        // Whoever is let in has a thread, perhaps one that is about to be free.
        _workers = new BoundedWorkers(name, threads, threads);
        MaxQueued = maxQueued;
        MaxQueuedOfLane = maxQueuedOfLane ?? Math.Max(1, maxQueued / 2);
        _maxWait = maxWait ?? DefaultMaxWait;
        _time = time ?? TimeProvider.System;
    }

    /// <summary>How much is worked on at once.</summary>
    public int MaxThreads => _workers.MaxThreads;

    /// <summary>How much of one lane is worked on at once. Of two threads and more, one at least stays free for others.</summary>
    public int MaxThreadsOfLane => Math.Max(1, MaxThreads * 3 / 4);

    /// <summary>How much may wait beyond that.</summary>
    public int MaxQueued { get; }

    /// <summary>How much of one lane may wait.</summary>
    public int MaxQueuedOfLane { get; }

    /// <summary>How much waits just now.</summary>
    public int Queued
    {
        get
        {
            lock (_lock)
                return _waiting;
        }
    }

    /// <summary>How much is worked on just now, or is about to be.</summary>
    public int Running
    {
        get
        {
            lock (_lock)
                return _running;
        }
    }

    /// <summary>How many lanes have something that runs or waits.</summary>
    public int Lanes
    {
        get
        {
            lock (_lock)
                return _lanes.Count;
        }
    }

    /// <summary>Has work done on one of the threads.</summary>
    /// <typeparam name="T">What it results in.</typeparam>
    /// <param name="lane">Whose work it is.</param>
    /// <param name="work">The work, without the caller's execution context. It must look at the token itself once it has begun.</param>
    /// <param name="cancellationToken">Ends the wait for a thread at once.</param>
    /// <returns>What it resulted in, or why it was not done.</returns>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public ValueTask<(T? Result, WorkersBusy Busy)> RunAsync<T>(string lane, Func<T> work, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return TryEnter(lane) is { } place ? place.RunAsync(work, cancellationToken) : new((default, WorkersBusy.QueueFull));
    }

    /// <summary>Takes a place among the running, or in the queue, for those who
    /// must know whether there is one before they do anything else.</summary>
    /// <param name="lane">Whose work it is.</param>
    /// <returns>The place, to be used once or disposed of; null when none is free.</returns>
    public FairPlace? TryEnter(string lane)
    {
        lock (_lock)
        {
            if (!_lanes.TryGetValue(lane, out var entered))
                entered = new FairLane(lane);
            FairPlace place;
            if (_running < MaxThreads && entered.Running < MaxThreadsOfLane && entered.Waiting.Count == 0)
            {
                place = new FairPlace(this, entered, turn: null);
                Begin(entered);
            }
            else if (_waiting < MaxQueued && entered.Waiting.Count < MaxQueuedOfLane)
            {
                place = new FairPlace(this, entered, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
                place.Node = entered.Waiting.AddLast(place);
                _waiting++;
                if (entered.Waiting.Count == 1)
                    _turns.AddLast(entered.Turns);
            }
            else
            {
                return null;
            }
            _lanes[lane] = entered;
            return place;
        }
    }

    internal async ValueTask<(T? Result, WorkersBusy Busy)> RunAsync<T>(FairPlace place, Func<T> work, CancellationToken cancellationToken)
    {
        try
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (
                place.Turn is { Task.IsCompleted: false } turn
                && !await WaitAsync(place, turn.Task, cancellationToken).ConfigureAwait(false)
            )
            {
                cancellationToken.ThrowIfCancellationRequested();
                return (default, WorkersBusy.WaitedTooLong);
            }
            // There is a place: no more are let in than there are threads.
            return _workers.TryQueue(work, cancellationToken, out var result)
                ? (await result.ConfigureAwait(false), WorkersBusy.No)
                : (default, WorkersBusy.QueueFull);
        }
        finally
        {
            Leave(place);
        }
    }

    /// <summary>Leaves the threads or the queue, once.</summary>
    internal void Leave(FairPlace place)
    {
        lock (_lock)
        {
            if (place.HasLeft)
                return;
            place.HasLeft = true;
            if (place.Node?.List is not null)
            {
                Take(place);
            }
            else
            {
                _running--;
                place.Lane.Running--;
            }
            while (_running < MaxThreads && Next() is { } next)
            {
                Take(next);
                Begin(next.Lane);
                next.Turn!.SetResult();
            }
            if (place.Lane.Running == 0 && place.Lane.Waiting.Count == 0)
                _lanes.Remove(place.Lane.Name);
        }
    }

    /// <summary>Waits for a turn; false when it did not come in time, or the caller has gone.</summary>
    private async ValueTask<bool> WaitAsync(FairPlace place, Task turn, CancellationToken cancellationToken)
    {
        try
        {
            await turn.WaitAsync(_maxWait, _time, cancellationToken).ConfigureAwait(false);
            return true;
        }
        catch (Exception error) when (error is TimeoutException or OperationCanceledException)
        {
            // The turn may have come in the same moment. Then it is used, or somebody else has it.
            lock (_lock)
                return place.Node!.List is null && !cancellationToken.IsCancellationRequested;
        }
    }

    /// <summary>Inside the lock: the first of the first lane in turn that may have another thread.</summary>
    private FairPlace? Next()
    {
        for (var turn = _turns.First; turn is not null; turn = turn.Next)
        {
            var lane = turn.Value;
            if (lane.Running >= MaxThreadsOfLane)
                continue;
            _turns.Remove(turn);
            _turns.AddLast(turn);
            return lane.Waiting.First!.Value;
        }
        return null;
    }

    /// <summary>Inside the lock: takes a place out of the queue.</summary>
    private void Take(FairPlace place)
    {
        place.Lane.Waiting.Remove(place.Node!);
        _waiting--;
        if (place.Lane.Waiting.Count == 0)
            _turns.Remove(place.Lane.Turns);
    }

    private void Begin(FairLane lane)
    {
        _running++;
        lane.Running++;
    }
}

/// <summary>Per piece of work: a place at <see cref="FairWorkers"/>, among the running
/// or in the queue. Left when the work is done, or when disposed of.</summary>
public sealed class FairPlace : IDisposable
{
    private readonly FairWorkers _workers;

    internal FairPlace(FairWorkers workers, FairLane lane, TaskCompletionSource? turn) => (_workers, Lane, Turn) = (workers, lane, turn);

    internal FairLane Lane { get; }

    /// <summary>Completes when its turn has come; null when it came at once.</summary>
    internal TaskCompletionSource? Turn { get; }

    internal LinkedListNode<FairPlace>? Node { get; set; }

    internal bool HasLeft { get; set; }

    /// <summary>Has the work done when its turn has come. Only once.</summary>
    /// <typeparam name="T">What it results in.</typeparam>
    /// <param name="work">The work, without the caller's execution context. It must look at the token itself once it has begun.</param>
    /// <param name="cancellationToken">Ends the wait for a thread at once.</param>
    /// <returns>What it resulted in, or why it was not done.</returns>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    /// <exception cref="ObjectDisposedException">The place was left already.</exception>
    public ValueTask<(T? Result, WorkersBusy Busy)> RunAsync<T>(Func<T> work, CancellationToken cancellationToken)
    {
        ObjectDisposedException.ThrowIf(HasLeft, this);
        return _workers.RunAsync(this, work, cancellationToken);
    }

    /// <summary>Leaves the place to others.</summary>
    public void Dispose() => _workers.Leave(this);
}

/// <summary>Who shares. Used inside the lock of <see cref="FairWorkers"/>.</summary>
internal sealed class FairLane
{
    public FairLane(string name) => (Name, Turns) = (name, new LinkedListNode<FairLane>(this));

    public string Name { get; }

    /// <summary>Where it stands among the lanes that wait.</summary>
    public LinkedListNode<FairLane> Turns { get; }

    public LinkedList<FairPlace> Waiting { get; } = [];

    public int Running { get; set; }
}
