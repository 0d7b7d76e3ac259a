using System.Globalization;
using FlowEngine.Server.Api.Access;
using FlowEngine.Server.Edge;

namespace FlowEngine.Server.Api.Sessions;

/// <summary>
/// Per process, thread-safe: how often somebody may try passwords and setup links, with waits that grow. Nobody can lock a name for others: tries
/// count for the name and the network that they come from together, and for the network, behind which there may be many people. A device that
/// signed in as that person before (<see cref="KnownDevices"/>) has tries of its own, whatever its neighbours do.
/// </summary>
/// <remarks>Tries count when they begin, so that many at once are no way around it. Each node counts for itself.</remarks>
internal sealed class SignInLimit(KnownDevices devices, TimeProvider time)
{
    /// <summary>Tries of one name from one network, or from one known device, before there is a wait.</summary>
    public const int PerName = 10;

    /// <summary>Tries from one address (of IPv6: one /64) before there is a wait.</summary>
    public const int PerAddress = 30;

    /// <summary>Tries from a network of the size that a provider is given (a /24, of IPv6 a /48) before there is a wait.</summary>
    public const int PerNetwork = 120;

    /// <summary>The first wait. Each further try doubles it.</summary>
    public static readonly TimeSpan FirstWait = TimeSpan.FromSeconds(30);

    /// <summary>The longest wait.</summary>
    public static readonly TimeSpan LongestWait = TimeSpan.FromMinutes(10);

    /// <summary>After how long without a try all is forgotten.</summary>
    public static readonly TimeSpan Memory = TimeSpan.FromMinutes(30);

    /// <summary>How many counters are kept; with more, the older half is forgotten, so that nobody fills the memory.</summary>
    private const int MostCounters = 20_000;

    private readonly Lock _lock = new();
    private Dictionary<string, Tries> _recent = new(StringComparer.Ordinal);
    private Dictionary<string, Tries> _older = new(StringComparer.Ordinal);

    /// <summary>How many counters there are.</summary>
    public int Counters
    {
        get
        {
            lock (_lock)
                return _recent.Count + _older.Count;
        }
    }

    /// <summary>Counts a try, or refuses it.</summary>
    /// <param name="http">Where it comes from; when it is refused, its answer says when to come again.</param>
    /// <param name="name">The name, in lower case; null for a setup link.</param>
    /// <returns>The try, which in the end succeeded, did not take place, or counts.</returns>
    /// <exception cref="ApiException">There is a wait.</exception>
    public SignInTry Begin(HttpContext http, string? name)
    {
        if (name is not null && devices.Find(http, name) is { } device)
            return Begin(http, [($"device {name} {device}", PerName)]);
        var address = ClientAddress.NetworkOf(http.Connection.RemoteIpAddress);
        List<(string, int)> counters = [($"address {address}", PerAddress), ($"network {ClientAddress.WideNetworkOf(http.Connection.RemoteIpAddress)}", PerNetwork)];
        if (name is not null)
            counters.Insert(0, ($"name {name} {address}", PerName));
        return Begin(http, counters);
    }

    /// <summary>Counts a try of somebody who has a session, or refuses it: nobody else's tries count for them.</summary>
    /// <exception cref="ApiException">There is a wait.</exception>
    public SignInTry BeginFor(HttpContext http, Caller caller) => Begin(http, [($"session {caller.Name}", PerName)]);

    /// <summary>Takes a try back. One that succeeded has all of its name forgiven; of an address, others may be guessing behind it meanwhile.</summary>
    internal void End(IReadOnlyList<(string Key, int Free)> counters, bool hasSucceeded)
    {
        lock (_lock)
        {
            for (var i = 0; i < counters.Count; i++)
            {
                var (key, free) = counters[i];
                if (hasSucceeded && i == 0)
                    Forget(key);
                else if (Find(key) is { } tries)
                    _recent[key] = tries with { Count = tries.Count - 1, Until = tries.Count - 1 < free ? default : tries.Until };
            }
        }
    }

    private SignInTry Begin(HttpContext http, IReadOnlyList<(string Key, int Free)> counters)
    {
        // No clock: one that is set back would lock people out, one that is set ahead would forgive all tries.
        var now = time.GetElapsedTime(0);
        TimeSpan until = default;
        lock (_lock)
        {
            foreach (var (key, _) in counters)
                until = Find(key) is { } tries && tries.Until > until ? tries.Until : until;
            if (until <= now)
            {
                foreach (var (key, free) in counters)
                    Count(key, free, now);
                return new SignInTry(this, counters);
            }
        }
        http.Response.Headers.RetryAfter = Math.Max(1, (long)Math.Ceiling((until - now).TotalSeconds)).ToString(CultureInfo.InvariantCulture);
        throw new ApiException(StatusCodes.Status429TooManyRequests, ConsoleErrors.TooManyTries);
    }

    private void Count(string key, int free, TimeSpan now)
    {
        var before = Find(key);
        var count = before is null || now - before.Last >= Memory ? 1 : before.Count + 1;
        if (before is null && _recent.Count >= MostCounters / 2)
            (_older, _recent) = (_recent, new Dictionary<string, Tries>(StringComparer.Ordinal));
        _recent[key] = new Tries(count, now, count < free ? default : now + WaitAfter(count - free));
    }

    /// <summary>Inside the lock.</summary>
    private Tries? Find(string key) => _recent.TryGetValue(key, out var tries) || _older.TryGetValue(key, out tries) ? tries : null;

    private void Forget(string key)
    {
        _recent.Remove(key);
        _older.Remove(key);
    }

    private static TimeSpan WaitAfter(int further) =>
        TimeSpan.FromTicks(Math.Min(LongestWait.Ticks, FirstWait.Ticks << Math.Min(further, 20)));

    /// <param name="Count">How many.</param>
    /// <param name="Last">When the last was, as <see cref="TimeProvider.GetTimestamp"/> counts.</param>
    /// <param name="Until">When the next may be, counted alike; zero for at once.</param>
    private sealed record Tries(int Count, TimeSpan Last, TimeSpan Until);
}

/// <summary>Per request, single-threaded: a try that began. Unless it is said how it ended, it counts.</summary>
internal sealed class SignInTry(SignInLimit limit, IReadOnlyList<(string Key, int Free)> counters)
{
    /// <summary>The password was right.</summary>
    public void Succeeded() => limit.End(counters, hasSucceeded: true);

    /// <summary>Nothing was compared.</summary>
    public void DidNotTakePlace() => limit.End(counters, hasSucceeded: false);
}
