using System.Net;
using System.Net.Sockets;
using System.Text;
using FlowEngine.AspNetCore.Engine;
using FlowEngine.AspNetCore.Web.Edge;
using FlowEngine.TestServers;

namespace FlowEngine.AspNetCore.Tests.Web.Edge;

/// <summary>What one network can hold of a server's connections, and for how long without a word.</summary>
public sealed class ConnectionSharesTests(DemoServer demo) : IClassFixture<DemoServer>
{
    private static readonly byte[] Begun = "G"u8.ToArray();
    private static readonly byte[] Whole = "GET /healthz HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"u8.ToArray();

    [Fact]
    public async Task ANetwork_HoldsItsShareAndNoMore()
    {
        await using var server = await DemoServer.StartAsync("Server:MaxConnectionsPerNetwork=5");
        var held = new List<TcpClient>();
        try
        {
            // Of ten, five are closed, whenever the machine comes to it.
            var ends = new List<Task>();
            for (var i = 0; i < 10; i++)
            {
                var client = new TcpClient();
                held.Add(client);
                ends.Add(EndAsync(client, server.Address));
            }
            for (var closed = 0; closed < 5; closed++)
                ends.Remove(await Task.WhenAny(ends).WaitAsync(TimeSpan.FromSeconds(60), TestContext.Current.CancellationToken));

            held.ForEach(client => client.Dispose());
            // Given back once the server has seen the end.
            using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(30));
            while ((await AskAsync(server.Address)).Length == 0)
                limit.Token.ThrowIfCancellationRequested();
        }
        finally
        {
            held.ForEach(client => client.Dispose());
        }
    }

    [Fact]
    public async Task AKnownProxy_HoldsAnyNumber()
    {
        await using var server = await DemoServer.StartAsync("Server:MaxConnectionsPerNetwork=5", "Proxies:Known=127.0.0.0/8");
        var held = new List<TcpClient>();
        try
        {
            while (held.Count < 20 && await OpenAsync(server.Address, Begun) is { } client)
                held.Add(client);
            Assert.Equal(20, held.Count);
            Assert.StartsWith("HTTP/1.1 200", await AskAsync(server.Address), StringComparison.Ordinal);
        }
        finally
        {
            held.ForEach(client => client.Dispose());
        }
    }

    [Fact]
    public async Task AConnectionThatSaysNothing_IsClosedLongBeforeAnIdleOne()
    {
        var server = demo.Server;
        using var client = new TcpClient();
        await client.ConnectAsync(IPAddress.Loopback, new Uri(server.Address).Port);

        Assert.Equal(0, await ReadAsync(client, new byte[1], TimeSpan.FromSeconds(60)));
        // And the server lives.
        Assert.StartsWith("HTTP/1.1 200", await AskAsync(server.Address), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("ffffffffffffffff")]
    [InlineData("80000000")]
    [InlineData("7fffffffffffffffffffffff")]
    [InlineData("-1")]
    [InlineData("1;=\"")]
    public async Task AChunkSizeThatIsNone_IsTheClientsFault(string size)
    {
        var server = demo.Server;
        foreach (
            var (path, type) in (List<(string, string)>)
                [("/v1/flow/start", "application/json"), ("/api/session", "application/json"), ("/v1/auth/refresh", "application/json")]
        )
        {
            var answer = await AskAsync(
                server.Address,
                Encoding.ASCII.GetBytes(
                    $"POST {path} HTTP/1.1\r\nHost: x\r\nContent-Type: {type}\r\nTransfer-Encoding: chunked\r\n\r\n{size}\r\n{{}}\r\n"
                )
            );
            Assert.StartsWith("HTTP/1.1 4", answer, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Shares_AreOfNetworks()
    {
        var shares = ConnectionShares.Of(new ServerOptions { MaxConnectionsPerNetwork = 2 }, new ProxyOptions(), TimeProvider.System);
        Assert.True(shares.TryTake("a"));
        Assert.True(shares.TryTake("a"));
        Assert.False(shares.TryTake("a"));
        Assert.True(shares.TryTake("b"));
        shares.Free("a");
        Assert.True(shares.TryTake("a"));
    }

    [Theory]
    [InlineData("192.0.2.77", "192.0.2.0/24")]
    [InlineData("::ffff:192.0.2.77", "192.0.2.0/24")]
    [InlineData("2001:db8:1:2:3::4", "2001:db8:1::/48")]
    public void WideNetwork_IsWhatAProviderGives(string address, string network) =>
        Assert.Equal(network, ClientAddress.WideNetworkOf(IPAddress.Parse(address)));

    /// <summary>Opens a connection, begins to talk, and ends when the server closes it.</summary>
    private static async Task EndAsync(TcpClient client, string address)
    {
        try
        {
            await client.ConnectAsync(IPAddress.Loopback, new Uri(address).Port);
            await client.GetStream().WriteAsync(Begun);
            while (await client.GetStream().ReadAsync(new byte[1]) > 0) { }
        }
        catch (Exception error) when (error is SocketException or IOException or ObjectDisposedException) { }
    }

    /// <summary>A connection that has begun to talk and is still open; null when it was closed.</summary>
    private static async Task<TcpClient?> OpenAsync(string address, byte[] first)
    {
        var client = new TcpClient();
        await client.ConnectAsync(IPAddress.Loopback, new Uri(address).Port);
        try
        {
            await client.GetStream().WriteAsync(first);
            // Closed at once, or not at all: an answer to half a request takes seconds.
            if (await ReadAsync(client, new byte[1], TimeSpan.FromSeconds(1)) is null)
                return client;
        }
        catch (IOException) { }
        client.Dispose();
        return null;
    }

    private static Task<string> AskAsync(string address) => AskAsync(address, Whole);

    private static async Task<string> AskAsync(string address, byte[] request)
    {
        using var client = new TcpClient();
        await client.ConnectAsync(IPAddress.Loopback, new Uri(address).Port);
        var answer = new MemoryStream();
        try
        {
            await client.GetStream().WriteAsync(request);
            await client.GetStream().CopyToAsync(answer).WaitAsync(TimeSpan.FromSeconds(60));
        }
        catch (IOException)
        {
            // Cut off hard.
        }
        return Encoding.ASCII.GetString(answer.ToArray());
    }

    /// <summary>How much was read: 0 when the other side closed; null when nothing happened in that time.</summary>
    private static async Task<int?> ReadAsync(TcpClient client, byte[] buffer, TimeSpan time)
    {
        using var limit = new CancellationTokenSource(time);
        try
        {
            return await client.GetStream().ReadAsync(buffer, limit.Token);
        }
        catch (OperationCanceledException)
        {
            return null;
        }
        catch (IOException)
        {
            return 0;
        }
    }
}
