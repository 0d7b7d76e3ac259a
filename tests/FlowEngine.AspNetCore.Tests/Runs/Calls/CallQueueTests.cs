using FlowEngine.AspNetCore.Runs.Calls;
using FlowEngine.Execution;
using FlowEngine.Storage;
using Microsoft.Extensions.Time.Testing;

namespace FlowEngine.AspNetCore.Tests.Runs.Calls;

public sealed class CallQueueTests
{
    private static readonly CallOptions Options = new()
    {
        MaxPerConnector = 3,
        MaxTotal = 5,
        MaxTotalBytes = 100,
        MaxBytes = 40,
    };

    [Fact]
    public void Admit_UpToEachLimit_AndNoFurther()
    {
        using var queue = new CallQueue(Options);
        // What was given up takes no room.
        queue.Take([
            new CallCount
            {
                Connector = "stored",
                Count = 12,
                Dead = 10,
                Bytes = 20,
            },
        ]);

        Assert.NotNull(queue.Admit(Call("a", 41)));
        Assert.Null(queue.Admit(Call("a", 1)));
        Assert.Null(queue.Admit(Call("stored", 1)));
        // Three of one connector, what is stored included.
        Assert.NotNull(queue.Admit(Call("stored", 1)));
        Assert.Null(queue.Admit(Call("b", 1)));
        // Five in all.
        Assert.NotNull(queue.Admit(Call("c", 1)));

        queue.Take([
            new CallCount
            {
                Connector = "stored",
                Count = 1,
                Bytes = 70,
            },
        ]);
        Assert.NotNull(queue.Admit(Call("a", 31)));
        Assert.Null(queue.Admit(Call("a", 30)));
        queue.Take([]);
        Assert.Null(queue.Admit(Call("stored", 40)));
    }

    [Fact]
    public async Task Ring_WakesWhoeverWaits_OnceHoweverOftenItRings()
    {
        using var queue = new CallQueue(Options);
        queue.Ring();
        queue.Ring();

        await queue.WaitAsync(Timeout.InfiniteTimeSpan, TestContext.Current.CancellationToken);
        var second = queue.WaitAsync(Timeout.InfiniteTimeSpan, TestContext.Current.CancellationToken);
        Assert.False(second.IsCompleted);
        queue.Ring();
        await second.WaitAsync(TimeSpan.FromMinutes(1), TestContext.Current.CancellationToken);
    }

    [Fact]
    public void LostCalls_AreToldOnceInAWhileWithTheirNumber()
    {
        var (lost, time, period) = (new LostCalls(), new FakeTimeProvider(), TimeSpan.FromMinutes(1));
        lost.Add("up", "http.timeout");
        Assert.Equal([("up", 1, "http.timeout")], lost.Take(time, period));
        lost.Add("up", "http.timeout");
        lost.Add("up", "http.status");
        Assert.Empty(lost.Take(time, period));

        time.Advance(period);

        Assert.Equal([("up", 2, "http.status")], lost.Take(time, period));
        time.Advance(period);
        Assert.Empty(lost.Take(time, period));
    }

    private static QueuedCall Call(string connector, int size) => new("id", connector, "notify", new byte[size], TimeSpan.FromSeconds(10));
}
