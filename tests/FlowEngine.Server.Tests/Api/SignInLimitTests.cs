using System.Net;
using FlowEngine.AspNetCore.Web.Edge;
using FlowEngine.AspNetCore.Web.Management.Sessions;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Time.Testing;

namespace FlowEngine.Server.Tests.Api;

public sealed class SignInLimitTests
{
    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero));
    private readonly SignInLimit _limit;

    public SignInLimitTests() => _limit = new SignInLimit(new KnownDevices(new EphemeralDataProtectionProvider(), _time), _time);

    [Fact]
    public void Begin_AfterTheFreeTries_WaitsGrowUpToALimit()
    {
        for (var i = 0; i < SignInLimit.PerName; i++)
            Begin(From("192.0.2.1"), "ann");
        var waits = new List<double>();
        for (var i = 0; i < 10; i++)
        {
            var wait = Refused("192.0.2.1", "ann");
            waits.Add(wait);
            _time.Advance(TimeSpan.FromSeconds(wait - 1));
            Assert.Equal(1, Refused("192.0.2.1", "ann"));
            _time.Advance(TimeSpan.FromSeconds(1));
            Begin(From("192.0.2.1"), "ann");
        }
        Assert.Equal([30, 60, 120, 240, 480, 600, 600, 600, 600, 600], waits);
    }

    [Fact]
    public void Begin_AfterASuccessOrALongTime_IsFreeAgain()
    {
        for (var i = 0; i < SignInLimit.PerName - 1; i++)
            Begin(From("192.0.2.1"), "ann");
        Begin(From("192.0.2.1"), "ann").Succeeded();
        for (var i = 0; i < SignInLimit.PerName; i++)
            Begin(From("192.0.2.1"), "ann");
        Refused("192.0.2.1", "ann");
        _time.Advance(SignInLimit.Memory);
        for (var i = 0; i < SignInLimit.PerName; i++)
            Begin(From("192.0.2.1"), "ann");
        Refused("192.0.2.1", "ann");
    }

    [Theory]
    [InlineData("192.0.2.", 10)]
    [InlineData("2001:db8:1:{0}::", 10)]
    public void Begin_ManyAddressesOfOneProvider_CountTogether(string network, int eachAddress)
    {
        var tries = 0;
        for (var i = 0; tries < SignInLimit.PerNetwork; i++)
        {
            for (var j = 0; j < eachAddress; j++, tries++)
                Begin(From(Address(i)), $"name{i}");
        }
        Refused(Address(200), "somebody");
        Begin(From("198.51.100.1"), "somebody");

        string Address(int i) => network.Contains('{', StringComparison.Ordinal) ? string.Format(null, network, i) + "1" : network + i;
    }

    [Fact]
    public void Begin_ManyAtOnce_AreNoWayAround()
    {
        var allowed = 0;
        Parallel.For(
            0,
            200,
            _ =>
            {
                try
                {
                    Begin(From("192.0.2.1"), "ann");
                    Interlocked.Increment(ref allowed);
                }
                catch (ApiException) { }
            }
        );
        Assert.Equal(SignInLimit.PerName, allowed);
    }

    [Fact]
    public void Begin_EndlessNamesAndAddresses_FillNoMemory()
    {
        for (var i = 0; i < 100_000; i++)
            Begin(From($"2001:db8:{i / 60_000:x}:{i % 60_000:x}::1", i), $"name{i}");
        Assert.InRange(_limit.Counters, 1, 2 * SignInLimit.MostCounters);
    }

    [Fact]
    public void KnownDevice_IsKnownForItsPersonAWhileAndUntampered()
    {
        var devices = new KnownDevices(new EphemeralDataProtectionProvider(), _time);
        var given = new DefaultHttpContext();
        devices.Remember(given, "ann");
        var cookie = given.Response.Headers.SetCookie.ToString().Split(';')[0];
        var (name, value) = (cookie.Split('=')[0], cookie.Split('=', 2)[1]);

        Assert.NotNull(devices.Find(With(cookie), "ann"));
        Assert.Null(devices.Find(With(cookie), "bea"));
        var other = new DefaultHttpContext();
        devices.Remember(other, "bea");
        // The cookie of one person under the name of another's.
        Assert.Null(devices.Find(With($"{other.Response.Headers.SetCookie.ToString().Split('=')[0]}={value}"), "bea"));
        Assert.Null(devices.Find(With($"{name}={value[..^6]}AAAAAA"), "ann"));
        Assert.Null(devices.Find(With($"{name}=x"), "ann"));
        _time.Advance(KnownDevices.Lifetime);
        Assert.Null(devices.Find(With(cookie), "ann"));

        static DefaultHttpContext With(string cookie) => new() { Request = { Headers = { Cookie = cookie } } };
    }

    [Fact]
    public void Begin_EndlessNames_LeaveTheWaitsOfAddressesAndOfNames()
    {
        Lock("192.0.2.1", "ann");
        Assert.Equal(SignInLimit.PerAddress, TriesUntilRefused("198.51.100.1"));
        // Each of another address, so that none of them is refused.
        for (var i = 0; i < 25_000; i++)
            Begin(From($"2001:db8:{i:x}::1"), $"name{i}");
        Assert.Equal(30, Refused("192.0.2.1", "ann"));
        Assert.Equal(30, Refused("198.51.100.1", "somebody"));
        Assert.InRange(_limit.Counters, 1, 2 * SignInLimit.MostCounters);
    }

    [Fact]
    public void TurnAway_EndlessAddresses_LeaveAllOtherCounters()
    {
        for (var i = 0; i < SignInLimit.PerName - 1; i++)
            Begin(From("192.0.2.1"), "ann");
        for (var i = 0; i < 25_000; i++)
            _limit.TurnAway(_limit.OriginOf(From($"2001:db8:{i:x}::1"), $"name{i}"));
        // Not even the tries before a wait are forgotten.
        Begin(From("192.0.2.1"), "ann");
        Assert.Equal(30, Refused("192.0.2.1", "ann"));
        Assert.InRange(_limit.Counters, 4, SignInLimit.MostCounters + 3);
    }

    [Fact]
    public void TurnAway_AFlood_EndsItselfAndCountsForNoName()
    {
        for (var i = 0; i < SignInLimit.PerAddress; i++)
        {
            var origin = _limit.OriginOf(From("192.0.2.1"), "ann");
            _limit.Check(From("192.0.2.1"), origin);
            _limit.TurnAway(origin);
        }
        Assert.Equal(30, Refused("192.0.2.1", "somebody"));
        var http = From("192.0.2.1");
        Assert.Equal(429, Assert.Throws<ApiException>(() => _limit.Check(http, _limit.OriginOf(http, "ann"))).StatusCode);
        _time.Advance(SignInLimit.FirstWait);
        for (var i = 0; i < SignInLimit.PerName; i++)
            Begin(From("192.0.2.1"), "ann");

        // Many addresses of one network count together.
        for (var i = 0; i < SignInLimit.PerNetwork; i++)
            _limit.TurnAway(_limit.OriginOf(From($"203.0.113.{i % 6}"), $"name{i}"));
        Refused("203.0.113.200", "somebody");
    }

    [Fact]
    public void End_NothingIsLeft_NoCounterIsLeft()
    {
        Begin(From("192.0.2.1"), "ann").DidNotTakePlace();
        Begin(From("192.0.2.1"), "ann").Succeeded();
        Assert.Equal(0, _limit.Counters);
    }

    [Fact]
    public void Clock_IsSet_ChangesNoWait()
    {
        var clock = new SetClock();
        var limit = new SignInLimit(new KnownDevices(new EphemeralDataProtectionProvider(), clock), clock);
        for (var i = 0; i < SignInLimit.PerName; i++)
            limit.Begin(From("192.0.2.1"), limit.OriginOf(From("192.0.2.1"), "ann"));
        foreach (var year in (int[])[2000, 2026, 2090])
        {
            clock.UtcNow = new DateTimeOffset(year, 1, 1, 0, 0, 0, TimeSpan.Zero);
            var http = From("192.0.2.1");
            Assert.Throws<ApiException>(() => limit.Begin(http, limit.OriginOf(http, "ann")));
            Assert.Equal("30", http.Response.Headers.RetryAfter.ToString());
        }
        clock.Elapsed = SignInLimit.FirstWait;
        limit.Begin(From("192.0.2.1"), limit.OriginOf(From("192.0.2.1"), "ann"));
    }

    private void Lock(string address, string name)
    {
        for (var i = 0; i < SignInLimit.PerName; i++)
            Begin(From(address), name);
        Assert.Equal(30, Refused(address, name));
    }

    private int TriesUntilRefused(string address)
    {
        for (var i = 0; ; i++)
        {
            try
            {
                Begin(From(address), $"other{i}");
            }
            catch (ApiException)
            {
                return i;
            }
        }
    }

    private SignInTry Begin(HttpContext http, string? name) => _limit.Begin(http, _limit.OriginOf(http, name));

    private static DefaultHttpContext From(string address, int spread = 0)
    {
        var bytes = IPAddress.Parse(address).GetAddressBytes();
        if (spread > 0)
            (bytes[4], bytes[5]) = ((byte)(spread >> 8), (byte)spread);
        return new DefaultHttpContext { Connection = { RemoteIpAddress = new IPAddress(bytes) } };
    }

    private int Refused(string address, string name)
    {
        var http = From(address);
        var error = Assert.Throws<ApiException>(() => Begin(http, name));
        Assert.Equal((429, "console.too_many_tries"), (error.StatusCode, error.Code.Code));
        return int.Parse(http.Response.Headers.RetryAfter.ToString(), null);
    }

    /// <summary>A clock whose time of day is set while time passes as it does.</summary>
    private sealed class SetClock : TimeProvider
    {
        public DateTimeOffset UtcNow { get; set; } = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

        public TimeSpan Elapsed { get; set; }

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override DateTimeOffset GetUtcNow() => UtcNow;

        public override long GetTimestamp() => Elapsed.Ticks;
    }
}
