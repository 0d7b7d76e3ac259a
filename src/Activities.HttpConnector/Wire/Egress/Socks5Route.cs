using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using FlowEngine.HttpConnector.Connectors;

namespace FlowEngine.HttpConnector.Wire.Egress;

/// <summary>Per process, thread-safe. A SOCKS5 proxy: RFC 1928, with user name and password of RFC 1929.</summary>
internal sealed class Socks5Route(Uri proxy) : ProxyRoute(proxy)
{
    private const byte Version = 5,
        NoAuthentication = 0,
        UserNamePassword = 2,
        Connect = 1,
        IPv4 = 1,
        Domain = 3,
        IPv6 = 4;

    protected override async ValueTask TunnelAsync(Stream stream, IPEndPoint target, CancellationToken cancellationToken)
    {
        await AuthenticateAsync(stream, cancellationToken).ConfigureAwait(false);

        byte[] request =
        [
            Version,
            Connect,
            0,
            target.AddressFamily == AddressFamily.InterNetwork ? IPv4 : IPv6,
            .. target.Address.GetAddressBytes(),
            0,
            0,
        ];
        BinaryPrimitives.WriteUInt16BigEndian(request.AsSpan(request.Length - 2), (ushort)target.Port);
        await stream.WriteAsync(request, cancellationToken).ConfigureAwait(false);

        var answer = await ReadAsync(stream, 4, cancellationToken).ConfigureAwait(false);
        if (answer[0] != Version)
            throw Refused("does not speak SOCKS5");
        if (answer[1] != 0)
            throw Refused($"refused the connection: {Reason(answer[1])}");

        // The bound address is of no use here, but its bytes must be taken off the stream.
        var length = answer[3] switch
        {
            IPv4 => 4,
            IPv6 => 16,
            Domain => (await ReadAsync(stream, 1, cancellationToken).ConfigureAwait(false))[0],
            _ => throw Refused("does not speak SOCKS5"),
        };
        await ReadAsync(stream, length + 2, cancellationToken).ConfigureAwait(false);
    }

    private async ValueTask AuthenticateAsync(Stream stream, CancellationToken cancellationToken)
    {
        byte[] greeting = Credentials is null ? [Version, 1, NoAuthentication] : [Version, 2, NoAuthentication, UserNamePassword];
        await stream.WriteAsync(greeting, cancellationToken).ConfigureAwait(false);
        var choice = await ReadAsync(stream, 2, cancellationToken).ConfigureAwait(false);
        if (choice[0] != Version)
            throw Refused("does not speak SOCKS5");
        if (choice[1] == NoAuthentication)
            return;
        if (choice[1] != UserNamePassword || Credentials is null)
            throw Refused("asks for an authentication that its URL does not hold");

        byte[] login =
        [
            1,
            (byte)Credentials.UserName.Length,
            .. Credentials.UserName,
            (byte)Credentials.Password.Length,
            .. Credentials.Password,
        ];
        await stream.WriteAsync(login, cancellationToken).ConfigureAwait(false);
        if ((await ReadAsync(stream, 2, cancellationToken).ConfigureAwait(false))[1] != 0)
            throw Refused("refused the user name or password");
    }

    private static async ValueTask<byte[]> ReadAsync(Stream stream, int count, CancellationToken cancellationToken)
    {
        var bytes = new byte[count];
        await stream.ReadExactlyAsync(bytes, cancellationToken).ConfigureAwait(false);
        return bytes;
    }

    private static string Reason(byte reply) =>
        reply switch
        {
            2 => "not allowed by its rules",
            3 => "network unreachable",
            4 => "host unreachable",
            5 => "connection refused",
            6 => "time to live expired",
            _ => $"reply {reply}",
        };
}
