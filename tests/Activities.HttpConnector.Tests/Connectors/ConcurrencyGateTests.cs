using FlowEngine.Compilation;
using FlowEngine.Context;
using FlowEngine.Execution;
using FlowEngine.HttpConnector.Connectors;
using FlowEngine.HttpConnector.Tests.Flows;
using FlowEngine.HttpConnector.Tests.Servers;
using Microsoft.Extensions.Time.Testing;

namespace FlowEngine.HttpConnector.Tests.Connectors;

/// <summary><c>maxConcurrent</c>: how many calls are under way at once, and what becomes of the next.</summary>
public sealed class ConcurrencyGateTests
{
    private static readonly TimeSpan Hang = TimeSpan.FromMinutes(1);

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    /// <summary>An API that hangs is called as often as it may be, and no more; who waits ends within its own time.</summary>
    [Fact]
    public async Task Call_WhenAllAreUnderWay_WaitsWithinItsTimeAndEndsBusy()
    {
        var time = new FakeTimeProvider();
        var (asked, answer) = (new SemaphoreSlim(0), new TaskCompletionSource());
        await using var server = LoopbackServer.AnsweringAsync(async _ =>
        {
            asked.Release();
            await answer.Task.WaitAsync(Hang, Stop);
            return LoopbackServer.Reply(200);
        });
        await using var slow = Compile(server.Url, """{ "timeout": 50 }""", """{ "maxConcurrent": 2 }""", time);
        var hasty = Plan(slow, "\"timeout\": 5");

        var hanging = new[] { slow.RunAsync(), slow.RunAsync() };
        await asked.WaitAsync(Hang, Stop);
        await asked.WaitAsync(Hang, Stop);
        var waiting = RunAsync(hasty);
        time.Advance(TimeSpan.FromSeconds(4));
        Assert.False(waiting.IsCompleted);
        time.Advance(TimeSpan.FromSeconds(2));

        var run = await waiting.WaitAsync(Hang, Stop);
        Assert.Equal(("No room", "http.busy"), (run.EndName, run.Error().Get("code").ToText()));
        Assert.Equal(2, server.Requests.Count);

        // The next one waits too, and goes when there is room.
        var next = RunAsync(hasty);
        answer.SetResult();
        Assert.All(await Task.WhenAll(hanging).WaitAsync(Hang, Stop), ended => Assert.Equal("Success", ended.EndName));
        Assert.Equal("Success", (await next.WaitAsync(Hang, Stop)).EndName);
    }

    /// <summary>Also a call that failed, or that nobody waits for any more, makes room.</summary>
    [Fact]
    public async Task Call_HoweverItEnds_MakesRoom()
    {
        var answers = 0;
        await using var server = LoopbackServer.Start(async connection =>
        {
            await connection.ReadRequestAsync();
            if (Interlocked.Increment(ref answers) == 1)
                return;
            if (answers == 2)
                await connection.HoldAsync();
            await connection.WriteAsync(LoopbackServer.Reply(200));
        });
        await using var flow = TestFlow.Compile(server.Url, connector: """{ "maxConcurrent": 1 }""");

        (await flow.RunAsync()).AssertExecutionError("http.connect");
        using var leaving = CancellationTokenSource.CreateLinkedTokenSource(Stop);
        var left = FlowExecutor.AdvanceAsync(flow.Start(), leaving.Token).AsTask();
        while (Volatile.Read(ref answers) < 2)
            await Task.Yield();
        await leaving.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => left.WaitAsync(Hang, Stop));
        Assert.Equal("Success", (await flow.RunAsync().WaitAsync(Hang, Stop)).EndName);
    }

    [Fact]
    public async Task Enter_CallerLeavesWhileItWaits_IsNotRefused()
    {
        var gate = new ConcurrencyGate(1, TimeProvider.System);
        Assert.True(await gate.EnterAsync(Hang, Stop));
        using var leaving = CancellationTokenSource.CreateLinkedTokenSource(Stop);
        var waiting = gate.EnterAsync(Hang, leaving.Token).AsTask();
        await leaving.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting);
        Assert.False(await gate.EnterAsync(TimeSpan.Zero, Stop));
        gate.Leave();
        Assert.True(await gate.EnterAsync(TimeSpan.Zero, Stop));
    }

    [Theory]
    [InlineData("""{ "maxConcurrent": 0 }""", "flow.range", "/configuration/maxConcurrent")]
    [InlineData("""{ "maxConcurrent": 10001 }""", "flow.range", "/configuration/maxConcurrent")]
    [InlineData("""{ "rateLimit": { "permits": 0 } }""", "flow.range", "/configuration/rateLimit/permits")]
    [InlineData("""{ "rateLimit": { "permits": 1, "per": "soon" } }""", "flow.value", "/configuration/rateLimit/per")]
    public void Setting_ThatMakesNoSense_IsRefused(string connector, string code, string pointer) =>
        Assert.Contains(
            TestFlow.Compile("https://api.example.com", connector: connector).Result.Diagnostics,
            problem => (problem.Code, problem.Pointer) == (code, pointer)
        );

    /// <summary>So many calls over time, on all runs together; the next ones wait within their time.</summary>
    [Fact]
    public async Task RateLimit_BeyondIt_WaitsWithinTheTimeoutOrEndsBusy()
    {
        var time = new HurriedTime(TimeSpan.FromSeconds(9));
        await using var server = LoopbackServer.Answering(_ => LoopbackServer.Reply(200));
        await using var flow = Compile(server.Url, """{ "timeout": 60 }""", """{ "rateLimit": { "permits": 2, "per": "PT16S" } }""", time);

        for (var i = 0; i < 3; i++)
            Assert.Equal("Success", (await flow.RunAsync().WaitAsync(Hang, Stop)).EndName);
        Assert.Equal([TimeSpan.FromSeconds(8)], time.Waits);

        Assert.Equal("No room", (await RunAsync(Plan(flow, "\"timeout\": 5"))).EndName);
        Assert.Equal(3, server.Requests.Count);
    }

    /// <summary>A turn that comes when the time is over is none: nothing was sent that could have taken too long.</summary>
    [Fact]
    public async Task RateLimit_WhoseWaitTakesAllOfTheTime_EndsBusy()
    {
        var time = new HurriedTime(TimeSpan.FromSeconds(9));
        await using var server = LoopbackServer.Answering(_ => LoopbackServer.Reply(200));
        await using var flow = Compile(server.Url, """{ "timeout": 60 }""", """{ "rateLimit": { "permits": 1, "per": "PT5S" } }""", time);

        Assert.Equal("Success", (await flow.RunAsync().WaitAsync(Hang, Stop)).EndName);
        var run = await RunAsync(Plan(flow, "\"timeout\": 5")).WaitAsync(Hang, Stop);

        Assert.Equal(("No room", "http.busy"), (run.EndName, run.Error().Get("code").ToText()));
        Assert.Single(server.Requests);
    }

    private static TestFlow Compile(string url, string activity, string connector, TimeProvider time) =>
        TestFlow.Compile(url, activity, connector, new HttpModuleOptions { Egress = Transports.Loopback, Time = time });

    /// <summary>Another flow over the same connector.</summary>
    private static FlowPlan Plan(TestFlow shared, string settings)
    {
        var flow = $$"""
            { "id": "g", "start": "call", "activities": [
                { "id": "call", "type": "GenericHttp", "connector": "api", "outcomes": { "No room": ["busy"] }, {{settings}} },
                { "id": "fine", "type": "End", "name": "Success" }, { "id": "full", "type": "End", "name": "No room" } ],
              "connections": [ { "source": "call", "port": "Success", "target": "fine" },
                { "source": "call", "port": "No room", "target": "full" } ] }
            """;
        var result = FlowCompiler.Compile(FlowValue.Parse(flow), TestFlow.Environment(shared.Connectors));
        return result.Plan ?? throw new InvalidOperationException(string.Join('\n', result.Diagnostics));
    }

    private static async Task<FlowRun> RunAsync(FlowPlan plan)
    {
        var run = FlowRun.Start(plan, new RunStart(), RunServices.Default);
        await FlowExecutor.AdvanceAsync(run, Stop);
        return run;
    }
}
