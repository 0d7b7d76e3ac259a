using FlowEngine.Context;
using FlowEngine.Execution;
using FlowEngine.HttpConnector.Connectors;
using FlowEngine.HttpConnector.Tests.Authentication;
using FlowEngine.HttpConnector.Tests.Flows;
using FlowEngine.HttpConnector.Tests.Servers;
using FlowEngine.Templates;

namespace FlowEngine.HttpConnector.Tests;

/// <summary>The Idempotency-Key: one per step of a run, whatever happens to the step.</summary>
public sealed class GenericHttpIdempotencyTests
{
    [Fact]
    public async Task Key_OverRetries_IsTheSame()
    {
        var answers = 0;
        await using var server = LoopbackServer.Answering(_ => LoopbackServer.Reply(Interlocked.Increment(ref answers) < 3 ? 503 : 200));
        await using var flow = TestFlow.Compile(
            server.Url,
            """{ "method": "POST", "retry": { "attempts": 5, "unsafe": true } }""",
            options: new() { Egress = Transports.Loopback, Time = new HurriedTime(TimeSpan.FromSeconds(1)) }
        );

        Assert.Equal("Success", (await flow.RunAsync()).EndName);

        Assert.Equal(3, server.Requests.Count);
        Assert.Single(Keys(server).Distinct());
    }

    [Fact]
    public async Task Key_OfARenewedToken_IsTheSame()
    {
        var issued = 0;
        await using var tokens = LoopbackServer.Answering(_ =>
            LoopbackServer.Reply(200, $$"""{ "access_token": "token-{{Interlocked.Increment(ref issued)}}" }""")
        );
        await using var server = LoopbackServer.Answering(request =>
            LoopbackServer.Reply(request.Header("authorization") == "Bearer token-2" ? 200 : 401)
        );
        await using var flow = TestFlow.Compile(
            server.Url,
            """{ "method": "POST" }""",
            OAuth2ClientCredentialsAuthenticationInFlowsTests.Configuration(tokens.Url)
        );

        Assert.Equal("Success", (await flow.RunAsync()).EndName);

        Assert.Equal(2, server.Requests.Count);
        Assert.Single(Keys(server).Distinct());
    }

    [Fact]
    public async Task Key_OfAStepThatIsRepeatedAfterACrash_IsTheSame()
    {
        await using var server = LoopbackServer.Answering(_ => LoopbackServer.Reply(200));
        await using var flow = Twice(server, "POST");
        byte[]? saved = null;
        var services = RunServices.Default with
        {
            AfterStep = (run, _) =>
            {
                // The store takes the run before its second call, and the server dies after it.
                if (run.ActivityId == "second")
                    saved = RunState.Save(run);
                return ValueTask.CompletedTask;
            },
        };
        Assert.Equal(RunStatus.Completed, (await flow.RunAsync(services: services)).Status);

        var resumed = RunState.Load(saved, flow.Plan, RunServices.Default);
        await FlowExecutor.AdvanceAsync(resumed, TestContext.Current.CancellationToken);

        Assert.Equal(RunStatus.Completed, resumed.Status);
        var keys = Keys(server);
        Assert.Equal(3, keys.Count);
        Assert.Equal(keys[1], keys[2]);
        Assert.NotEqual(keys[0], keys[1]);
    }

    [Fact]
    public async Task Key_IsAnotherForEachStepAndRun()
    {
        await using var server = LoopbackServer.Answering(_ => LoopbackServer.Reply(200));
        await using var flow = Twice(server, "PUT");
        for (var i = 0; i < 5; i++)
            await flow.RunAsync();

        Assert.Equal(10, Keys(server).Distinct().Count());
        Assert.All(Keys(server), key => Assert.Matches("^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$", key));
    }

    [Fact]
    public async Task Key_OfParallelBranches_Differs()
    {
        await using var server = LoopbackServer.Answering(_ => LoopbackServer.Reply(200));
        await using var flow = TestFlow.Compile(
            """
            { "id": "f", "start": "both", "activities": [
              { "id": "both", "type": "Parallel", "activities": [
                { "id": "left", "type": "GenericHttp", "connector": "api", "method": "POST" },
                  { "id": "right", "type": "GenericHttp", "connector": "api", "method": "POST" } ] },
              { "id": "done", "type": "End" } ],
              "connections": [ { "source": "both", "port": "Success", "target": "done" } ] }
            """,
            [("api", $$"""{ "baseUrl": "{{server.Url}}" }""")]
        );

        Assert.Equal(RunStatus.Completed, (await flow.RunAsync()).Status);

        Assert.Equal(2, Keys(server).Distinct().Count());
    }

    [Fact]
    public async Task Key_OfTheItemsOfAForEach_IsThatOfTheStepAndTheItem_AlsoAfterACrash()
    {
        await using var server = LoopbackServer.Answering(_ => LoopbackServer.Reply(200));
        await using var flow = ForEachOf(server, """["a", "a", "b"]""");
        byte[]? saved = null;
        var services = RunServices.Default with
        {
            AfterStep = (run, _) =>
            {
                if (run.ActivityId == "each")
                    saved = RunState.Save(run);
                return ValueTask.CompletedTask;
            },
        };
        Assert.Equal(RunStatus.Completed, (await flow.RunAsync(services: services)).Status);

        var resumed = RunState.Load(saved, flow.Plan, RunServices.Default);
        await FlowExecutor.AdvanceAsync(resumed, TestContext.Current.CancellationToken);

        Assert.Equal(RunStatus.Completed, resumed.Status);
        var keys = server.Requests.Select(request => (request.Target, request.Header("idempotency-key"))).ToList();
        Assert.Equal(6, keys.Count);
        Assert.Equal(3, keys.Distinct().Count());
        Assert.Equal(["/0/a", "/1/a", "/2/b"], keys.Distinct().Select(key => key.Target).Order(StringComparer.Ordinal));
        Assert.Equal(3, Keys(server).Distinct().Count());
    }

    [Fact]
    public async Task ForEach_WithScriptedReplies_TakesThemInTheOrderOfTheItems()
    {
        await using var server = LoopbackServer.Answering(_ => LoopbackServer.Reply(500));
        await using var flow = ForEachOf(server, """["a", "b", "c"]""");
        var replies = new ScriptedReplies(
            FlowValue.Parse("""{ "call": [ { "statusCode": 200 }, { "statusCode": 404 }, { "statusCode": 201 } ] }""")
        );

        var run = await flow.RunAsync(services: RunServices.Default with { Replies = replies });

        Assert.Equal("failed", run.EndName);
        var result = run.Context.Get(ContextRoot.Connectors).Get("calls");
        Assert.Equal(
            ["200", "", "201"],
            Enumerable.Range(0, 3).Select(i => result.Get("results").Get(i).Get("value").Get("statusCode").ToText())
        );
        Assert.Equal("http.status", result.Get("results").Get(1).Get("error").Get("code").ToText());
        Assert.Empty(server.Requests);
    }

    private static TestFlow ForEachOf(LoopbackServer server, string list) =>
        TestFlow.Compile(
            $$$"""
            { "id": "f", "start": "list", "activities": [
              { "id": "list", "type": "Scriptlet", "code": "return {{{list.Replace('"', '\'')}}};" },
              { "id": "each", "type": "ForEach", "items": "{{scripts.list}}", "concurrency": 3, "onError": "collect",
                "contextKey": "calls", "errorHandling": { "Items Failed": "custom" },
                "activity": { "id": "call", "type": "GenericHttp", "connector": "api", "method": "POST",
                  "endpoint": "/{{index}}/{{item}}" } },
              { "id": "done", "type": "End" }, { "id": "failed", "type": "End", "name": "failed" } ],
              "connections": [ { "source": "list", "port": "Success", "target": "each" },
                { "source": "each", "port": "Success", "target": "done" },
                { "source": "each", "port": "Items Failed", "target": "failed" } ] }
            """,
            [("api", $$"""{ "baseUrl": "{{server.Url}}" }""")]
        );

    /// <summary>The same activity settings in two steps.</summary>
    private static TestFlow Twice(LoopbackServer server, string method) =>
        TestFlow.Compile(
            $$"""
            { "id": "f", "start": "first", "activities": [
              { "id": "first", "type": "GenericHttp", "connector": "api", "method": "{{method}}" },
                { "id": "second", "type": "GenericHttp", "connector": "api", "method": "{{method}}" }, { "id": "done", "type": "End" } ],
              "connections": [ { "source": "first", "port": "Success", "target": "second" },
                { "source": "second", "port": "Success", "target": "done" } ] }
            """,
            [("api", $$"""{ "baseUrl": "{{server.Url}}" }""")]
        );

    private static List<string> Keys(LoopbackServer server) => [.. server.Requests.Select(request => request.Header("idempotency-key")!)];
}
