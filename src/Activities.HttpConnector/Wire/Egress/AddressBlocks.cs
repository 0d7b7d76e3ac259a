using System.Net;
using FlowEngine.HttpConnector.Connectors;

namespace FlowEngine.HttpConnector.Wire.Egress;

/// <summary>Shared and immutable. The address blocks that are not simply public, most specific first within each family.</summary>
internal static class AddressBlocks
{
    private const EgressVerdict Private = EgressVerdict.Private;
    private const EgressVerdict Forbidden = EgressVerdict.Forbidden;

    private static readonly Block[] IPv4 =
    [
        new("168.63.129.16/32", Forbidden), // Azure: wire server, DNS
        new("100.100.100.200/32", Forbidden), // Alibaba Cloud: metadata
        new("0.0.0.0/8", Forbidden), // "this network"; Linux connects 0.0.0.0 to itself
        new("169.254.0.0/16", Forbidden), // link-local: AWS, Azure, Google, Oracle, DigitalOcean, Tencent metadata
        new("192.0.0.0/24", Forbidden), // IETF protocol assignments; 192.0.0.192 is Oracle Cloud's metadata
        new("192.88.99.0/24", Forbidden), // 6to4 relays, deprecated
        new("224.0.0.0/4", Forbidden), // multicast
        new("240.0.0.0/4", Forbidden), // reserved, and the broadcast address
        new("10.0.0.0/8", Private),
        new("172.16.0.0/12", Private),
        new("192.168.0.0/16", Private),
        new("127.0.0.0/8", Private), // loopback
        new("100.64.0.0/10", Private), // carrier-grade NAT
        new("198.18.0.0/15", Private), // benchmarks
        new("192.0.2.0/24", Private), // documentation
        new("198.51.100.0/24", Private),
        new("203.0.113.0/24", Private),
    ];

    private static readonly Block[] IPv6 =
    [
        new("::/128", Forbidden), // unspecified
        new("::1/128", Private), // loopback
        new("fd00:ec2::/32", Forbidden), // AWS: metadata (::254), DNS (::253), pod identity (::23)
        new("fd20:ce::254/128", Forbidden), // Google Cloud: metadata
        new("fd00:42::42/128", Forbidden), // Scaleway: metadata
        new("fe80::/10", Forbidden), // link-local
        new("ff00::/8", Forbidden), // multicast
        new("64:ff9b:1::/48", Forbidden), // NAT64 for local use: where the IPv4 address sits is the network's choice
        new("100::/64", Forbidden), // discard
        new("2001:10::/28", Forbidden), // ORCHID
        new("2001:20::/28", Forbidden), // ORCHIDv2
        new("fc00::/7", Private), // unique local
        new("fec0::/10", Private), // site-local, deprecated
        new("2001:2::/48", Private), // benchmarks
        new("2001:db8::/32", Private), // documentation
        new("3fff::/20", Private), // documentation
    ];

    public static EgressVerdict JudgeIPv4(ReadOnlySpan<byte> address) => Find(IPv4, address) ?? EgressVerdict.Public;

    public static EgressVerdict? FindIPv6(ReadOnlySpan<byte> address) => Find(IPv6, address);

    private static EgressVerdict? Find(Block[] blocks, ReadOnlySpan<byte> address)
    {
        foreach (var block in blocks)
            if (block.Contains(address))
                return block.Verdict;
        return null;
    }

    private sealed class Block
    {
        private readonly byte[] _prefix;
        private readonly int _bits;

        public Block(string cidr, EgressVerdict verdict)
        {
            var network = IPNetwork.Parse(cidr);
            (_prefix, _bits, Verdict) = (network.BaseAddress.GetAddressBytes(), network.PrefixLength, verdict);
        }

        public EgressVerdict Verdict { get; }

        public bool Contains(ReadOnlySpan<byte> address)
        {
            var (whole, rest) = Math.DivRem(_bits, 8);
            return address[..whole].SequenceEqual(_prefix.AsSpan(0, whole))
                && (rest == 0 || (address[whole] ^ _prefix[whole]) >> (8 - rest) == 0);
        }
    }
}
