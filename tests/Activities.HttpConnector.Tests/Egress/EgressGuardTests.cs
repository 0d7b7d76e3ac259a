using System.Net;
using FlowEngine.HttpConnector.Connectors;
using FlowEngine.HttpConnector.Wire.Egress;

namespace FlowEngine.HttpConnector.Tests.Egress;

public sealed class EgressGuardTests
{
    [Theory]
    [InlineData("169.254.169.254")]
    [InlineData("169.254.170.2")]
    [InlineData("169.254.0.1")]
    [InlineData("100.100.100.200")]
    [InlineData("168.63.129.16")]
    [InlineData("192.0.0.192")]
    [InlineData("0.0.0.0")]
    [InlineData("0.1.2.3")]
    [InlineData("224.0.0.1")]
    [InlineData("239.255.255.255")]
    [InlineData("240.0.0.1")]
    [InlineData("255.255.255.255")]
    [InlineData("::")]
    [InlineData("fe80::1")]
    [InlineData("febf::1")]
    [InlineData("fe80::a9fe:a9fe")]
    [InlineData("fd00:ec2::254")]
    [InlineData("fd00:ec2::23")]
    [InlineData("fd20:ce::254")]
    [InlineData("ff02::1")]
    [InlineData("100::1")]
    [InlineData("4000::1")]
    [InlineData("5f00::1")]
    [InlineData("::ffff:169.254.169.254")]
    [InlineData("::ffff:0.0.0.0")]
    [InlineData("::169.254.169.254")]
    [InlineData("::ffff:0:169.254.169.254")]
    [InlineData("64:ff9b::169.254.169.254")]
    [InlineData("64:ff9b:1::1")]
    [InlineData("2002:a9fe:a9fe::1")]
    [InlineData("2001:0:a9fe:a9fe::1")]
    [InlineData("2001:0:808:808:0:0:5601:5601")]
    [InlineData("2600::5efe:169.254.169.254")]
    [InlineData("2600::200:5efe:169.254.169.254")]
    [InlineData("fd12::5efe:169.254.169.254")]
    public void Judge_LinkLocalMetadataAndReserved_AreForbiddenWhateverTheOperatorAllows(string address)
    {
        Assert.Equal(EgressVerdict.Forbidden, EgressGuard.Judge(IPAddress.Parse(address)));
        Assert.False(new EgressGuard(allowPrivateNetworks: true).Allows(IPAddress.Parse(address)));
    }

    [Theory]
    [InlineData("10.0.0.1")]
    [InlineData("10.255.255.255")]
    [InlineData("172.16.0.1")]
    [InlineData("172.31.255.255")]
    [InlineData("192.168.1.1")]
    [InlineData("127.0.0.1")]
    [InlineData("127.255.255.254")]
    [InlineData("100.64.0.1")]
    [InlineData("100.127.255.255")]
    [InlineData("198.18.0.1")]
    [InlineData("192.0.2.1")]
    [InlineData("::1")]
    [InlineData("fc00::1")]
    [InlineData("fd12:3456::1")]
    [InlineData("fec0::1")]
    [InlineData("2001:db8::1")]
    [InlineData("::ffff:127.0.0.1")]
    [InlineData("::ffff:10.0.0.1")]
    [InlineData("::127.0.0.1")]
    [InlineData("64:ff9b::10.0.0.1")]
    [InlineData("2002:7f00:1::1")]
    [InlineData("2002:c0a8:101::1")]
    [InlineData("2001:0:808:808:0:0:80ff:fffe")]
    [InlineData("2600::5efe:10.0.0.1")]
    public void Judge_PrivateAndLoopback_DependOnTheOperator(string address)
    {
        Assert.Equal(EgressVerdict.Private, EgressGuard.Judge(IPAddress.Parse(address)));
        Assert.False(new EgressGuard(allowPrivateNetworks: false).Allows(IPAddress.Parse(address)));
        Assert.True(new EgressGuard(allowPrivateNetworks: true).Allows(IPAddress.Parse(address)));
    }

    [Theory]
    [InlineData("8.8.8.8")]
    [InlineData("1.1.1.1")]
    [InlineData("9.255.255.255")]
    [InlineData("11.0.0.0")]
    [InlineData("172.15.255.255")]
    [InlineData("172.32.0.0")]
    [InlineData("100.63.255.255")]
    [InlineData("100.128.0.0")]
    [InlineData("169.253.255.255")]
    [InlineData("169.255.0.0")]
    [InlineData("223.255.255.255")]
    [InlineData("2606:4700::1111")]
    [InlineData("2001:4860:4860::8888")]
    [InlineData("::ffff:8.8.8.8")]
    [InlineData("64:ff9b::8.8.8.8")]
    [InlineData("2002:808:808::1")]
    public void Judge_PublicUnicast_IsAllowed(string address)
    {
        Assert.Equal(EgressVerdict.Public, EgressGuard.Judge(IPAddress.Parse(address)));
        Assert.True(new EgressGuard(allowPrivateNetworks: false).Allows(IPAddress.Parse(address)));
    }
}
