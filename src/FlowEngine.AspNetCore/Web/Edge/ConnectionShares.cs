using System.Net;
using Microsoft.AspNetCore.Connections;

namespace FlowEngine.AspNetCore.Web.Edge;

/// <summary>
/// Per process, thread-safe: how many connections one network holds at once, so that whoever takes all it can get leaves the others theirs;
/// and how long a connection may stay without its first byte. Networks are those of <see cref="ClientAddress.WideNetworkOf"/>. Known
/// proxies are excepted: their connections are those of many.
/// </summary>
internal sealed class ConnectionShares
{
    /// <summary>How long a connection may stay silent once it is there. Afterwards the limits of requests count.</summary>
    public static readonly TimeSpan FirstByteTime = TimeSpan.FromSeconds(10);

    private readonly Dictionary<string, int> _connections = new(StringComparer.Ordinal);
    private readonly Lock _lock = new();
    private readonly int _most;
    private readonly Func<IPAddress, bool> _isProxy;
    private readonly TimeProvider _time;

    private ConnectionShares(int most, Func<IPAddress, bool> isProxy, TimeProvider time) =>
        (_most, _isProxy, _time) = (most, isProxy, time);

    /// <summary>The shares of <see cref="ServerOptions.MaxConnectionsPerNetwork"/>.</summary>
    public static ConnectionShares Of(ServerOptions options, ProxyOptions believed, TimeProvider time)
    {
        var proxies = KnownProxies.Of(believed);
        return new ConnectionShares(
            options.MaxConnectionsPerNetwork,
            address => proxies.KnownProxies.Contains(address) || proxies.KnownIPNetworks.Any(network => network.Contains(address)),
            time
        );
    }

    /// <summary>Puts the limits before everything else that a connection goes through, TLS included.</summary>
    public void AddTo(IConnectionBuilder connections) => connections.Use(next => connection => ServeAsync(connection, next));

    /// <summary>Takes a connection of a network's share.</summary>
    /// <returns>Whether there was one; then <see cref="Free"/> gives it back.</returns>
    public bool TryTake(string network)
    {
        lock (_lock)
        {
            var now = _connections.GetValueOrDefault(network);
            if (now >= _most)
                return false;
            _connections[network] = now + 1;
            return true;
        }
    }

    /// <summary>Gives a connection back.</summary>
    public void Free(string network)
    {
        lock (_lock)
        {
            // What holds none is not kept: the table is no larger than there are connections.
            if (--_connections[network] == 0)
                _connections.Remove(network);
        }
    }

    private async Task ServeAsync(ConnectionContext connection, ConnectionDelegate next)
    {
        if (_most == 0 || connection.RemoteEndPoint is not IPEndPoint { Address: var address } || _isProxy(ClientAddress.Plain(address)))
        {
            await ServeTalkingAsync(connection, next);
            return;
        }

        var network = ClientAddress.WideNetworkOf(address);
        if (!TryTake(network))
        {
            connection.Abort(new ConnectionAbortedException("The client's network holds its share of connections."));
            return;
        }
        try
        {
            await ServeTalkingAsync(connection, next);
        }
        finally
        {
            Free(network);
        }
    }

    private async Task ServeTalkingAsync(ConnectionContext connection, ConnectionDelegate next)
    {
        if (await HasFirstByteAsync(connection))
            await next(connection);
        else
            connection.Abort(new ConnectionAbortedException("The client said nothing."));
    }

    /// <summary>Waits for the first byte, which stays for whoever reads next.</summary>
    private async Task<bool> HasFirstByteAsync(ConnectionContext connection)
    {
        var input = connection.Transport.Input;
        if (input.TryRead(out var read))
        {
            input.AdvanceTo(read.Buffer.Start);
            return true;
        }
        using var limit = new CancellationTokenSource(FirstByteTime, _time);
        try
        {
            read = await input.ReadAsync(limit.Token);
            input.AdvanceTo(read.Buffer.Start);
            return true;
        }
        catch (Exception error) when (error is OperationCanceledException or IOException)
        {
            // Too late, or gone.
            return false;
        }
    }
}
