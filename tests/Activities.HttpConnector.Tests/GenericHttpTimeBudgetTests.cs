using FlowEngine.Context;
using FlowEngine.Execution;
using FlowEngine.HttpConnector.Connectors;
using FlowEngine.HttpConnector.Tests.Authentication;
using FlowEngine.HttpConnector.Tests.Flows;
using FlowEngine.HttpConnector.Tests.Servers;
using FlowEngine.Screens;
using FlowEngine.Templates;

namespace FlowEngine.HttpConnector.Tests;

/// <summary>SPEC 6.2: a flow's time budget, and the waits that the compiler finds, against APIs that do not answer.</summary>
public sealed class GenericHttpTimeBudgetTests
{
    private const string Screen = """{ "id": "s", "components": [ { "type": "ErrorMessage" }, { "type": "Button", "id": "go" } ] }""";

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Budget_EndsInACall_WhichGetsWhatIsLeft_AndWhatBeginsAfterItEndsWithItsCode()
    {
        var time = new SilentTime();
        await using var server = Silent(time);
        await using var flow = Compile(server, time, "PT4S", $"{Call("a", 10)},{Call("b", 10)}", "a>b;b>e");

        var run = await RunAsync(flow, time);

        Assert.Equal(("http.timeout", "flow.budget"), (CodeOf(run, "a"), CodeOf(run, "b")));
        Assert.Contains("time budget", run.Context.Get(ContextRoot.Connectors).Get("a").Get("error").Get("message").ToText());
        Assert.Equal(4, time.GetUtcNow().Subtract(run.StartedAt).TotalSeconds, 0.01);
        Assert.Equal(1, server.Connections);
    }

    [Fact]
    public async Task Budget_IsOver_IsAFaultThatOutcomesMayName()
    {
        var time = new SilentTime();
        await using var server = Silent(time);
        const string Named = """, "outcomes": { "Slow": ["timeout"], "Late": ["budget"] }""";
        await using var flow = Compile(server, time, "PT4S", $"{Call("a", 10, Named)},{Call("b", 10, Named)}", "a>b;b>e");

        var run = await RunAsync(flow, time);

        Assert.Equal(["Slow", "Late"], run.Trace!.Take(2).Select(step => step.Outcome));
    }

    [Fact]
    public async Task Budget_EndsBetweenTwoTries_TheLastAnswerIsTheResultAndNobodyWaitsForNothing()
    {
        var time = new SilentTime();
        await using var server = LoopbackServer.Answering(_ => LoopbackServer.Reply(503, "", "Retry-After: 20\r\n"));
        await using var flow = Compile(server, time, "PT12S", Call("a", 60, """, "retry": { "attempts": 3 }"""), "a>e");

        var run = await RunAsync(flow, time);

        Assert.Equal("503", run.Context.Get(ContextRoot.Connectors).Get("a").Get("statusCode").ToText());
        Assert.Equal(TimeSpan.Zero, time.GetUtcNow() - run.StartedAt);
        Assert.Single(server.Requests);
    }

    [Fact]
    public async Task Budget_IsSharedByTheTriesOfACall()
    {
        var time = new SilentTime();
        await using var server = Silent(time);
        await using var flow = Compile(server, time, "PT12S", Call("a", 30, """, "retry": { "attempts": 2, "on": ["timeout"] }"""), "a>e");

        var run = await RunAsync(flow, time);

        Assert.Equal("http.timeout", CodeOf(run, "a"));
        Assert.Equal(3, server.Connections);
        Assert.Equal(12, time.GetUtcNow().Subtract(run.StartedAt).TotalSeconds, 0.01);
    }

    [Fact]
    public async Task Budget_EndsInTheTokenRequest_TheCallIsNeverSent()
    {
        var time = new SilentTime();
        await using var tokens = Silent(time);
        await using var server = LoopbackServer.Answering(_ => LoopbackServer.Reply(200));
        await using var flow = Compile(
            server,
            time,
            "PT3S",
            $"{Call("a", 10)},{Call("b", 10)}",
            "a>b;b>e",
            OAuth2ClientCredentialsAuthenticationInFlowsTests.Configuration(tokens.Url)
        );

        var run = await RunAsync(flow, time);

        Assert.Equal(("http.token", "flow.budget"), (CodeOf(run, "a"), CodeOf(run, "b")));
        Assert.Equal(3, time.GetUtcNow().Subtract(run.StartedAt).TotalSeconds, 0.01);
        Assert.Empty(server.Requests);
    }

    [Fact]
    public async Task Budget_EndsInAParallel_AllBranchesEndWithIt()
    {
        var time = new SilentTime();
        await using var server = Silent(time, atOnce: 2);
        await using var flow = Compile(
            server,
            time,
            "PT3S",
            $$"""
            { "id": "p", "type": "Parallel", "activities": [ {{Call("a", 10, custom: "ignore")}}, {{Call("b", 20, custom: "ignore")}} ] },
            {{Call("c", 10)}}
            """,
            "p>c;c>e"
        );

        var run = await RunAsync(flow, time);

        Assert.Equal(("http.timeout", "http.timeout", "flow.budget"), (CodeOf(run, "a"), CodeOf(run, "b"), CodeOf(run, "c")));
        Assert.Equal(3, time.GetUtcNow().Subtract(run.StartedAt).TotalSeconds, 0.01);
    }

    [Fact]
    public async Task Budget_OfEachSubmission_IsItsOwn()
    {
        var time = new SilentTime();
        await using var server = Silent(time);
        await using var flow = Compile(
            server,
            time,
            "PT4S",
            $$"""{ "id": "show", "type": "Screen", "screen": "s" },{{Call("a", 10, custom: "automatic")}}""",
            "show>a;a>e",
            start: "show"
        );
        var run = await RunAsync(flow, time);
        for (var submission = 1; submission <= 2; submission++)
        {
            // Time at the screen is the person's own.
            time.Advance(TimeSpan.FromMinutes(5));
            var before = time.GetUtcNow();
            await FlowExecutor.SubmitAsync(run, new ScreenSubmission("go", FlowValue.Parse("{}")), Stop);
            Assert.Equal((RunStatus.Waiting, "http.timeout"), (run.Status, CodeOf(run, "a")));
            Assert.Equal(4, time.GetUtcNow().Subtract(before).TotalSeconds, 0.01);
            Assert.Equal(submission, server.Connections);
        }
    }

    [Fact]
    public async Task Budget_IsOver_WhatNobodyWaitsForIsSentAllTheSame()
    {
        var time = new SilentTime();
        var sent = new TaskCompletionSource();
        await using var silent = Silent(time);
        await using var server = LoopbackServer.Answering(_ =>
        {
            sent.TrySetResult();
            return LoopbackServer.Reply(200);
        });
        await using var flow = Compile(
            server,
            time,
            "PT2S",
            $$"""{{Call("a", 10).Replace("\"api\"", "\"silent\"", StringComparison.Ordinal)}},{{Call("b", 10, """, "async": true""")}}""",
            "a>b;b>e",
            silent: silent.Url
        );

        var run = await RunAsync(flow, time);

        Assert.Equal((RunStatus.Completed, "http.timeout"), (run.Status, CodeOf(run, "a")));
        await sent.Task.WaitAsync(Stop);
    }

    [Fact]
    public async Task Budget_ThatIsLongEnough_ChangesNothing()
    {
        var time = new SilentTime();
        await using var server = LoopbackServer.Answering(_ => LoopbackServer.Reply(200, "ok"));
        await using var flow = Compile(server, time, "PT10M", Call("a", 10), "a>e");
        var run = await RunAsync(flow, time);
        Assert.Equal("ok", run.Context.Get(ContextRoot.Connectors).Get("a").Get("body").ToText());
    }

    /// <summary>What the compiler says is what a person waits: within five percent, whatever the flow asks.</summary>
    [Theory]
    [InlineData("one call", "a:10", 10)]
    [InlineData("one behind the other", "a:10;b:3", 13)]
    [InlineData("tries after a timeout", "a:9*2", 9)]
    [InlineData("tries and plain ones", "a:30*4;b:2;c:5*1", 37)]
    [InlineData("one that is not tried again", "a:7!", 7)]
    [InlineData("at once", "a:3&7;b:4", 11)]
    [InlineData("a token that does not come", "t:6;a:2", 8)]
    public async Task Stretches_AreWhatARunTakesWhenNobodyAnswers(string name, string plan, double expected)
    {
        Assert.NotEmpty(name);
        var time = new SilentTime();
        var steps = plan.Split(';').Select(step => (Id: step.Split(':')[0], What: step.Split(':')[1])).ToList();
        await using var server = Silent(time);
        await using var two = Silent(time, atOnce: 2);
        var activities =
            """{ "id": "show", "type": "Screen", "screen": "s" },""" + string.Join(',', steps.Select(step => Step(step.Id, step.What)));
        var ids = steps.Select(step => step.Id).ToList();
        var connections = $"show>{ids[0]};" + string.Join(';', ids.Select((id, i) => $"{id}>{(i + 1 < ids.Count ? ids[i + 1] : "last")}"));
        await using var flow = Compile(
            server,
            time,
            null,
            activities + """,{ "id": "last", "type": "Screen", "screen": "s" }""",
            connections + ";last>e",
            start: "show",
            silent: two.Url,
            tokens: OAuth2ClientCredentialsAuthenticationInFlowsTests.Configuration(server.Url)
        );
        var run = await RunAsync(flow, time);
        var before = time.GetUtcNow();

        await FlowExecutor.SubmitAsync(run, new ScreenSubmission("go", FlowValue.Parse("{}")), Stop);

        Assert.Equal("last", run.ActivityId);
        var took = (time.GetUtcNow() - before).TotalSeconds;
        var stretch = flow.Plan.Stretches.Single(stretch => stretch.From == "show");
        Assert.Equal(expected, stretch.Longest!.Value.TotalSeconds, 0.001);
        Assert.InRange(took, 0.95 * expected, 1.05 * expected);

        static string Step(string id, string what) =>
            what.Contains('&', StringComparison.Ordinal)
                ? $$"""
                    { "id": "{{id}}", "type": "Parallel", "activities": [ {{string.Join(
                        ',',
                        what.Split('&').Select((seconds, i) =>
                            Call($"{id}{i}", double.Parse(seconds, System.Globalization.CultureInfo.InvariantCulture), custom: "ignore")
                                .Replace("\"api\"", "\"silent\"", StringComparison.Ordinal)
                        )
                    )}} ] }
                    """
            : what.Contains('*', StringComparison.Ordinal)
                ? Call(
                    id,
                    double.Parse(what.Split('*')[0], System.Globalization.CultureInfo.InvariantCulture),
                    $$""", "retry": { "attempts": {{what.Split('*')[1]}} }"""
                )
            : what.EndsWith('!')
                ? Call(
                    id,
                    double.Parse(what[..^1], System.Globalization.CultureInfo.InvariantCulture),
                    """, "method": "POST", "retry": { "attempts": 3 }"""
                )
            : Call(id, double.Parse(what, System.Globalization.CultureInfo.InvariantCulture))
                .Replace("\"api\"", id == "t" ? "\"tokens\"" : "\"api\"", StringComparison.Ordinal);
    }

    /// <summary>Takes requests and never answers. When as many wait as are made at once, time goes on to the end of each.</summary>
    private static LoopbackServer Silent(SilentTime time, int atOnce = 1)
    {
        var waiting = 0;
        return LoopbackServer.Start(async connection =>
        {
            if (await connection.ReadRequestAsync() is null)
                return;
            if (Interlocked.Increment(ref waiting) % atOnce == 0)
            {
                for (var i = 0; i < atOnce; i++)
                    time.GoOn();
            }
            await connection.HoldAsync();
        });
    }

    private static string Call(string id, double timeout, string more = "", string custom = "custom") =>
        string.Create(
            System.Globalization.CultureInfo.InvariantCulture,
            $$"""
            { "id": "{{id}}", "type": "GenericHttp", "connector": "api", "timeout": {{timeout}} {{more}},
              "errorHandling": { "Generic HTTP Error": "{{custom}}", "Connector Execution": "{{custom}}" } }
            """
        );

    /// <summary>A flow from its activities and connections, by every outcome that an activity has.</summary>
    private static TestFlow Compile(
        LoopbackServer server,
        SilentTime time,
        string? budget,
        string activities,
        string connections,
        string connector = "{}",
        string? start = null,
        string? silent = null,
        string tokens = "{}"
    )
    {
        var all = FlowValue.Parse($"[{activities}]").TryGetArray(out var list) ? list : FlowArray.Empty;
        var lines = connections
            .Split(';')
            .Select(line => line.Split('>'))
            .SelectMany(line => PortsOf(line[0]).Select(port => (line[0], port, line[1])));
        var json = $$"""
            { "id": "f", "start": "{{start ?? connections.Split('>')[0]}}", {{(budget is null ? "" : $"\"timeBudget\": \"{budget}\",")}}
              "activities": [ {{activities}}, { "id": "e", "type": "End" } ],
              "connections": [ {{string.Join(
                ',',
                lines.Select(line => $$"""{ "source": "{{line.Item1}}", "port": "{{line.port}}", "target": "{{line.Item3}}" }""")
            )}} ],
              "screens": [ {{Screen}} ] }
            """;
        return TestFlow.Compile(
            json,
            [("api", With(server.Url, connector)), ("silent", With(silent ?? server.Url, "{}")), ("tokens", With(server.Url, tokens))],
            new HttpModuleOptions { Egress = Transports.Loopback, Time = time }
        );

        IEnumerable<string> PortsOf(string id)
        {
            var activity = all.Single(item => item.Get("id").ToText() == id);
            if (activity.Get("type").ToText() == "Screen")
                return ["go"];
            var events = activity.Get("errorHandling").TryGetObject(out var handling)
                ? handling.Where(member => member.Value.ToText() == "custom").Select(member => member.Key)
                : [];
            var named = activity.Get("outcomes").TryGetObject(out var outcomes) ? outcomes.Select(member => member.Key) : [];
            return ["Success", .. named, .. events];
        }
    }

    private static string With(string url, string configuration)
    {
        FlowValue.Parse(configuration).TryGetObject(out var members);
        return FlowValue.From(members!.With("baseUrl", FlowValue.From(url))).ToJson();
    }

    private static Task<FlowRun> RunAsync(TestFlow flow, SilentTime time) =>
        flow.RunAsync(services: RunServices.Default with { Trace = true, Time = time });

    private static string CodeOf(FlowRun run, string key) =>
        run.Context.Get(ContextRoot.Connectors).Get(key).Get("error").Get("code").ToText();
}
