using System.Diagnostics.CodeAnalysis;

namespace FlowEngine.Workers;

/// <summary>
/// Per process, thread-safe: a few threads of their own for work that keeps a processor busy (scripts, password hashes), with a bounded
/// queue. However much of such work comes, the thread pool, with timers, cancellation and everybody else's requests on it, never waits
/// behind it; and what cannot be done soon is refused at once, instead of piling up.
/// </summary>
/// <remarks>
/// Threads begin with the first work and end when they had none for a while; there is nothing to dispose. Work is taken in the order in
/// which it came.
/// </remarks>
public sealed class BoundedWorkers
{
    private static readonly TimeSpan IdleTime = TimeSpan.FromSeconds(20);

    private readonly object _lock = new();
    private readonly LinkedList<Job> _queue = [];
    private readonly string _name;
    private int _threads;
    private int _idle;
    private int _busy;

    /// <summary>Makes workers; no thread is started yet.</summary>
    /// <param name="name">The name of the threads, for debuggers and dumps.</param>
    /// <param name="maxThreads">How much is worked on at once.</param>
    /// <param name="maxQueued">How much may wait beyond that; 0 for none.</param>
    /// <exception cref="ArgumentOutOfRangeException">There would be no thread, or fewer than no places.</exception>
    public BoundedWorkers(string name, int maxThreads, int maxQueued)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(maxThreads, 1);
        ArgumentOutOfRangeException.ThrowIfNegative(maxQueued);
        (_name, MaxThreads, MaxQueued) = (name, maxThreads, maxQueued);
    }

    /// <summary>How much is worked on at once.</summary>
    public int MaxThreads { get; }

    /// <summary>How much may wait beyond that.</summary>
    public int MaxQueued { get; }

    /// <summary>How much waits just now: at most <see cref="MaxQueued"/>, and what free threads are about to take.</summary>
    public int Queued
    {
        get
        {
            lock (_lock)
                return _queue.Count;
        }
    }

    /// <summary>Has work done on one of the threads, unless too much waits already. Never blocks.</summary>
    /// <typeparam name="T">What the work results in.</typeparam>
    /// <param name="work">The work, without the caller's execution context. What it throws is thrown where the task is awaited.</param>
    /// <param name="cancellationToken">Ends the wait in the queue, and frees
    /// its place, at once. Work that has begun must look at it.</param>
    /// <param name="result">The result, when true. Who awaits it goes on on the thread pool, never on one of the threads here.</param>
    /// <returns>False when the queue is full: the workers are busy, and nothing will be done.</returns>
    public bool TryQueue<T>(Func<T> work, CancellationToken cancellationToken, [NotNullWhen(true)] out Task<T>? result)
    {
        ArgumentNullException.ThrowIfNull(work);
        if (cancellationToken.IsCancellationRequested)
        {
            result = Task.FromCanceled<T>(cancellationToken);
            return true;
        }

        var job = new Job<T>(work, cancellationToken);
        lock (_lock)
        {
            if (_busy + _queue.Count >= MaxThreads + MaxQueued)
            {
                result = null;
                return false;
            }
            if (_idle > _queue.Count)
                Monitor.Pulse(_lock);
            else if (_threads < MaxThreads)
                StartThread();
            job.Place = _queue.AddLast(job);
        }
        job.CancelWhileQueued(this);
        result = job.Result;
        return true;
    }

    /// <summary>Inside the lock.</summary>
    private void StartThread()
    {
        // Without the caller's execution context: its span and its log scopes are not those of the work that comes later.
        new Thread(Work) { Name = _name, IsBackground = true }.UnsafeStart();
        _threads++;
    }

    private void Work()
    {
        while (Take() is { } job)
        {
            job.Run();
            lock (_lock)
                _busy--;
            job.Answer();
        }
    }

    /// <summary>The next job; null when the thread has had nothing to do for long enough to end.</summary>
    private Job? Take()
    {
        lock (_lock)
        {
            while (_queue.First is null)
            {
                _idle++;
                var isAwoken = Monitor.Wait(_lock, IdleTime);
                _idle--;
                if (!isAwoken && _queue.First is null)
                {
                    _threads--;
                    return null;
                }
            }
            var job = _queue.First.Value;
            _queue.RemoveFirst();
            _busy++;
            return job;
        }
    }

    /// <summary>Takes a job that still waits out of the queue.</summary>
    private bool TryRemove(Job job)
    {
        lock (_lock)
        {
            if (job.Place.List is null)
                return false;
            _queue.Remove(job.Place);
            return true;
        }
    }

    private abstract class Job
    {
        public LinkedListNode<Job> Place { get; set; } = null!;

        /// <summary>Does the work.</summary>
        public abstract void Run();

        /// <summary>Tells whoever waits. By then the thread counts as free, so that who comes back at once is not refused.</summary>
        public abstract void Answer();
    }

    private sealed class Job<T>(Func<T> work, CancellationToken cancellationToken) : Job
    {
        private readonly TaskCompletionSource<T> _result = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private CancellationTokenRegistration _cancellation;
        private Exception? _error;
        private T _value = default!;

        public Task<T> Result => _result.Task;

        public void CancelWhileQueued(BoundedWorkers workers)
        {
            if (!cancellationToken.CanBeCanceled)
                return;
            var cancellation = cancellationToken.UnsafeRegister(
                _ =>
                {
                    if (workers.TryRemove(this))
                        _result.TrySetCanceled(cancellationToken);
                },
                null
            );
            lock (_result)
            {
                if (!_result.Task.IsCompleted)
                {
                    _cancellation = cancellation;
                    return;
                }
            }
            // The work was done before it could be cancelled.
            cancellation.Unregister();
        }

        public override void Run()
        {
            try
            {
                cancellationToken.ThrowIfCancellationRequested();
                _value = work();
            }
#pragma warning disable CA1031 // Whatever it is, it belongs to whoever awaits the work, and not to the thread.
            catch (Exception error)
#pragma warning restore CA1031
            {
                _error = error;
            }
        }

        public override void Answer()
        {
            if (_error is null)
                _result.TrySetResult(_value);
            else if (_error is OperationCanceledException && cancellationToken.IsCancellationRequested)
                _result.TrySetCanceled(cancellationToken);
            else
                _result.TrySetException(_error);

            CancellationTokenRegistration cancellation;
            lock (_result)
                cancellation = _cancellation;
            cancellation.Unregister();
        }
    }
}
