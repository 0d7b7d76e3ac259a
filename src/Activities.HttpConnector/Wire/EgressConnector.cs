using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using FlowEngine.HttpConnector.Connectors;
using FlowEngine.HttpConnector.Wire.Egress;
using FlowEngine.HttpConnector.Wire.Tls;

namespace FlowEngine.HttpConnector.Wire;

/// <summary>Resolves a host name; the system's resolver, except in tests.</summary>
internal delegate Task<IPAddress[]> HostResolver(string host, CancellationToken cancellationToken);

/// <summary>
/// Per process, thread-safe. The connect callback of a handler: resolve, guard, connect to the very address that was checked. The name
/// is not resolved a second time, not even by a proxy.
/// </summary>
internal sealed class EgressConnector(EgressGuard guard, EgressRoute route, HostResolver? resolver = null)
{
    private readonly HostResolver _resolve = resolver ?? Dns.GetHostAddressesAsync;

    /// <summary>For a handshake by another name than the URL's; null for none.</summary>
    public SslClientAuthenticationOptions? Named { get; init; }

    public async ValueTask<Stream> ConnectAsync(SocketsHttpConnectionContext context, CancellationToken cancellationToken)
    {
        var target = context.DnsEndPoint;
        if (!SingleConnection.MayOpen(context.InitialRequestMessage))
            throw new EgressException(HttpFaultCodes.Connect, $"'{target.Host}' closed the connection before it answered.");

        var clock = ExchangeClock.Of(context.InitialRequestMessage);
        clock?.Connecting();
        var isLiteral = IPAddress.TryParse(target.Host, out var literal);
        var addresses = isLiteral ? [literal!] : await ResolveAsync(target.Host, cancellationToken).ConfigureAwait(false);
        clock?.Resolved(isLiteral);

        var stream = await route
            .ConnectAsync(target.Host, Guarded(target.Host, addresses), target.Port, cancellationToken)
            .ConfigureAwait(false);
        clock?.Connected();
        if (Named is null || !NamedHandshake.IsMeant(context.InitialRequestMessage))
            return stream;
        var secured = await NamedHandshake.SecureAsync(stream, Named, cancellationToken).ConfigureAwait(false);
        clock?.Secured();
        return secured;
    }

    public static ValueTask<Stream> Secured(SocketsHttpPlaintextStreamFilterContext context, CancellationToken cancellationToken)
    {
        if (context.InitialRequestMessage.RequestUri?.Scheme == Uri.UriSchemeHttps)
            ExchangeClock.Of(context.InitialRequestMessage)?.Secured();
        return new(context.PlaintextStream);
    }

    private async Task<IPAddress[]> ResolveAsync(string host, CancellationToken cancellationToken)
    {
        IPAddress[] addresses;
        try
        {
            addresses = await _resolve(host, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception e) when (e is SocketException or ArgumentException)
        {
            throw new EgressException(
                HttpFaultCodes.Dns,
                $"The host '{host}' could not be resolved. Check the connector's base URL and the DNS.",
                e
            );
        }

        return addresses.Length > 0
            ? addresses
            : throw new EgressException(
                HttpFaultCodes.Dns,
                $"The host '{host}' has no address. Check the connector's base URL and the DNS."
            );
    }

    private List<IPAddress> Guarded(string host, IPAddress[] addresses)
    {
        var allowed = new List<IPAddress>(addresses.Length);
        var worst = EgressVerdict.Private;
        foreach (var address in addresses)
        {
            if (guard.Allows(address))
                allowed.Add(address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address);
            else if (EgressGuard.Judge(address) == EgressVerdict.Forbidden)
                worst = EgressVerdict.Forbidden;
        }
        if (allowed.Count > 0)
            return allowed;

        throw new EgressException(
            HttpFaultCodes.Blocked,
            worst == EgressVerdict.Private
                ? $"The host '{host}' is at a private or loopback address. Use a "
                    + "public host, or let the operator set Egress:AllowPrivateNetworks."
                : $"The host '{host}' is at a link-local, metadata or reserved address, which connectors never reach."
        );
    }
}
