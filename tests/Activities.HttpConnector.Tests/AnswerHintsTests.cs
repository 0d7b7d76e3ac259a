using System.Globalization;
using FlowEngine.Context;
using FlowEngine.Execution;
using FlowEngine.HttpConnector.Connectors;
using FlowEngine.HttpConnector.Tests.Flows;
using FlowEngine.HttpConnector.Tests.Servers;
using FlowEngine.HttpConnector.Wire;
using Microsoft.Extensions.Time.Testing;

namespace FlowEngine.HttpConnector.Tests;

/// <summary>What a result says of attempts, time, limits and problems, whether the answer's headers are in the context or not.</summary>
public sealed class AnswerHintsTests
{
    private const string Problem = "Content-Type: application/problem+json\r\n";

    private static readonly DateTimeOffset Now = new(2026, 11, 29, 12, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData("7", 7)]
    [InlineData("0", 0)]
    [InlineData("007", 7)]
    [InlineData("86400", 86_400)]
    [InlineData("86401", 86_400)]
    [InlineData("99999999999999999999", 86_400)]
    [InlineData("Sun, 29 Nov 2026 12:00:30 GMT", 30)]
    [InlineData("Sunday, 29-Nov-26 12:00:30 GMT", 30)]
    [InlineData("Sun Nov 29 12:00:30 2026", 30)]
    [InlineData("Tue Dec  1 12:00:00 2026", 86_400)]
    [InlineData("Sun, 29 Nov 2026 11:59:00 GMT", 0)]
    [InlineData("Fri, 31 Dec 9999 23:59:59 GMT", 86_400)]
    [InlineData("-5", null)]
    [InlineData("1.5", null)]
    [InlineData("+5", null)]
    [InlineData("5, 10", null)]
    [InlineData("5 s", null)]
    [InlineData("soon", null)]
    [InlineData("", null)]
    [InlineData("٣", null)]
    [InlineData("Mon, 29 Nov 2026 12:00:30 GMT", null)]
    public void RetryAfter_IsSecondsOfEitherForm_AndWhatIsNeitherSaysNothing(string text, int? seconds) =>
        Assert.Equal(seconds, (int?)RetryAfter.Read(text, null, new FakeTimeProvider(Now))?.TotalSeconds);

    /// <summary>An API whose clock is wrong means a time by that clock.</summary>
    [Theory]
    [InlineData("Sun, 29 Nov 2026 09:00:00 GMT", "Sun, 29 Nov 2026 09:00:20 GMT", 20)]
    [InlineData("Sun, 29 Nov 2026 15:00:00 GMT", "Sun, 29 Nov 2026 15:00:20 GMT", 20)]
    [InlineData("Sun, 29 Nov 2026 15:00:00 GMT", "Sun, 29 Nov 2026 14:00:00 GMT", 0)]
    [InlineData("yesterday", "Sun, 29 Nov 2026 12:00:20 GMT", 20)]
    public async Task RetryAfter_OfAClockThatDiffers_IsRelativeToIt(string sent, string retryAfter, int seconds)
    {
        var run = await RunAsync(429, $"Date: {sent}\r\nRetry-After: {retryAfter}\r\n");

        Assert.Equal(seconds.ToString(CultureInfo.InvariantCulture), run.Call().Get("retryAfter").ToText());
        Assert.Equal(Now.AddSeconds(seconds), DateTimeOffset.Parse(run.Call().Get("retryAt").ToText(), CultureInfo.InvariantCulture));
    }

    [Theory]
    [InlineData(429, "Content-Type: application/json\r\n", "{}")]
    [InlineData(429, "Content-Type: text/html\r\n", "<html><body>Too many</body></html>")]
    [InlineData(429, "Retry-After: later\r\n", "")]
    [InlineData(503, "RateLimit-Limit: many\r\nX-RateLimit-Reset: 123456789\r\nX-RateLimit-Remaining: -1\r\n", "")]
    [InlineData(500, Problem, "not json")]
    [InlineData(500, Problem, "[1]")]
    [InlineData(200, "", "x")]
    public async Task AnswerThatSaysNothing_HasNoneOfThem(int status, string headers, string body)
    {
        var run = await RunAsync(status, headers, body);
        Assert.All((string[])["retryAfter", "retryAt", "rateLimit", "problem"], name => Assert.True(run.Call().Get(name).IsMissing));
    }

    [Theory]
    [InlineData("GET", 204)]
    [InlineData("HEAD", 200)]
    [InlineData("HEAD", 503)]
    [InlineData("GET", 304)]
    [InlineData("GET", 202)]
    [InlineData("GET", 600)]
    [InlineData("GET", 999)]
    public async Task AnswerOfAnyStatus_SaysThemByItsHeaders(string method, int status)
    {
        const string Headers = "Retry-After: 3\r\nX-RateLimit-Limit: 60\r\nX-RateLimit-Remaining: 0\r\nX-RateLimit-Reset: 30\r\n";
        var run = await RunAsync(status, Headers, "", $$"""{ "method": "{{method}}" }""");

        Assert.Equal(
            """{"retryAfter":3,"retryAt":"2026-11-29T12:00:03.000Z","rateLimit":{"limit":60,"remaining":0,"resetAt":"2026-11-29T12:00:30.000Z"}}""",
            Only(run, "retryAfter", "retryAt", "rateLimit")
        );
        Assert.True(run.Call().Get("headers").IsMissing);
        Assert.Equal(status.ToString(CultureInfo.InvariantCulture), run.Call().Get("statusCode").ToText());
    }

    /// <summary>An answer that only announces the next is passed over.</summary>
    [Fact]
    public async Task InterimAnswer_SaysNothing()
    {
        await using var server = LoopbackServer.Answering(_ =>
            "HTTP/1.1 103 Early Hints\r\nRetry-After: 9\r\n\r\n" + LoopbackServer.Reply(429, "", "Retry-After: 2\r\n")
        );
        await using var flow = TestFlow.Compile(server.Url);
        Assert.Equal("2", (await flow.RunAsync()).Call().Get("retryAfter").ToText());
    }

    [Theory]
    [InlineData("RateLimit-Limit: 100, 100;w=60\r\nRateLimit-Remaining: 99\r\nRateLimit-Reset: 1\r\n", 100, 99, "2026-11-29T12:00:01.000Z")]
    [InlineData("RateLimit-Limit: 5\r\nX-RateLimit-Limit: 6\r\nX-RateLimit-Remaining: 7\r\n", 5, null, null)]
    [InlineData("X-RateLimit-Reset: 1795953600\r\n", null, null, "2026-11-29T12:00:00.000Z")]
    [InlineData("X-RateLimit-Reset: 1795953600000\r\n", null, null, "2026-11-29T12:00:00.000Z")]
    [InlineData("X-RateLimit-Reset: Sun, 29 Nov 2026 12:00:30 GMT\r\n", null, null, "2026-11-29T12:00:30.000Z")]
    [InlineData("X-RateLimit-Limit: 9999999999999999999999\r\nX-RateLimit-Remaining: 3\r\n", null, 3, null)]
    public async Task RateLimit_IsWhatTheHeadersSay(string headers, int? limit, int? remaining, string? resetAt)
    {
        var rateLimit = (await RunAsync(200, headers)).Call().Get("rateLimit");
        Assert.Equal(limit, rateLimit.Get("limit").TryGetInteger(out var most) ? (int)most : null);
        Assert.Equal(remaining, rateLimit.Get("remaining").TryGetInteger(out var left) ? (int)left : null);
        Assert.Equal(resetAt, rateLimit.Get("resetAt").TryGetText(out var reset) ? reset : null);
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("""{ "responseFormat": "text" }""")]
    public async Task Problem_IsItsMembers(string activity)
    {
        const string Body = """{"type":"https://example.com/no-credit","title":"No credit","status":403,"balance":30}""";
        var run = await RunAsync(403, Problem, Body, activity);
        Assert.Equal(Body, run.Call().Get("problem").ToJson());
    }

    /// <summary>A member that has not the type of its name is ignored (RFC 9457, 3.1).</summary>
    [Fact]
    public async Task Problem_WithAMemberOfTheWrongType_IsWithoutIt()
    {
        var run = await RunAsync(400, Problem, """{"title":1,"status":"400","detail":"No","more":[1]}""");
        Assert.Equal("""{"detail":"No","more":[1]}""", run.Call().Get("problem").ToJson());
    }

    [Fact]
    public async Task Problem_OfASensitiveAnswer_IsSensitive()
    {
        var run = await RunAsync(400, Problem, """{"detail":"hunter2"}""", """{ "sensitive": true }""");
        Assert.True(run.Call().Get("problem").IsSensitive);
    }

    [Theory]
    [InlineData("""{ "headers": { "x": "{{client.v}}" } }""", 0)]
    [InlineData("{}", 1)]
    [InlineData("""{ "retry": { "attempts": 2, "on": ["503"] } }""", 3)]
    public async Task Attempts_AreHowOftenItWasTried(string activity, int attempts)
    {
        var run = await RunAsync(503, "Retry-After: 0\r\n", "", activity, """{ "v": "a\nb" }""");
        Assert.Equal(attempts.ToString(CultureInfo.InvariantCulture), run.Call().Get("attempts").ToText());
    }

    [Fact]
    public async Task DurationMs_IsAllThatTheCallTook()
    {
        var time = new HurriedTime(TimeSpan.FromSeconds(9));
        await using var server = LoopbackServer.Answering(_ =>
        {
            time.Advance(TimeSpan.FromSeconds(1));
            return LoopbackServer.Reply(503, "", "Retry-After: 4\r\n");
        });
        await using var flow = TestFlow.Compile(
            server.Url,
            """{ "retry": { "attempts": 1 }, "timeout": 30 }""",
            options: new() { Egress = Transports.Loopback, Time = time }
        );
        Assert.Equal("6000", (await flow.RunAsync()).Call().Get("durationMs").ToText());
    }

    /// <summary>A scripted reply says what the answer would, by its headers; or by members, when a connector leaves headers out.</summary>
    [Theory]
    [InlineData("""{ "statusCode": 429, "headers": { "Retry-After": 5 } }""", """{"retryAfter":5}""")]
    [InlineData("""{ "statusCode": 429, "retryAfter": 5 }""", """{"retryAfter":5}""")]
    [InlineData("""{ "statusCode": 429, "retryAfter": 500000 }""", """{"retryAfter":86400}""")]
    [InlineData("""{ "statusCode": 200, "headers": { "RateLimit-Limit": 5 } }""", """{"rateLimit":{"limit":5}}""")]
    [InlineData("""{ "statusCode": 200, "rateLimit": { "limit": 5 } }""", """{"rateLimit":{"limit":5}}""")]
    [InlineData(
        """{ "statusCode": 400, "body": { "detail": "No" }, "headers": { "content-type": "application/problem+json; charset=utf-8" } }""",
        """{"problem":{"detail":"No"}}"""
    )]
    [InlineData("""{ "statusCode": 400, "problem": { "detail": "No" } }""", """{"problem":{"detail":"No"}}""")]
    [InlineData("""{ "statusCode": 400, "body": { "detail": "No" } }""", "{}")]
    public async Task Scripted_SaysTheSame(string reply, string said)
    {
        await using var flow = TestFlow.Compile("https://never.asked.example");
        var replies = new ScriptedReplies(FlowValue.Parse($$"""{ "call": [ {{reply}} ] }"""));
        var run = await flow.RunAsync(services: RunServices.Default with { Replies = replies });
        Assert.Equal(said, Only(run, "retryAfter", "rateLimit", "problem"));
        Assert.Equal(("1", "0"), (run.Call().Get("attempts").ToText(), run.Call().Get("durationMs").ToText()));
    }

    private static string Only(FlowRun run, params string[] names) =>
        FlowValue.Object([.. names.Select(name => (name, run.Call().Get(name))).Where(member => !member.Item2.IsMissing)]).ToJson();

    private static async Task<FlowRun> RunAsync(int status, string headers, string body = "", string activity = "{}", string client = "{}")
    {
        await using var server = LoopbackServer.Answering(_ => LoopbackServer.Reply(status, body, headers));
        await using var flow = TestFlow.Compile(
            server.Url,
            activity,
            options: new HttpModuleOptions { Egress = Transports.Loopback, Time = new FakeTimeProvider(Now) }
        );
        return await flow.RunAsync(client);
    }
}
