using FlowEngine.Context;
using FlowEngine.Errors;
using FlowEngine.Execution;
using FlowEngine.HttpConnector.Tests.Flows;
using FlowEngine.HttpConnector.Tests.Servers;

namespace FlowEngine.HttpConnector.Tests.Connectors;

/// <summary>A connector that is switched off.</summary>
public sealed class HttpConnectorDisabledTests
{
    private const string Off = """{ "disabled": true, "authentication": { "method": "bearerToken", "bearerToken": "env:NOT_THERE" } }""";

    [Theory]
    [InlineData("{}")]
    [InlineData("""{ "retry": { "attempts": 3, "on": ["connect", "timeout"] } }""")]
    [InlineData("""{ "cache": { "ttl": "PT5M" } }""")]
    [InlineData("""{ "pages": { "next": "link", "items": "body.items" } }""")]
    public async Task Call_EndsAtOnceAndNothingIsSent(string activity)
    {
        await using var server = LoopbackServer.Answering(_ => LoopbackServer.Reply(200));
        await using var flow = TestFlow.Compile(server.Url, activity, Off);

        var run = await flow.RunAsync();

        run.AssertExecutionError("http.disabled");
        Assert.Equal(0, server.Connections);
        Assert.Equal(FlowValue.From(0), run.Call().Get("attempts"));
    }

    [Fact]
    public async Task Call_CanLeaveByAnOutcomeOfItsOwn()
    {
        await using var flow = TestFlow.Compile("http://127.0.0.1:1", """{ "outcomes": { "Off": ["disabled"] } }""", Off);

        Assert.Equal("Off", (await flow.RunAsync()).EndName);
    }

    [Fact]
    public async Task Flow_ThatUsesIt_IsWarned()
    {
        await using var flow = TestFlow.Compile("http://127.0.0.1:1", "{}", Off);

        var warning = Assert.Single(flow.Result.Diagnostics, problem => problem.Code == "flow.connector_disabled");
        Assert.Equal((Severity.Warning, "/activities/0/connector"), (warning.Severity, warning.Pointer));
        await using var on = TestFlow.Compile("http://127.0.0.1:1", "{}", """{ "disabled": false }""");
        Assert.DoesNotContain("flow.connector_disabled", on.Codes);
    }

    /// <summary>A golden case says what the API answers: it asks nobody.</summary>
    [Fact]
    public async Task ScriptedReply_IsTaken()
    {
        await using var flow = TestFlow.Compile("http://127.0.0.1:1", "{}", Off);
        var scripted = RunServices.Default with { Replies = new ScriptedReplies(FlowValue.Parse("""{ "call": { "statusCode": 200 } }""")) };

        Assert.Equal("Success", (await flow.RunAsync(services: scripted)).EndName);
    }

    /// <summary>A durable call is a promise: it waits until the connector is switched on.</summary>
    [Fact]
    public async Task DurableCall_IsNotDelivered()
    {
        await using var server = LoopbackServer.Answering(_ => LoopbackServer.Reply(200));
        await using var flow = TestFlow.Compile(server.Url, """{ "method": "POST", "async": "durable" }""", """{ "disabled": true }""");
        var run = await flow.RunAsync(services: RunServices.Default with { QueueCall = _ => null });

        var content = Assert.Single(run.TakeQueuedCalls()).Content;
        var refused = await flow.Connectors.Find("api", out _)!.DeliverAsync(content, TestContext.Current.CancellationToken);
        Assert.Equal("http.disabled", refused.Error!.Code);
        Assert.Equal(0, server.Connections);

        await using var on = TestFlow.Compile(server.Url, """{ "method": "POST", "async": "durable" }""");
        Assert.Null((await on.Connectors.Find("api", out _)!.DeliverAsync(content, TestContext.Current.CancellationToken)).Error);
    }
}
