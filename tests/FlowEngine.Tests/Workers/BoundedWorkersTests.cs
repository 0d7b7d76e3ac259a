using FlowEngine.Execution;
using FlowEngine.Workers;

namespace FlowEngine.Tests.Workers;

public sealed class BoundedWorkersTests
{
    [Fact]
    public async Task TryQueue_Work_RunsOnAThreadOfItsOwnAndAnswersOnThePool()
    {
        var workers = new BoundedWorkers("test workers", 1, 1);
        Assert.True(workers.TryQueue(() => (Thread.CurrentThread.Name, Thread.CurrentThread.IsThreadPoolThread), Stop, out var result));
        Assert.Equal(("test workers", false), await result);

        using var gate = new Gate();
        var held = gate.Occupy(workers);
        var goesOn = held.ContinueWith(
            _ => Thread.CurrentThread.Name,
            Stop,
            TaskContinuationOptions.ExecuteSynchronously,
            TaskScheduler.Default
        );
        gate.Open();
        Assert.NotEqual("test workers", await goesOn);
    }

    [Fact]
    public async Task TryQueue_MoreThanThreadsAndPlaces_IsRefusedAtOnceAndTakenAgainLater()
    {
        var workers = new BoundedWorkers("test workers", 2, 3);
        using var gate = new Gate();
        var held = Enumerable.Range(0, 5).Select(_ => gate.Occupy(workers)).ToList();

        Assert.False(workers.TryQueue(() => 1, Stop, out var refused));
        Assert.Null(refused);

        gate.Open();
        await Task.WhenAll(held);
        Assert.True(workers.TryQueue(() => 1, Stop, out var result));
        Assert.Equal(1, await result);
    }

    [Fact]
    public async Task TryQueue_WithoutPlaces_TakesWhatThreadsAreFreeFor()
    {
        var workers = new BoundedWorkers("test workers", 2, 0);
        using var gate = new Gate();
        Task[] held = [gate.Occupy(workers), gate.Occupy(workers)];
        Assert.False(workers.TryQueue(() => 1, Stop, out _));
        gate.Open();
        await Task.WhenAll(held);

        // Who has its answer finds the thread free.
        for (var round = 0; round < 200; round++)
        {
            Assert.True(workers.TryQueue(() => round, Stop, out var result));
            Assert.Equal(round, await result);
        }
    }

    [Fact]
    public async Task TryQueue_ManyAtOnce_NeverMoreAtOnceThanThreads()
    {
        var workers = new BoundedWorkers("test workers", 2, 100);
        var (atOnce, most) = (0, 0);
        using var first = new Barrier(2);
        var results = Enumerable
            .Range(0, 100)
            .Select(index =>
            {
                Assert.True(
                    workers.TryQueue(
                        () =>
                        {
                            var now = Interlocked.Increment(ref atOnce);
                            // The first two meet, so that both threads are known to work.
                            if (index < 2)
                                first.SignalAndWait(Stop);
                            lock (workers)
                                most = Math.Max(most, now);
                            Interlocked.Decrement(ref atOnce);
                            return index;
                        },
                        Stop,
                        out var result
                    )
                );
                return result;
            })
            .ToList();

        Assert.Equal(Enumerable.Range(0, 100), await Task.WhenAll(results));
        Assert.Equal(2, most);
    }

    [Fact]
    public async Task TryQueue_CancelledWhileQueued_EndsAtOnceFreesItsPlaceAndIsNeverDone()
    {
        var workers = new BoundedWorkers("test workers", 1, 1);
        using var gate = new Gate();
        var held = gate.Occupy(workers);
        await gate.Entered;
        using var cancellation = new CancellationTokenSource();
        var isDone = false;
        Assert.True(workers.TryQueue(() => isDone = true, cancellation.Token, out var waiting));
        Assert.False(workers.TryQueue(() => 1, Stop, out _));

        await cancellation.CancelAsync();
        Assert.Equal(cancellation.Token, (await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting)).CancellationToken);
        Assert.Equal(0, workers.Queued);
        Assert.True(workers.TryQueue(() => 1, Stop, out var next));

        gate.Open();
        await held;
        Assert.Equal(1, await next);
        Assert.False(isDone);
    }

    [Fact]
    public async Task TryQueue_AlreadyCancelled_IsCancelledAndTakesNoPlace()
    {
        var workers = new BoundedWorkers("test workers", 1, 0);
        Assert.True(workers.TryQueue(() => 1, new CancellationToken(true), out var cancelled));
        Assert.True(cancelled.IsCanceled);
        Assert.True(workers.TryQueue(() => 1, Stop, out var result));
        Assert.Equal(1, await result);
    }

    [Fact]
    public async Task TryQueue_WorkSeesItsToken_IsCancelledAndTheThreadGoesOn()
    {
        var workers = new BoundedWorkers("test workers", 1, 1);
        using var cancellation = new CancellationTokenSource();
        using var gate = new Gate();
        Assert.True(workers.TryQueue(() => gate.Pass(cancellation.Token), cancellation.Token, out var result));
        await gate.Entered;
        await cancellation.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => result);
        Assert.True(result.IsCanceled);
        Assert.True(workers.TryQueue(() => 1, Stop, out var next));
        Assert.Equal(1, await next);
    }

    [Fact]
    public async Task TryQueue_WorkThrows_ThrowsWhereItIsAwaitedAndTheThreadGoesOn()
    {
        var workers = new BoundedWorkers("test workers", 1, 1);
        Assert.True(workers.TryQueue<int>(() => throw new InvalidDataException("no"), Stop, out var failed));
        await Assert.ThrowsAsync<InvalidDataException>(() => failed);
        Assert.True(workers.TryQueue(() => 1, Stop, out var result));
        Assert.Equal(1, await result);
    }

    [Fact]
    public async Task TryQueue_CallerHasAnExecutionContext_WorkDoesNot()
    {
        var local = new AsyncLocal<string?> { Value = "the first caller's" };
        var workers = new BoundedWorkers("test workers", 1, 1);
        Assert.True(workers.TryQueue(() => local.Value, Stop, out var first));
        Assert.Null(await first);
    }

    [Theory]
    [InlineData(0, 1)]
    [InlineData(1, -1)]
    public void Constructor_NoThreadOrNegativeQueue_Throws(int threads, int queued) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => new BoundedWorkers("test workers", threads, queued));

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    /// <summary>Holds threads until it is opened.</summary>
    private sealed class Gate : IDisposable
    {
        private readonly ManualResetEventSlim _gate = new();
        private readonly TaskCompletionSource _entered = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task Entered => _entered.Task;

        public bool Pass(CancellationToken cancellationToken)
        {
            _entered.TrySetResult();
            _gate.Wait(cancellationToken);
            return true;
        }

        public Task<bool> Occupy(BoundedWorkers workers)
        {
            Assert.True(workers.TryQueue(() => Pass(Stop), Stop, out var held));
            return held;
        }

        public void Open() => _gate.Set();

        public void Dispose()
        {
            // Also when a check failed, so that no thread is held for good.
            _gate.Set();
        }
    }
}
