using System.Net;
using System.Net.Sockets;

namespace FlowEngine.Bench.Abuse;

/// <summary>Stateless: connections from a loopback address of one's own (Linux has all of 127.0.0.0/8): for the server, each is another
/// client.</summary>
internal static class LoopbackAddress
{
    /// <summary>Connects from an address.</summary>
    public static async ValueTask<Socket> ConnectAsync(IPAddress from, int port, CancellationToken cancellationToken)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            // The port is chosen when it connects, so that one address has as many ports for this server as there are.
            socket.SetRawSocketOption(0, 24, BitConverter.GetBytes(1)); // IPPROTO_IP, IP_BIND_ADDRESS_NO_PORT
            socket.Bind(new IPEndPoint(from, 0));
            await socket.ConnectAsync(new IPEndPoint(IPAddress.Loopback, port), cancellationToken);
            return socket;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    /// <summary>An HTTP client that connects from an address, without cookies, redirects or proxy.</summary>
    public static HttpClient Client(IPAddress from, Uri server, int connections = int.MaxValue) =>
        new(
            new SocketsHttpHandler
            {
                AllowAutoRedirect = false,
                UseCookies = false,
                UseProxy = false,
                MaxConnectionsPerServer = connections,
                ConnectCallback = async (_, cancellationToken) =>
                    new NetworkStream(await ConnectAsync(from, server.Port, cancellationToken), ownsSocket: true),
            }
        )
        {
            BaseAddress = server,
            Timeout = TimeSpan.FromSeconds(30),
        };

    /// <summary>A free port of 127.0.0.1.</summary>
    public static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
