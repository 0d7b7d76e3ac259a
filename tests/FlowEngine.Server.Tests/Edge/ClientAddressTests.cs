using System.Net;
using FlowEngine.AspNetCore.Web.Edge;

namespace FlowEngine.Server.Tests.Edge;

public sealed class ClientAddressTests
{
    [Theory]
    [InlineData("192.0.2.7", "192.0.2.7")]
    [InlineData("::ffff:192.0.2.7", "192.0.2.7")]
    [InlineData("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64")]
    [InlineData("2001:db8:1:2:ffff::1", "2001:db8:1:2::/64")]
    [InlineData("2001:db8:1:3::1", "2001:db8:1:3::/64")]
    [InlineData("fe80::1%3", "fe80::/64")]
    public void Network_IsTheAddressOrThe64(string address, string network) =>
        Assert.Equal(network, ClientAddress.NetworkOf(IPAddress.Parse(address)));

    [Fact]
    public void Network_OfNothing_IsOneForAll() => Assert.Equal("", ClientAddress.NetworkOf(null));
}
