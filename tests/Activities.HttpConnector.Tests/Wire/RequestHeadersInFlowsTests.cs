using System.Net;
using FlowEngine.Context;
using FlowEngine.Execution;
using FlowEngine.HttpConnector.Connectors;
using FlowEngine.HttpConnector.Tests.Flows;
using FlowEngine.HttpConnector.Tests.Servers;

namespace FlowEngine.HttpConnector.Tests.Wire;

/// <summary>Which header wins, what may stand in one, and what never reaches the wire.</summary>
public sealed class RequestHeadersInFlowsTests
{
    private const string Bearer = """ "authentication": { "method": "bearerToken", "bearerToken": "connector-token" } """;

    [Fact]
    public async Task Headers_ActivityWinsOverConnectorWhateverTheCase()
    {
        await using var server = LoopbackServer.Answering(_ => LoopbackServer.Reply(200));
        await using var flow = TestFlow.Compile(
            server.Url,
            """{ "headers": { "x-both": "activity {{client.v}}", "X-Own": "{{client.v}}", "accept": "application/xml" } }""",
            """{ "headers": [ { "key": "X-Both", "value": "connector" }, { "key": "x-tenant", "value": "{{client.tenant}}" } ] }"""
        );

        var run = await flow.RunAsync("""{ "v": 7, "tenant": "Zoë 你好" }""");

        Assert.Equal("Success", run.EndName);
        var request = Assert.Single(server.Requests);
        Assert.Equal("activity 7", request.Header("x-both"));
        Assert.Equal("7", request.Header("x-own"));
        Assert.Equal("Zoë 你好", request.Header("x-tenant"));
        Assert.Equal("application/xml", request.Header("accept"));
    }

    [Fact]
    public async Task Functions_InEverySetting_ShapeWhatIsSent()
    {
        await using var server = LoopbackServer.Answering(_ => LoopbackServer.Reply(200));
        await using var flow = TestFlow.Compile(
            server.Url,
            """
            { "method": "POST", "endpoint": "/{{client.name | lower}}", "query": { "q": "{{client.rows | jmespath('[*].id') | join(',')}}" },
              "headers": { "x-name": "{{client.name | base64}}", "x-none": "{{client.rows | lower ?? 'none'}}" },
              "body": { "last": "{{client.rows | last}}" } }
            """,
            """{ "headers": [ { "key": "x-tenant", "value": "{{client.name | slice(0, 2) | upper}}" } ] }"""
        );

        await flow.RunAsync("""{ "name": "Zoë/x", "rows": [ { "id": 1 }, { "id": 2 } ] }""");

        var request = Assert.Single(server.Requests);
        Assert.Equal("/zo%C3%AB%2Fx?q=1%2C2", request.Target);
        Assert.Equal("Wm/Dqy94", request.Header("x-name"));
        Assert.Equal("none", request.Header("x-none"));
        Assert.Equal("ZO", request.Header("x-tenant"));
        Assert.Equal("""{"last":{"id":2}}""", request.Text);
    }

    [Theory]
    [InlineData("""{ "method": "bearerToken", "bearerToken": "tok" }""", "Bearer tok")]
    [InlineData("""{ "method": "basic", "basic": { "username": "zoë", "password": "p:%+ß" } }""", "Basic em/DqzpwOiUrw58=")]
    [InlineData("""{ "method": "apiKey", "apiKey": { "key": "Authorization", "token": "key-1" } }""", "key-1")]
    [InlineData("""{ "method": "none" }""", "from-activity")]
    public async Task Authentication_WinsOverFixedHeadersOfActivityAndConnector(string authentication, string sent)
    {
        await using var server = LoopbackServer.Answering(_ => LoopbackServer.Reply(200));
        await using var flow = TestFlow.Compile(
            server.Url,
            """{ "headers": { "Authorization": "from-activity" } }""",
            $$"""{ "authentication": {{authentication}}, "headers": [ { "key": "authorization", "value": "from-connector" } ] }"""
        );

        await flow.RunAsync();

        Assert.Equal(sent, Assert.Single(server.Requests).Header("authorization"));
    }

    [Fact]
    public async Task Authentication_WinsOverATemplateOfTheConnector()
    {
        await using var server = LoopbackServer.Answering(_ => LoopbackServer.Reply(200));
        await using var flow = TestFlow.Compile(
            server.Url,
            "{}",
            $$$"""{ {{{Bearer}}}, "headers": [ { "key": "authorization", "value": "{{client.t}}" } ] }"""
        );

        await flow.RunAsync("""{ "t": "from-client" }""");

        Assert.Equal("Bearer connector-token", Assert.Single(server.Requests).Header("authorization"));
    }

    [Fact]
    public async Task ApiKey_GoesIntoItsOwnHeaderAndLeavesAuthorizationAlone()
    {
        await using var server = LoopbackServer.Answering(_ => LoopbackServer.Reply(200));
        await using var flow = TestFlow.Compile(
            server.Url,
            """{ "headers": { "authorization": "Bearer {{client.t}}", "x-key": "mine" } }""",
            """{ "authentication": { "method": "apiKey", "apiKey": { "key": "X-Key", "token": "the-key" } } }"""
        );

        await flow.RunAsync("""{ "t": "dyn" }""");

        var request = Assert.Single(server.Requests);
        Assert.Equal("Bearer dyn", request.Header("authorization"));
        Assert.Equal("the-key", request.Header("x-key"));
    }

    [Fact]
    public async Task DynamicAuthorization_WinsAndNoTokenIsFetched()
    {
        await using var tokens = LoopbackServer.Answering(_ => LoopbackServer.Reply(200, """{ "access_token": "t" }"""));
        await using var server = LoopbackServer.Answering(_ => LoopbackServer.Reply(401));
        await using var flow = TestFlow.Compile(
            server.Url,
            """{ "headers": { "AUTHORIZATION": "Bearer {{client.t}}" } }""",
            $$"""
            { "authentication": { "method": "oauth2ClientCredentials",
              "oauth2ClientCredentials": { "clientId": "c", "clientSecret": "secret-1", "authUrl": "{{tokens.Url}}/token" } } }
            """
        );

        var run = await flow.RunAsync("""{ "t": "dynamic-1" }""");

        // A refused token of the run's own is not ours to renew.
        Assert.Equal("Bearer dynamic-1", Assert.Single(server.Requests).Header("authorization"));
        Assert.Equal(0, tokens.Connections);
        Assert.Equal("Generic HTTP Error", run.EndName);
        Assert.DoesNotContain("dynamic-1", flow.Trace(run), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("a\r\nX-Evil: 1")]
    [InlineData("a\nb")]
    [InlineData("a\rb")]
    [InlineData("a\0b")]
    [InlineData("\u0001")]
    [InlineData("\u007f")]
    public async Task Value_FromAnotherConnectorWithAControl_NeverReachesTheWire(string value)
    {
        await using var rows = LoopbackServer.Answering(_ =>
            LoopbackServer.Reply(200, $$"""{ "v": {{FlowValue.From(value).ToJson()}} }""", "Content-Type: application/json\r\n")
        );
        await using var server = LoopbackServer.Start(connection => connection.HoldAsync());
        foreach (var place in (string[])["activity", "connector"])
        {
            const string Header = "{{connectors.first.body.v}}";
            var configuration =
                $$"""{ "baseUrl": "{{server.Url}}","""
                + $$""" "headers": [ {{(place == "connector" ? $$"""{ "key": "x-v", "value": "{{Header}}" }""" : "")}} ] }""";
            await using var flow = TestFlow.Compile(
                $$"""
                { "id": "f", "start": "first", "activities": [
                  { "id": "first", "type": "GenericHttp", "connector": "rows" },
                  { "id": "call", "type": "GenericHttp", "connector": "api", "headers": { {{(
                    place == "activity" ? $"\"x-v\": \"pre {Header}\"" : ""
                )}} }, "errorHandling": { "Connector Execution": "custom" } },
                  { "id": "ok", "type": "End" }, { "id": "bad", "type": "End", "name": "Connector Execution" } ],
                  "connections": [ { "source": "first", "port": "Success", "target": "call" },
                    { "source": "call", "port": "Success", "target": "ok" },
                      { "source": "call", "port": "Connector Execution", "target": "bad" } ] }
                """,
                [("rows", $$"""{ "baseUrl": "{{rows.Url}}" }"""), ("api", configuration)]
            );

            var run = await flow.RunAsync();

            run.AssertExecutionError("http.header_invalid");
            Assert.DoesNotContain("X-Evil", run.Error().ToJson(), StringComparison.Ordinal);
        }
        Assert.Equal(0, server.Connections);
    }

    [Fact]
    public async Task Secret_WithALineBreak_IsRefusedWithoutBeingShown()
    {
        await using var server = LoopbackServer.Answering(_ => LoopbackServer.Reply(200));
        await using var flow = TestFlow.Compile(
            server.Url,
            "{}",
            """{ "authentication": { "method": "bearerToken", "bearerToken": "top\r\nsecret-value" } }"""
        );

        var run = await flow.RunAsync();

        run.AssertExecutionError("http.header_invalid");
        Assert.Equal(0, server.Connections);
        Assert.DoesNotContain("secret-value", run.Error().ToJson() + flow.Trace(run), StringComparison.Ordinal);
    }

    [Fact]
    public async Task ContentHeaders_OfTheActivity_AreSentOnceAndWinOverTheDefault()
    {
        await using var server = LoopbackServer.Answering(_ => LoopbackServer.Reply(200));
        await using var flow = TestFlow.Compile(
            server.Url,
            """{ "method": "POST", "body": { "a": 1 }, "headers": { "Content-Type": "application/vnd.x+json; v={{client.v}}","""
                + """ "content-language": "de", "Idempotency-Key": "mine" } }"""
        );

        await flow.RunAsync("""{ "v": 2 }""");

        var request = Assert.Single(server.Requests);
        Assert.Equal("application/vnd.x+json; v=2", request.Header("content-type"));
        Assert.Equal("de", request.Header("content-language"));
        Assert.Equal("mine", request.Header("idempotency-key"));
    }

    [Fact]
    public async Task Traceparent_GoesOutWithTheSpanOfTheActivity()
    {
        using var listener = new System.Diagnostics.ActivityListener
        {
            ShouldListenTo = source => source.Name == Tracing.FlowTelemetry.Name,
            Sample = (ref System.Diagnostics.ActivityCreationOptions<System.Diagnostics.ActivityContext> _) =>
                System.Diagnostics.ActivitySamplingResult.AllData,
        };
        System.Diagnostics.ActivitySource.AddActivityListener(listener);
        using var root = new System.Diagnostics.Activity("test").SetIdFormat(System.Diagnostics.ActivityIdFormat.W3C).Start();
        await using var server = LoopbackServer.Answering(_ => LoopbackServer.Reply(200));
        await using var flow = TestFlow.Compile(server.Url);

        await flow.RunAsync();

        Assert.Contains(root.TraceId.ToHexString(), Assert.Single(server.Requests).Header("traceparent"), StringComparison.Ordinal);
    }
}
