using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text;
using FlowEngine.HttpConnector.Connectors;

namespace FlowEngine.HttpConnector.Tests.Servers;

/// <summary>Per test. Small CONNECT and SOCKS5 proxies that write down what they were asked for.</summary>
internal static class TestProxy
{
    /// <summary>An HTTP proxy; answers 407 when the credentials are not the wanted ones.</summary>
    public static LoopbackServer HttpConnect(ConcurrentQueue<string> asked, string? credentials = null) =>
        LoopbackServer.Start(async connection =>
        {
            var request = await connection.ReadRequestAsync();
            asked.Enqueue(request!.Target);
            var wanted = credentials is null ? null : "Basic " + Convert.ToBase64String(Encoding.UTF8.GetBytes(credentials));
            if (request.Header("proxy-authorization") != wanted)
            {
                await connection.WriteAsync("HTTP/1.1 407 Proxy Authentication Required\r\nContent-Length: 0\r\n\r\n");
                return;
            }
            await TunnelAsync(
                connection,
                IPEndPoint.Parse(request.Target),
                () => connection.WriteAsync("HTTP/1.1 200 Connection established\r\nX-Proxy: yes\r\n\r\n")
            );
        });

    /// <summary>A SOCKS5 proxy, with user name and password when given; <paramref name="reply"/> other than 0 refuses.</summary>
    public static LoopbackServer Socks5(ConcurrentQueue<string> asked, string? credentials = null, byte reply = 0) =>
        LoopbackServer.Start(async connection =>
        {
            var greeting = await ReadAsync(connection, 2);
            var methods = await ReadAsync(connection, greeting[1]);
            var method = credentials is null ? (byte)0 : (byte)2;
            await connection.WriteAsync([5, methods.Contains(method) ? method : (byte)0xFF]);
            if (credentials is not null)
            {
                var name = await ReadAsync(connection, (await ReadAsync(connection, 2))[1]);
                var password = await ReadAsync(connection, (await ReadAsync(connection, 1))[0]);
                var good = $"{Encoding.UTF8.GetString(name)}:{Encoding.UTF8.GetString(password)}" == credentials;
                await connection.WriteAsync([1, good ? (byte)0 : (byte)1]);
                if (!good)
                    return;
            }

            var request = await ReadAsync(connection, 4);
            var host = request[3] switch
            {
                1 => new IPAddress(await ReadAsync(connection, 4)).ToString(),
                4 => new IPAddress(await ReadAsync(connection, 16)).ToString(),
                _ => Encoding.ASCII.GetString(await ReadAsync(connection, (await ReadAsync(connection, 1))[0])),
            };
            var port = await ReadAsync(connection, 2);
            var target = $"{host}:{(port[0] << 8) | port[1]}";
            asked.Enqueue(target);
            // The bound address comes back as a name of 3 bytes, which a client must be able to skip.
            byte[] answer = [5, reply, 0, 3, 3, (byte)'a', (byte)'b', (byte)'c', 0, 0];
            if (reply != 0)
                await connection.WriteAsync(answer);
            else
                await TunnelAsync(connection, IPEndPoint.Parse(target), () => connection.WriteAsync(answer));
        });

    private static async Task TunnelAsync(ServedConnection connection, IPEndPoint target, Func<Task> established)
    {
        using var client = new TcpClient();
        await client.ConnectAsync(target, connection.Stopping);
        await established();
        var upstream = client.GetStream();
        await Task.WhenAny(
            connection.Stream.CopyToAsync(upstream, connection.Stopping),
            upstream.CopyToAsync(connection.Stream, connection.Stopping)
        );
    }

    private static async Task<byte[]> ReadAsync(ServedConnection connection, int count)
    {
        var bytes = new byte[count];
        await connection.Stream.ReadExactlyAsync(bytes, connection.Stopping);
        return bytes;
    }
}
