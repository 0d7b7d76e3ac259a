using System.Buffers.Text;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace FlowEngine.Bench.Throughput;

/// <summary>Per connection, single-threaded: posts JSON over one kept-alive connection with
/// as little work as possible, so that the load takes little from what is measured.</summary>
internal sealed class LoopbackClient : IDisposable
{
    private readonly Socket _socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
    private readonly string _host;
    private readonly byte[] _buffer = new byte[64 * 1024];
    private readonly byte[] _request = new byte[8 * 1024];

    private LoopbackClient(string host) => _host = host;

    public static async Task<LoopbackClient> ConnectAsync(Uri address)
    {
        var client = new LoopbackClient(address.Authority);
        await client._socket.ConnectAsync(IPAddress.Loopback, address.Port);
        return client;
    }

    /// <summary>Posts a body.</summary>
    /// <returns>The answer's body, valid until the next call.</returns>
    /// <exception cref="InvalidDataException">The answer is not 200, or not HTTP as it is expected here.</exception>
    public async ValueTask<ReadOnlyMemory<byte>> PostAsync(string path, string body)
    {
        var length = Encoding.UTF8.GetBytes(
            $"POST {path} HTTP/1.1\r\nHost: {_host}\r\nUser-Agent: bench\r\nAccept: application/json\r\nAccept-Language: "
                + $"en\r\nContent-Type: application/json\r\nContent-Length: {body.Length}\r\n\r\n{body}",
            _request
        );
        await _socket.SendAsync(_request.AsMemory(0, length), SocketFlags.None);
        var filled = 0;
        while (true)
        {
            var count = await _socket.ReceiveAsync(_buffer.AsMemory(filled), SocketFlags.None);
            if (count == 0)
                throw new InvalidDataException("The server closed the connection.");
            filled += count;
            if (TryRead(_buffer.AsSpan(0, filled), out var bodyRange))
                return _buffer.AsMemory()[bodyRange];
        }
    }

    public void Dispose() => _socket.Dispose();

    /// <summary>Finds the body of a complete answer; chunks are put together in place.</summary>
    private static bool TryRead(Span<byte> answer, out Range body)
    {
        body = default;
        var headerEnd = answer.IndexOf("\r\n\r\n"u8);
        if (headerEnd < 0)
            return false;
        var header = answer[..headerEnd];
        var start = headerEnd + 4;
        if (!header.StartsWith("HTTP/1.1 200 "u8))
            throw new InvalidDataException(Encoding.UTF8.GetString(answer));

        var lengthAt = header.IndexOf("ontent-Length: "u8);
        if (lengthAt >= 0)
        {
            var length = Number(header[(lengthAt + 15)..], default, out _);
            body = start..(start + length);
            return answer.Length >= start + length;
        }

        // Chunked: complete when the last chunk is there.
        if (!answer.EndsWith("0\r\n\r\n"u8))
            return false;
        var write = start;
        for (var read = start; ; )
        {
            var size = Number(answer[read..], 'x', out var digits);
            if (size == 0)
                break;
            read += digits + 2;
            answer.Slice(read, size).CopyTo(answer[write..]);
            write += size;
            read += size + 2;
        }
        body = start..write;
        return true;
    }

    private static int Number(ReadOnlySpan<byte> text, char format, out int digits) =>
        Utf8Parser.TryParse(text, out int number, out digits, format)
            ? number
            : throw new InvalidDataException("The answer is not HTTP as it is expected here.");
}
