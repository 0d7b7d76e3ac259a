using FlowEngine.Errors;

namespace FlowEngine.Execution;

/// <summary>
/// Per process, thread-safe: the threads that scripts run on. However many scripts spin, the thread pool, with timers, cancellation and everybody else's
/// requests on it, goes on; and no flow's scripts take all threads, or all places in the queue, from the scripts of another.
/// </summary>
/// <remarks>Scripts of different flows that wait are taken in turn. A script that has no loop, no function and no regular expression does not come here: it
/// ends sooner than it could be handed over.</remarks>
public sealed class ScriptWorkers
{
    /// <summary>How many scripts may wait for each thread.</summary>
    public const int QueuedPerThread = 64;

    /// <summary>How long a script may wait for a thread.</summary>
    public static readonly TimeSpan DefaultMaxWait = TimeSpan.FromSeconds(5);

    private readonly Lock _lock = new();
    private readonly BoundedWorkers _workers;
    private readonly TimeSpan _maxWait;
    private readonly Dictionary<string, Lane> _lanes = new(StringComparer.Ordinal);
    private readonly LinkedList<Lane> _turns = [];
    private int _running;
    private int _waiting;

    /// <summary>Makes workers; no thread is started yet.</summary>
    /// <param name="threads">How many scripts run at once; three quarters of that, and at least one, of the same flow.</param>
    /// <param name="maxQueued">How many may wait beyond that; half of it of the same flow. Default <see cref="QueuedPerThread"/> for each thread.</param>
    /// <param name="maxWait">How long one may wait. Default <see cref="DefaultMaxWait"/>.</param>
    public ScriptWorkers(int threads, int? maxQueued = null, TimeSpan? maxWait = null)
    {
        _workers = new BoundedWorkers("script", threads, threads);
        MaxQueued = maxQueued ?? threads * QueuedPerThread;
        _maxWait = maxWait ?? DefaultMaxWait;
    }

    /// <summary>Those of the process: as many threads as the machine has processors, and at least two.</summary>
    public static ScriptWorkers Shared { get; } = new(Math.Max(2, Environment.ProcessorCount));

    /// <summary>How many scripts run at once.</summary>
    public int MaxThreads => _workers.MaxThreads;

    /// <summary>How many scripts of one flow run at once.</summary>
    public int MaxThreadsOfFlow => Math.Max(1, MaxThreads * 3 / 4);

    /// <summary>How many may wait beyond that.</summary>
    public int MaxQueued { get; }

    /// <summary>How many of one flow may wait.</summary>
    public int MaxQueuedOfFlow => Math.Max(1, MaxQueued / 2);

    /// <summary>How many wait just now.</summary>
    public int Queued
    {
        get
        {
            lock (_lock)
                return _waiting;
        }
    }

    /// <summary>How many run just now.</summary>
    public int Running
    {
        get
        {
            lock (_lock)
                return _running;
        }
    }

    /// <summary>Has a script run on one of the threads.</summary>
    /// <typeparam name="T">What it results in.</typeparam>
    /// <param name="flow">The flow that it belongs to.</param>
    /// <param name="work">Runs it. It must look at the token itself once it has begun.</param>
    /// <param name="cancellationToken">Ends the wait for a thread at once.</param>
    /// <returns>What it resulted in, or why it did not run: <c>script.busy</c>.</returns>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    internal async ValueTask<(T? Result, FlowError? Busy)> RunAsync<T>(string flow, Func<T> work, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var place = Enter(flow);
        if (place is null)
            return (default, Busy("too many scripts wait already"));
        if (!place.Turn.Task.IsCompleted && !await WaitAsync(place, cancellationToken).ConfigureAwait(false))
        {
            cancellationToken.ThrowIfCancellationRequested();
            return (default, Busy($"the script waited longer than {_maxWait.TotalSeconds:0} s"));
        }

        try
        {
            // There is a place: no more are let in than there are threads.
            return _workers.TryQueue(work, cancellationToken, out var result)
                ? (await result.ConfigureAwait(false), null)
                : (default, Busy("no thread was free"));
        }
        finally
        {
            Leave(place.Lane);
        }
    }

    private static FlowError Busy(string why) => FlowError.Of(FlowErrors.ScriptBusy, $"The script was not run: {why}.");

    /// <summary>A place among the running, or in the queue; null when neither is free.</summary>
    private Place? Enter(string flow)
    {
        lock (_lock)
        {
            if (!_lanes.TryGetValue(flow, out var lane))
                lane = new Lane(flow);
            var place = new Place(lane);
            if (_running < MaxThreads && lane.Running < MaxThreadsOfFlow && lane.Waiting.Count == 0)
            {
                Begin(lane);
                place.Turn.SetResult();
            }
            else if (_waiting < MaxQueued && lane.Waiting.Count < MaxQueuedOfFlow)
            {
                place.Node = lane.Waiting.AddLast(place);
                _waiting++;
                if (lane.Waiting.Count == 1)
                    _turns.AddLast(lane.Turns);
            }
            else
            {
                return null;
            }
            _lanes[flow] = lane;
            return place;
        }
    }

    /// <summary>Waits for a turn; false when it did not come in time, or the caller has gone.</summary>
    private async ValueTask<bool> WaitAsync(Place place, CancellationToken cancellationToken)
    {
        try
        {
            await place.Turn.Task.WaitAsync(_maxWait, cancellationToken).ConfigureAwait(false);
            return true;
        }
        catch (Exception error) when (error is TimeoutException or OperationCanceledException)
        {
            lock (_lock)
            {
                if (place.Node!.List is not null)
                {
                    Take(place);
                    Forget(place.Lane);
                    return false;
                }
            }
            // The turn came in the same moment. Someone else may have it, unless it can still be used.
            if (!cancellationToken.IsCancellationRequested)
                return true;
            Leave(place.Lane);
            return false;
        }
    }

    private void Leave(Lane lane)
    {
        lock (_lock)
        {
            _running--;
            lane.Running--;
            Forget(lane);
            while (_running < MaxThreads && Next() is { } place)
            {
                Take(place);
                Begin(place.Lane);
                place.Turn.SetResult();
            }
        }
    }

    /// <summary>Inside the lock: the first script of the first flow in turn that may have another thread.</summary>
    private Place? Next()
    {
        for (var turn = _turns.First; turn is not null; turn = turn.Next)
        {
            var lane = turn.Value;
            if (lane.Running >= MaxThreadsOfFlow)
                continue;
            _turns.Remove(turn);
            _turns.AddLast(turn);
            return lane.Waiting.First!.Value;
        }
        return null;
    }

    /// <summary>Inside the lock: takes a script out of the queue.</summary>
    private void Take(Place place)
    {
        place.Lane.Waiting.Remove(place.Node!);
        _waiting--;
        if (place.Lane.Waiting.Count == 0)
            _turns.Remove(place.Lane.Turns);
    }

    private void Begin(Lane lane)
    {
        _running++;
        lane.Running++;
    }

    private void Forget(Lane lane)
    {
        if (lane.Running == 0 && lane.Waiting.Count == 0)
            _lanes.Remove(lane.Flow);
    }

    /// <summary>The scripts of one flow. Used inside the lock.</summary>
    private sealed class Lane
    {
        public Lane(string flow) => (Flow, Turns) = (flow, new LinkedListNode<Lane>(this));

        public string Flow { get; }

        /// <summary>Where it stands among the flows whose scripts wait.</summary>
        public LinkedListNode<Lane> Turns { get; }

        public LinkedList<Place> Waiting { get; } = [];

        public int Running { get; set; }
    }

    /// <summary>A script that runs or waits.</summary>
    private sealed class Place(Lane lane)
    {
        public Lane Lane { get; } = lane;

        public TaskCompletionSource Turn { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public LinkedListNode<Place>? Node { get; set; }
    }
}
