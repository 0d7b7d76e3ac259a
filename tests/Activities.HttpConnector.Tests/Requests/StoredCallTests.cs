using System.Text;
using FlowEngine.Execution;
using FlowEngine.HttpConnector.Connectors;
using FlowEngine.HttpConnector.Tests.Flows;
using FlowEngine.HttpConnector.Tests.Servers;

namespace FlowEngine.HttpConnector.Tests.Requests;

/// <summary>Calls that are stored with their run and delivered later.</summary>
public sealed class StoredCallTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Flow_LeavesTheCallAndSendsNothing()
    {
        await using var server = LoopbackServer.Answering(_ => LoopbackServer.Reply(200));
        await using var flow = TestFlow.Compile(
            server.Url,
            """{ "async": "durable", "method": "POST", "endpoint": "/events?x={{client.v}}", "body": { "v": "{{client.v}}" } }"""
        );

        var run = await flow.RunAsync("""{ "v": "a b" }""", Queueing);

        Assert.Equal("Success", run.EndName);
        Assert.Equal("{}", run.Context.Get(Templates.ContextRoot.Connectors).ToJson());
        Assert.Empty(server.Requests);
        Assert.Contains("\"queued\":true", flow.Trace(run), StringComparison.Ordinal);
        var call = Assert.Single(run.TakeQueuedCalls());
        Assert.Equal(("api", "call", TimeSpan.FromSeconds(10)), (call.Connector, call.Activity, call.Timeout));
        Assert.Empty(run.TakeQueuedCalls());
    }

    [Fact]
    public async Task Deliver_SendsWhatTheFlowWouldHaveSent_SignedAndProvedNow()
    {
        var status = 503;
        await using var server = LoopbackServer.Answering(_ => LoopbackServer.Reply(status));
        const string Activity =
            """{ "method": "POST", "endpoint": "/events/{{client.v}}", "headers": { "x-v": "{{client.v}}" },"""
            + """ "body": { "v": "{{client.v}}" }""";
        const string Connector = """
            { "authentication": { "method": "bearerToken", "bearerToken": "env:FE_TEST_DURABLE" }, "hmacSecret": "the hmac secret",
              "headers": [ { "key": "x-tenant", "value": "t" }, { "key": "x-own-key", "value": "the header secret", "secret": true } ] }
            """;
        Environment.SetEnvironmentVariable("FE_TEST_DURABLE", "first-token");
        byte[] content;
        await using (var flow = TestFlow.Compile(server.Url, Activity + """, "async": "durable" }""", Connector))
        {
            var run = await flow.RunAsync("""{ "v": "a/b ü" }""", Queueing);
            content = Assert.Single(run.TakeQueuedCalls()).Content;
        }
        var stored = Encoding.UTF8.GetString(content);
        Assert.DoesNotContain("first-token", stored, StringComparison.Ordinal);
        Assert.DoesNotContain("hmac secret", stored, StringComparison.Ordinal);
        Assert.DoesNotContain("header secret", stored, StringComparison.Ordinal);

        // Another process, days later: another token, another plan, the same connector.
        Environment.SetEnvironmentVariable("FE_TEST_DURABLE", "second-token");
        await using var other = TestFlow.Compile(server.Url, Activity + " }", Connector);
        var connector = other.Connectors.Find("api", out _)!;
        var refused = await connector.DeliverAsync(content, Stop);
        status = 204;
        var delivered = await connector.DeliverAsync(content, Stop);
        await other.RunAsync("""{ "v": "a/b ü" }""");

        Assert.Equal("http.status", refused.Error!.Code);
        Assert.Equal((null, """{"statusCode":204}"""), (delivered.Error, delivered.Answer.ToJson()));
        var requests = server.Requests.ToArray();
        var (first, second, direct) = (requests[0], requests[1], requests[2]);
        foreach (var name in new[] { "authorization", "x-v", "x-tenant", "x-own-key", "content-type", "x-descope-webhook-s256" })
            Assert.Equal((direct.Header(name), direct.Header(name)), (first.Header(name), second.Header(name)));
        Assert.Equal("Bearer second-token", second.Header("authorization"));
        Assert.Equal("the header secret", second.Header("x-own-key"));
        Assert.Equal((direct.Target, direct.Text), (second.Target, second.Text));
        Assert.Equal(first.Header("idempotency-key"), second.Header("idempotency-key"));
        Assert.NotEqual("", second.Header("idempotency-key"));
    }

    [Fact]
    public async Task Deliver_WhenTheApiAsksForTime_SaysHowMuch()
    {
        await using var server = LoopbackServer.Answering(_ => LoopbackServer.Reply(429, headers: "retry-after: 7\r\n"));
        await using var flow = TestFlow.Compile(server.Url, """{ "async": "durable", "method": "POST" }""");
        var call = Assert.Single((await flow.RunAsync(services: Queueing)).TakeQueuedCalls());

        var delivery = await flow.Connectors.Find("api", out _)!.DeliverAsync(call.Content, Stop);

        Assert.Equal(("http.status", TimeSpan.FromSeconds(7)), (delivery.Error!.Code, delivery.RetryAfter));
    }

    [Fact]
    public async Task Deliver_UsesTheRetriesOfTheActivity()
    {
        var answers = 0;
        await using var server = LoopbackServer.Answering(_ => LoopbackServer.Reply(Interlocked.Increment(ref answers) == 1 ? 503 : 404));
        await using var flow = TestFlow.Compile(
            server.Url,
            """{ "async": "durable", "method": "POST", "successStatusCodes": [ "404" ], "retry": { "attempts": 1, "on": [ "503" ],"""
                + """ "unsafe": true } }"""
        );
        var call = Assert.Single((await flow.RunAsync(services: Queueing)).TakeQueuedCalls());

        Assert.Null((await flow.Connectors.Find("api", out _)!.DeliverAsync(call.Content, Stop)).Error);
        Assert.Equal(2, server.Requests.Count);
    }

    [Fact]
    public async Task Deliver_ToAnAddressThatTheGuardRefusesNow_SendsNothing()
    {
        await using var server = LoopbackServer.Answering(_ => LoopbackServer.Reply(200));
        await using var flow = TestFlow.Compile(server.Url, """{ "async": "durable", "method": "POST" }""");
        var call = Assert.Single((await flow.RunAsync(services: Queueing)).TakeQueuedCalls());
        await using var guarded = TestFlow.Compile(server.Url, options: new HttpModuleOptions());

        Assert.Equal("http.blocked", (await guarded.Connectors.Find("api", out _)!.DeliverAsync(call.Content, Stop)).Error!.Code);
        Assert.Empty(server.Requests);
    }

    /// <summary>Where there is no room, or nobody to store it, the step fails: a call is never lost in silence.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Flow_WithoutRoom_Fails(bool hasQueue)
    {
        await using var server = LoopbackServer.Answering(_ => LoopbackServer.Reply(200));
        await using var flow = TestFlow.Compile(server.Url, """{ "async": "durable", "method": "POST" }""");

        var run = await flow.RunAsync(services: hasQueue ? Queueing with { QueueCall = _ => "It is full." } : null);

        run.AssertExecutionError("http.queue");
        Assert.Empty(run.TakeQueuedCalls());
    }

    [Fact]
    public async Task Flow_RequestThatMayNotBeSent_FailsAtOnce()
    {
        await using var server = LoopbackServer.Answering(_ => LoopbackServer.Reply(200));
        await using var flow = TestFlow.Compile(server.Url, """{ "async": "durable", "headers": { "x": "{{client.v}}" } }""");

        (await flow.RunAsync("""{ "v": "a\nb" }""", Queueing)).AssertExecutionError("http.header_invalid");
    }

    /// <summary>Golden cases and the designer's try-out deliver nothing, and need no reply for it.</summary>
    [Fact]
    public async Task Flow_WithScriptedReplies_QueuesNothing()
    {
        await using var server = LoopbackServer.Answering(_ => LoopbackServer.Reply(200));
        await using var flow = TestFlow.Compile(server.Url, """{ "async": "durable", "method": "POST" }""");

        var run = await flow.RunAsync(services: Queueing with { Replies = new ScriptedReplies(default) });

        Assert.Equal("Success", run.EndName);
        Assert.Empty(run.TakeQueuedCalls());
        Assert.Empty(server.Requests);
    }

    [Theory]
    [InlineData("false", true)]
    [InlineData("true", true)]
    [InlineData("\"durable\"", true)]
    [InlineData("\"true\"", false)]
    [InlineData("\"Durable\"", false)]
    [InlineData("1", false)]
    public void Compile_TakesThreeValues(string value, bool isTaken)
    {
        var flow = TestFlow.Compile("https://api.example.com", $$"""{ "async": {{value}} }""");

        string[] problems = isTaken ? [] : ["flow.value"];
        Assert.Equal(problems, flow.Codes);
    }

    /// <summary>A call that nobody waits for leaves no trace when it fails; whoever runs the server is told nevertheless.</summary>
    [Fact]
    public async Task FireAndForget_ThatDidNotArrive_IsTold()
    {
        var lost = new List<(string, string)>();
        await using var server = LoopbackServer.Answering(request => LoopbackServer.Reply(request.Target == "/good" ? 200 : 503));
        var options = new HttpModuleOptions { Egress = Transports.Loopback, Lost = (connector, code) => lost.Add((connector, code)) };
        foreach (var endpoint in new[] { "/good", "/bad" })
        {
            var flow = TestFlow.Compile(
                server.Url,
                $$"""{ "async": true, "method": "POST", "endpoint": "{{endpoint}}" }""",
                options: options
            );
            await flow.RunAsync();
            await flow.DisposeAsync();
        }

        Assert.Equal([("api", "http.status")], lost);
    }

    private static RunServices Queueing => RunServices.Default with { Trace = true, QueueCall = _ => null };
}
