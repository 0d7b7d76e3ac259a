using FlowEngine.Activities;
using FlowEngine.Context;
using FlowEngine.Errors;
using FlowEngine.Execution;
using FlowEngine.HttpConnector.Tests.Flows;
using FlowEngine.HttpConnector.Tests.Servers;
using FlowEngine.HttpConnector.Wire;
using FlowEngine.Model;
using FlowEngine.Testing;

namespace FlowEngine.HttpConnector.Tests;

/// <summary>In which ways a drill has a call end, and that what comes of each looks as if the API had done it.</summary>
public sealed class CallEndingsTests
{
    private const string Headers = """{ "includeHeadersInContext": true }""";
    private const string Usual =
        "404 Generic HTTP Error, 429 Generic HTTP Error, 500 Generic HTTP Error, 503 Generic HTTP Error, "
        + "timeout Connector Execution, connect Connector Execution, bad_response Connector Execution";

    [Theory]
    [InlineData("{}", Usual)]
    [InlineData(
        """{ "outcomes": { "Gone": ["404", "410"], "Later": ["5xx", "timeout", "busy"], "Gateway": ["502-504"], "New": ["201"] } }""",
        "201 New, 404 Gone, 410 Gone, 429 Generic HTTP Error, 500 Later, 502 Gateway, 503 Gateway, "
            + "timeout Later, connect Connector Execution, bad_response Connector Execution, busy Later"
    )]
    [InlineData(
        """{ "successWhen": { "key": "response.body.error", "operator": "empty" }, "outcomes": { "No": ["not_success"] } }""",
        Usual + ", not_success No"
    )]
    [InlineData(
        """{ "successStatusCodes": ["2xx", "404"] }""",
        "404 Success, 429 Generic HTTP Error, 500 Generic HTTP Error, 503 Generic HTTP Error, "
            + "timeout Connector Execution, connect Connector Execution, bad_response Connector Execution"
    )]
    public async Task Call_EndsInTheUsualWaysAndThoseThatItNames(string activity, string expected)
    {
        await using var flow = TestFlow.Compile("https://never.asked.example", activity, Headers);

        var report = await DrillAsync(flow);

        Assert.Equal(expected, string.Join(", ", report.Rows.Select(row => $"{row.Way} {row.End.Name}")));
        Assert.Empty(report.Diagnostics);
    }

    [Fact]
    public async Task Call_EndsWithEachStatusThatConditionsTellApart()
    {
        await using var flow = TestFlow.Compile(
            """
            { "id": "f", "start": "call", "activities": [
                { "id": "call", "type": "GenericHttp", "connector": "api", "contextKey": "c", "errorHandling": { "Generic HTTP Error": "custom" } },
                { "id": "by", "type": "Condition", "branches": [
                  { "outcome": "Known", "rules": [ { "key": "connectors.c.statusCode", "operator": "in", "value": [401, 403] } ] },
                  { "outcome": "Odd", "rules": [ { "key": "connectors.c.statusCode", "operator": "in-range", "value": "450,460" } ] } ] },
                { "id": "end", "type": "End" } ],
              "connections": [ { "source": "call", "port": "Success", "target": "end" }, { "source": "call", "port": "Generic HTTP Error", "target": "by" },
                { "source": "by", "port": "Known", "target": "end" }, { "source": "by", "port": "Odd", "target": "end" },
                { "source": "by", "port": "Else", "target": "end" } ] }
            """,
            [("api", """{ "baseUrl": "https://never.asked.example" }""")]
        );

        var report = await DrillAsync(flow);

        Assert.Equal(
            ["401", "403", "404", "429", "450", "500", "503", "timeout", "connect", "bad_response"],
            report.Rows.Select(row => row.Way)
        );
    }

    [Fact]
    public async Task CallThatNobodyWaitsFor_HasNoWays()
    {
        await using var flow = TestFlow.Compile("https://never.asked.example", """{ "async": true }""");

        var report = await DrillAsync(flow);

        Assert.True(report.AsksNobody);
        Assert.Empty(report.Rows);
    }

    [Theory]
    [InlineData("429", "429 Too Many Requests", "retry-after: 30\r\ncontent-type: application/problem+json\r\n")]
    [InlineData("503", "503 Service Unavailable", "retry-after: 30\r\ncontent-type: application/problem+json\r\n")]
    [InlineData("404", "404 Not Found", "content-type: application/problem+json\r\n")]
    public async Task Refusal_LooksAsIfTheApiHadAnswered(string way, string line, string headers)
    {
        var (status, title) = (line[..3], line[4..]);
        await using var server = LoopbackServer.Answering(_ =>
            LoopbackServer.Reply(
                int.Parse(status, System.Globalization.CultureInfo.InvariantCulture),
                $$"""{"title":"{{title}}","status":{{status}}}""",
                headers
            )
        );
        await using var real = TestFlow.Compile(server.Url);
        await using var drilled = TestFlow.Compile("https://never.asked.example");

        var expected = (await real.RunAsync()).Call();
        var result = await ResultOfAsync(drilled, way);

        foreach (var name in (string[])["statusCode", "body", "error", "retryAfter", "problem"])
            Assert.Equal(expected.Get(name), result.Get(name));
        Assert.Equal(way != "404", !result.Get("retryAt").IsMissing);
    }

    [Theory]
    [InlineData("timeout", "http.timeout")]
    [InlineData("connect", "http.connect")]
    [InlineData("bad_response", "http.bad_response")]
    [InlineData("cooldown", "http.cooldown")]
    public async Task Fault_HasNoAnswer(string way, string code)
    {
        await using var flow = TestFlow.Compile("https://never.asked.example", """{ "outcomes": { "Cooled": ["cooldown"] } }""");

        var result = await ResultOfAsync(flow, way);

        Assert.Equal(("Connector Execution", code), (result.Get("error").Get("event").ToText(), result.Get("error").Get("code").ToText()));
        Assert.True(result.Get("statusCode").IsMissing && result.Get("body").IsMissing);
        Assert.Equal(way == "cooldown" ? "30" : "", result.Get("retryAfter").ToText());
    }

    [Fact]
    public async Task NoSuccessByContent_HasTheAnswerAndTheError()
    {
        await using var flow = TestFlow.Compile(
            "https://never.asked.example",
            """{ "successWhen": { "key": "response.body.error", "operator": "empty" } }"""
        );

        var result = await ResultOfAsync(flow, "not_success");

        Assert.Equal(("200", """{"name":"Ada"}"""), (result.Get("statusCode").ToText(), result.Get("body").ToJson()));
        Assert.Equal("http.not_success", result.Get("error").Get("code").ToText());
    }

    [Fact]
    public async Task StaleAnswer_IsTheUsualOneWithTheErrorThatItStandsInFor()
    {
        await using var flow = TestFlow.Compile(
            """
            { "id": "f", "start": "call", "activities": [
                { "id": "call", "type": "GenericHttp", "connector": "api", "cache": { "ttl": "PT1M", "staleIfError": "PT1H" },
                  "errorHandling": { "Generic HTTP Error": "custom", "Connector Execution": "custom" } },
                { "id": "end", "type": "End", "name": "Success" }, { "id": "stale", "type": "End", "name": "Stale" } ],
              "connections": [ { "source": "call", "port": "Success", "target": "end" }, { "source": "call", "port": "Stale", "target": "stale" },
                { "source": "call", "port": "Generic HTTP Error", "target": "end" }, { "source": "call", "port": "Connector Execution", "target": "end" } ] }
            """,
            [("api", """{ "baseUrl": "https://never.asked.example", "cooldown": { "on": ["429"] } }""")]
        );

        var first = await DrillAsync(flow);
        var second = await DrillAsync(flow);

        var row = first.Rows[^1];
        Assert.Equal(("Stale", "Stale", "http.connect"), (row.Way, row.End.Name, row.Code));
        // Neither a cache nor a cooldown of the connector is touched: the next drill is the same.
        Assert.Equal(first.Rows.Select(one => (one.Way, one.End)), second.Rows.Select(one => (one.Way, one.End)));
    }

    /// <summary>What a call has written when it ends in a way.</summary>
    private static async Task<FlowValue> ResultOfAsync(TestFlow flow, string way)
    {
        var problems = new DiagnosticBag();
        var compilation = ActivityCompilation.Standalone(
            new ActivityDefinition("call", "GenericHttp", FlowObject.Empty, SourceLocation.Root(null)),
            problems
        );
        var settings = new GenericHttpSettings { Outcomes = new Dictionary<string, IReadOnlyList<string>> { ["Cooled"] = ["cooldown"] } };
        var successes = StatusCodeSet.Parse(settings.SuccessStatusCodes, compilation.At("successStatusCodes"), problems);
        var reply = CallEndings
            .Of(
                new DrilledCall(null, FlowValue.Parse(UsualReply)),
                "connectors.call.statusCode",
                successes,
                AnswerOutcomes.Parse(settings, successes, compilation),
                judges: true,
                mayBeStale: true
            )
            .First(one => one.Name == way)
            .Reply;
        var services = RunServices.Default with { Trace = true, Replies = new ScriptedReplies(FlowValue.Object(("call", reply))) };
        return (await flow.RunAsync(services: services)).Call();
    }

    private const string UsualReply = """{ "statusCode": 200, "body": { "name": "Ada" } }""";

    private static Task<DrillReport> DrillAsync(TestFlow flow)
    {
        FlowValue.Parse($$"""{ "call": [ {{UsualReply}} ] }""").TryGetObject(out var replies);
        var usual = GoldenCase.Of("usual", null, default, replies, SourceLocation.Root("usual"), new DiagnosticBag());
        return FlowDrill.RunAsync(flow.Plan, [usual], DrillLimits.Default, [], TestContext.Current.CancellationToken);
    }
}
