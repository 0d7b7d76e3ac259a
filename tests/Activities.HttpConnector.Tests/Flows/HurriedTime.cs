using System.Collections.Concurrent;
using FlowEngine.HttpConnector.Connectors;
using Microsoft.Extensions.Time.Testing;

namespace FlowEngine.HttpConnector.Tests.Flows;

/// <summary>Per test. A clock that jumps over each wait shorter than the
/// deadlines of the test's calls, and writes the waits down.</summary>
internal sealed class HurriedTime(TimeSpan shorterThan) : FakeTimeProvider
{
    public ConcurrentQueue<TimeSpan> Waits { get; } = new();

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = base.CreateTimer(callback, state, dueTime, period);
        if (dueTime < TimeSpan.Zero || dueTime >= shorterThan)
            return timer;
        Waits.Enqueue(dueTime);
        _ = Task.Run(() => Advance(dueTime));
        return timer;
    }
}
