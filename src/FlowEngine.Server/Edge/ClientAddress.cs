using System.Net;
using System.Net.Sockets;

namespace FlowEngine.Server.Edge;

/// <summary>Stateless: what counts as one client.</summary>
internal static class ClientAddress
{
    private const int NetworkBytes = 8;

    /// <summary>The address as text, an IPv4 address that came as IPv6 as IPv4; "" for none.</summary>
    public static string Of(HttpContext http) => Plain(http.Connection.RemoteIpAddress)?.ToString() ?? "";

    /// <summary>The address that limits count by: of IPv6 the /64 network, because that is what one customer gets.</summary>
    public static string NetworkOf(IPAddress? address)
    {
        address = Plain(address);
        if (address is not { AddressFamily: AddressFamily.InterNetworkV6 })
            return address?.ToString() ?? "";
        var bytes = address.GetAddressBytes();
        Array.Clear(bytes, NetworkBytes, bytes.Length - NetworkBytes);
        return new IPAddress(bytes) + "/64";
    }

    private static IPAddress? Plain(IPAddress? address) => address is { IsIPv4MappedToIPv6: true } ? address.MapToIPv4() : address;
}
