using System.Net;
using System.Net.Sockets;

namespace FlowEngine.Database.Network;

/// <summary>Shared, thread-safe: the way to one connector's server: its host is resolved,
/// each address judged, and drivers are told an address and never the name.</summary>
internal sealed class DatabaseRoute(string host, int port, DatabaseEgress egress)
{
    /// <summary>How long an address counts without being looked up again.</summary>
    private static readonly TimeSpan Fresh = TimeSpan.FromMinutes(1);

    public string Host => host;

    /// <summary>Whether the answer given at that time no longer counts.</summary>
    public bool IsOld(long since) => egress.Time.GetElapsedTime(since) >= Fresh;

    /// <summary>The time now, for <see cref="IsOld"/>.</summary>
    public long Now => egress.Time.GetTimestamp();

    /// <summary>The addresses that may be connected to, in the resolver's order; a socket's path stands for itself.</summary>
    /// <exception cref="DatabaseRefusal">The guard allows none.</exception>
    /// <exception cref="SocketException">The host has no address.</exception>
    public async Task<IReadOnlyList<string>> ResolveAsync(CancellationToken cancellationToken)
    {
        if (HostName.IsSocket(host))
        {
            return egress.AllowPrivateNetworks || egress.Lists(host, port)
                ? [host]
                : throw new DatabaseRefusal(DatabaseErrors.Blocked, "The host is a Unix socket of this machine.");
        }

        var addresses = IPAddress.TryParse(host, out var literal)
            ? [literal]
            : await egress.Resolve(host, cancellationToken).WaitAsync(cancellationToken).ConfigureAwait(false);
        if (addresses.Length == 0)
            throw new SocketException((int)SocketError.HostNotFound);
        var allowed = addresses.Where(address => egress.Allows(host, port, address)).Select(Text).ToList();
        if (allowed.Count > 0)
            return allowed;
        throw new DatabaseRefusal(
            DatabaseErrors.Blocked,
            addresses.All(address => egress.Judge(address) == AddressVerdict.Forbidden)
                ? $"The host '{host}' is at a link-local, metadata or reserved address, which connectors never reach."
                : $"The host '{host}' is at a private or loopback address."
        );
    }

    /// <summary>Judges a server whose driver takes its name and may be sent on to another by it:
    /// only one that the operator has named, or any where private networks are allowed.</summary>
    /// <param name="engine">What sends its client on, for the message.</param>
    /// <param name="cancellationToken">The caller's.</param>
    /// <exception cref="DatabaseRefusal">It is refused.</exception>
    public async Task CheckTrustedAsync(string engine, CancellationToken cancellationToken)
    {
        if (
            !egress.AllowPrivateNetworks
            && !egress.Lists(host, port)
            && !(IPAddress.TryParse(host, out var address) && egress.Databases.Any(pattern => pattern.MatchesAddress(address, port)))
        )
            throw new DatabaseRefusal(
                DatabaseErrors.Blocked,
                $"{engine} may send its client on to another address, so {host}:{port} must be one that the operator lists."
            );
        await ResolveAsync(cancellationToken).ConfigureAwait(false);
    }

    private static string Text(IPAddress address) => (address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address).ToString();
}
