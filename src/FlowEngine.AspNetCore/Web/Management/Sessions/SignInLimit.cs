using System.Globalization;
using FlowEngine.AspNetCore.Web.Edge;
using FlowEngine.AspNetCore.Web.Management.Access;

namespace FlowEngine.AspNetCore.Web.Management.Sessions;

/// <summary>
/// Per process, thread-safe: how often somebody may try passwords and setup links, with waits that grow. Nobody can lock a name for others:
/// tries count for the name and the network that they come from together, and for the network, behind which there may be many people. A
/// device that signed in as that person before (<see cref="KnownDevices"/>) has tries of its own, whatever its neighbours do.
/// </summary>
/// <remarks>
/// Tries count when they begin, so that many at once are no way around it; a try for which there is no place in the queue
/// (<see cref="ConsolePasswords"/>) is none, and counts only for its address, apart from the tries, so that a flood ends itself. Names,
/// addresses, the turned away and the known have bounds of their own: no
/// amount of one makes another forgotten. Each node counts for itself.
/// </remarks>
internal sealed class SignInLimit(KnownDevices devices, TimeProvider time)
{
    /// <summary>Tries of one name from one network, or from one known device, before there is a wait.</summary>
    public const int PerName = 10;

    /// <summary>Tries from one address (of IPv6: one /64) before there is a wait; and of those that found no place in the queue.</summary>
    public const int PerAddress = 30;

    /// <summary>Tries from a network of the size that a provider is given (a /24, of IPv6 a
    /// /48) before there is a wait; and of those that found no place in the queue.</summary>
    public const int PerNetwork = 120;

    /// <summary>How many counters of each kind are kept, so that nobody fills the memory.</summary>
    public const int MostCounters = 10_000;

    /// <summary>The first wait. Each further try doubles it.</summary>
    public static readonly TimeSpan FirstWait = TimeSpan.FromSeconds(30);

    /// <summary>The longest wait.</summary>
    public static readonly TimeSpan LongestWait = TimeSpan.FromMinutes(10);

    /// <summary>After how long without a try all is forgotten.</summary>
    public static readonly TimeSpan Memory = TimeSpan.FromMinutes(30);

    private readonly Lock _lock = new();
    private readonly TryCounters _names = new(MostCounters);
    private readonly TryCounters _addresses = new(MostCounters);
    private readonly TryCounters _turnedAway = new(MostCounters);
    private readonly TryCounters _known = new(MostCounters);

    /// <summary>How many counters there are.</summary>
    public int Counters
    {
        get
        {
            lock (_lock)
                return _names.Count + _addresses.Count + _turnedAway.Count + _known.Count;
        }
    }

    /// <summary>Who tries.</summary>
    /// <param name="http">Where it comes from.</param>
    /// <param name="name">The name, in lower case; null for a setup link.</param>
    public SignInOrigin OriginOf(HttpContext http, string? name)
    {
        if (name is not null && devices.Find(http, name) is { } device)
            return Known($"device {name} {device}");
        var (address, network) = (
            ClientAddress.NetworkOf(http.Connection.RemoteIpAddress),
            ClientAddress.WideNetworkOf(http.Connection.RemoteIpAddress)
        );
        List<TryCounter> tries = [new(_addresses, $"address {address}", PerAddress), new(_addresses, $"network {network}", PerNetwork)];
        if (name is not null)
            tries.Insert(0, new TryCounter(_names, $"name {name} {address}", PerName));
        return new SignInOrigin(
            network,
            false,
            tries,
            [new(_turnedAway, $"address {address}", PerAddress), new(_turnedAway, $"network {network}", PerNetwork)]
        );
    }

    /// <summary>Somebody who has a session: nobody else's tries count for them.</summary>
    public SignInOrigin OriginOf(Caller caller) => Known($"session {caller.Name}");

    /// <summary>Refuses somebody who has to wait, before anything is done for them. Counts nothing.</summary>
    /// <param name="http">The request; when it is refused, its answer says when to come again.</param>
    /// <param name="origin">Who tries.</param>
    /// <exception cref="ApiException">There is a wait.</exception>
    public void Check(HttpContext http, SignInOrigin origin)
    {
        TimeSpan wait;
        lock (_lock)
            wait = WaitOf(origin);
        Refuse(http, wait);
    }

    /// <summary>Counts a try, or refuses it.</summary>
    /// <param name="http">The request; when it is refused, its answer says when to come again.</param>
    /// <param name="origin">Who tries.</param>
    /// <returns>The try, which in the end succeeded, did not take place, or counts.</returns>
    /// <exception cref="ApiException">There is a wait.</exception>
    public SignInTry Begin(HttpContext http, SignInOrigin origin)
    {
        TimeSpan wait;
        lock (_lock)
        {
            wait = WaitOf(origin);
            if (wait <= TimeSpan.Zero)
                Count(origin.Tries);
        }
        Refuse(http, wait);
        return new SignInTry(this, origin);
    }

    /// <summary>Counts somebody for whom there was no place in the queue.</summary>
    public void TurnAway(SignInOrigin origin)
    {
        lock (_lock)
            Count(origin.TurnedAway);
    }

    /// <summary>Takes a try back. One that succeeded has all of its name forgiven;
    /// of an address, others may be guessing behind it meanwhile.</summary>
    internal void End(SignInOrigin origin, bool hasSucceeded)
    {
        lock (_lock)
        {
            for (var i = 0; i < origin.Tries.Count; i++)
            {
                var (counters, key, free) = origin.Tries[i];
                if (hasSucceeded && i == 0)
                    counters.Forget(key);
                else
                    counters.TakeBack(key, free);
            }
        }
    }

    private SignInOrigin Known(string key) => new(key, true, [new(_known, key, PerName)], [new(_turnedAway, key, PerAddress)]);

    // No clock: one that is set back would lock people out, one that is set ahead would forgive all tries.
    private TimeSpan Now() => time.GetElapsedTime(0);

    /// <summary>Inside the lock.</summary>
    private TimeSpan WaitOf(SignInOrigin origin) =>
        origin.Tries.Concat(origin.TurnedAway).Max(counter => counter.Counters.Until(counter.Key)) - Now();

    /// <summary>Inside the lock.</summary>
    private void Count(IReadOnlyList<TryCounter> tries)
    {
        foreach (var (counters, key, free) in tries)
            counters.Add(key, free, Now());
    }

    private static void Refuse(HttpContext http, TimeSpan wait)
    {
        if (wait <= TimeSpan.Zero)
            return;
        http.Response.Headers.RetryAfter = Math.Max(1, (long)Math.Ceiling(wait.TotalSeconds)).ToString(CultureInfo.InvariantCulture);
        throw new ApiException(StatusCodes.Status429TooManyRequests, ConsoleErrors.TooManyTries);
    }
}

/// <summary>Per request, single-threaded: a try that began. Unless it is said how it ended, it counts.</summary>
internal sealed class SignInTry(SignInLimit limit, SignInOrigin origin)
{
    /// <summary>The password was right.</summary>
    public void Succeeded() => limit.End(origin, hasSucceeded: true);

    /// <summary>Nothing was compared.</summary>
    public void DidNotTakePlace() => limit.End(origin, hasSucceeded: false);
}
