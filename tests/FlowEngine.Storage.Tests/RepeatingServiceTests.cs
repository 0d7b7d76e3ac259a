using System.Collections.Concurrent;
using System.Threading.Channels;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace FlowEngine.Storage.Tests;

/// <summary>The one loop in which a server does things again and again.</summary>
public sealed class RepeatingServiceTests
{
    private static readonly TimeSpan Period = TimeSpan.FromMinutes(1);

    private readonly FakeTimeProvider _time = new();

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Service_Fails_GoesOnAndTellsOfEachFailureOnce()
    {
        using var service = new Service(_time);
        await service.StartAsync(Stop);
        foreach (
            var failure in new Exception?[]
            {
                new InvalidOperationException("a"),
                new InvalidOperationException("a"),
                new InvalidOperationException("b"),
                null,
                new InvalidOperationException("b"),
                new StorageException(StorageErrors.Unavailable, "nobody answers"),
                new StorageException(StorageErrors.Full, "no room"),
                new OperationCanceledException("a driver's own"),
            }
        )
            await NextAsync(service, failure);
        await NextAsync(service, null);
        await service.StopAsync(Stop);

        Assert.Equal(["a", "b", "b", "a driver's own"], service.Told);
    }

    [Fact]
    public async Task Service_FirstTime_IsInTheSecondHalfOfAPeriod()
    {
        using var service = new Service(_time);
        await service.StartAsync(Stop);
        // It has made its timer when it begins to wait.
        await service.Waits.Reader.ReadAsync(Stop);
        _time.Advance(Period / 2);
        Assert.False(service.Begun.Reader.TryRead(out _));
        _time.Advance(Period / 2);
        (await service.Begun.Reader.ReadAsync(Stop)).SetResult();
        await service.StopAsync(Stop);
    }

    [Fact]
    public async Task Stop_WhileItIsDone_WaitsForItsEnd()
    {
        using var service = new Service(_time);
        await service.StartAsync(Stop);
        await service.Waits.Reader.ReadAsync(Stop);
        _time.Advance(Period);
        var work = await service.Begun.Reader.ReadAsync(Stop);

        var stopping = service.StopAsync(Stop);
        Assert.False(stopping.IsCompleted);
        work.SetResult();
        await stopping;
        Assert.Empty(service.Told);
    }

    [Fact]
    public async Task Stop_BreaksOffWhatIsDone_IsNoFailure()
    {
        using var service = new Service(_time);
        await service.StartAsync(Stop);
        await service.Waits.Reader.ReadAsync(Stop);
        _time.Advance(Period);
        var work = await service.Begun.Reader.ReadAsync(Stop);

        var stopping = service.StopAsync(Stop);
        work.SetException(new InvalidOperationException("the connection is gone"));
        await stopping;
        Assert.Empty(service.Told);
        Assert.True(service.ExecuteTask!.IsCompletedSuccessfully, $"{service.ExecuteTask.Exception}");
    }

    private async Task NextAsync(Service service, Exception? failure)
    {
        await service.Waits.Reader.ReadAsync(Stop);
        _time.Advance(Period);
        var work = await service.Begun.Reader.ReadAsync(Stop);
        if (failure is null)
            work.SetResult();
        else
            work.SetException(failure);
    }

    private sealed class Service(TimeProvider time) : RepeatingService(Period, time, NullLogger.Instance)
    {
        public Channel<TaskCompletionSource> Begun { get; } = Channel.CreateUnbounded<TaskCompletionSource>();

        public Channel<bool> Waits { get; } = Channel.CreateUnbounded<bool>();

        public ConcurrentQueue<string> Told { get; } = [];

        protected override Task RepeatAsync(CancellationToken stoppingToken)
        {
            var work = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            Begun.Writer.TryWrite(work);
            return work.Task;
        }

        protected override Task WaitAsync(CancellationToken stoppingToken)
        {
            var wait = base.WaitAsync(stoppingToken);
            Waits.Writer.TryWrite(true);
            return wait;
        }

        protected override void Tell(string reason) => Told.Enqueue(reason);
    }
}
