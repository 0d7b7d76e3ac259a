using System.Collections.Concurrent;
using System.Globalization;
using FlowEngine.Context;
using FlowEngine.Execution;
using FlowEngine.HttpConnector.Connectors;
using FlowEngine.HttpConnector.Tests.Flows;
using FlowEngine.HttpConnector.Tests.Servers;
using FlowEngine.Screens;
using Microsoft.Extensions.Time.Testing;

namespace FlowEngine.HttpConnector.Tests.Connectors;

/// <summary><c>cooldown</c>: an API that asks for time is left alone by everybody.</summary>
public sealed class CooldownTests
{
    private const string Cooling = """{ "cooldown": {} }""";

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    /// <summary>Ten thousand runs, on two nodes: one call, until the time is over.</summary>
    [Fact]
    public async Task Calls_WithinTheTimeThatAnApiAskedFor_AreNotMadeOnEitherNode()
    {
        var (time, told) = (new FakeTimeProvider(), new Shared());
        await using var server = LoopbackServer.Answering(_ => LoopbackServer.Reply(429, "", "Retry-After: 30\r\n"));
        await using var one = Node(server, time, told);
        await using var two = Node(server, time, told);

        Assert.Equal("Generic HTTP Error", (await one.RunAsync()).EndName);
        for (var i = 0; i < 10_000; i++)
        {
            // Within a second the other node knows, and it is never asked in between.
            var run = await RunAsync(i % 2 == 0 ? one : two);
            Assert.Equal(("Connector Execution", "http.cooldown"), (run.EndName, run.Error().Get("code").ToText()));
            if (i % 500 == 0)
                time.Advance(TimeSpan.FromSeconds(1));
        }
        Assert.Single(server.Requests);
        // Not at every call: at most every 0.4 s.
        Assert.InRange(told.Looks, 2, 60);

        time.Advance(TimeSpan.FromSeconds(11));
        Assert.Equal("Generic HTTP Error", (await RunAsync(two)).EndName);
        Assert.Equal(2, server.Requests.Count);
    }

    /// <summary>The person sees when to come back, and not all at one moment.</summary>
    [Fact]
    public async Task Result_SaysWhen_AndNotToAllTheSame()
    {
        var time = new FakeTimeProvider();
        await using var server = LoopbackServer.Answering(_ => LoopbackServer.Reply(503, "", "Retry-After: 20\r\n"));
        await using var flow = Node(server, time, CooldownSharing.None);

        var asked = (await flow.RunAsync()).Call();
        Assert.Equal("20", asked.Get("retryAfter").ToText());
        var waits = new List<double>();
        for (var i = 0; i < 20; i++)
        {
            var result = (await flow.RunAsync()).Call();
            var at = DateTimeOffset.Parse(result.Get("retryAt").ToText(), CultureInfo.InvariantCulture);
            waits.Add((at - time.GetUtcNow()).TotalSeconds);
            Assert.Equal(Math.Ceiling(waits[^1]), double.Parse(result.Get("retryAfter").ToText(), CultureInfo.InvariantCulture), 1.0);
            Assert.Equal("1", result.Get("attempts").ToText());
        }
        Assert.All(waits, wait => Assert.InRange(wait, 19.9, 22.1));
        Assert.InRange(waits.Distinct().Count(), 10, 20);
    }

    [Theory]
    [InlineData(429, "Retry-After: 500\r\n", Cooling, 60)]
    [InlineData(429, "Retry-After: 500\r\n", """{ "cooldown": { "max": "PT5S" } }""", 5)]
    [InlineData(429, "", Cooling, 0)]
    [InlineData(429, "Retry-After: 0\r\n", Cooling, 0)]
    [InlineData(500, "Retry-After: 30\r\n", Cooling, 0)]
    [InlineData(500, "Retry-After: 30\r\n", """{ "cooldown": { "on": ["5xx"] } }""", 30)]
    [InlineData(200, "Retry-After: 30\r\n", Cooling, 0)]
    [InlineData(429, "Retry-After: 30\r\n", "{}", 0)]
    public async Task Cooldown_IsAsLongAsItSays(int status, string headers, string connector, int seconds)
    {
        var time = new FakeTimeProvider();
        await using var server = LoopbackServer.Answering(_ => LoopbackServer.Reply(status, "", headers));
        await using var flow = Node(server, time, CooldownSharing.None, connector);
        await flow.RunAsync();
        if (seconds > 0)
        {
            time.Advance(TimeSpan.FromSeconds(seconds - 0.1));
            (await flow.RunAsync()).AssertExecutionError("http.cooldown");
            time.Advance(TimeSpan.FromSeconds(0.1));
        }
        await flow.RunAsync();
        Assert.Equal(2, server.Requests.Count);
    }

    /// <summary>The call itself, which waits as long as it was asked to, may try again then.</summary>
    [Fact]
    public async Task Retry_AfterTheTimeItWasAskedFor_IsMade()
    {
        var answers = 0;
        var time = new HurriedTime(TimeSpan.FromSeconds(9));
        await using var server = LoopbackServer.Answering(_ =>
            Interlocked.Increment(ref answers) == 1 ? LoopbackServer.Reply(429, "", "Retry-After: 5\r\n") : LoopbackServer.Reply(200)
        );
        await using var flow = TestFlow.Compile(
            server.Url,
            """{ "retry": { "attempts": 1 }, "timeout": 20 }""",
            Cooling,
            new HttpModuleOptions { Egress = Transports.Loopback, Time = time }
        );
        var run = await flow.RunAsync();
        Assert.Equal(("Success", "2"), (run.EndName, run.Call().Get("attempts").ToText()));
    }

    /// <summary>A button that says when it can be pressed again: ten thousand presses in half a minute are one call.</summary>
    [Fact]
    public async Task TenThousandPresses_WithinTheTime_AreOneCall()
    {
        var time = new FakeTimeProvider();
        await using var server = LoopbackServer.Answering(_ => LoopbackServer.Reply(429, "", "Retry-After: 30\r\n"));
        const string Flow = """
            { "id": "f", "start": "begin", "activities": [ { "id": "begin", "type": "Screen", "screen": "begin" },
                { "id": "call", "type": "GenericHttp", "connector": "api", "outcomes": { "Wait": ["429", "cooldown"] } },
                { "id": "wait", "type": "Screen", "screen": "wait" }, { "id": "end", "type": "End" } ],
              "connections": [ { "source": "begin", "port": "go", "target": "call" }, { "source": "wait", "port": "go", "target": "call" },
                { "source": "call", "port": "Wait", "target": "wait" }, { "source": "call", "port": "Success", "target": "end" } ],
              "screens": [ { "id": "begin", "components": [ { "type": "Button", "id": "go" } ] },
                { "id": "wait", "components": [ { "type": "ErrorMessage" },
                  { "type": "Button", "id": "go", "enabledAt": "{{connectors.call.retryAt}}" } ] } ] }
            """;
        await using var flow = TestFlow.Compile(
            Flow,
            [("api", $$"""{ "baseUrl": "{{server.Url}}", "cooldown": {} }""")],
            new HttpModuleOptions { Egress = Transports.Loopback, Time = time }
        );
        var run = await flow.RunAsync(services: RunServices.Default with { Time = time });
        var press = new ScreenSubmission("go", FlowValue.Object());
        Assert.Null(await FlowExecutor.SubmitAsync(run, press, Stop));
        for (var i = 0; i < 10_000; i++)
        {
            Assert.Equal("screen.input", (await FlowExecutor.SubmitAsync(run, press, Stop))!.Code);
            if (i % 500 == 0)
                time.Advance(TimeSpan.FromSeconds(1));
        }
        Assert.Equal(("wait", 1), (run.Screen!.Id, server.Requests.Count));
        Assert.Contains("Please wait 10 s", run.ErrorText, StringComparison.Ordinal);

        time.Advance(TimeSpan.FromSeconds(10));
        Assert.Null(await FlowExecutor.SubmitAsync(run, press, Stop));
        Assert.Equal(2, server.Requests.Count);
    }

    [Theory]
    [InlineData("""{ "cooldown": { "on": ["often"] } }""", "flow.value", "/configuration/cooldown/on/0")]
    [InlineData("""{ "cooldown": { "max": "P2D" } }""", "flow.value", "/configuration/cooldown/max")]
    public void Setting_ThatMakesNoSense_IsRefused(string connector, string code, string pointer) =>
        Assert.Contains(
            TestFlow.Compile("https://api.example.com", connector: connector).Result.Diagnostics,
            problem => (problem.Code, problem.Pointer) == (code, pointer)
        );

    /// <summary>Of many who come at once one looks what the others told, and the rest do not go ahead of what it sees.</summary>
    [Fact]
    public async Task Check_ManyWhileOneLooks_WaitForWhatItSees()
    {
        var told = new Slow();
        await using var server = LoopbackServer.Answering(_ => LoopbackServer.Reply(200));
        await using var flow = Node(server, new FakeTimeProvider(), told);

        var runs = Enumerable.Range(0, 20).Select(_ => flow.RunAsync()).ToList();
        told.Left.SetResult(TimeSpan.FromSeconds(30));

        foreach (var run in await Task.WhenAll(runs).WaitAsync(TimeSpan.FromMinutes(1), Stop))
            run.AssertExecutionError("http.cooldown");
        Assert.Equal((1, 0), (told.Looks, server.Connections));
    }

    private static TestFlow Node(LoopbackServer server, TimeProvider time, CooldownSharing told, string connector = Cooling) =>
        TestFlow.Compile(
            server.Url,
            "{}",
            connector,
            new HttpModuleOptions
            {
                Egress = Transports.Loopback,
                Time = time,
                Cooldowns = told,
            }
        );

    /// <summary>Without a trace, which ten thousand runs would look through.</summary>
    private static async Task<FlowRun> RunAsync(TestFlow node)
    {
        var run = node.Start(services: RunServices.Default);
        await FlowExecutor.AdvanceAsync(run, Stop);
        return run;
    }

    /// <summary>Others whose word takes as long as the test says.</summary>
    private sealed class Slow : CooldownSharing
    {
        private int _looks;

        public TaskCompletionSource<TimeSpan> Left { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public int Looks => _looks;

        public override Task TellAsync(string connector, TimeSpan wait) => Task.CompletedTask;

        public override Task<TimeSpan> LeftAsync(string connector, CancellationToken cancellationToken)
        {
            Interlocked.Increment(ref _looks);
            return Left.Task;
        }
    }

    /// <summary>What nodes tell each other, without a database.</summary>
    private sealed class Shared : CooldownSharing
    {
        private readonly ConcurrentDictionary<string, TimeSpan> _told = new();
        private int _looks;

        public int Looks => _looks;

        public override Task TellAsync(string connector, TimeSpan wait)
        {
            _told[connector] = wait;
            return Task.CompletedTask;
        }

        // What was told is as old as it is, but within this test each wait is told anew.
        public override Task<TimeSpan> LeftAsync(string connector, CancellationToken cancellationToken)
        {
            Interlocked.Increment(ref _looks);
            return Task.FromResult(_told.TryRemove(connector, out var wait) ? wait : TimeSpan.Zero);
        }
    }
}
