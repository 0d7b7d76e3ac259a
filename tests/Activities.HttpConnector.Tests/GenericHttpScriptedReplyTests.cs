using FlowEngine.Context;
using FlowEngine.Execution;
using FlowEngine.HttpConnector.Connectors;
using FlowEngine.HttpConnector.Tests.Flows;
using FlowEngine.HttpConnector.Tests.Servers;

namespace FlowEngine.HttpConnector.Tests;

/// <summary>Replies of a golden case stand in for the API and change nothing else.</summary>
public sealed class GenericHttpScriptedReplyTests
{
    private const string Headers =
        """{ "includeHeadersInContext": true, "authentication": { "method": "bearerToken", "bearerToken": "env:NOT_SET_IN_ANY_TEST" } }""";

    [Theory]
    [InlineData("""{ "statusCode": 200, "body": { "a": 1 }, "headers": { "content-type": "application/json" } }""", "{}")]
    [InlineData("""{ "statusCode": 404, "body": { "why": "gone" }, "headers": { "content-type": "application/json" } }""", "{}")]
    [InlineData("""{ "statusCode": 404, "body": "text", "headers": { "X-Region": "eu" } }""", "{}")]
    [InlineData("""{ "statusCode": 429, "headers": { "Retry-After": 5 } }""", "{}")]
    [InlineData("""{ "statusCode": 204 }""", "{}")]
    [InlineData(
        """{ "statusCode": 404, "body": [1] , "headers": { "content-type": "application/json" } }""",
        """{ "successStatusCodes": ["404"], "responseFormat": "text" }"""
    )]
    [InlineData("""{ "statusCode": 200, "body": "x", "headers": { "set-cookie": ["a=1", "b=2"] } }""", "{}")]
    public async Task Reply_GivesTheSameResultAsARealOne(string reply, string activity)
    {
        var json = FlowValue.Parse(reply);
        json.Get("headers").TryGetObject(out var headers);
        await using var server = LoopbackServer.Answering(_ =>
        {
            var lines = (headers ?? FlowObject.Empty).SelectMany(header =>
                (header.Value.TryGetArray(out var several) ? several.Select(item => item.ToText()) : [header.Value.ToText()]).Select(
                    value => $"{header.Key}: {value}\r\n"
                )
            );
            return LoopbackServer.Reply((int)Number(json.Get("statusCode")), json.Get("body").ToText(), string.Concat(lines));
        });
        await using var real = TestFlow.Compile(server.Url, activity, """{ "includeHeadersInContext": true }""");
        await using var scripted = TestFlow.Compile("https://never.asked.example", activity, Headers);

        var expected = await real.RunAsync();
        var run = await scripted.RunAsync(services: Services($$"""{ "call": {{reply}} }"""));

        Assert.Equal(expected.EndName, run.EndName);
        var result = expected.Call();
        result.Get("headers").TryGetObject(out var received);
        foreach (var name in (string[])["statusCode", "body", "error"])
            Assert.Equal(result.Get(name), run.Call().Get(name));
        // A case need not say how long its body is.
        Assert.Equal(
            received!.Where(header => header.Key != "content-length"),
            (IEnumerable<KeyValuePair<string, FlowValue>>)(run.Call().Get("headers").TryGetObject(out var given) ? given : FlowObject.Empty)
        );
        Assert.Equal(expected.Error(), run.Error());
    }

    [Theory]
    [InlineData("""{ "error": { "event": "Connector Execution", "code": "http.timeout" } }""", "Connector Execution", "http.timeout")]
    [InlineData(
        """{ "error": { "event": "Connector Execution", "code": "http.dns", "message": "Gone." } }""",
        "Connector Execution",
        "http.dns"
    )]
    [InlineData("""{ "error": { } }""", "Connector Execution", "http.connect")]
    [InlineData("""{ "error": { "event": "Generic HTTP Error" } }""", "Generic HTTP Error", "http.status")]
    public async Task ScriptedError_LeavesByItsEvent(string reply, string errorEvent, string code)
    {
        await using var flow = TestFlow.Compile("https://never.asked.example", "{}", Headers);

        var run = await flow.RunAsync(services: Services($$"""{ "call": {{reply}} }"""));

        Assert.Equal((errorEvent, errorEvent, code), (run.EndName, run.Error().Get("event").ToText(), run.Error().Get("code").ToText()));
        Assert.Equal((errorEvent, code), (run.Call().Get("error").Get("event").ToText(), run.Call().Get("error").Get("code").ToText()));
        Assert.True(run.Call().Get("statusCode").IsMissing);
    }

    [Fact]
    public async Task Request_IsStillCheckedAndTraced()
    {
        await using var flow = TestFlow.Compile(
            "https://never.asked.example",
            """{ "headers": { "x": "{{client.v}}" }, "endpoint": "/{{client.p}}" }""",
            Headers
        );

        (await flow.RunAsync("""{ "v": "a\nb" }""", Services("""{ "call": { "statusCode": 200 } }"""))).AssertExecutionError(
            "http.header_invalid"
        );
        (await flow.RunAsync("""{ "v": "a", "p": ".." }""", Services("""{ "call": { "statusCode": 200 } }"""))).AssertExecutionError(
            "http.url_invalid"
        );
        var run = await flow.RunAsync("""{ "v": "a", "p": "b c" }""", Services("""{ "call": { "statusCode": 200 } }"""));

        Assert.Equal("https://never.asked.example/b%20c", run.Trace![0].Input.Get("url").ToText());
    }

    [Fact]
    public async Task NoReplyLeft_FailsTheRunWhateverTheErrorHandling()
    {
        await using var flow = TestFlow.Compile("https://never.asked.example");

        var run = await flow.RunAsync(services: Services("{}"));

        Assert.Equal((RunStatus.Failed, "test.no_reply"), (run.Status, run.Failure!.Code));
    }

    [Fact]
    public async Task Async_NeedsNoReplyAndSendsNothing()
    {
        await using var server = LoopbackServer.Answering(_ => LoopbackServer.Reply(200));
        var flow = TestFlow.Compile(server.Url, """{ "async": true }""");

        var run = await flow.RunAsync(services: Services("{}"));
        await flow.DisposeAsync();

        Assert.Equal("Success", run.EndName);
        Assert.Equal(0, server.Connections);
    }

    private static RunServices Services(string replies) =>
        RunServices.Default with
        {
            Trace = true,
            Replies = new ScriptedReplies(FlowValue.Parse(replies)),
        };

    private static long Number(FlowValue value) => value.TryGetInteger(out var number) ? number : 0;
}
