using System.Globalization;
using FlowEngine.HttpConnector.Connectors;
using FlowEngine.HttpConnector.Tests.Authentication;
using FlowEngine.HttpConnector.Tests.Flows;
using FlowEngine.HttpConnector.Tests.Servers;
using Microsoft.Extensions.Time.Testing;

namespace FlowEngine.HttpConnector.Tests.Requests;

/// <summary>Timeouts and retries: what is tried again, when, and that one timeout covers it all.</summary>
public sealed class RetryPolicyTests
{
    /// <summary>Deadlines in tests with this clock are longer, waits shorter.</summary>
    private static readonly TimeSpan AnyWait = TimeSpan.FromSeconds(11);

    /// <summary>The first two waits are shorter, the deadlines of a try are longer.</summary>
    private static readonly TimeSpan Backoff = TimeSpan.FromSeconds(0.45);

    /// <summary>What takes longer does not end at all.</summary>
    private static readonly TimeSpan Hang = TimeSpan.FromMinutes(1);

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

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
        await using var server = LoopbackServer.Answering(_ =>
            LoopbackServer.Reply(Interlocked.Increment(ref answers) < 3 ? 500 : 200, "ok")
        );
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
    [InlineData("""["timeout"]""", 3, 10)]
    [InlineData("""["connect", "5xx"]""", 1, 30)]
    public async Task Timeout_IsTriedAgainWhenListedAndAllTriesShareOneTimeout(string on, int connections, int share)
    {
        var time = new HurriedTime(Backoff);
        await using var server = LoopbackServer.Start(connection => LetPassAsync(connection, time, TimeSpan.FromSeconds(share)));
        await using var flow = TestFlow.Compile(
            server.Url,
            $$"""{ "retry": { "attempts": 2, "on": {{on}} }, "timeout": 30 }""",
            options: Loopback(time)
        );

        (await flow.RunAsync().WaitAsync(Hang, Stop)).AssertExecutionError("http.timeout");

        Assert.Equal(connections, server.Connections);
    }

    [Fact]
    public async Task Timeout_OfOneTry_LeavesTimeForTheNext()
    {
        var time = new HurriedTime(Backoff);
        var connections = 0;
        await using var server = LoopbackServer.Start(async connection =>
        {
            if (Interlocked.Increment(ref connections) == 1)
                await LetPassAsync(connection, time, TimeSpan.FromSeconds(1));
            await connection.ReadRequestAsync();
            await connection.WriteAsync(LoopbackServer.Reply(200));
        });
        await using var flow = TestFlow.Compile(
            server.Url,
            """{ "retry": { "attempts": 1, "on": ["timeout"] }, "timeout": 2 }""",
            options: Loopback(time)
        );

        Assert.Equal("Success", (await flow.RunAsync().WaitAsync(Hang, Stop)).EndName);
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("""{ "attempts": 10 }""")]
    public async Task Timeout_CoversTheWholeAnswer(string retry)
    {
        var time = new HurriedTime(Backoff);
        await using var server = LoopbackServer.Start(async connection =>
        {
            await connection.ReadRequestAsync();
            await connection.WriteAsync("HTTP/1.1 404 X\r\nContent-Length: 100000\r\n\r\n");
            while (true)
            {
                await connection.WriteAsync("x");
                time.Advance(TimeSpan.FromSeconds(15));
                await Task.Delay(20, connection.Stopping);
            }
        });
        await using var flow = TestFlow.Compile(server.Url, $$"""{ "retry": {{retry}}, "timeout": 40 }""", options: Loopback(time));

        (await flow.RunAsync().WaitAsync(Hang, Stop)).AssertExecutionError("http.timeout");
    }

    [Fact]
    public async Task Timeout_WithManyRetries_IsNeverExceededByWaits()
    {
        await using var server = LoopbackServer.Answering(_ => LoopbackServer.Reply(503, "", "Retry-After: 9\r\n"));
        await using var flow = Hurried(server, """{ "retry": { "attempts": 10, "on": ["5xx"] }, "timeout": 60 }""", out var time);

        var run = await flow.RunAsync().WaitAsync(Hang, Stop);

        // What ends the call depends on whether the last try was still answered. The clock jumps over its own time too: what is left.
        Assert.NotEqual("Success", run.EndName);
        Assert.Equal([9, 9, 9, 9, 9, 9, 6], time.Waits.Select(wait => wait.TotalSeconds));
        Assert.InRange(server.Requests.Count, 6, 7);
    }

    [Fact]
    public async Task Timeout_CoversTheTokenToo()
    {
        var time = new FakeTimeProvider();
        await using var slow = LoopbackServer.Start(connection => LetPassAsync(connection, time, TimeSpan.FromSeconds(0.3)));
        await using var server = LoopbackServer.Answering(_ => LoopbackServer.Reply(200));
        await using var flow = TestFlow.Compile(
            server.Url,
            """{ "timeout": 0.3 }""",
            OAuth2ClientCredentialsAuthenticationInFlowsTests.Configuration(slow.Url),
            Loopback(time)
        );

        (await flow.RunAsync().WaitAsync(Hang, Stop)).AssertExecutionError("http.token");

        Assert.Empty(server.Requests);
    }

    [Fact]
    public async Task Timeout_WhatTheTokenTook_IsGone()
    {
        var time = new FakeTimeProvider();
        await using var tokens = LoopbackServer.Answering(_ =>
        {
            time.Advance(TimeSpan.FromSeconds(0.7));
            return LoopbackServer.Reply(200, """{ "access_token": "late-token" }""");
        });
        await using var server = LoopbackServer.Start(connection => LetPassAsync(connection, time, TimeSpan.FromSeconds(0.3)));
        await using var flow = TestFlow.Compile(
            server.Url,
            """{ "timeout": 1 }""",
            OAuth2ClientCredentialsAuthenticationInFlowsTests.Configuration(tokens.Url),
            Loopback(time)
        );

        (await flow.RunAsync().WaitAsync(Hang, Stop)).AssertExecutionError("http.timeout");
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
        await using var server = LoopbackServer.Answering(_ =>
            Interlocked.Increment(ref answers) == 1
                ? LoopbackServer.Reply(429, "", $"Retry-After: {header}\r\n")
                : LoopbackServer.Reply(200)
        );
        await using var flow = TestFlow.Compile(
            server.Url,
            """{ "retry": { "attempts": 1 }, "timeout": 60 }""",
            options: new() { Egress = Transports.Loopback, Time = time }
        );

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

        Assert.All(
            waits,
            run =>
                Assert.All(
                    run.Select((wait, i) => (wait, longest: Math.Min(200 * Math.Pow(2, i), 10_000))),
                    pair => Assert.InRange(pair.wait.TotalMilliseconds, pair.longest / 2 - 1, pair.longest)
                )
        );
        Assert.All(waits, run => Assert.Equal(8, run.Count));
        // Timers count milliseconds, so two single waits may well be the same; eight in a row are not.
        Assert.Equal(5, waits.Select(run => string.Join(' ', run)).Distinct().Count());
    }

    [Fact]
    public async Task Retry_AfterAnAnswerThatIsNotTheJsonItClaims_IsNone()
    {
        await using var server = LoopbackServer.Answering(_ => LoopbackServer.Reply(200, "{", "Content-Type: application/json\r\n"));
        await using var flow = Hurried(server, """{ "retry": {} , "timeout": 60 }""", out _);

        (await flow.RunAsync()).AssertExecutionError("http.bad_response");

        Assert.Single(server.Requests);
    }

    private static HttpModuleOptions Loopback(TimeProvider time) => new() { Egress = Transports.Loopback, Time = time };

    /// <summary>Takes a request and does not answer; meanwhile time goes by.</summary>
    private static async Task LetPassAsync(ServedConnection connection, FakeTimeProvider time, TimeSpan duration)
    {
        await connection.ReadRequestAsync();
        time.Advance(duration);
        await connection.HoldAsync();
    }

    private static TestFlow Hurried(LoopbackServer server, string activity, out HurriedTime time)
    {
        time = new HurriedTime(AnyWait);
        return TestFlow.Compile(
            server.Url,
            activity.Replace("\"retry\": null,", "", StringComparison.Ordinal),
            options: new() { Egress = Transports.Loopback, Time = time }
        );
    }
}
