using System.Globalization;
using FlowEngine.Context;
using FlowEngine.Execution;
using FlowEngine.HttpConnector.Tests.Flows;
using FlowEngine.HttpConnector.Tests.Servers;
using Microsoft.Extensions.Time.Testing;

namespace FlowEngine.HttpConnector.Tests;

/// <summary>Answers that are used again: whose they are, how long, and what becomes of them when the API fails.</summary>
public sealed class AnswerCachingTests
{
    private const string FiveMinutes = """ "cache": { "ttl": "PT5M", "staleIfError": "PT1H" } """;

    private readonly FakeTimeProvider _time = new();

    [Fact]
    public async Task Cache_SameRequestWithinItsTime_IsNotSentAgain()
    {
        await using var server = Counting();
        await using var flow = Compile(server.Url, FiveMinutes);

        Assert.Equal("Success 1 false 0 false", Said(await flow.RunAsync()));
        _time.Advance(TimeSpan.FromSeconds(299));
        var run = await flow.RunAsync();
        Assert.Equal("Success 1 true 299 false", Said(run));
        Assert.Equal("0", run.Call().Get("attempts").ToText());
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal("Success 2 false 0 false", Said(await flow.RunAsync()));
    }

    /// <summary>Two persons with the same URL and different tokens.</summary>
    [Fact]
    public async Task Cache_AnotherTokenOrHeaderOrQuery_HasItsOwnAnswer()
    {
        await using var server = LoopbackServer.Answering(request => LoopbackServer.Reply(200, request.Header("authorization") ?? ""));
        await using var flow = Compile(
            server.Url,
            FiveMinutes
                + """, "headers": { "authorization": "Bearer {{client.t}}", "x-v": "{{client.h}}" }, "query": { "q": "{{client.q}}" } """
        );

        foreach (
            var client in new[]
            {
                """{ "t": "ada", "h": "1", "q": "1" }""",
                """{ "t": "bob", "h": "1", "q": "1" }""",
                """{ "t": "ada", "h": "2", "q": "1" }""",
                """{ "t": "ada", "h": "1", "q": "2" }""",
            }
        )
        {
            for (var i = 0; i < 2; i++)
            {
                var call = (await flow.RunAsync(client)).Call();
                Assert.Equal($"Bearer {FlowValue.Parse(client).Get("t").ToText()}", call.Get("body").ToText());
                Assert.Equal(i == 1 ? FlowValue.True : FlowValue.False, call.Get("cached"));
            }
        }
        Assert.Equal(4, server.Requests.Count);
    }

    /// <summary>An answer to one person's connector is not another connector's.</summary>
    [Fact]
    public async Task Cache_TwoConnectorsOfOneAddress_HaveTheirOwn()
    {
        await using var server = LoopbackServer.Answering(request => LoopbackServer.Reply(200, request.Header("authorization") ?? ""));
        foreach (var token in new[] { "one", "two" })
        {
            await using var flow = Compile(
                server.Url,
                FiveMinutes,
                $$"""{ "authentication": { "method": "bearerToken", "bearerToken": "{{token}}" } }"""
            );
            Assert.Equal($"Bearer {token}", (await flow.RunAsync()).Call().Get("body").ToText());
        }
    }

    [Theory]
    [InlineData(503, "Stale")]
    [InlineData(429, "Stale")]
    [InlineData(500, "Stale")]
    [InlineData(404, "Generic HTTP Error")]
    [InlineData(401, "Generic HTTP Error")]
    [InlineData(403, "Generic HTTP Error")]
    public async Task Stale_AfterAFailure_StandsInOnlyWhereItMayPass(int status, string end)
    {
        var now = 200;
        await using var server = LoopbackServer.Answering(_ => LoopbackServer.Reply(Volatile.Read(ref now), "body"));
        await using var flow = Compile(server.Url, FiveMinutes);
        await flow.RunAsync();
        _time.Advance(TimeSpan.FromMinutes(10));
        Volatile.Write(ref now, status);

        var run = await flow.RunAsync();

        Assert.Equal(end, run.EndName);
        Assert.Equal("http.status", run.Call().Get("error").Get("code").ToText());
        if (end == "Stale")
        {
            Assert.Equal("Stale body true 600 true", Said(run));
            Assert.Equal(("200", "http.status"), (run.Call().Get("statusCode").ToText(), run.Error().Get("code").ToText()));
            return;
        }
        // What says that it is another answer by now is believed from then on.
        Volatile.Write(ref now, 503);
        Assert.Equal("Generic HTTP Error", (await flow.RunAsync()).EndName);
    }

    [Fact]
    public async Task Stale_WhenItsTimeIsOver_IsNotUsed()
    {
        var now = 200;
        await using var server = LoopbackServer.Answering(_ => LoopbackServer.Reply(Volatile.Read(ref now)));
        await using var flow = Compile(server.Url, FiveMinutes);
        await flow.RunAsync();
        Volatile.Write(ref now, 503);
        _time.Advance(TimeSpan.FromMinutes(65) - TimeSpan.FromSeconds(1));
        Assert.Equal("Stale", (await flow.RunAsync()).EndName);
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal("Generic HTTP Error", (await flow.RunAsync()).EndName);
    }

    /// <summary>A stale answer after the breaker opened: nothing is asked, and it is still told what is wrong.</summary>
    [Fact]
    public async Task Stale_AfterTheBreakerOpened_StandsInWithoutACall()
    {
        var now = 200;
        await using var server = LoopbackServer.Answering(_ => LoopbackServer.Reply(Volatile.Read(ref now), "body"));
        await using var flow = Compile(
            server.Url,
            FiveMinutes,
            """{ "circuitBreaker": { "failureRatio": 0.5, "minimumThroughput": 2, "samplingSeconds": 30, "breakSeconds": 15 } }"""
        );
        await flow.RunAsync();
        _time.Advance(TimeSpan.FromMinutes(10));
        Volatile.Write(ref now, 503);
        for (var i = 0; i < 2; i++)
            Assert.Equal("Stale", (await flow.RunAsync()).EndName);
        var asked = server.Requests.Count;

        var run = await flow.RunAsync();

        Assert.Equal("Stale body true 600 true", Said(run));
        Assert.Equal("http.circuit_open", run.Call().Get("error").Get("code").ToText());
        Assert.Equal(asked, server.Requests.Count);
    }

    /// <summary>Without a connection from Stale a failure goes its own way, and looks like none but itself.</summary>
    [Fact]
    public async Task Stale_NotConnected_IsTheFailuresOwnWay()
    {
        var now = 200;
        await using var server = LoopbackServer.Answering(_ => LoopbackServer.Reply(Volatile.Read(ref now), "body"));
        await using var flow = Compile(server.Url, FiveMinutes, isStaleConnected: false);
        Assert.Empty(flow.Codes);
        await flow.RunAsync();
        _time.Advance(TimeSpan.FromMinutes(10));
        Volatile.Write(ref now, 503);

        var run = await flow.RunAsync();

        Assert.Equal("Generic HTTP Error", run.EndName);
        Assert.Equal(("503", "false"), (run.Call().Get("statusCode").ToText(), run.Call().Get("stale").ToText()));
    }

    [Fact]
    public async Task Cache_AnswerThatForbidsIt_IsNotKept()
    {
        await using var server = LoopbackServer.Answering(_ => LoopbackServer.Reply(200, "", "Cache-Control: private, No-Store\r\n"));
        await using var flow = Compile(server.Url, FiveMinutes);
        await flow.RunAsync();
        Assert.Equal(FlowValue.False, (await flow.RunAsync()).Call().Get("cached"));
        Assert.Equal(2, server.Requests.Count);
    }

    /// <summary>What is no success by its content is not kept, and not used again by whoever asks for more.</summary>
    [Fact]
    public async Task Cache_AnswerThatIsNoSuccessByItsContent_IsNotUsed()
    {
        await using var server = LoopbackServer.Answering(_ =>
            LoopbackServer.Reply(200, """{ "error": "x" }""", "Content-Type: application/json\r\n")
        );
        const string Asking = """, "successWhen": { "key": "response.body.error", "operator": "empty" } """;
        await using var flow = Compile(server.Url, FiveMinutes + Asking);
        for (var i = 0; i < 2; i++)
            Assert.Equal("Generic HTTP Error", (await flow.RunAsync()).EndName);
        Assert.Equal(2, server.Requests.Count);
    }

    /// <summary>What is a secret of one activity is one when another answer is used.</summary>
    [Fact]
    public async Task Cache_SensitiveAnswer_IsMaskedWhenItIsUsedAgain()
    {
        await using var server = LoopbackServer.Answering(_ => LoopbackServer.Reply(200, "hunter2-value"));
        await using var flow = Compile(server.Url, FiveMinutes + """, "sensitive": true""");
        await flow.RunAsync();
        var run = await flow.RunAsync();
        Assert.Equal("hunter2-value", run.Call().Get("body").ToText());
        Assert.DoesNotContain("hunter2", flow.Trace(run), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{ "statusCode": 200, "body": "b" }""", "Success b false 0 false")]
    [InlineData("""{ "statusCode": 200, "body": "b", "stale": true }""", "Stale b true 0 true")]
    public async Task Cache_ScriptedReply_SaysWhetherItIsStale(string reply, string said)
    {
        await using var flow = Compile("http://127.0.0.1:1", FiveMinutes);
        var services = RunServices.Default with { Replies = new ScriptedReplies(FlowValue.Parse($$"""{ "call": {{reply}} }""")) };
        Assert.Equal(said, Said(await flow.RunAsync(services: services)));
    }

    [Theory]
    [InlineData(""" "method": "POST", "cache": { "ttl": "PT5M" } """, "http.cache")]
    [InlineData(""" "async": true, "cache": { "ttl": "PT5M" } """, "http.cache")]
    [InlineData(""" "cache": { "ttl": "PT5M" } """)]
    [InlineData(""" "cache": { } """, "flow.required")]
    [InlineData(""" "cache": { "ttl": "PT0S" } """, "flow.value")]
    [InlineData(""" "cache": { "ttl": "P2D" } """, "flow.value")]
    [InlineData(""" "cache": { "ttl": "PT5M", "staleIfError": "P8D" } """, "flow.value")]
    public async Task Compile_Settings_HaveTheseProblems(string settings, params string[] codes)
    {
        await using var flow = Compile("http://127.0.0.1:1", settings, isStaleConnected: false);
        Assert.Equal(codes, flow.Codes.Distinct());
    }

    [Fact]
    public async Task Compile_StaleConnectedWithoutStaleIfError_IsNoOutcome()
    {
        await using var flow = Compile("http://127.0.0.1:1", """ "cache": { "ttl": "PT5M" } """);
        Assert.Contains("flow.unknown_port", flow.Codes);
    }

    private static string Said(FlowRun run)
    {
        var call = run.Call();
        return $"{run.EndName} {call.Get("body").ToText()} {call.Get("cached").ToText()} {call.Get("age").ToText()} {call.Get("stale").ToText()}";
    }

    private static LoopbackServer Counting()
    {
        var count = 0;
        return LoopbackServer.Answering(_ =>
            LoopbackServer.Reply(200, Interlocked.Increment(ref count).ToString(CultureInfo.InvariantCulture))
        );
    }

    private TestFlow Compile(string url, string settings, string connector = "{}", bool isStaleConnected = true)
    {
        FlowValue.Parse(connector).TryGetObject(out var configuration);
        string[] ports = ["Success", "Generic HTTP Error", "Connector Execution", .. isStaleConnected ? ["Stale"] : Array.Empty<string>()];
        var ends = ports.Select((port, index) => $$"""{ "id": "e{{index}}", "type": "End", "name": "{{port}}" }""");
        var connections = ports.Select((port, index) => $$"""{ "source": "call", "port": "{{port}}", "target": "e{{index}}" }""");
        return TestFlow.Compile(
            $$"""
            { "id": "f", "start": "call", "inputs": { "t": {}, "h": {}, "q": {} }, "activities": [
                { "id": "call", "type": "GenericHttp", "connector": "api", {{settings}},
                  "errorHandling": { "Generic HTTP Error": "custom", "Connector Execution": "custom" } }, {{string.Join(", ", ends)}} ],
              "connections": [ {{string.Join(", ", connections)}} ] }
            """,
            [("api", FlowValue.From(configuration!.With("baseUrl", FlowValue.From(url))).ToJson())],
            new() { Egress = Transports.Loopback, Time = _time }
        );
    }
}
