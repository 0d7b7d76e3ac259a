using FlowEngine.HttpConnector.Connectors;
using Microsoft.Extensions.Time.Testing;

namespace FlowEngine.HttpConnector.Tests.Connectors;

/// <summary><c>rateLimit</c>: who may go when.</summary>
public sealed class CallRateTests
{
    private static readonly TimeSpan Long = TimeSpan.FromHours(1);

    [Fact]
    public void Reserve_AFullPeriod_ComesAtOnce_TheRestOneByOne()
    {
        var rate = Rate(5, 1, out _);
        Assert.Equal([0, 0, 0, 0, 0, 200, 400, 600], Enumerable.Range(0, 8).Select(_ => Milliseconds(rate.Reserve(Long))));
    }

    [Fact]
    public void Reserve_LongerThanTheCallerCanWait_TakesNoPlace()
    {
        var rate = Rate(1, 10, out var time);
        Assert.Equal(0, Milliseconds(rate.Reserve(Long)));
        for (var i = 0; i < 1000; i++)
            Assert.Null(rate.Reserve(TimeSpan.FromSeconds(9)));
        time.Advance(TimeSpan.FromSeconds(9));
        Assert.Equal(1000, Milliseconds(rate.Reserve(TimeSpan.FromSeconds(1))));
    }

    /// <summary>What was not used is not saved up beyond one period.</summary>
    [Fact]
    public void Reserve_AfterALongPause_IsOnePeriodAtOnce()
    {
        var rate = Rate(3, 3, out var time);
        time.Advance(TimeSpan.FromDays(3));
        Assert.Equal([0, 0, 0, 1000], Enumerable.Range(0, 4).Select(_ => Milliseconds(rate.Reserve(Long))));
    }

    /// <summary>No period sees more than twice its calls, and in the long run they go at the rate.</summary>
    [Fact]
    public void Reserve_ManyAtOnce_GoAtTheRate()
    {
        var rate = Rate(50, 1, out _);
        var waits = Enumerable.Range(0, 1000).Select(_ => Milliseconds(rate.Reserve(Long))).ToList();
        Assert.Equal(19_000, waits[^1]);
        Assert.All(Enumerable.Range(0, 19), second => Assert.InRange(waits.Count(wait => wait / 1000 == second), 50, 100));
    }

    private static CallRate Rate(int permits, int seconds, out FakeTimeProvider time)
    {
        time = new FakeTimeProvider();
        return new CallRate(new RateLimitSettings { Permits = permits, Per = TimeSpan.FromSeconds(seconds) }, time);
    }

    private static int Milliseconds(TimeSpan? wait) => (int)wait!.Value.TotalMilliseconds;
}
