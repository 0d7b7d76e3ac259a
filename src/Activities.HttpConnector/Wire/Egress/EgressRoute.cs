using System.Net;
using System.Net.Sockets;
using FlowEngine.HttpConnector.Connectors;

namespace FlowEngine.HttpConnector.Wire.Egress;

/// <summary>
/// Per process, thread-safe. One way out of this machine: direct, from a given source address, or through a proxy. Gets addresses that
/// the guard has allowed and tries them in turn.
/// </summary>
internal abstract class EgressRoute
{
    // An address that swallows packets must not use up the whole timeout while another one would answer.
    private static readonly TimeSpan TimeToTryNext = TimeSpan.FromSeconds(2);

    /// <summary>What connections of this route are known by, for people; never a password.</summary>
    public abstract string Name { get; }

    /// <summary>All ways out that the options give a connector, in the order in which they take turns.</summary>
    public static IReadOnlyList<EgressRoute> For(EgressOptions options, bool useStaticIps)
    {
        if (!useStaticIps)
            return [new DirectRoute(null)];
        if (!options.HasStaticEgress)
            throw new InvalidOperationException(
                "The connector uses static IPs, but neither Egress:StaticIps nor Egress:Proxies is set. Set one, or turn useStaticIps off."
            );

        return [.. options.StaticIps.Select(ip => new DirectRoute(ip)), .. options.Proxies.Select(ProxyRoute.For)];
    }

    /// <summary>Opens a connection to the first address that takes one.</summary>
    /// <exception cref="EgressException">None did.</exception>
    public async ValueTask<Stream> ConnectAsync(
        string host,
        IReadOnlyList<IPAddress> addresses,
        int port,
        CancellationToken cancellationToken
    )
    {
        var usable = Usable(host, addresses);
        for (var i = 0; ; i++)
        {
            var isLast = i == usable.Count - 1;
            using var attempt = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            if (!isLast)
                attempt.CancelAfter(TimeToTryNext);
            try
            {
                return await OpenAsync(new IPEndPoint(usable[i], port), attempt.Token).ConfigureAwait(false);
            }
            catch (Exception e) when (!isLast && !cancellationToken.IsCancellationRequested && IsAttemptFailure(e))
            {
                // The next address may answer; the last one's failure is the one that is reported.
            }
            catch (Exception e) when (!cancellationToken.IsCancellationRequested && e is SocketException or IOException)
            {
                throw new EgressException(
                    HttpFaultCodes.Connect,
                    $"No connection to '{host}' on port {port}: {Reason(e)}. "
                        + "Check that the service runs and that firewalls let it through.",
                    e
                );
            }
        }
    }

    /// <summary>Opens a connection to one address.</summary>
    protected abstract ValueTask<Stream> OpenAsync(IPEndPoint target, CancellationToken cancellationToken);

    /// <summary>Those of the addresses that this route can reach.</summary>
    protected virtual IReadOnlyList<IPAddress> Usable(string host, IReadOnlyList<IPAddress> addresses) => addresses;

    protected static async ValueTask<NetworkStream> OpenSocketAsync(EndPoint target, IPAddress? source, CancellationToken cancellationToken)
    {
        var socket = target is IPEndPoint { AddressFamily: var family }
            ? new Socket(family, SocketType.Stream, ProtocolType.Tcp)
            : new Socket(SocketType.Stream, ProtocolType.Tcp);
        try
        {
            socket.NoDelay = true;
            if (source is not null)
                socket.Bind(new IPEndPoint(source, 0));
            await socket.ConnectAsync(target, cancellationToken).ConfigureAwait(false);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    private static bool IsAttemptFailure(Exception e) =>
        e is SocketException or IOException or EgressException or OperationCanceledException;

    private static string Reason(Exception e) =>
        (e as SocketException ?? e.InnerException as SocketException)?.SocketErrorCode switch
        {
            SocketError.ConnectionRefused => "it was refused",
            SocketError.ConnectionReset => "it was reset",
            SocketError.TimedOut => "nothing answered",
            SocketError.HostUnreachable or SocketError.NetworkUnreachable => "there is no route",
            SocketError.AddressNotAvailable => "the static source address is not one of this machine",
            { } other => other.ToString(),
            null => "it was closed",
        };
}
