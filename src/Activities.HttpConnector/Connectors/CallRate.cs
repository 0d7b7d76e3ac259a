namespace FlowEngine.HttpConnector.Connectors;

/// <summary>
/// Per connector, thread-safe: how many calls there may be over time, by the generic cell rate algorithm (ITU-T I.371): all of a period may
/// come at once, the rest one by one.
/// </summary>
/// <param name="settings">How many, in which time.</param>
/// <param name="time">The clock.</param>
internal sealed class CallRate(RateLimitSettings settings, TimeProvider time)
{
    private readonly TimeSpan _interval = settings.Per / settings.Permits;
    private readonly TimeSpan _tolerance = settings.Per - settings.Per / settings.Permits;
    private readonly long _began = time.GetTimestamp();
    private readonly Lock _lock = new();
    private TimeSpan _next;

    /// <summary>Takes a place in the row.</summary>
    /// <param name="patience">How long the caller can wait.</param>
    /// <returns>How long it has to; null, and no place, when that is longer.</returns>
    public TimeSpan? Reserve(TimeSpan patience)
    {
        lock (_lock)
        {
            var now = time.GetElapsedTime(_began);
            var wait = _next - _tolerance - now;
            if (wait < TimeSpan.Zero)
                wait = TimeSpan.Zero;
            if (wait > patience)
                return null;
            _next = (_next > now ? _next : now) + _interval;
            return wait;
        }
    }
}
