using System.Diagnostics;
using System.Globalization;
using FlowEngine.HttpConnector.Tests.Servers;
using Microsoft.Extensions.Time.Testing;

namespace FlowEngine.HttpConnector.Tests.Flows;

/// <summary>Timeouts and retries: what is tried again, when, and that one timeout covers it all.</summary>
public sealed class RetryTests
{
    /// <summary>Deadlines in tests with this clock are longer, waits shorter.</summary>
    private static readonly TimeSpan AnyWait = TimeSpan.FromSeconds(11);

    [Theory]
    [InlineData("""{ "attempts": 2 }""", "GET", 503, 3)]
    [InlineData("""{ "attempts": 1 }""", "GET", 429, 2)]
    [InlineData("""{ "attempts": 0 }""", "GET", 503, 1)]
    [InlineData("{}", "GET", 500, 3)]
    [InlineData("null", "GET", 503, 1)]
    [InlineData("{}", "GET", 404, 1)]
    [InlineData("""{ "on": ["404"] }""", "GET", 404, 3)]
    [InlineData("""{ "on": ["404"] }""", "GET", 503, 1)]
    [InlineData("""{ "on": ["5xx"] }""", "GET", 429, 1)]
    [InlineData("{}", "HEAD", 503, 3)]
    [InlineData("{}", "PUT", 503, 3)]
    [InlineData("{}", "DELETE", 503, 3)]
    [InlineData("{}", "OPTIONS", 503, 3)]
    [InlineData("{}", "POST", 503, 1)]
    [InlineData("{}", "PATCH", 503, 1)]
    [InlineData("""{ "unsafe": true }""", "POST", 503, 3)]
    [InlineData("""{ "unsafe": true }""", "PATCH", 503, 3)]
    public async Task Attempts_AreRetriesAfterTheFirst(string retry, string method, int status, int requests)
    {
        await using var server = LoopbackServer.Answering(_ => LoopbackServer.Reply(status));
        await using var flow = Hurried(server, $$"""{ "method": "{{method}}", "retry": {{retry}}, "timeout": 60 }""", out _);

        var run = await flow.RunAsync();

        Assert.Equal("Generic HTTP Error", run.EndName);
        Assert.Equal(status.ToString(CultureInfo.InvariantCulture), run.Call().Get("statusCode").ToText());
        Assert.Equal(requests, server.Requests.Count);
    }

    [Fact]
    public async Task Retry_EndsWithTheFirstSuccess()
    {
        var answers = 0;
        await using var server = LoopbackServer.Answering(_ => LoopbackServer.Reply(Interlocked.Increment(ref answers) < 3 ? 500 : 200, "ok"));
        await using var flow = Hurried(server, """{ "retry": { "attempts": 3 }, "timeout": 60 }""", out _);

        var run = await flow.RunAsync();

        Assert.Equal(("Success", "ok", 3), (run.EndName, run.Call().Get("body").ToText(), server.Requests.Count));
    }

    [Theory]
    [InlineData("""["connect"]""", 3)]
    [InlineData("""["timeout", "5xx"]""", 1)]
    public async Task Connect_IsTriedAgainWhenListed(string on, int connections)
    {
        await using var server = LoopbackServer.Sending("");
        await using var flow = Hurried(server, $$"""{ "retry": { "attempts": 2, "on": {{on}} }, "timeout": 60 }""", out _);

        (await flow.RunAsync()).AssertExecutionError("http.connect");

        Assert.Equal(connections, server.Connections);
    }

    [Theory]
    [InlineData("""["timeout"]""", 3)]
    [InlineData("""["connect", "5xx"]""", 1)]
    public async Task Timeout_IsTriedAgainWhenListedAndAllTriesShareOneTimeout(string on, int connections)
    {
        await using var server = LoopbackServer.Start(connection => connection.HoldAsync());
        await using var flow = TestFlow.Compile(server.Url, $$"""{ "retry": { "attempts": 2, "on": {{on}} }, "timeout": 1.5 }""");
        var watch = Stopwatch.StartNew();

        (await flow.RunAsync()).AssertExecutionError("http.timeout");

        Assert.InRange(watch.Elapsed.TotalSeconds, 1.0, 3);
        Assert.Equal(connections, server.Connections);
    }

    [Fact]
    public async Task Timeout_OfOneTry_LeavesTimeForTheNext()
    {
        var connections = 0;
        await using var server = LoopbackServer.Start(async connection =>
        {
            if (Interlocked.Increment(ref connections) == 1)
                await connection.HoldAsync();
            await connection.ReadRequestAsync();
            await connection.WriteAsync(LoopbackServer.Reply(200));
        });
        await using var flow = TestFlow.Compile(server.Url, """{ "retry": { "attempts": 1, "on": ["timeout"] }, "timeout": 2 }""");

        Assert.Equal("Success", (await flow.RunAsync()).EndName);
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("""{ "attempts": 10 }""")]
    public async Task Timeout_CoversTheWholeAnswer(string retry)
    {
        await using var server = LoopbackServer.Start(async connection =>
        {
            await connection.ReadRequestAsync();
            await connection.WriteAsync("HTTP/1.1 404 X\r\nContent-Length: 100000\r\n\r\n");
            while (true)
            {
                await connection.WriteAsync("x");
                await Task.Delay(20, connection.Stopping);
            }
        });
        await using var flow = TestFlow.Compile(server.Url, $$"""{ "retry": {{retry}}, "timeout": 0.4 }""");
        var watch = Stopwatch.StartNew();

        (await flow.RunAsync()).AssertExecutionError("http.timeout");

        Assert.InRange(watch.Elapsed.TotalSeconds, 0.1, 2);
    }

    [Fact]
    public async Task Timeout_WithManyRetries_IsNeverExceededByWaits()
    {
        await using var server = LoopbackServer.Answering(_ => LoopbackServer.Reply(503));
        await using var flow = TestFlow.Compile(server.Url, """{ "retry": { "attempts": 10, "on": ["5xx"] }, "timeout": 1 }""");
        var watch = Stopwatch.StartNew();

        var run = await flow.RunAsync();

        // What ends the call depends on whether the last try was still answered.
        Assert.NotEqual("Success", run.EndName);
        Assert.InRange(watch.Elapsed.TotalSeconds, 0.1, 1.5);
        Assert.InRange(server.Requests.Count, 2, 6);
    }

    [Fact]
    public async Task Timeout_CoversTheTokenToo()
    {
        await using var slow = LoopbackServer.Start(connection => connection.HoldAsync());
        await using var server = LoopbackServer.Answering(_ => LoopbackServer.Reply(200));
        await using var flow = TestFlow.Compile(server.Url, """{ "timeout": 0.3 }""", OAuthTests.Configuration(slow.Url));
        var watch = Stopwatch.StartNew();

        (await flow.RunAsync()).AssertExecutionError("http.token");

        Assert.InRange(watch.Elapsed.TotalSeconds, 0.2, 2);
        Assert.Empty(server.Requests);
    }

    [Fact]
    public async Task Timeout_WhatTheTokenTook_IsGone()
    {
        await using var tokens = LoopbackServer.AnsweringAsync(async _ =>
        {
            await Task.Delay(700);
            return LoopbackServer.Reply(200, """{ "access_token": "late-token" }""");
        });
        await using var server = LoopbackServer.Start(connection => connection.HoldAsync());
        await using var flow = TestFlow.Compile(server.Url, """{ "timeout": 1 }""", OAuthTests.Configuration(tokens.Url));
        var watch = Stopwatch.StartNew();

        (await flow.RunAsync()).AssertExecutionError("http.timeout");

        Assert.InRange(watch.Elapsed.TotalSeconds, 0.9, 1.5);
    }

    [Theory]
    [InlineData("7", 7)]
    [InlineData("0", 0)]
    [InlineData("date+5", 5)]
    [InlineData("date-5", 0)]
    public async Task RetryAfter_IsObeyed(string value, int seconds)
    {
        var time = new HurriedTime(AnyWait);
        var header = value.StartsWith("date", StringComparison.Ordinal)
            ? time.GetUtcNow().AddSeconds(int.Parse(value[4..], CultureInfo.InvariantCulture)).ToString("r", CultureInfo.InvariantCulture)
            : value;
        var answers = 0;
        await using var server = LoopbackServer.Answering(_ => Interlocked.Increment(ref answers) == 1 ? LoopbackServer.Reply(429, "", $"Retry-After: {header}\r\n") : LoopbackServer.Reply(200));
        await using var flow = TestFlow.Compile(server.Url, """{ "retry": { "attempts": 1 }, "timeout": 60 }""", options: new() { Egress = Transports.Loopback, Time = time });

        Assert.Equal("Success", (await flow.RunAsync()).EndName);

        // A wait of nothing needs no timer.
        Assert.Equal(seconds == 0 ? [] : [TimeSpan.FromSeconds(seconds)], time.Waits);
    }

    [Theory]
    [InlineData("60")]
    [InlineData("99999999999999999999")]
    [InlineData("Fri, 31 Dec 9999 23:59:59 GMT")]
    public async Task RetryAfter_LongerThanTheTimeout_IsNoRetry(string value)
    {
        await using var server = LoopbackServer.Answering(_ => LoopbackServer.Reply(503, "busy", $"Retry-After: {value}\r\n"));
        await using var flow = Hurried(server, """{ "retry": { "attempts": 3 }, "timeout": 60 }""", out var time);

        var run = await flow.RunAsync();

        Assert.Equal(("503", "busy"), (run.Call().Get("statusCode").ToText(), run.Call().Get("body").ToText()));
        Assert.Single(server.Requests);
        Assert.Empty(time.Waits);
    }

    [Theory]
    [InlineData("soon")]
    [InlineData("")]
    [InlineData("-1")]
    [InlineData("1.5")]
    public async Task RetryAfter_ThatCannotBeRead_IsBackoff(string value)
    {
        await using var server = LoopbackServer.Answering(_ => LoopbackServer.Reply(503, "", $"Retry-After: {value}\r\n"));
        await using var flow = Hurried(server, """{ "retry": { "attempts": 1 }, "timeout": 60 }""", out var time);

        await flow.RunAsync();

        Assert.InRange(Assert.Single(time.Waits).TotalMilliseconds, 100, 200);
    }

    [Fact]
    public async Task Backoff_DoublesWithJitterUpToALimit()
    {
        await using var server = LoopbackServer.Answering(_ => LoopbackServer.Reply(503));
        var waits = new List<List<TimeSpan>>();
        for (var i = 0; i < 5; i++)
        {
            await using var flow = Hurried(server, """{ "retry": { "attempts": 8, "on": ["5xx"] }, "timeout": 60 }""", out var time);
            await flow.RunAsync();
            waits.Add([.. time.Waits]);
        }

        Assert.All(waits, run => Assert.All(run.Select((wait, i) => (wait, longest: Math.Min(200 * Math.Pow(2, i), 10_000))), pair => Assert.InRange(pair.wait.TotalMilliseconds, pair.longest / 2 - 1, pair.longest)));
        Assert.All(waits, run => Assert.Equal(8, run.Count));
        Assert.Equal(5, waits.Select(run => run[0]).Distinct().Count());
    }

    [Fact]
    public async Task Retry_AfterAnAnswerThatIsNotTheJsonItClaims_IsNone()
    {
        await using var server = LoopbackServer.Answering(_ => LoopbackServer.Reply(200, "{", "Content-Type: application/json\r\n"));
        await using var flow = Hurried(server, """{ "retry": {} , "timeout": 60 }""", out _);

        (await flow.RunAsync()).AssertExecutionError("http.bad_response");

        Assert.Single(server.Requests);
    }

    private static TestFlow Hurried(LoopbackServer server, string activity, out HurriedTime time)
    {
        time = new HurriedTime(AnyWait);
        return TestFlow.Compile(server.Url, activity.Replace("\"retry\": null,", "", StringComparison.Ordinal), options: new() { Egress = Transports.Loopback, Time = time });
    }
}
