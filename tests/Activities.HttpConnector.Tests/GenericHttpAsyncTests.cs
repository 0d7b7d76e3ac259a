using FlowEngine.Execution;
using FlowEngine.HttpConnector.Connectors;
using FlowEngine.HttpConnector.Tests.Flows;
using FlowEngine.HttpConnector.Tests.Servers;

namespace FlowEngine.HttpConnector.Tests;

/// <summary>Fire and forget.</summary>
public sealed class GenericHttpAsyncTests
{
    [Fact]
    public async Task Flow_GoesOnAtOnceAndTheRequestArrives()
    {
        var release = new TaskCompletionSource();
        await using var server = LoopbackServer.AnsweringAsync(async _ =>
        {
            await release.Task;
            return LoopbackServer.Reply(500);
        });
        var flow = TestFlow.Compile(server.Url, """{ "async": true, "method": "POST", "body": { "v": "{{client.v}}" } }""");

        var run = await flow.RunAsync("""{ "v": 7 }""");

        Assert.Equal("Success", run.EndName);
        Assert.Equal("{}", run.Context.Get(Templates.ContextRoot.Connectors).ToJson());
        Assert.True(run.Error().IsMissing);
        var closing = flow.DisposeAsync().AsTask();
        // It would have ended by then if it did not wait.
        Assert.NotSame(closing, await Task.WhenAny(closing, Task.Delay(100, TestContext.Current.CancellationToken)));
        release.SetResult();
        await closing.WaitAsync(TimeSpan.FromMinutes(1), TestContext.Current.CancellationToken);
        Assert.Equal("""{"v":7}""", Assert.Single(server.Requests).Text);
    }

    [Fact]
    public async Task Dispose_WaitsForARequestThatHasNotLeftYetAndForItsRetries()
    {
        var answers = 0;
        await using var server = LoopbackServer.Answering(_ => LoopbackServer.Reply(Interlocked.Increment(ref answers) == 1 ? 503 : 200));
        var flow = TestFlow.Compile(server.Url, """{ "async": true, "method": "PUT", "retry": { "attempts": 1, "on": ["503"] } }""");

        await flow.RunAsync();
        await flow.DisposeAsync();

        Assert.Equal(2, server.Requests.Count);
        Assert.Single(server.Requests.Select(request => request.Header("idempotency-key")).Distinct());
    }

    [Fact]
    public async Task CancellationOfTheCaller_DoesNotEndTheRequest()
    {
        await using var server = LoopbackServer.AnsweringAsync(async _ =>
        {
            await Task.Delay(100); // The request is on its way when its caller is cancelled.
            return LoopbackServer.Reply(200);
        });
        await using var flow = TestFlow.Compile(server.Url, """{ "async": true, "retry": { "attempts": 1 } }""");
        using var cancellation = new CancellationTokenSource();
        var run = flow.Start();

        await FlowExecutor.AdvanceAsync(run, cancellation.Token);
        await cancellation.CancelAsync();
        await flow.DisposeAsync();

        Assert.Equal("Success", run.EndName);
        Assert.Single(server.Requests);
    }

    [Fact]
    public async Task Request_ThatMayNotBeSent_IsAnErrorAtOnce()
    {
        await using var server = LoopbackServer.Answering(_ => LoopbackServer.Reply(200));
        await using var flow = TestFlow.Compile(server.Url, """{ "async": true, "headers": { "x": "{{client.v}}" } }""");

        (await flow.RunAsync("""{ "v": "a\nb" }""")).AssertExecutionError("http.header_invalid");
    }
}
