using System.Net;
using System.Net.Sockets;

namespace FlowEngine.Execution;

/// <summary>Stateless: which clients share what one client may have.</summary>
public static class ClientNetwork
{
    private const int WideBytes = 6;
    private const int WideBytesV4 = 3;

    /// <summary>The network that a provider gives to somebody who has many addresses: a
    /// /24, of IPv6 a /48; an IPv4 address that came as IPv6 counts as IPv4.</summary>
    /// <param name="address">The address; null for none.</param>
    /// <returns>The network, <c>192.0.2.0/24</c>; "" for none.</returns>
    public static string WideOf(IPAddress? address)
    {
        if (address is null)
            return "";
        if (address.IsIPv4MappedToIPv6)
            address = address.MapToIPv4();
        var bytes = address.GetAddressBytes();
        var kept = address.AddressFamily == AddressFamily.InterNetworkV6 ? WideBytes : WideBytesV4;
        Array.Clear(bytes, kept, bytes.Length - kept);
        return $"{new IPAddress(bytes)}/{kept * 8}";
    }

    /// <summary>The network of the device that a run is for, by its <c>device.ip</c>.</summary>
    /// <param name="context">The run.</param>
    /// <returns>The network; "" for a run without an address.</returns>
    public static string WideOf(RunContext context) =>
        WideOf(IPAddress.TryParse(context.Device.Get("ip").ToText(), out var address) ? address : null);
}
