namespace FlowEngine.Attempts;

/// <summary>Shared and immutable: how often something may be tried.</summary>
/// <param name="Tries">How many tries a window has; the last of them locks when it fails.</param>
/// <param name="Window">How long tries are counted together, and how long the first lock lasts.</param>
public sealed record AttemptLimit(int Tries, TimeSpan Window);

/// <summary>
/// Shared and immutable: what is known of the tries under one key, and what becomes of it. Whoever keeps it, in memory or in a database,
/// changes it under a lock of that key. The default is a key that nobody tried.
/// </summary>
/// <param name="Tries">The tries of the window.</param>
/// <param name="Since">When the window began.</param>
/// <param name="LockedUntil">Until when no try is allowed; in the past when it is not locked.</param>
/// <param name="Wait">How long the next lock lasts.</param>
/// <param name="ForgetAt">When it is as if nobody had tried.</param>
public readonly record struct AttemptState(
    int Tries,
    DateTimeOffset Since,
    DateTimeOffset LockedUntil,
    TimeSpan Wait,
    DateTimeOffset ForgetAt
)
{
    /// <summary>Each lock lasts twice as long as the one before, up to this many windows.
    /// It ends growing there, because strangers can lock an account too.</summary>
    public const int MostWindows = 16;

    /// <summary>Counts a try, before anybody knows whether it succeeds, so that many at once are no way around the limit.</summary>
    /// <param name="limit">The limit.</param>
    /// <param name="now">The time.</param>
    /// <param name="next">What is to be kept.</param>
    /// <returns>Whether the try is allowed. One that is not is not counted: a lock is not made longer by whoever goes on trying.</returns>
    public bool TryCount(AttemptLimit limit, DateTimeOffset now, out AttemptState next)
    {
        next = this;
        if (now < LockedUntil)
            return false;

        var isKnown = now < ForgetAt;
        var isSameWindow = isKnown && LockedUntil <= Since && now < Since + limit.Window;
        var tries = isSameWindow ? Tries + 1 : 1;
        var since = isSameWindow ? Since : now;
        var wait = isKnown && Wait > limit.Window ? Wait : limit.Window;
        if (tries < limit.Tries)
        {
            var forgetAt = since + limit.Window;
            next = new AttemptState(tries, since, default, wait, isKnown && ForgetAt > forgetAt ? ForgetAt : forgetAt);
            return true;
        }

        var longest = limit.Window * MostWindows;
        var until = now + wait;
        next = new AttemptState(tries, since, until, wait * 2 < longest ? wait * 2 : longest, until + longest);
        return true;
    }

    /// <summary>Takes a counted try back, and with it the lock that it may have begun.</summary>
    public AttemptState TakeBack() =>
        LockedUntil > Since
            ? this with
            {
                Tries = Math.Max(Tries - 1, 0),
                LockedUntil = default,
                Wait = Wait / 2,
            }
            : this with
            {
                Tries = Math.Max(Tries - 1, 0),
            };
}
