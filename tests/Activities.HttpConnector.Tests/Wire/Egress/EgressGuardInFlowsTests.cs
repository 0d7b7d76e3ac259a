using System.Collections.Concurrent;
using System.Net;
using FlowEngine.HttpConnector.Connectors;
using FlowEngine.HttpConnector.Tests.Authentication;
using FlowEngine.HttpConnector.Tests.Flows;
using FlowEngine.HttpConnector.Tests.Servers;
using FlowEngine.HttpConnector.Wire.Egress;

namespace FlowEngine.HttpConnector.Tests.Wire.Egress;

/// <summary>Where requests of a flow may go, and from which address.</summary>
public sealed class EgressGuardInFlowsTests
{
    [Fact]
    public async Task PrivateNetworks_UnlessAllowed_AreRefused()
    {
        await using var server = LoopbackServer.Answering(_ => LoopbackServer.Reply(200));
        foreach (
            var host in (string[])["127.0.0.1", "localhost", "[::1]", "[::ffff:127.0.0.1]", "0x7f000001", "017700000001", "2130706433"]
        )
        {
            await using var flow = TestFlow.Compile($"http://{host}:{server.Port}", options: new HttpModuleOptions());
            (await flow.RunAsync()).AssertExecutionError("http.blocked");
        }
        Assert.Equal(0, server.Connections);
    }

    [Fact]
    public async Task TokenEndpoint_IsGuardedToo()
    {
        await using var server = LoopbackServer.Answering(_ => LoopbackServer.Reply(200));
        await using var flow = TestFlow.Compile(
            server.Url,
            "{}",
            OAuth2ClientCredentialsAuthenticationInFlowsTests.Configuration("http://169.254.169.254")
        );

        var run = await flow.RunAsync();

        run.AssertExecutionError("http.token");
        Assert.Contains("http.blocked", run.Error().Get("message").ToText(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task StaticIps_AreUsedInTurn()
    {
        var options = new HttpModuleOptions
        {
            Egress = new EgressOptions
            {
                AllowPrivateNetworks = true,
                StaticIps = [IPAddress.Parse("127.0.0.2"), IPAddress.Parse("127.0.0.3")],
            },
        };
        await using var server = LoopbackServer.Answering(_ => LoopbackServer.Reply(200));
        await using var flow = TestFlow.Compile(server.Url, "{}", """{ "useStaticIps": true }""", options);
        await using var without = TestFlow.Compile(server.Url, "{}", "{}", options);

        for (var i = 0; i < 4; i++)
            Assert.Equal("Success", (await flow.RunAsync()).EndName);
        await without.RunAsync();

        Assert.Equal(
            ["127.0.0.2", "127.0.0.3", "127.0.0.2", "127.0.0.3", "127.0.0.1"],
            server.Requests.Select(request => request.From.ToString())
        );
    }

    [Fact]
    public async Task StaticIp_ThatIsNotOfThisMachine_IsNeverReplacedByAnother()
    {
        await using var server = LoopbackServer.Answering(_ => LoopbackServer.Reply(200));
        await using var flow = TestFlow.Compile(
            server.Url,
            "{}",
            """{ "useStaticIps": true }""",
            new()
            {
                Egress = new EgressOptions { AllowPrivateNetworks = true, StaticIps = [IPAddress.Parse("192.0.2.7")] },
            }
        );

        (await flow.RunAsync()).AssertExecutionError("http.connect");
        Assert.Equal(0, server.Connections);
    }

    [Fact]
    public async Task Proxy_CarriesTheConnectorsRequests()
    {
        var asked = new ConcurrentQueue<string>();
        await using var proxy = TestProxy.HttpConnect(asked);
        await using var server = LoopbackServer.Answering(_ => LoopbackServer.Reply(200));
        await using var flow = TestFlow.Compile(
            server.Url,
            "{}",
            """{ "useStaticIps": true }""",
            new()
            {
                Egress = new EgressOptions { AllowPrivateNetworks = true, Proxies = [new Uri($"http://127.0.0.1:{proxy.Port}")] },
            }
        );

        Assert.Equal("Success", (await flow.RunAsync()).EndName);
        Assert.Equal($"127.0.0.1:{server.Port}", Assert.Single(asked));
    }

    [Fact]
    public async Task Insecure_IsForItsConnectorAlone()
    {
        await using var server = LoopbackServer.Answering(_ => LoopbackServer.Reply(200), TestCertificates.SelfSigned);
        const string Flow = """
            { "id": "f", "start": "a", "activities": [
              { "id": "a", "type": "GenericHttp", "connector": "trusting" },
              { "id": "call", "type": "GenericHttp", "connector": "careful", "errorHandling": { "Connector Execution": "custom" } },
              { "id": "ok", "type": "End" }, { "id": "bad", "type": "End", "name": "Connector Execution" } ],
              "connections": [ { "source": "a", "port": "Success", "target": "call" },
                { "source": "call", "port": "Success", "target": "ok" },
                { "source": "call", "port": "Connector Execution", "target": "bad" } ] }
            """;
        await using var flow = TestFlow.Compile(
            Flow,
            [("trusting", $$"""{ "baseUrl": "{{server.Url}}", "insecure": true }"""), ("careful", $$"""{ "baseUrl": "{{server.Url}}" }""")]
        );

        for (var i = 0; i < 3; i++)
            (await flow.RunAsync()).AssertExecutionError("http.tls");
        Assert.Equal(3, server.Requests.Count);
    }

    [Fact]
    public async Task Connections_AreReused()
    {
        await using var server = LoopbackServer.Answering(_ => LoopbackServer.Reply(404, "not here"));
        await using var flow = TestFlow.Compile(server.Url);

        for (var i = 0; i < 20; i++)
            await flow.RunAsync();

        Assert.Equal((20, 1), (server.Requests.Count, server.Connections));
    }
}
