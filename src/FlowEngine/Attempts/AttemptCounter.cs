namespace FlowEngine.Attempts;

/// <summary>
/// Per process, thread-safe: counts tries by key. The core knows no storage: <see cref="InProcessAttempts"/> serves one process, and
/// whoever has several gives the runs one that all of them share.
/// </summary>
public abstract class AttemptCounter
{
    /// <summary>Counts a try before its answer is known, under each of the keys, or under
    /// none: all at once, so that many tries at once are no way around it.</summary>
    /// <param name="keys">What it is a try for; whether that exists makes no difference.</param>
    /// <param name="limit">The limit of each.</param>
    /// <param name="now">The time.</param>
    /// <param name="cancellationToken">The caller's.</param>
    /// <returns>Whether it is allowed: when none of the keys is locked; see <see cref="AttemptState.TryCount"/>.</returns>
    public abstract ValueTask<bool> TryCountAsync(
        IReadOnlyList<AttemptKey> keys,
        AttemptLimit limit,
        DateTimeOffset now,
        CancellationToken cancellationToken
    );

    /// <summary>Takes one try back under each of the keys: it was no failure, or was never answered.</summary>
    public abstract ValueTask TakeBackAsync(IReadOnlyList<AttemptKey> keys, CancellationToken cancellationToken);

    /// <summary>Forgets all tries under the keys: whoever tried is the person.</summary>
    public abstract ValueTask ForgetAsync(IReadOnlyList<AttemptKey> keys, CancellationToken cancellationToken);
}
