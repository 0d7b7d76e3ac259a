using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using FlowEngine.HttpConnector.Connectors;
using FlowEngine.HttpConnector.Tests.Servers;
using FlowEngine.HttpConnector.Wire;
using FlowEngine.HttpConnector.Wire.Egress;
using static FlowEngine.HttpConnector.Tests.Transports;

namespace FlowEngine.HttpConnector.Tests.Egress;

public sealed class EgressConnectorTests
{
    private static readonly EgressOptions Strict = new();

    [Theory]
    [InlineData("http://127.0.0.1")]
    [InlineData("http://localhost")]
    [InlineData("http://2130706433")]
    [InlineData("http://0x7f.1")]
    [InlineData("http://017700000001")]
    [InlineData("http://[::1]")]
    [InlineData("http://[::ffff:127.0.0.1]")]
    public async Task Connect_LoopbackWithoutPermission_IsBlockedAndNeverReached(string url)
    {
        await using var server = LoopbackServer.Answering(_ => LoopbackServer.Reply(200));
        await using var transport = New(egress: Strict);

        var fault = await transport.FaultAsync(Request($"{url}:{server.Port}"));

        Assert.Equal("http.blocked", fault.Code);
        Assert.Equal(0, server.Connections);
    }

    [Theory]
    [InlineData("169.254.169.254")]
    [InlineData("::ffff:169.254.169.254")]
    [InlineData("fe80::1")]
    [InlineData("0.0.0.0")]
    [InlineData("::")]
    public async Task Connect_NameThatResolvesToForbidden_IsBlockedEvenWhenPrivateIsAllowed(string address)
    {
        await using var transport = New(resolver: Resolving(address));

        Assert.Equal("http.blocked", (await transport.FaultAsync(Request("http://harmless.example"))).Code);
    }

    [Fact]
    public async Task Connect_MappedLoopback_ConnectsAsIPv4WhenAllowed()
    {
        await using var server = LoopbackServer.Answering(_ => LoopbackServer.Reply(200));
        await using var transport = New(resolver: Resolving("::ffff:127.0.0.1"));

        await transport.ReplyAsync(Request($"http://mapped.example:{server.Port}"));
    }

    [Fact]
    public async Task Connect_Rebinding_IsCheckedOnEachConnectionAndResolvedOncePerConnection()
    {
        var resolutions = 0;
        HostResolver rebinding = (_, _) =>
            Task.FromResult(new[] { IPAddress.Parse(Interlocked.Increment(ref resolutions) == 1 ? "127.0.0.1" : "169.254.169.254") });
        await using var server = LoopbackServer.Answering(_ => LoopbackServer.Reply(200, "", "Connection: close\r\n"));
        await using var transport = New(resolver: rebinding);

        await transport.ReplyAsync(Request($"http://rebinding.example:{server.Port}"));
        var fault = await transport.FaultAsync(Request($"http://rebinding.example:{server.Port}"));

        Assert.Equal("http.blocked", fault.Code);
        Assert.Equal((2, 1), (resolutions, server.Connections));
    }

    [Fact]
    public async Task Connect_SomeAddressesBlocked_UsesTheOthersOnly()
    {
        await using var server = LoopbackServer.Answering(_ => LoopbackServer.Reply(200));
        await using var transport = New(resolver: Resolving("169.254.169.254 127.0.0.1"));

        await transport.ReplyAsync(Request($"http://mixed.example:{server.Port}"));

        Assert.Single(server.Requests);
    }

    [Fact]
    public async Task Connect_FirstAddressRefuses_TriesTheNext()
    {
        await using var server = LoopbackServer.Answering(_ => LoopbackServer.Reply(200));
        await using var transport = New(resolver: Resolving("127.0.0.9 ::1 127.0.0.1"));

        await transport.ReplyAsync(Request($"http://several.example:{server.Port}"));
    }

    [Fact]
    public async Task Connect_UnknownHost_IsDns()
    {
        HostResolver unknown = (_, _) => throw new SocketException((int)SocketError.HostNotFound);
        await using var transport = New(resolver: unknown);
        await using var nothing = New(resolver: Resolving(""));

        Assert.Equal("http.dns", (await transport.FaultAsync(Request("http://unknown.example/?secret=hunter2"))).Code);
        Assert.Equal("http.dns", (await nothing.FaultAsync(Request("http://unknown.example"))).Code);
    }

    [Fact]
    public async Task Connect_RealResolverAndReservedName_IsDns()
    {
        await using var transport = New();

        var fault = await transport.FaultAsync(Request("http://host.invalid", timeout: TimeSpan.FromSeconds(10)));

        Assert.Contains(fault.Code, (string[])["http.dns", "http.timeout"]);
    }

    [Fact]
    public async Task Connect_ResolverThatHangs_IsTimeout()
    {
        HostResolver hanging = async (_, token) =>
        {
            await Task.Delay(Timeout.Infinite, token);
            return [];
        };
        await using var transport = New(resolver: hanging);

        Assert.Equal(
            "http.timeout",
            (await transport.FaultAsync(Request("http://slow.example", timeout: TimeSpan.FromMilliseconds(100)))).Code
        );
    }

    [Fact]
    public async Task StaticIps_AreUsedStrictlyInTurnPerRequestDespiteKeepAlive()
    {
        Assert.SkipWhen(OperatingSystem.IsMacOS(), "macOS has no 127.0.0.2 by default.");
        await using var server = LoopbackServer.Answering(_ => LoopbackServer.Reply(200));
        await using var transport = New(
            new() { UseStaticIps = true },
            new() { AllowPrivateNetworks = true, StaticIps = [IPAddress.Parse("127.0.0.2"), IPAddress.Parse("127.0.0.3")] }
        );

        for (var i = 0; i < 6; i++)
            await transport.ReplyAsync(Request(server.Url));

        Assert.Equal(
            ["127.0.0.2", "127.0.0.3", "127.0.0.2", "127.0.0.3", "127.0.0.2", "127.0.0.3"],
            server.Requests.Select(request => request.From.ToString())
        );
        Assert.Equal(2, server.Connections);
    }

    [Fact]
    public async Task StaticIps_OfAnotherFamilyThanTheTarget_IsConnectAndNeverAnotherAddress()
    {
        await using var server = LoopbackServer.Answering(_ => LoopbackServer.Reply(200));
        await using var transport = New(
            new() { UseStaticIps = true },
            new() { AllowPrivateNetworks = true, StaticIps = [IPAddress.IPv6Loopback] }
        );

        Assert.Equal("http.connect", (await transport.FaultAsync(Request(server.Url))).Code);
        Assert.Equal(0, server.Connections);
    }

    [Fact]
    public async Task StaticIps_NotOfThisMachine_IsConnectAndNeverAnotherAddress()
    {
        await using var server = LoopbackServer.Answering(_ => LoopbackServer.Reply(200));
        await using var transport = New(
            new() { UseStaticIps = true },
            new() { AllowPrivateNetworks = true, StaticIps = [IPAddress.Parse("198.51.100.77")] }
        );

        var fault = await transport.FaultAsync(Request(server.Url));

        Assert.Equal("http.connect", fault.Code);
        Assert.Contains("not one of this machine", fault.Message, StringComparison.Ordinal);
        Assert.Equal(0, server.Connections);
    }

    [Theory]
    [InlineData("http", null)]
    [InlineData("http", "us:er:p@ss")]
    [InlineData("socks5", null)]
    [InlineData("socks5", "user:p@ss:wörd")]
    public async Task Proxy_IsAskedForTheCheckedAddressAndCarriesTheRequest(string scheme, string? credentials)
    {
        var asked = new ConcurrentQueue<string>();
        await using var server = LoopbackServer.Answering(_ => LoopbackServer.Reply(200, "through"));
        await using var proxy = scheme == "http" ? TestProxy.HttpConnect(asked, credentials) : TestProxy.Socks5(asked, credentials);
        await using var transport = Through(ProxyUrl(scheme, credentials, proxy.Port), Resolving("127.0.0.1"));

        Assert.Equal("through", (await transport.ReplyAsync(Request($"http://target.example:{server.Port}/x"))).ReadText());

        Assert.Equal($"127.0.0.1:{server.Port}", Assert.Single(asked));
        Assert.Equal($"target.example:{server.Port}", Assert.Single(server.Requests).Header("host"));
        Assert.Null(server.Requests.First().Header("proxy-authorization"));
    }

    [Theory]
    [InlineData("http")]
    [InlineData("socks5")]
    public async Task Proxy_Https_IsEndToEnd(string scheme)
    {
        Assert.SkipUnless(TestCertificates.AuthorityIsTrusted, "The test authority can be trusted on Linux only.");
        var asked = new ConcurrentQueue<string>();
        await using var server = LoopbackServer.Answering(_ => LoopbackServer.Reply(200, "tls"), TestCertificates.Good);
        await using var proxy = scheme == "http" ? TestProxy.HttpConnect(asked) : TestProxy.Socks5(asked);
        await using var transport = Through(ProxyUrl(scheme, null, proxy.Port), Resolving("127.0.0.1"));

        Assert.Equal("tls", (await transport.ReplyAsync(Request(server.Url))).ReadText());
    }

    [Theory]
    [InlineData("http")]
    [InlineData("socks5")]
    public async Task Proxy_BlockedTarget_IsNeverAskedFor(string scheme)
    {
        var asked = new ConcurrentQueue<string>();
        await using var proxy = scheme == "http" ? TestProxy.HttpConnect(asked) : TestProxy.Socks5(asked);
        await using var transport = Through(ProxyUrl(scheme, null, proxy.Port), Resolving("169.254.169.254"));

        Assert.Equal("http.blocked", (await transport.FaultAsync(Request("http://harmless.example"))).Code);
        Assert.Equal((0, 0), (asked.Count, proxy.Connections));
    }

    [Theory]
    [InlineData("http")]
    [InlineData("socks5")]
    public async Task Proxy_WrongPassword_IsConnectWithoutThePassword(string scheme)
    {
        var asked = new ConcurrentQueue<string>();
        await using var proxy = scheme == "http" ? TestProxy.HttpConnect(asked, "user:right") : TestProxy.Socks5(asked, "user:right");
        await using var transport = Through(ProxyUrl(scheme, "user:hunter2", proxy.Port), Resolving("127.0.0.1"));

        var fault = await transport.FaultAsync(Request("http://target.example"));

        Assert.Equal("http.connect", fault.Code);
        Assert.Contains("proxy", fault.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("hunter2", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Proxy_Socks5Refusal_IsConnect()
    {
        await using var proxy = TestProxy.Socks5([], reply: 5);
        await using var transport = Through(ProxyUrl("socks5", null, proxy.Port), Resolving("127.0.0.1"));

        Assert.Contains(
            "connection refused",
            (await transport.FaultAsync(Request("http://target.example"))).Message,
            StringComparison.Ordinal
        );
    }

    [Theory]
    [InlineData("http", "SSH-2.0-OpenSSH\r\n\r\n")]
    [InlineData("http", "")]
    [InlineData("socks5", "HTTP/1.1 400 Bad Request\r\n\r\n")]
    [InlineData("socks5", "")]
    public async Task Proxy_ThatIsNone_IsConnect(string scheme, string answer)
    {
        await using var proxy = LoopbackServer.Start(async connection =>
        {
            await connection.Stream.ReadExactlyAsync(new byte[3], connection.Stopping);
            await connection.WriteAsync(answer);
        });
        await using var transport = Through(ProxyUrl(scheme, null, proxy.Port), Resolving("127.0.0.1"));

        Assert.Equal("http.connect", (await transport.FaultAsync(Request("http://target.example"))).Code);
    }

    [Fact]
    public async Task Proxy_ThatHangs_IsTimeout()
    {
        await using var proxy = LoopbackServer.Start(connection => connection.HoldAsync());
        await using var transport = Through(ProxyUrl("socks5", null, proxy.Port), Resolving("127.0.0.1"));

        Assert.Equal(
            "http.timeout",
            (await transport.FaultAsync(Request("http://target.example", timeout: TimeSpan.FromMilliseconds(150)))).Code
        );
    }

    [Fact]
    public async Task Proxies_TakeTurnsWithStaticIps()
    {
        Assert.SkipWhen(OperatingSystem.IsMacOS(), "macOS has no 127.0.0.2 by default.");
        var asked = new ConcurrentQueue<string>();
        await using var server = LoopbackServer.Answering(_ => LoopbackServer.Reply(200));
        await using var proxy = TestProxy.HttpConnect(asked);
        await using var transport = New(
            new() { UseStaticIps = true },
            new()
            {
                AllowPrivateNetworks = true,
                StaticIps = [IPAddress.Parse("127.0.0.2")],
                Proxies = [new(ProxyUrl("http", null, proxy.Port))],
            }
        );

        for (var i = 0; i < 4; i++)
            await transport.ReplyAsync(Request(server.Url));

        Assert.Equal(["127.0.0.2", "127.0.0.1", "127.0.0.2", "127.0.0.1"], server.Requests.Select(request => request.From.ToString()));
        Assert.Single(asked);
    }

    private static string ProxyUrl(string scheme, string? credentials, int port)
    {
        var userInfo = credentials?.Split(':', 2) is [var name, var password]
            ? $"{Uri.EscapeDataString(name)}:{Uri.EscapeDataString(password)}@"
            : "";
        return $"{scheme}://{userInfo}127.0.0.1:{port}";
    }

    private static HttpTransport Through(string proxy, HostResolver resolver)
    {
        var egress = EgressOptions.Parse(true, [], [proxy], out var problems);
        Assert.Empty(problems);
        return New(new() { UseStaticIps = true }, egress, resolver);
    }
}
