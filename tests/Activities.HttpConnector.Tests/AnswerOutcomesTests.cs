using System.Globalization;
using FlowEngine.Compilation;
using FlowEngine.Context;
using FlowEngine.Errors;
using FlowEngine.Execution;
using FlowEngine.HttpConnector.Connectors;
using FlowEngine.HttpConnector.Tests.Flows;
using FlowEngine.HttpConnector.Tests.Servers;
using FlowEngine.Screens;
using Microsoft.Extensions.Time.Testing;

namespace FlowEngine.HttpConnector.Tests;

/// <summary><c>outcomes</c>: which way a call leaves by its status or its fault.</summary>
public sealed class AnswerOutcomesTests
{
    private const string Named =
        """{ "Not found": ["404"], "Rate limited": ["429"], "Refused": ["4xx"], "Early": ["418-425"], """
        + """ "Unavailable": ["502-504", "timeout", "connect"], "Made": ["201"], "Odd": ["tls", "600-699"] }""";

    private static readonly string[] Faults = ["connect", "timeout", "bad_response", "too_large", "tls", "blocked"];

    private static readonly string[] Modes = ["automatic", "custom", "ignore"];

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    /// <summary>
    /// Each status and each fault, over a real connection, in each error mode, told apart by outcomes or by a condition behind the event:
    /// exactly one way out, the same each time, and a failure never leaves as a success unless the flow says so.
    /// </summary>
    [Fact]
    public async Task EveryStatusAndFault_LeavesByExactlyOnePort_AndNoFailureBySuccess()
    {
        var time = new FakeTimeProvider();
        await using var server = LoopbackServer.Start(connection => ServeAsync(connection, time));
        await using var noTls = LoopbackServer.Start(connection => connection.WriteAsync(LoopbackServer.Reply(400)));
        var rows = 0;
        foreach (var mode in Modes)
        {
            foreach (var isNamed in (bool[])[true, false])
            {
                var flow = Login(mode, isNamed);
                await using var plain = Compile(flow, server.Url, time);
                await using var tls = Compile(flow, noTls.Url.Replace("http:", "https:", StringComparison.Ordinal), time);
                await using var guarded = Compile(flow, server.Url, time, mayReachLoopback: false);
                foreach (var answer in Enumerable.Range(100, 500).Select(status => $"{status}").Concat(Faults))
                {
                    var run = await SubmitAsync(
                        answer == "tls" ? tls
                            : answer == "blocked" ? guarded
                            : plain,
                        answer
                    );
                    var expected = ExpectedOf(answer, mode, isNamed);
                    Assert.True(
                        expected == WayOf(run),
                        $"{answer}, {mode}, {(isNamed ? "outcomes" : "condition")}: {expected}, {WayOf(run)}"
                    );
                    Assert.Single(run.Trace!, step => step.Activity == "call");
                    rows++;
                }
            }
        }
        Assert.Equal(506 * 3 * 2, rows);
    }

    /// <summary>A golden case leaves as the answer that it stands for.</summary>
    [Fact]
    public async Task EveryStatus_Scripted_LeavesAsItWould()
    {
        await using var flow = Compile(Login("custom", isNamed: true), "https://never.asked.example", TimeProvider.System);
        foreach (var status in Enumerable.Range(100, 900))
        {
            var replies = new ScriptedReplies(FlowValue.Parse($$"""{ "call": [ { "statusCode": {{status}} } ] }"""));
            var run = await SubmitAsync(flow, "x", RunServices.Default with { Trace = true, Replies = replies });
            Assert.Equal((status, Expected(status) ?? "Generic HTTP Error"), (status, WayOf(run)));
        }
    }

    [Theory]
    [InlineData("http.timeout", "Unavailable")]
    [InlineData("http.dns", "Connector Execution")]
    [InlineData("connector.secret_missing", "Connector Execution")]
    public async Task Fault_Scripted_LeavesByTheOutcomeThatNamesIt(string code, string way)
    {
        await using var flow = Compile(Login("custom", isNamed: true), "https://never.asked.example", TimeProvider.System);
        var replies = new ScriptedReplies(FlowValue.Parse($$"""{ "call": [ { "error": { "code": "{{code}}" } } ] }"""));
        Assert.Equal(way, WayOf(await SubmitAsync(flow, "x", RunServices.Default with { Trace = true, Replies = replies })));
    }

    [Theory]
    [InlineData(404, "Not found")]
    [InlineData(405, "Client")]
    [InlineData(500, "Server")]
    [InlineData(502, "Narrow")]
    [InlineData(504, "Wide")]
    [InlineData(200, "Fine")]
    [InlineData(204, "Success")]
    [InlineData(302, "Generic HTTP Error")]
    [InlineData(600, "Odd")]
    [InlineData(999, "Odd")]
    public async Task MatchersThatOverlap_TheMostExactWins(int status, string outcome)
    {
        const string Overlapping =
            """{ "outcomes": { "Client": ["4xx"], "Wide": ["501-510"], "Server": ["5xx"], "Narrow": ["502-503"], "Not found": ["404"],"""
            + """ "Fine": ["200"], "Odd": ["6xx", "999"] } }""";
        await using var server = LoopbackServer.Answering(_ => LoopbackServer.Reply(status));
        await using var flow = TestFlow.Compile(server.Url, Overlapping);
        Assert.Equal(outcome, (await flow.RunAsync()).EndName);
    }

    /// <summary>The error is told of: in the context, in the trace and among the errors of the run, as taken by an outcome.</summary>
    [Fact]
    public async Task NamedError_IsStillAnError()
    {
        await using var server = LoopbackServer.Answering(_ => LoopbackServer.Reply(404, "gone"));
        await using var flow = TestFlow.Compile(server.Url, """{ "outcomes": { "Not found": ["404"] }, "errorHandling": {} }""");

        var run = await flow.RunAsync();

        Assert.Equal((RunStatus.Completed, "Not found"), (run.Status, run.EndName));
        Assert.Equal(("http.status", "call", "Generic HTTP Error"), (Text("code"), Text("activity"), Text("event")));
        Assert.Equal("http.status", run.Call().Get("error").Get("code").ToText());
        Assert.Equal(("Not found", "http.status"), (run.Trace![0].Outcome, run.Trace[0].Error!.Code));
        Assert.Equal(new RunError("http.status", "call", "api", ErrorHandling.Outcome, 1), Assert.Single(run.Errors!.Kinds));
        Assert.Equal(run.Errors.Kinds, RunErrors.FromValue(run.Errors.ToValue())!.Kinds);

        string Text(string member) => run.Error().Get(member).ToText();
    }

    [Fact]
    public async Task NamedSuccess_IsNoError()
    {
        await using var server = LoopbackServer.Answering(_ => LoopbackServer.Reply(201));
        await using var flow = TestFlow.Compile(server.Url, """{ "outcomes": { "Made": ["201"] } }""");

        var run = await flow.RunAsync();

        Assert.Equal("Made", run.EndName);
        Assert.True(run.Error().IsMissing && run.Call().Get("error").IsMissing && run.Errors is null);
    }

    /// <summary>What is cut off is no answer, whatever its status said.</summary>
    [Fact]
    public async Task SuccessWhoseBodyIsCutOff_LeavesByTheFault()
    {
        await using var server = LoopbackServer.Sending("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{");
        await using var flow = TestFlow.Compile(server.Url, """{ "outcomes": { "Fine": ["200"], "Broken": ["bad_response"] } }""");
        Assert.Equal("Broken", (await flow.RunAsync()).EndName);
    }

    /// <summary>That an answer of success is none is for the flow to say.</summary>
    [Fact]
    public async Task SuccessWithAnErrorInItsBody_IsASuccess()
    {
        await using var server = LoopbackServer.Answering(_ => LoopbackServer.Reply(200, """{"error":"no"}"""));
        await using var flow = TestFlow.Compile(server.Url, """{ "outcomes": { "Refused": ["4xx"] } }""");
        Assert.Equal("Success", (await flow.RunAsync()).EndName);
    }

    /// <summary>What was retried leaves by what came last.</summary>
    [Fact]
    public async Task Retries_LeaveByTheLastAnswer()
    {
        var answers = 0;
        await using var server = LoopbackServer.Answering(_ =>
            LoopbackServer.Reply(Interlocked.Increment(ref answers) < 3 ? 503 : 404, "", "Retry-After: 0\r\n")
        );
        await using var flow = TestFlow.Compile(
            server.Url,
            """{ "outcomes": { "Gone": ["404"], "Busy": ["503"] }, "retry": { "attempts": 5, "on": ["503"] } }"""
        );

        var run = await flow.RunAsync();

        Assert.Equal(("Gone", "3"), (run.EndName, run.Call().Get("attempts").ToText()));
    }

    [Theory]
    [InlineData("""{ "Success": ["404"] }""", "/Success", "")]
    [InlineData("""{ "Generic HTTP Error": ["404"] }""", "/Generic HTTP Error", "")]
    [InlineData("""{ "Connector Execution": ["404"] }""", "/Connector Execution", "")]
    [InlineData("""{ "": ["404"] }""", "/", "")]
    [InlineData("""{ "A": [] }""", "/A", "")]
    [InlineData("""{ "A": ["404"], "B": ["404"] }""", "/B/0", "")]
    [InlineData("""{ "A": ["404", "404"] }""", "/A/1", "")]
    [InlineData("""{ "A": ["404"], "B": ["404-404"] }""", "/B/0", "")]
    [InlineData("""{ "A": ["4xx"], "B": ["4XX"] }""", "/B/0", "")]
    [InlineData("""{ "A": ["timeout"], "B": ["timeout"] }""", "/B/0", "")]
    [InlineData("""{ "A": ["500-503"], "B": ["502-510"] }""", "/B/0", "")]
    [InlineData("""{ "A": ["40"] }""", "/A/0", "")]
    [InlineData("""{ "A": ["1000"] }""", "/A/0", "")]
    [InlineData("""{ "A": ["0xx"] }""", "/A/0", "")]
    [InlineData("""{ "A": ["504-502"] }""", "/A/0", "")]
    [InlineData("""{ "A": ["502-"] }""", "/A/0", "")]
    [InlineData("""{ "A": ["-5"] }""", "/A/0", "")]
    [InlineData("""{ "A": [" 404"] }""", "/A/0", "")]
    [InlineData("""{ "A": ["timeouts"] }""", "/A/0", "Did you mean 'timeout'?")]
    [InlineData("""{ "A": ["queue"] }""", "/A/0", "")]
    public void WhatCannotBeToldApart_IsRefused(string outcomes, string place, string advice)
    {
        var problem = Assert.Single(
            TestFlow.Compile("https://api.example.com", $$"""{ "outcomes": {{outcomes}} }""").Result.Diagnostics,
            problem => problem.Code == "http.outcomes"
        );
        Assert.Equal(("/activities/0/outcomes" + place, Severity.Error), (problem.Pointer, problem.Severity));
        Assert.Contains(advice, problem.Advice, StringComparison.Ordinal);
    }

    [Fact]
    public void WhatIsNoListOfTexts_IsRefusedByItsType()
    {
        Assert.Contains("flow.type", TestFlow.Compile("https://api.example.com", """{ "outcomes": { "A": "404" } }""").Codes);
        Assert.Contains("flow.type", TestFlow.Compile("https://api.example.com", """{ "outcomes": { "A": [404] } }""").Codes);
    }

    [Fact]
    public void OutcomeThatOthersLeaveNothingFor_IsAWarning()
    {
        var problem = Assert.Single(
            TestFlow
                .Compile("https://api.example.com", """{ "outcomes": { "Never": ["4xx"], "Always": ["400-499"] } }""")
                .Result.Diagnostics
        );
        Assert.Equal(
            ("http.outcomes", "/activities/0/outcomes/Never", Severity.Warning),
            (problem.Code, problem.Pointer, problem.Severity)
        );
    }

    [Fact]
    public void NoOutcomes_AreAsIfTheyWereNotGiven() =>
        Assert.Empty(TestFlow.Compile("https://api.example.com", """{ "outcomes": {} }""").Result.Diagnostics);

    [Theory]
    [InlineData("true")]
    [InlineData("\"durable\"")]
    public void ACallThatNobodyWaitsFor_HasNone(string isAsync) =>
        Assert.Contains(
            TestFlow
                .Compile("https://api.example.com", $$"""{ "outcomes": { "A": ["404"] }, "async": {{isAsync}}, "method": "POST" }""")
                .Result.Diagnostics,
            problem => (problem.Code, problem.Pointer) == ("http.outcomes", "/activities/0/outcomes")
        );

    /// <summary>No connection leaves a branch: what an outcome would name would be lost, or be a success.</summary>
    [Fact]
    public void InABranchOfParallel_TheyAreRefused_AsItHasNoConnections()
    {
        var problem = Assert.Single(
            TestFlow
                .Compile(
                    """
                    { "id": "f", "start": "p", "activities": [
                        { "id": "p", "type": "Parallel", "activities": [
                            { "id": "call", "type": "GenericHttp", "connector": "api", "outcomes": { "A": ["404"] } } ] },
                        { "id": "end", "type": "End" } ],
                      "connections": [ { "source": "p", "port": "Success", "target": "end" } ] }
                    """,
                    [("api", """{ "baseUrl": "https://api.example.com" }""")]
                )
                .Result.Diagnostics
        );
        Assert.Equal(("flow.parallel", "/activities/0/activities/0/outcomes"), (problem.Code, problem.Pointer));
    }

    [Theory]
    [InlineData("404", "connectors.call.error.code", null)]
    [InlineData("404", "error.code", null)]
    [InlineData("404", "connectors.call.statusCode", null)]
    [InlineData("404", "connectors.call.retryAt", null)]
    [InlineData("timeout", "connectors.call.error.code", null)]
    [InlineData("timeout", "connectors.call.attempts", null)]
    [InlineData("timeout", "connectors.call.statusCode", "path.unknown")]
    [InlineData("timeout", "connectors.call.retryAt", "path.unknown")]
    [InlineData("201", "connectors.call.error.code", "path.unknown")]
    [InlineData("201", "error.code", "path.maybe")]
    [InlineData("404\", \"timeout", "connectors.call.error.code", null)]
    [InlineData("404\", \"timeout", "connectors.call.statusCode", "path.maybe")]
    [InlineData("201\", \"404", "connectors.call.statusCode", null)]
    [InlineData("201\", \"404", "connectors.call.error.code", "path.maybe")]
    public void PathBehindAnOutcome_IsCheckedByWhatLeadsThere(string matchers, string path, string? code)
    {
        var flow = $$$"""
            { "id": "f", "start": "call", "activities": [
                { "id": "call", "type": "GenericHttp", "connector": "api", "outcomes": { "A": ["{{{matchers}}}"] } },
                { "id": "a", "type": "End", "outputs": { "x": "{{{{{path}}}}}" } }, { "id": "end", "type": "End" } ],
              "connections": [ { "source": "call", "port": "A", "target": "a" },
                { "source": "call", "port": "Success", "target": "end" } ] }
            """;
        var problems = TestFlow.Compile(flow, [("api", """{ "baseUrl": "https://api.example.com" }""")]).Result.Diagnostics;
        Assert.Equal(code is null ? [] : [code], problems.Select(problem => problem.Code));
    }

    /// <summary>Where an API that asks for time is left alone, the fault says until when.</summary>
    [Theory]
    [InlineData("", "path.unknown")]
    [InlineData(""", "cooldown": {}""", null)]
    public void RetryAtBehindAFault_IsThereWithACooldown(string connector, string? code)
    {
        const string Flow = """
            { "id": "f", "start": "call", "activities": [
                { "id": "call", "type": "GenericHttp", "connector": "api", "outcomes": { "Later": ["cooldown"] } },
                { "id": "a", "type": "End", "outputs": { "x": "{{connectors.call.retryAt}}" } }, { "id": "end", "type": "End" } ],
              "connections": [ { "source": "call", "port": "Later", "target": "a" },
                { "source": "call", "port": "Success", "target": "end" } ] }
            """;
        var problems = TestFlow.Compile(Flow, [("api", $$"""{ "baseUrl": "https://api.example.com"{{connector}} }""")]).Result.Diagnostics;
        Assert.Equal(code is null ? [] : [code], problems.Select(problem => problem.Code));
    }

    /// <summary>The form offers the words that mean something, all of them but those that only a careless flow would meet.</summary>
    [Fact]
    public void Suggestions_AreMatchers()
    {
        var suggested = Settings
            .SettingsDescriptor.Of(typeof(GenericHttpSettings))
            .Settings.Single(setting => setting.Name == "outcomes")
            .Attribute.Suggests!;
        Assert.Subset(suggested.ToHashSet(), AnswerOutcomes.Faults.Keys.ToHashSet());
        var outcomes = string.Join(", ", suggested.Select((word, i) => $"\"o{i}\": [\"{word}\"]"));
        Assert.Empty(TestFlow.Compile("https://api.example.com", $$"""{ "outcomes": { {{outcomes}} } }""").Result.Diagnostics);
    }

    /// <summary>What is named for an answer or a fault, by a rule of its own.</summary>
    private static string? Expected(int status) =>
        status switch
        {
            201 => "Made",
            >= 200 and < 300 => "Success",
            404 => "Not found",
            429 => "Rate limited",
            >= 418 and <= 425 => "Early",
            >= 400 and < 500 => "Refused",
            >= 502 and <= 504 => "Unavailable",
            >= 600 and < 700 => "Odd",
            _ => null,
        };

    private static string ExpectedOf(string answer, string mode, bool isNamed)
    {
        var isStatus = int.TryParse(answer, NumberStyles.None, CultureInfo.InvariantCulture, out var status);
        // An answer that only announces another, which does not come: but for 101, which ends HTTP.
        var isFault = !isStatus || status is >= 100 and < 200 and not 101;
        if (isStatus && !isFault && status is >= 200 and < 300 && !(isNamed && status == 201))
            return "Success";
        var named = isFault
            ? isStatus || answer is "connect" or "timeout"
                ? "Unavailable"
                : answer == "tls"
                    ? "Odd"
                    : null
            : Expected(status);
        if (isNamed && named is not null)
            return named;
        return (mode, isFault) switch
        {
            ("automatic", _) => "back",
            ("ignore", _) => "Success",
            (_, true) => "Connector Execution",
            _ => isNamed ? "Generic HTTP Error" : $"Generic HTTP Error, {named ?? "Else"}",
        };
    }

    /// <summary>By which port the call left, and then the condition.</summary>
    private static string WayOf(FlowRun run)
    {
        var ports = run.Trace!.Where(step => step.Activity is "call" or "byStatus").Select(step => step.Outcome).OfType<string>();
        return run.Status == RunStatus.Waiting ? string.Join(", ", ports.Append("back")) : string.Join(", ", ports);
    }

    private static string Login(string mode, bool isNamed)
    {
        string[] names = ["Not found", "Rate limited", "Refused", "Early", "Unavailable", "Made", "Odd"];
        List<(string Source, string Port)> ports = [("call", "Success")];
        if (isNamed)
            ports.AddRange(names.Select(name => ("call", name)));
        if (mode == "custom")
            ports.AddRange([("call", "Connector Execution"), isNamed ? ("call", "Generic HTTP Error") : ("byStatus", "Else")]);
        if (mode == "custom" && !isNamed)
            ports.AddRange(names.Where(name => name != "Made").Select(name => ("byStatus", name)));
        var toCondition = mode == "custom" && !isNamed;
        return $$$"""
            { "id": "f", "start": "ask", "activities": [ { "id": "ask", "type": "Screen", "screen": "ask" },
                { "id": "call", "type": "GenericHttp", "connector": "api", "endpoint": "/{{form.answer}}"
                  {{{(isNamed ? $", \"outcomes\": {Named}" : "")}}},
                  "errorHandling": { "Generic HTTP Error": "{{{mode}}}", "Connector Execution": "{{{mode}}}" } },
                {{{(toCondition ? $"{ByStatus}," : "")}}}
                {{{string.Join(", ", ports.Select((port, i) => $$"""{ "id": "end{{i}}", "type": "End" }"""))}}} ],
              "connections": [ { "source": "ask", "port": "go", "target": "call" },
                {{{(toCondition ? """{ "source": "call", "port": "Generic HTTP Error", "target": "byStatus" },""" : "")}}}
                {{{string.Join(
                ", ",
                ports.Select((port, i) => $$"""{ "source": "{{port.Source}}", "port": "{{port.Port}}", "target": "end{{i}}" }""")
            )}}} ],
              "screens": [ { "id": "ask", "components": [ { "type": "TextInput", "name": "answer" }, { "type": "Button", "id": "go" } ] } ] }
            """;
    }

    /// <summary>The same, as one wrote it before: in the order of exactness.</summary>
    private const string ByStatus = """
        { "id": "byStatus", "type": "Condition", "branches": [
          { "outcome": "Not found", "rules": [ { "key": "connectors.call.statusCode", "operator": "equal", "value": 404 } ] },
          { "outcome": "Rate limited", "rules": [ { "key": "connectors.call.statusCode", "operator": "equal", "value": 429 } ] },
          { "outcome": "Early", "rules": [ { "key": "connectors.call.statusCode", "operator": "in-range", "value": "418,425" } ] },
          { "outcome": "Unavailable", "rules": [ { "key": "connectors.call.statusCode", "operator": "in-range", "value": "502,504" } ] },
          { "outcome": "Odd", "rules": [ { "key": "connectors.call.statusCode", "operator": "in-range", "value": "600,699" } ] },
          { "outcome": "Refused", "rules": [ { "key": "connectors.call.statusCode", "operator": "in-range", "value": "400,499" } ] } ] }
        """;

    private static TestFlow Compile(string flow, string url, TimeProvider time, bool mayReachLoopback = true) =>
        TestFlow.Compile(
            flow,
            [("api", $$"""{ "baseUrl": "{{url}}" }""")],
            new HttpModuleOptions
            {
                Egress = mayReachLoopback ? Transports.Loopback : new(),
                Time = time,
                MaxResponseBodyBytes = 1000,
            }
        );

    private static async Task<FlowRun> SubmitAsync(TestFlow flow, string answer, RunServices? services = null)
    {
        var run = await flow.RunAsync(services: services);
        var form = FlowValue.Object(("answer", FlowValue.From(answer)));
        Assert.Null(await FlowExecutor.SubmitAsync(run, new ScreenSubmission("go", form), Stop));
        return run;
    }

    /// <summary>Answers each path with its status, or with the fault of that name.</summary>
    private static async Task ServeAsync(ServedConnection connection, FakeTimeProvider time)
    {
        while (await connection.ReadRequestAsync() is { } request)
        {
            var path = request.Target[1..];
            switch (path)
            {
                case "connect":
                    return;
                case "timeout":
                    time.Advance(TimeSpan.FromSeconds(20));
                    await connection.HoldAsync();
                    return;
                case "bad_response":
                    await connection.WriteAsync("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{");
                    return;
                case "too_large":
                    await connection.WriteAsync(LoopbackServer.Reply(200, new string('x', 2000)));
                    return;
                default:
                    await connection.WriteAsync(
                        path[0] == '1' ? $"HTTP/1.1 {path} X\r\n\r\n" : LoopbackServer.Reply(int.Parse(path, null))
                    );
                    if (path[0] == '1')
                        return;
                    break;
            }
        }
    }
}
