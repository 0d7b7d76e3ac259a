namespace FlowEngine.Attempts;

/// <summary>
/// Per process, thread-safe: counts tries by key. The core knows no storage: <see cref="InProcessAttempts"/> serves one process, and whoever has several gives the
/// runs one that all of them share.
/// </summary>
public abstract class AttemptCounter
{
    /// <summary>Counts a try before its answer is known.</summary>
    /// <param name="key">What it is a try for; whether that exists makes no difference.</param>
    /// <param name="limit">The limit.</param>
    /// <param name="now">The time.</param>
    /// <param name="cancellationToken">The caller's.</param>
    /// <returns>Whether it is allowed; see <see cref="AttemptState.TryCount"/>.</returns>
    public abstract ValueTask<bool> TryCountAsync(AttemptKey key, AttemptLimit limit, DateTimeOffset now, CancellationToken cancellationToken);

    /// <summary>Takes one try back: it was no failure.</summary>
    public abstract ValueTask TakeBackAsync(AttemptKey key, CancellationToken cancellationToken);

    /// <summary>Forgets all tries: whoever tried is the person.</summary>
    public abstract ValueTask ForgetAsync(AttemptKey key, CancellationToken cancellationToken);
}
