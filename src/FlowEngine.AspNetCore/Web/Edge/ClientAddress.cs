using System.Net;
using System.Net.Sockets;
using FlowEngine.Execution;

namespace FlowEngine.AspNetCore.Web.Edge;

/// <summary>Stateless: what counts as one client.</summary>
internal static class ClientAddress
{
    private const int NetworkBytes = 8;

    /// <summary>The address as text, an IPv4 address that came as IPv6 as IPv4; "" for none.</summary>
    public static string Of(HttpContext http) => http.Connection.RemoteIpAddress is { } address ? Plain(address).ToString() : "";

    /// <summary>The address that limits count by: of IPv6 the /64 network, because that is what one customer gets.</summary>
    public static string NetworkOf(IPAddress? address)
    {
        if (address is null)
            return "";
        address = Plain(address);
        if (address.AddressFamily != AddressFamily.InterNetworkV6)
            return address.ToString();
        var bytes = address.GetAddressBytes();
        Array.Clear(bytes, NetworkBytes, bytes.Length - NetworkBytes);
        return new IPAddress(bytes) + "/64";
    }

    /// <summary>The network that a provider gives to somebody who has many addresses: a /24, of IPv6 a /48; "" for none.</summary>
    public static string WideNetworkOf(IPAddress? address) => ClientNetwork.WideOf(address);

    /// <summary>The address, an IPv4 address that came as IPv6 as IPv4.</summary>
    public static IPAddress Plain(IPAddress address) => address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;
}
