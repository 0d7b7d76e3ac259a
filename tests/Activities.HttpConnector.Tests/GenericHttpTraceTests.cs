using FlowEngine.Context;
using FlowEngine.Execution;
using FlowEngine.HttpConnector.Connectors;
using FlowEngine.HttpConnector.Tests.Flows;
using FlowEngine.HttpConnector.Tests.Servers;
using FlowEngine.Screens;

namespace FlowEngine.HttpConnector.Tests;

/// <summary>The trace shows what was sent, as it was sent, not what was prepared.</summary>
public sealed class GenericHttpTraceTests
{
    [Fact]
    public async Task Trace_HasTheHeadersAsTheyWereSent()
    {
        await using var server = LoopbackServer.Answering(_ => LoopbackServer.Reply(200));
        await using var flow = TestFlow.Compile(
            server.Url,
            """{ "method": "POST", "endpoint": "/a%20b", "headers": { "X-Padded": "{{client.padded}}" }, "body": { "a": 1 } }""",
            """
            { "authentication": { "method": "bearerToken", "bearerToken": "bearer-secret" }, "hmacSecret": "hmac-secret-1",
              "headers": [ { "key": "x-tenant", "value": "tenant-secret", "secret": true } ],
              "messageSignature": { "keyId": "k", "key": "a shared text of some length" } }
            """
        );

        var run = await flow.RunAsync("""{ "padded": "  gold\t" }""");

        var input = FlowValue.Parse(flow.Trace(run)).Get(0).Get("input");
        var request = Assert.Single(server.Requests);
        Assert.Equal($"{server.Url}/a%20b", input.Get("url").ToText());
        Assert.True(input.Get("headers").TryGetObject(out var headers));
        var sent = request.Headers.Where(header =>
            header.Key.ToLowerInvariant() is not ("host" or "accept-encoding" or "content-length" or "traceparent" or "tracestate")
        );
        Assert.Equal(
            sent.Select(header => header.Key.ToLowerInvariant()).Order(),
            headers.Select(header => header.Key.ToLowerInvariant()).Order()
        );
        foreach (var (name, value) in sent)
            Assert.Equal(
                name.ToLowerInvariant() is "authorization" or "x-tenant" ? "***" : value,
                headers.Single(header => header.Key.Equals(name, StringComparison.OrdinalIgnoreCase)).Value.ToText()
            );
        Assert.Equal(("gold", "application/json"), (headers.Get("X-Padded").ToText(), headers.Get("content-type").ToText()));
        Assert.Equal(request.Header("signature"), headers.Get("signature").ToText());
        Assert.Equal("""{"a":1}""", input.Get("body").ToJson());
        Assert.True(input.Get("encoded").IsMissing);
    }

    [Theory]
    [InlineData("""{ "bodyType": "form", "body": { "a b": "{{client.x}}", "n": 1 } }""", "a+b=x+%26+y&n=1")]
    [InlineData("""{ "bodyType": "binary", "body": "aGk=" }""", "(2 bytes)")]
    [InlineData(
        """{ "bodyType": "multipart", "parts": [ { "name": "t", "value": "{{client.x}}" }, { "name": "f", "file": "aGk=", "filename": "q\"" } ] }""",
        "--B\r\nContent-Disposition: form-data; name=\"t\"\r\n\r\nx & y\r\n--B\r\nContent-Disposition: form-data; name=\"f\"; filename=\"q%22\""
            + "\r\nContent-Type: application/octet-stream\r\n\r\n(2 bytes)\r\n--B--\r\n"
    )]
    public async Task Body_ThatIsEncoded_IsShownAsItWasSent(string activity, string encoded)
    {
        await using var server = LoopbackServer.Answering(_ => LoopbackServer.Reply(200));
        await using var flow = TestFlow.Compile(
            server.Url,
            activity.Replace("{ \"bodyType\"", "{ \"method\": \"POST\", \"bodyType\"", StringComparison.Ordinal)
        );

        var run = await flow.RunAsync("""{ "x": "x & y" }""");

        var input = run.Trace![0].Input;
        var type = Assert.Single(server.Requests).Header("content-type")!;
        Assert.Equal(type, input.Get("headers").Get("content-type").ToText());
        var boundary = type.Contains("boundary=", StringComparison.Ordinal)
            ? type[(type.IndexOf('=', StringComparison.Ordinal) + 1)..]
            : "B";
        Assert.Equal(encoded, input.Get("encoded").ToText().Replace(boundary, "B", StringComparison.Ordinal));
        Assert.False(input.Get("body").IsMissing);
    }

    /// <summary>A password is masked in its encoding as well.</summary>
    [Fact]
    public async Task Body_WithASecret_IsMaskedAsAWhole()
    {
        await using var server = LoopbackServer.Answering(_ => LoopbackServer.Reply(200));
        await using var flow = TestFlow.Compile(
            server.Url,
            """{ "method": "POST", "bodyType": "form", "body": { "password": "{{form.password}}", "email": "{{form.email}}" } }""",
            startsWithScreen: true
        );
        var run = await flow.RunAsync();
        await FlowExecutor.SubmitAsync(
            run,
            new ScreenSubmission("submit", FlowValue.Parse("""{ "email": "ada", "password": "s3cret &%" }"""))
        );

        Assert.Equal("password=s3cret+%26%25&email=ada", Assert.Single(server.Requests).Text);
        Assert.Contains("\"encoded\":\"***\"", flow.Trace(run), StringComparison.Ordinal);
        Assert.DoesNotContain("s3cret", flow.Trace(run), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Redirect_IsShownAsItWasFollowed()
    {
        await using var server = LoopbackServer.Answering(request =>
            request.Target == "/a" ? LoopbackServer.Reply(303, "", "Location: /b\r\n") : LoopbackServer.Reply(200)
        );
        await using var flow = TestFlow.Compile(
            server.Url,
            """{ "method": "POST", "endpoint": "/a", "body": { "a": 1 } }""",
            """{ "followRedirects": true }"""
        );

        var input = (await flow.RunAsync()).Trace![0].Input;

        Assert.Equal(("GET", $"{server.Url}/b"), (input.Get("method").ToText(), input.Get("url").ToText()));
        Assert.True(input.Get("body").IsMissing);
    }

    /// <summary>Of what was never sent, the trace shows what was prepared.</summary>
    [Theory]
    [InlineData("""{ "disabled": true }""", "{}")]
    [InlineData("""{ "authentication": { "method": "bearerToken", "bearerToken": "env:NOT_THERE_1" } }""", "{}")]
    [InlineData("""{ "hmacSecret": "env:NOT_THERE_1" }""", """{ "pages": { "next": "link", "items": "body" } }""")]
    [InlineData("""{ "hmacSecret": "env:NOT_THERE_1" }""", """{ "cache": { "ttl": "PT5M" } }""")]
    public async Task Request_ThatWasNotSent_IsShownAsItWasPrepared(string connector, string activity)
    {
        await using var flow = TestFlow.Compile("http://127.0.0.1:1", activity, connector);

        var input = (await flow.RunAsync()).Trace![0].Input;

        Assert.Equal("http://127.0.0.1:1/", input.Get("url").ToText());
    }

    [Fact]
    public async Task Retry_IsShownWithItsOwnSignature()
    {
        await using var server = LoopbackServer.Answering(_ => LoopbackServer.Reply(500));
        await using var flow = TestFlow.Compile(
            server.Url,
            """{ "retry": { "attempts": 1, "on": ["5xx"] } }""",
            """{ "messageSignature": { "keyId": "k", "key": "a shared text of some length" } }"""
        );

        var input = (await flow.RunAsync()).Trace![0].Input;

        Assert.Equal(2, server.Requests.Count);
        Assert.Equal(server.Requests.Last().Header("signature"), input.Get("headers").Get("signature").ToText());
    }
}
