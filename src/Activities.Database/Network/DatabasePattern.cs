using System.Globalization;
using System.Net;

namespace FlowEngine.Database.Network;

/// <summary>Shared and immutable: an element of <c>Egress:Databases</c>: <c>db.example.com:5432</c>, <c>*.db.internal:5432</c>,
/// <c>10.1.0.0/16:5432</c>, <c>[::1]:5432</c>, <c>/var/run/postgresql:5432</c>; the port may be <c>*</c>.</summary>
public sealed class DatabasePattern
{
    private readonly string _host;
    private readonly IPNetwork? _network;
    private readonly int? _port;

    private DatabasePattern(string host, IPNetwork? network, int? port) => (_host, _network, _port) = (host, network, port);

    /// <summary>Reads a pattern.</summary>
    /// <returns>Null when it is none.</returns>
    public static DatabasePattern? Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var colon = text.LastIndexOf(':');
        if (colon <= 0)
            return null;
        var (host, port) = (text[..colon], text[(colon + 1)..]);
        var number = 0;
        if (
            port != "*"
            && !(int.TryParse(port, NumberStyles.None, CultureInfo.InvariantCulture, out number) && number is >= 1 and <= 65535)
        )
            return null;
        int? only = port == "*" ? null : number;

        var inner = host.StartsWith('[') && host.EndsWith(']') ? host[1..^1] : host;
        if (IPAddress.TryParse(inner, out var address))
            return new DatabasePattern(host, new IPNetwork(address, address.GetAddressBytes().Length * 8), only);
        if (IPNetwork.TryParse(inner, out var network))
            return new DatabasePattern(host, network, only);
        var name = host.StartsWith("*.", StringComparison.Ordinal) ? host[2..] : host;
        return HostName.IsSocket(host) || HostName.IsName(name) ? new DatabasePattern(host, null, only) : null;
    }

    internal bool MatchesHost(string host, int port)
    {
        if (_network is not null || (_port is { } only && only != port))
            return false;
        if (HostName.IsSocket(_host) || HostName.IsSocket(host))
            return _host == host;
        var name = host.TrimEnd('.');
        return _host.StartsWith("*.", StringComparison.Ordinal)
            ? name.Length > _host.Length - 1 && name.EndsWith(_host[1..], StringComparison.OrdinalIgnoreCase)
            : name.Equals(_host, StringComparison.OrdinalIgnoreCase);
    }

    internal bool MatchesAddress(IPAddress address, int port) =>
        _network is { } network
        && (_port is null || _port == port)
        && network.Contains(address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address);
}
