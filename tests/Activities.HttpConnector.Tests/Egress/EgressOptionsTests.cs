using System.Net;
using FlowEngine.HttpConnector.Connectors;
using FlowEngine.HttpConnector.Wire.Egress;

namespace FlowEngine.HttpConnector.Tests.Egress;

public sealed class EgressOptionsTests
{
    [Fact]
    public void Parse_GoodSettings_HaveNoProblems()
    {
        var options = EgressOptions.Parse(
            true,
            ["203.0.113.7", "2001:db8::7"],
            ["http://proxy.example:3128", "socks5://us%3Aer:p%40ss@proxy.example:1080"],
            out var problems
        );

        Assert.Empty(problems);
        Assert.True(options is { AllowPrivateNetworks: true, HasStaticEgress: true });
        Assert.Equal(["203.0.113.7", "2001:db8::7", "proxy.example:3128", "proxy.example:1080"], options.PublicAddresses);
    }

    [Fact]
    public void Parse_BadSettings_ReportsAllProblemsAtOnceWithoutPasswords()
    {
        EgressOptions.Parse(
            false,
            ["not an address", "10.1", "010.0.0.1", "0.0.0.0", "127.0.0.2", "127.0.0.2", "::ffff:127.0.0.1"],
            [
                "https://user:hunter2@proxy.example:1",
                "socks5://user:hunter2@proxy.example",
                "http://proxy.example/path",
                "hunter2",
                "socks5://user@proxy.example:1080",
            ],
            out var problems
        );

        Assert.Equal(11, problems.Count);
        Assert.DoesNotContain(problems, problem => problem.Contains("hunter2", StringComparison.Ordinal));
    }

    [Fact]
    public void Default_AllowsNoPrivateNetworksAndHasNoStaticEgress()
    {
        var options = new EgressOptions();

        Assert.False(options.AllowPrivateNetworks || options.HasStaticEgress);
        Assert.Empty(options.Validate());
    }

    [Fact]
    public void Transport_StaticIpsAskedForButNotConfigured_IsNeverMade() =>
        Assert.Throws<InvalidOperationException>(() => Transports.New(new() { UseStaticIps = true }));

    [Fact]
    public void Transport_StaticIpsConfiguredButNotAskedFor_GoesDirect()
    {
        var routes = EgressRoute.For(new EgressOptions { StaticIps = [IPAddress.Parse("203.0.113.7")] }, useStaticIps: false);

        Assert.Equal("direct", Assert.Single(routes).Name);
    }
}
