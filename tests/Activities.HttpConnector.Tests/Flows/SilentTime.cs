using Microsoft.Extensions.Time.Testing;

namespace FlowEngine.HttpConnector.Tests.Flows;

/// <summary>Per test. A clock that stands still until somebody has it go on to the next moment that anything waits for; it jumps over the
/// waits between two tries.</summary>
internal sealed class SilentTime : FakeTimeProvider
{
    /// <summary>The first four waits between tries are shorter, deadlines of the tests longer.</summary>
    private static readonly TimeSpan Backoff = TimeSpan.FromSeconds(1.7);

    private readonly Lock _lock = new();
    private readonly Dictionary<ITimer, DateTimeOffset> _due = [];

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new Tracked(this, base.CreateTimer(callback, state, dueTime, period));
        Note(timer, dueTime);
        if (dueTime >= TimeSpan.Zero && dueTime < Backoff)
            _ = Task.Run(() => Advance(dueTime));
        return timer;
    }

    /// <summary>Goes on to the next moment that anything waits for.</summary>
    public void GoOn()
    {
        TimeSpan wait;
        lock (_lock)
        {
            var next = _due.Values.Where(due => due > GetUtcNow()).DefaultIfEmpty(GetUtcNow()).Min();
            wait = next - GetUtcNow();
        }
        Advance(wait);
    }

    private void Note(ITimer timer, TimeSpan dueTime)
    {
        lock (_lock)
        {
            if (dueTime >= TimeSpan.Zero)
                _due[timer] = GetUtcNow() + dueTime;
            else
                _due.Remove(timer);
        }
    }

    private sealed class Tracked(SilentTime time, ITimer inner) : ITimer
    {
        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            time.Note(this, dueTime);
            return inner.Change(dueTime, period);
        }

        public void Dispose()
        {
            time.Note(this, Timeout.InfiniteTimeSpan);
            inner.Dispose();
        }

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
