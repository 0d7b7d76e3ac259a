using System.Net;
using System.Net.NetworkInformation;
using System.Net.Sockets;

namespace FlowEngine.TestServers;

/// <summary>
/// A port for a server that is told where to listen. It is none of those that the system gives to whoever asks for any: while the server is not
/// there, others ask for it at that port, and they must not reach the server of another test.
/// </summary>
internal static class FreePort
{
    public static int Next()
    {
        while (true)
        {
            var port = Random.Shared.Next(10_000, 32_000);
            if (IPGlobalProperties.GetIPGlobalProperties().GetActiveTcpListeners().Any(listener => listener.Port == port))
                continue;
            try
            {
                using var listener = new TcpListener(IPAddress.Loopback, port);
                listener.Start();
                return port;
            }
            catch (SocketException)
            {
                // Taken meanwhile, or kept for somebody.
            }
        }
    }
}
