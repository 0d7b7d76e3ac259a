using System.Net;
using FlowEngine.HttpConnector.Connectors;

namespace FlowEngine.HttpConnector.Wire.Egress;

/// <summary>
/// Per process, thread-safe. Through a proxy, which is asked for the address that the guard has checked, never for the host name: a proxy
/// that resolved again could be led elsewhere. The proxy's own address is the operator's choice and is not guarded.
/// </summary>
internal abstract class ProxyRoute(Uri proxy) : EgressRoute
{
    public override string Name => $"{proxy.Scheme}://{proxy.IdnHost}:{proxy.Port}";

    protected ProxyCredentials? Credentials { get; } = ProxyCredentials.Of(proxy);

    public static EgressRoute For(Uri proxy) => proxy.Scheme == "socks5" ? new Socks5Route(proxy) : new HttpConnectRoute(proxy);

    protected override async ValueTask<Stream> OpenAsync(IPEndPoint target, CancellationToken cancellationToken)
    {
        Stream stream;
        try
        {
            stream = await OpenSocketAsync(new DnsEndPoint(proxy.IdnHost, proxy.Port), null, cancellationToken).ConfigureAwait(false);
        }
        catch (System.Net.Sockets.SocketException e)
        {
            throw Refused($"cannot be reached ({e.SocketErrorCode})", e);
        }

        try
        {
            await TunnelAsync(stream, target, cancellationToken).ConfigureAwait(false);
            return stream;
        }
        catch (Exception e)
        {
            await stream.DisposeAsync().ConfigureAwait(false);
            if (e is IOException)
                throw Refused("closed the connection", e);
            throw;
        }
    }

    /// <summary>Asks the proxy for the target. Reads exactly the proxy's answer: what follows belongs to the target.</summary>
    /// <exception cref="EgressException">The proxy refused.</exception>
    protected abstract ValueTask TunnelAsync(Stream stream, IPEndPoint target, CancellationToken cancellationToken);

    protected EgressException Refused(string what, Exception? e = null) =>
        new(HttpFaultCodes.Connect, $"The egress proxy {Name} {what}. Check Egress:Proxies and the proxy's own log.", e);
}
