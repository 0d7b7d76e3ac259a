using System.Net;
using System.Net.Sockets;
using FlowEngine.HttpConnector.Connectors;

namespace FlowEngine.HttpConnector.Wire.Egress;

/// <summary>Shared and immutable. The operator's settings for outbound connections (configuration section <c>Egress</c>).</summary>
public sealed class EgressOptions
{
    /// <summary>
    /// Whether connectors may reach private, loopback and other non-public addresses. Default false. Link-local and cloud metadata
    /// addresses are refused either way.
    /// </summary>
    public bool AllowPrivateNetworks { get; init; }

    /// <summary>Local source addresses for connectors with <c>useStaticIps</c>, used in turn per request. Default none.</summary>
    public IReadOnlyList<IPAddress> StaticIps { get; init; } = [];

    /// <summary>
    /// Proxies for connectors with <c>useStaticIps</c>, used in turn per request, after <see cref="StaticIps"/>: <c>http://</c> (the
    /// CONNECT method, RFC 9110 section 9.3.6) or <c>socks5://</c> (RFC 1928, 1929), optionally with user name and password. Default none.
    /// </summary>
    public IReadOnlyList<Uri> Proxies { get; init; } = [];

    /// <summary>True when a connector may ask for static IPs.</summary>
    public bool HasStaticEgress => StaticIps.Count + Proxies.Count > 0;

    /// <summary>What to put on a firewall's allow-list: the static IPs, then host and port of each proxy, never its password.</summary>
    public IReadOnlyList<string> PublicAddresses =>
        [.. StaticIps.Select(ip => ip.ToString()), .. Proxies.Select(proxy => $"{proxy.IdnHost}:{proxy.Port}")];

    /// <summary>Reads the settings from text, as configuration holds them.</summary>
    /// <param name="allowPrivateNetworks">See <see cref="AllowPrivateNetworks"/>.</param>
    /// <param name="staticIps">Addresses for <see cref="StaticIps"/>.</param>
    /// <param name="proxies">URLs for <see cref="Proxies"/>.</param>
    /// <param name="problems">Every problem found, those of <see cref="Validate"/> included; empty when the settings are good.</param>
    /// <returns>The settings that could be read.</returns>
    public static EgressOptions Parse(
        bool allowPrivateNetworks,
        IEnumerable<string> staticIps,
        IEnumerable<string> proxies,
        out IReadOnlyList<string> problems
    )
    {
        ArgumentNullException.ThrowIfNull(staticIps);
        ArgumentNullException.ThrowIfNull(proxies);
        var found = new List<string>();
        var addresses = new List<IPAddress>();
        foreach (var text in staticIps)
        {
            // Of the old forms of IPv4, such as 10.1 for 10.0.0.1, none is meant: it is a slip.
            if (
                IPAddress.TryParse(text, out var address)
                && (address.AddressFamily != AddressFamily.InterNetwork || address.ToString() == text)
            )
                addresses.Add(address);
            else
                found.Add($"Egress:StaticIps: '{text}' is not an IP address.");
        }

        var urls = new List<Uri>();
        foreach (var (text, index) in proxies.Select((text, index) => (text, index)))
        {
            if (Uri.TryCreate(text, UriKind.Absolute, out var url))
                urls.Add(url);
            else
                found.Add(
                    $"Egress:Proxies:{index} is not a URL such as http://proxy.example:3128 or socks5://user:password@proxy.example:1080."
                );
        }

        var options = new EgressOptions
        {
            AllowPrivateNetworks = allowPrivateNetworks,
            StaticIps = addresses,
            Proxies = urls,
        };
        problems = [.. found, .. options.Validate()];
        return options;
    }

    /// <summary>Checks the settings.</summary>
    /// <returns>Every problem, each saying what to do; empty when there is none. Never a proxy's password.</returns>
    public IReadOnlyList<string> Validate()
    {
        var problems = new List<string>();
        foreach (var address in StaticIps)
        {
            if (address.AddressFamily is not (AddressFamily.InterNetwork or AddressFamily.InterNetworkV6))
                problems.Add($"Egress:StaticIps: '{address}' is neither IPv4 nor IPv6.");
            else if (address.IsIPv4MappedToIPv6)
                problems.Add($"Egress:StaticIps: write '{address}' as the IPv4 address {address.MapToIPv4()}.");
            else if (
                IPAddress.Any.Equals(address)
                || IPAddress.IPv6Any.Equals(address)
                || address.IsIPv6Multicast
                || IPAddress.Broadcast.Equals(address)
            )
                problems.Add($"Egress:StaticIps: '{address}' is not the address of one interface. Give an address of this machine.");
        }
        foreach (var twice in StaticIps.GroupBy(ip => ip).Where(group => group.Count() > 1))
            problems.Add($"Egress:StaticIps: '{twice.Key}' is given more than once. Remove the repetition.");

        for (var i = 0; i < Proxies.Count; i++)
            problems.AddRange(ProxyProblems(i, Proxies[i]));
        return problems;
    }

    private static IEnumerable<string> ProxyProblems(int index, Uri proxy)
    {
        var name = $"Egress:Proxies:{index}";
        if (!proxy.IsAbsoluteUri || proxy.Scheme is not ("http" or "socks5"))
        {
            yield return $"{name} must begin with http:// or socks5://.";
            yield break;
        }

        if (proxy.Host.Length == 0)
            yield return $"{name} has no host.";
        if (proxy.Port is < 1 or > 65535)
            yield return $"{name} has no port. Add one, such as :1080.";
        if (proxy.PathAndQuery is not ("" or "/") || proxy.Fragment.Length > 0)
            yield return $"{name} must end after its port.";
        if (proxy.Scheme == "socks5" && ProxyCredentials.Of(proxy) is { } credentials && !credentials.FitSocks5)
            yield return $"{name}: user name and password must be 1 to 255 bytes each (RFC 1929).";
    }
}
