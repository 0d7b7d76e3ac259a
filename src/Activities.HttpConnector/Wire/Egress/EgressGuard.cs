using System.Net;
using System.Net.Sockets;
using FlowEngine.HttpConnector.Connectors;

namespace FlowEngine.HttpConnector.Wire.Egress;

/// <summary>
/// Shared and immutable. Decides which resolved addresses connectors may reach, by the IANA special-purpose registries (RFC 6890)
/// and the metadata addresses of the clouds. Addresses that embed an IPv4 address are judged by both. Checked at connect time on the
/// address that is then connected to, so DNS rebinding has no gap to use.
/// </summary>
public sealed class EgressGuard
{
    private readonly bool _allowPrivateNetworks;

    /// <summary>Makes a guard.</summary>
    /// <param name="allowPrivateNetworks">Whether <see cref="EgressVerdict.Private"/> addresses may be reached.</param>
    public EgressGuard(bool allowPrivateNetworks) => _allowPrivateNetworks = allowPrivateNetworks;

    /// <summary>Whether an address may be connected to.</summary>
    /// <param name="address">A resolved address.</param>
    /// <returns>True when it may.</returns>
    public bool Allows(IPAddress address) =>
        Judge(address) switch
        {
            EgressVerdict.Public => true,
            EgressVerdict.Private => _allowPrivateNetworks,
            _ => false,
        };

    /// <summary>Classes an address, whatever the operator allows.</summary>
    /// <param name="address">An IPv4 or IPv6 address.</param>
    /// <returns>The verdict; for an address that embeds others, the worst of all.</returns>
    public static EgressVerdict Judge(IPAddress address)
    {
        ArgumentNullException.ThrowIfNull(address);
        Span<byte> bytes = stackalloc byte[16];
        address.TryWriteBytes(bytes, out var length);
        return address.AddressFamily switch
        {
            AddressFamily.InterNetwork => AddressBlocks.JudgeIPv4(bytes[..length]),
            AddressFamily.InterNetworkV6 => JudgeIPv6(bytes),
            _ => EgressVerdict.Forbidden,
        };
    }

    private static EgressVerdict JudgeIPv6(ReadOnlySpan<byte> a)
    {
        // ::1 and :: look like IPv4-compatible addresses, so the table that knows them comes first.
        if (AddressBlocks.FindIPv6(a) is { } listed)
            return Worst(listed, JudgeInterfaceId(a));

        var last = a[12..];
        if (IsZero(a[..10]) && a[10] == 0xFF && a[11] == 0xFF)
            return AddressBlocks.JudgeIPv4(last); // ::ffff:a.b.c.d, mapped
        if (IsZero(a[..12]))
            return AddressBlocks.JudgeIPv4(last); // ::a.b.c.d, compatible
        if (IsZero(a[..8]) && a[8] == 0xFF && a[9] == 0xFF && IsZero(a[10..12]))
            return AddressBlocks.JudgeIPv4(last); // ::ffff:0:a.b.c.d, RFC 2765
        if (a.StartsWith((ReadOnlySpan<byte>)[0x00, 0x64, 0xFF, 0x9B]) && IsZero(a[4..12]))
            return AddressBlocks.JudgeIPv4(last); // 64:ff9b::/96, NAT64
        if (a[0] == 0x20 && a[1] == 0x02)
            return Worst(AddressBlocks.JudgeIPv4(a[2..6]), JudgeInterfaceId(a)); // 2002::/16, 6to4
        if (a.StartsWith((ReadOnlySpan<byte>)[0x20, 0x01, 0x00, 0x00])) // 2001::/32, Teredo: server and client
        {
            ReadOnlySpan<byte> client = [(byte)~a[12], (byte)~a[13], (byte)~a[14], (byte)~a[15]];
            return Worst(AddressBlocks.JudgeIPv4(a[4..8]), AddressBlocks.JudgeIPv4(client));
        }

        // IANA gives out global unicast from 2000::/3 only; what lies elsewhere and is not listed is reserved.
        return (a[0] & 0xE0) == 0x20 ? JudgeInterfaceId(a) : EgressVerdict.Forbidden;
    }

    // ISATAP (RFC 5214): [0|2]00:5efe:a.b.c.d as interface id, under any prefix.
    private static EgressVerdict JudgeInterfaceId(ReadOnlySpan<byte> a) =>
        a[8] is 0x00 or 0x02 && a[9] == 0x00 && a[10] == 0x5E && a[11] == 0xFE ? AddressBlocks.JudgeIPv4(a[12..]) : EgressVerdict.Public;

    private static EgressVerdict Worst(EgressVerdict a, EgressVerdict b) => a > b ? a : b;

    private static bool IsZero(ReadOnlySpan<byte> bytes) => !bytes.ContainsAnyExcept((byte)0);
}
