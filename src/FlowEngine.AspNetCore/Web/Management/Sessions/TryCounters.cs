namespace FlowEngine.AspNetCore.Web.Management.Sessions;

/// <summary>
/// Single-threaded, inside the lock of <see cref="SignInLimit"/>: counters of one kind, with waits that grow. Never more than a bound; when
/// it is reached, those go that were not used for longest, and of those whose wait is still running none, unless half of all are such.
/// </summary>
/// <param name="most">How many are kept.</param>
internal sealed class TryCounters(int most)
{
    private readonly Dictionary<string, Tries> _all = new(StringComparer.Ordinal);

    /// <summary>How many there are.</summary>
    public int Count => _all.Count;

    /// <summary>When the next try may be; zero for at once.</summary>
    public TimeSpan Until(string key) => _all.TryGetValue(key, out var tries) ? tries.Until : default;

    /// <summary>Counts a try.</summary>
    /// <param name="key">Whose.</param>
    /// <param name="free">How many there are before a wait.</param>
    /// <param name="now">The time, as <see cref="TimeProvider.GetTimestamp"/> counts.</param>
    public void Add(string key, int free, TimeSpan now)
    {
        var isKnown = _all.TryGetValue(key, out var before);
        if (!isKnown && _all.Count >= most)
            MakeRoom(now);
        var count = !isKnown || now - before.Last >= SignInLimit.Memory ? 1 : before.Count + 1;
        _all[key] = new Tries(count, now, count < free ? default : now + WaitAfter(count - free));
    }

    /// <summary>Takes a try back, with its wait when there is none for what is left, and with the counter when nothing is left.</summary>
    public void TakeBack(string key, int free)
    {
        if (!_all.TryGetValue(key, out var tries))
            return;
        if (tries.Count <= 1)
            _all.Remove(key);
        else
            _all[key] = tries with { Count = tries.Count - 1, Until = tries.Count - 1 < free ? default : tries.Until };
    }

    /// <summary>Forgets all tries.</summary>
    public void Forget(string key) => _all.Remove(key);

    /// <summary>Forgets a half, rarely, so that it costs each new counter next to nothing.</summary>
    private void MakeRoom(TimeSpan now)
    {
        var half = _all.OrderBy(counter => counter.Value.Until > now ? counter.Value.Until : TimeSpan.MinValue)
            .ThenBy(counter => counter.Value.Last)
            .Take(Math.Max(1, most / 2))
            .Select(counter => counter.Key)
            .ToList();
        foreach (var key in half)
            _all.Remove(key);
    }

    private static TimeSpan WaitAfter(int further) =>
        TimeSpan.FromTicks(Math.Min(SignInLimit.LongestWait.Ticks, SignInLimit.FirstWait.Ticks << Math.Min(further, 20)));

    /// <param name="Count">How many.</param>
    /// <param name="Last">When the last was, as <see cref="TimeProvider.GetTimestamp"/> counts.</param>
    /// <param name="Until">When the next may be, counted alike; zero for at once.</param>
    private readonly record struct Tries(int Count, TimeSpan Last, TimeSpan Until);
}
