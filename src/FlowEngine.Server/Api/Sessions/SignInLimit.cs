using System.Collections.Concurrent;
using System.Net;

namespace FlowEngine.Server.Api.Sessions;

/// <summary>
/// Per process, thread-safe: how often somebody may try passwords and setup links: so many failures in five minutes for one name, and more for one address, behind
/// which there may be many people. Tries count when they begin, so that many at once are no way around it.
/// </summary>
internal sealed class SignInLimit(TimeProvider time)
{
    /// <summary>Tries for one name.</summary>
    public const int PerName = 10;

    /// <summary>Tries from one address.</summary>
    public const int PerAddress = 30;

    /// <summary>How long a failure counts.</summary>
    public static readonly TimeSpan Window = TimeSpan.FromMinutes(5);

    private const int MostWindows = 20_000;

    private readonly ConcurrentDictionary<string, Tries> _tries = new(StringComparer.Ordinal);

    /// <summary>Counts a try, or refuses it.</summary>
    /// <param name="http">Where it comes from; when it is refused, its answer says when to come again.</param>
    /// <param name="name">The name, in lower case; null for a setup link.</param>
    /// <exception cref="ApiException">Too many.</exception>
    public void Begin(HttpContext http, string? name)
    {
        // No clock: one that is set back would lock people out, one that is set ahead would forgive all tries.
        var now = time.GetElapsedTime(0);
        if (_tries.Count > MostWindows)
            Forget(now);
        var wait = Later(Take(AddressKey(http), PerAddress, now), name is null ? null : Take(NameKey(name), PerName, now));
        if (wait is not { } until)
            return;
        http.Response.Headers.RetryAfter = ((int)Math.Ceiling((until - now).TotalSeconds)).ToString(System.Globalization.CultureInfo.InvariantCulture);
        throw new ApiException(StatusCodes.Status429TooManyRequests, ConsoleErrors.TooManyTries);
    }

    /// <summary>Forgets the tries that led to a success.</summary>
    public void Succeeded(HttpContext http, string? name)
    {
        if (name is not null)
            _tries.TryRemove(NameKey(name), out _);
        // Another person behind the address may be guessing meanwhile: only this try is taken back.
        if (_tries.TryGetValue(AddressKey(http), out var tries))
            _tries.TryUpdate(AddressKey(http), tries with { Count = tries.Count - 1 }, tries);
    }

    /// <returns>When to come again; null when the try is allowed.</returns>
    private TimeSpan? Take(string key, int most, TimeSpan now)
    {
        var tries = _tries.AddOrUpdate(
            key,
            static (_, now) => new Tries(1, now),
            static (_, before, now) => now - before.Since >= Window ? new Tries(1, now) : before with { Count = before.Count + 1 },
            now);
        return tries.Count > most ? tries.Since + Window : null;
    }

    private void Forget(TimeSpan now)
    {
        foreach (var (key, tries) in _tries)
        {
            if (now - tries.Since >= Window)
                _tries.TryRemove(KeyValuePair.Create(key, tries));
        }
    }

    private static TimeSpan? Later(TimeSpan? left, TimeSpan? right) => left > right ? left : right ?? left;

    private static string NameKey(string name) => "name " + name;

    /// <summary>An IPv6 network of 64 bits is one subscriber, as one IPv4 address is.</summary>
    private static string AddressKey(HttpContext http)
    {
        var address = http.Connection.RemoteIpAddress ?? IPAddress.None;
        if (address.IsIPv4MappedToIPv6)
            address = address.MapToIPv4();
        var bytes = address.GetAddressBytes();
        return "address " + Convert.ToHexString(bytes.AsSpan(0, Math.Min(bytes.Length, 8)));
    }

    private sealed record Tries(int Count, TimeSpan Since);
}
