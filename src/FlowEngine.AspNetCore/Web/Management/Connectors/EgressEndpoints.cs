using FlowEngine.HttpConnector.Wire.Egress;

namespace FlowEngine.AspNetCore.Web.Management.Connectors;

/// <summary>Where requests leave from.</summary>
/// <param name="Addresses">The public addresses, to be allowed by others.</param>
/// <param name="StaticIps">The addresses that connectors may send from.</param>
/// <param name="Proxies">The proxies, without their passwords.</param>
/// <param name="AllowPrivateNetworks">Whether connectors may reach private networks.</param>
internal sealed record Egress(
    IReadOnlyList<string> Addresses,
    IReadOnlyList<string> StaticIps,
    IReadOnlyList<string> Proxies,
    bool AllowPrivateNetworks
);

/// <summary>Stateless: <c>/api/egress</c>: where requests leave from.</summary>
internal static class EgressEndpoints
{
    /// <summary>The addresses that requests leave from.</summary>
    public static Egress Find(EgressOptions egress) =>
        new(
            [.. egress.PublicAddresses],
            [.. egress.StaticIps.Select(address => address.ToString())],
            // Host and port, never the password.
            [.. egress.Proxies.Select(proxy => $"{proxy.Scheme}://{proxy.IdnHost}:{proxy.Port}")],
            egress.AllowPrivateNetworks
        );
}
