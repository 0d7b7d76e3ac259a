using System.Net;
using System.Text;
using FlowEngine.HttpConnector.Connectors;

namespace FlowEngine.HttpConnector.Wire.Egress;

/// <summary>Per process, thread-safe. The CONNECT method of an HTTP proxy, RFC 9110 section 9.3.6, with Basic credentials.</summary>
internal sealed class HttpConnectRoute(Uri proxy) : ProxyRoute(proxy)
{
    private const int MaxAnswerBytes = 16 * 1024;

    protected override async ValueTask TunnelAsync(Stream stream, IPEndPoint target, CancellationToken cancellationToken)
    {
        var authorization = Credentials is null ? "" : $"Proxy-Authorization: {Credentials.Basic}\r\n";
        var request = $"CONNECT {target} HTTP/1.1\r\nHost: {target}\r\n{authorization}\r\n";
        await stream.WriteAsync(Encoding.ASCII.GetBytes(request), cancellationToken).ConfigureAwait(false);

        var answer = await ReadHeadAsync(stream, cancellationToken).ConfigureAwait(false);
        var status = answer.AsSpan(0, Math.Max(0, answer.IndexOf('\r', StringComparison.Ordinal)));
        if (!status.StartsWith("HTTP/1.") || status.Length < 12)
            throw Refused("does not speak HTTP");
        if (status[9] != '2')
            throw Refused($"answered {status.Slice(9, 3)}");
    }

    // Byte by byte, so that not one byte of the tunnel is taken; once per connection.
    private async ValueTask<string> ReadHeadAsync(Stream stream, CancellationToken cancellationToken)
    {
        var head = new StringBuilder();
        var one = new byte[1];
        while (head.Length < MaxAnswerBytes)
        {
            await stream.ReadExactlyAsync(one, cancellationToken).ConfigureAwait(false);
            head.Append((char)one[0]);
            if (one[0] == '\n' && head.Length >= 4 && head[^2] == '\r' && head[^3] == '\n')
                return head.ToString();
        }
        throw Refused("sent too long an answer");
    }
}
