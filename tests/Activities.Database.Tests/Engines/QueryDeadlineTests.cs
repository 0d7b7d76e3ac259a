using FlowEngine.Database.Engines;
using FlowEngine.Database.Queries;
using Microsoft.Extensions.Time.Testing;

namespace FlowEngine.Database.Tests.Engines;

public sealed class QueryDeadlineTests
{
    [Fact]
    public void Deadline_IsOverByItsClock()
    {
        var clock = new FakeTimeProvider();
        using var deadline = new QueryDeadline(TimeSpan.FromSeconds(5), clock, TestContext.Current.CancellationToken);
        clock.Advance(TimeSpan.FromSeconds(4.9));
        Assert.False(deadline.IsOver);
        Assert.False(deadline.Token.IsCancellationRequested);
        clock.Advance(TimeSpan.FromSeconds(0.1));
        Assert.True(deadline.IsOver);
        Assert.True(deadline.Token.IsCancellationRequested);
    }

    [Fact]
    public void Deadline_EndsWithItsCaller()
    {
        using var caller = new CancellationTokenSource();
        using var deadline = new QueryDeadline(TimeSpan.FromSeconds(5), new FakeTimeProvider(), caller.Token);
        caller.Cancel();
        Assert.True(deadline.IsOver);
    }

    [Theory]
    [InlineData(0.25, 0.25, 1)]
    [InlineData(2.5, 2.5, 3)]
    [InlineData(60, 5, 5)]
    public void Limits_WithinWhatIsLeft_AreTheShorterOfTheTwo(double left, double time, int seconds)
    {
        var clock = new FakeTimeProvider();
        var limits = new QueryLimits(5, 100, ReadOnly: true).Within(TimeSpan.FromSeconds(left), clock);
        Assert.Equal((TimeSpan.FromSeconds(time), seconds, clock), (limits.Time, limits.TimeoutSeconds, limits.Clock));
    }
}
