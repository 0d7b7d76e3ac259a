using System.Globalization;
using FlowEngine.Context;

namespace FlowEngine.Attempts;

/// <summary>Per process or per test, thread-safe: counts tries in memory, for
/// a command, a golden case, a try-out, or a program of one process.</summary>
public sealed class InProcessAttempts : AttemptCounter
{
    private const int MostKeys = 20_000;

    private static readonly FlowShape EntryShape = FlowShape.Of(
        "flow",
        "activity",
        "text",
        "tries",
        "since",
        "lockedUntil",
        "wait",
        "forgetAt"
    );

    private readonly Dictionary<AttemptKey, AttemptState> _states = [];
    private readonly Lock _lock = new();

    /// <summary>Makes a counter that knows no tries.</summary>
    public InProcessAttempts() { }

    /// <summary>Makes a counter of what <see cref="ToValue"/> gave.</summary>
    public InProcessAttempts(FlowValue saved)
    {
        saved.TryGetArray(out var entries);
        foreach (var entry in entries ?? FlowArray.Empty)
        {
            _states[AttemptKey.Saved(entry.Get("flow").ToText(), entry.Get("activity").ToText(), entry.Get("text").ToText())] =
                new AttemptState(
                    entry.Get("tries").TryGetInteger(out var tries) ? (int)tries : 0,
                    Time(entry, "since"),
                    Time(entry, "lockedUntil"),
                    TimeSpan.FromTicks(entry.Get("wait").TryGetInteger(out var wait) ? wait : 0),
                    Time(entry, "forgetAt")
                );
        }
    }

    /// <summary>What it knows, for <see cref="InProcessAttempts(FlowValue)"/>. The keys stand in it: seal it.</summary>
    public FlowValue ToValue()
    {
        lock (_lock)
        {
            return FlowValue.Array(
                _states.Select(entry =>
                    FlowValue.From(
                        EntryShape.With(
                            FlowValue.From(entry.Key.FlowId),
                            FlowValue.From(entry.Key.ActivityId),
                            FlowValue.From(entry.Key.Text),
                            FlowValue.From(entry.Value.Tries),
                            Text(entry.Value.Since),
                            Text(entry.Value.LockedUntil),
                            FlowValue.From(entry.Value.Wait.Ticks),
                            Text(entry.Value.ForgetAt)
                        )
                    )
                )
            );
        }
    }

    /// <inheritdoc/>
    public override ValueTask<bool> TryCountAsync(
        IReadOnlyList<AttemptKey> keys,
        AttemptLimit limit,
        DateTimeOffset now,
        CancellationToken cancellationToken
    )
    {
        cancellationToken.ThrowIfCancellationRequested();
        lock (_lock)
        {
            var next = new AttemptState[keys.Count];
            for (var i = 0; i < next.Length; i++)
            {
                if (!_states.GetValueOrDefault(keys[i]).TryCount(limit, now, out next[i]))
                    return ValueTask.FromResult(false);
            }
            if (_states.Count + next.Length > MostKeys)
                MakeRoom(now, next.Length);
            for (var i = 0; i < next.Length; i++)
                _states[keys[i]] = next[i];
            return ValueTask.FromResult(true);
        }
    }

    /// <inheritdoc/>
    public override ValueTask TakeBackAsync(IReadOnlyList<AttemptKey> keys, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            foreach (var key in keys)
            {
                if (_states.TryGetValue(key, out var state))
                    _states[key] = state.TakeBack();
            }
        }
        return ValueTask.CompletedTask;
    }

    /// <inheritdoc/>
    public override ValueTask ForgetAsync(IReadOnlyList<AttemptKey> keys, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            foreach (var key in keys)
                _states.Remove(key);
        }
        return ValueTask.CompletedTask;
    }

    /// <summary>Drops what is over; when that is not enough, whatever is not
    /// locked now, so that made-up keys cannot fill the memory.</summary>
    private void MakeRoom(DateTimeOffset now, int room)
    {
        Drop(state => state.ForgetAt <= now);
        if (_states.Count + room > MostKeys)
            Drop(state => state.LockedUntil <= now);
        if (_states.Count + room > MostKeys)
            _states.Clear();

        void Drop(Func<AttemptState, bool> isOver)
        {
            foreach (var key in _states.Where(entry => isOver(entry.Value)).Select(entry => entry.Key).ToList())
                _states.Remove(key);
        }
    }

    private static FlowValue Text(DateTimeOffset time) => FlowValue.From(time.ToString("O", CultureInfo.InvariantCulture));

    private static DateTimeOffset Time(FlowValue entry, string name) =>
        DateTimeOffset.TryParseExact(entry.Get(name).ToText(), "O", CultureInfo.InvariantCulture, DateTimeStyles.None, out var time)
            ? time
            : default;
}
