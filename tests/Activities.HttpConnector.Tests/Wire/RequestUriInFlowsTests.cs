using FlowEngine.HttpConnector.Connectors;
using FlowEngine.HttpConnector.Tests.Flows;
using FlowEngine.HttpConnector.Tests.Servers;
using FlowEngine.HttpConnector.Wire;

namespace FlowEngine.HttpConnector.Tests.Wire;

/// <summary>Base URL, endpoint and query through a flow, as they stand on the wire.</summary>
public sealed class RequestUriInFlowsTests
{
    private const string Client = """{ "id": "u/1 ?&#%ä", "n": 1.50, "on": true, "none": null, "list": [1,"b"], "q": "a b+c&d=e" }""";

    [Theory]
    [InlineData("", "", "/")]
    [InlineData("/", "/", "/")]
    [InlineData("/v2", "", "/v2")]
    [InlineData("/v2/", "/users", "/v2/users")]
    [InlineData("/v2", "users/", "/v2/users/")]
    [InlineData("/v2", "?a=1", "/v2?a=1")]
    [InlineData("", "?a=1", "/?a=1")]
    [InlineData("/v2", "/users/{{client.id}}", "/v2/users/u%2F1%20%3F%26%23%25%C3%A4")]
    [InlineData(
        "/v2",
        "/users/{{client.id}}/pets?q={{client.q}}&n={{client.n}}",
        "/v2/users/u%2F1%20%3F%26%23%25%C3%A4/pets?q=a%20b%2Bc%26d%3De&n=1.5"
    )]
    [InlineData("", "/{{client.on}}/{{client.none}}/{{client.missing ?? \"x y\"}}/{{client.list}}", "/true//x%20y/%5B1%2C%22b%22%5D")]
    [InlineData("", "/a%2Fb/~c", "/a%2Fb/~c")]
    public async Task Endpoint_IsJoinedAndItsValuesEncoded(string basePath, string endpoint, string target)
    {
        await using var server = LoopbackServer.Answering(_ => LoopbackServer.Reply(200));
        await using var flow = TestFlow.Compile(server.Url + basePath, $$"""{ "endpoint": {{Json(endpoint)}} }""");

        var run = await flow.RunAsync(Client);

        Assert.Equal("Success", run.EndName);
        Assert.Equal(target, Assert.Single(server.Requests).Target);
    }

    [Theory]
    [InlineData("/x", "/x?q=a%20b%2Bc%26d%3De&%C3%A4=1&empty=")]
    [InlineData("/x?z={{client.on}}", "/x?z=true&q=a%20b%2Bc%26d%3De&%C3%A4=1&empty=")]
    [InlineData("", "/?q=a%20b%2Bc%26d%3De&%C3%A4=1&empty=")]
    public async Task Query_IsAddedBehindTheEndpointsOwn(string endpoint, string target)
    {
        await using var server = LoopbackServer.Answering(_ => LoopbackServer.Reply(200));
        await using var flow = TestFlow.Compile(
            server.Url,
            $$$"""{ "endpoint": {{{Json(endpoint)}}}, "query": { "q": "{{client.q}}", "ä": 1, "empty": "{{client.missing}}" } }"""
        );

        var run = await flow.RunAsync(Client);

        Assert.Equal(target, Assert.Single(server.Requests).Target);
        Assert.Contains("template.missing", flow.Trace(run), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/users/{{client.id}}", "..")]
    [InlineData("/users/{{client.id}}/x", ".")]
    [InlineData("/users/.{{client.id}}", ".")]
    [InlineData("/users/%2e{{client.id}}?a=b", ".")]
    [InlineData("/{{client.id}}{{client.id}}", ".")]
    public async Task Value_ThatMakesADotSegment_IsRefusedAndNothingIsSent(string endpoint, string id)
    {
        await using var server = LoopbackServer.Answering(_ => LoopbackServer.Reply(200));
        await using var flow = TestFlow.Compile(server.Url, $$"""{ "endpoint": {{Json(endpoint)}} }""");

        var run = await flow.RunAsync($$"""{ "id": "{{id}}" }""");

        run.AssertExecutionError("http.url_invalid");
        Assert.Equal(0, server.Connections);
    }

    [Theory]
    [InlineData("//evil.example/x")]
    [InlineData("\\\\evil.example")]
    [InlineData("@evil.example")]
    [InlineData("https://evil.example/")]
    [InlineData(":80@evil.example/")]
    [InlineData("..%2f..%2fadmin")]
    [InlineData("x\r\nHost: evil.example")]
    [InlineData("...")]
    public async Task Value_NeverLeavesItsSegment(string value)
    {
        await using var server = LoopbackServer.Answering(_ => LoopbackServer.Reply(200));
        await using var flow = TestFlow.Compile(server.Url, """{ "endpoint": "{{client.id}}" }""");

        var run = await flow.RunAsync($$"""{ "id": {{Json(value)}} }""");

        Assert.Equal("Success", run.EndName);
        var request = Assert.Single(server.Requests);
        Assert.Equal("/" + Uri.EscapeDataString(value), request.Target);
        Assert.Equal($"127.0.0.1:{server.Port}", request.Header("host"));
    }

    [Fact]
    public async Task Url_OverTheLimit_IsRefused()
    {
        await using var server = LoopbackServer.Answering(_ => LoopbackServer.Reply(200));
        await using var flow = TestFlow.Compile(server.Url, """{ "endpoint": "/{{client.id}}" }""");

        var run = await flow.RunAsync($$"""{ "id": "{{new string('a', RequestUri.MaxLength)}}" }""");

        run.AssertExecutionError("http.url_invalid");
    }

    private static string Json(string text) => Context.FlowValue.From(text).ToJson();
}
