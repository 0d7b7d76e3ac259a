using System.Net;
using System.Text;
using FlowEngine.HttpConnector.Connectors;

namespace FlowEngine.HttpConnector.Tests.Servers;

/// <summary>Per connection. The server's end: raw bytes in and out, so that it can misbehave.</summary>
internal sealed class ServedConnection(Stream stream, IPAddress from, CancellationToken stopping)
{
    public Stream Stream { get; } = stream;

    public CancellationToken Stopping { get; } = stopping;

    public Task WriteAsync(string text) => WriteAsync(Encoding.UTF8.GetBytes(text));

    public async Task WriteAsync(byte[] bytes)
    {
        await Stream.WriteAsync(bytes, Stopping);
        await Stream.FlushAsync(Stopping);
    }

    /// <summary>Holds the connection open until the server stops or the client goes.</summary>
    public async Task HoldAsync()
    {
        while (await Stream.ReadAsync(new byte[256], Stopping) > 0) { }
    }

    /// <returns>The next request, or null when the client has closed.</returns>
    public async Task<ReceivedRequest?> ReadRequestAsync()
    {
        var head = new List<byte>();
        var one = new byte[1];
        while (head.Count < 4 || !head.TakeLast(4).SequenceEqual("\r\n\r\n"u8.ToArray()))
        {
            if (await Stream.ReadAsync(one, Stopping) == 0)
                return null;
            head.Add(one[0]);
        }

        var request = new ReceivedRequest(Encoding.UTF8.GetString([.. head]), [], from);
        var body = new byte[int.Parse(request.Header("content-length") ?? "0", null)];
        await Stream.ReadExactlyAsync(body, Stopping);
        return request with { Body = body };
    }
}
