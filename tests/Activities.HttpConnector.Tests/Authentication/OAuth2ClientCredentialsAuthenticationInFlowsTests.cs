using System.Collections.Concurrent;
using FlowEngine.Execution;
using FlowEngine.HttpConnector.Connectors;
using FlowEngine.HttpConnector.Tests.Flows;
using FlowEngine.HttpConnector.Tests.Servers;
using Microsoft.Extensions.Time.Testing;

namespace FlowEngine.HttpConnector.Tests.Authentication;

/// <summary>OAuth 2.0 client credentials under runs: one token for all, one renewal, one replay.</summary>
public sealed class OAuth2ClientCredentialsAuthenticationInFlowsTests
{
    /// <summary>A connector's configuration with a token endpoint.</summary>
    public static string Configuration(string tokenUrl, string more = "") =>
        $$"""
            { "authentication": { "method": "oauth2ClientCredentials", "oauth2ClientCredentials": {
                "clientId": "client-1", "clientSecret": "client-secret-1", "authUrl": "{{tokenUrl}}/token" {{more}} } } }
            """;

    [Fact]
    public async Task Token_Cold_IsFetchedOnceForAThousandRuns()
    {
        await using var tokens = LoopbackServer.AnsweringAsync(async _ =>
        {
            await Task.Delay(100); // So that runs arrive while the token is on its way.
            return LoopbackServer.Reply(200, """{ "access_token": "token-1", "expires_in": "3600", "token_type": "BEARER" }""");
        });
        await using var server = LoopbackServer.Answering(_ => LoopbackServer.Reply(200));
        await using var flow = TestFlow.Compile(server.Url, """{ "timeout": 60 }""", Configuration(tokens.Url));

        var runs = await Task.WhenAll(Enumerable.Range(0, 1000).Select(_ => Task.Run(() => flow.RunAsync())));

        Assert.All(runs, run => Assert.Equal("Success", run.EndName));
        Assert.Single(tokens.Requests);
        Assert.Equal(1000, server.Requests.Count);
        Assert.All(server.Requests, request => Assert.Equal("Bearer token-1", request.Header("authorization")));
    }

    [Fact]
    public async Task Token_RevokedEarly_IsRenewedOnceAndEachRequestReplayedAtMostOnce()
    {
        var issued = 0;
        await using var tokens = LoopbackServer.Answering(_ =>
            LoopbackServer.Reply(200, $$"""{ "access_token": "token-{{Interlocked.Increment(ref issued)}}" }""")
        );
        await using var server = LoopbackServer.Answering(request =>
            LoopbackServer.Reply(request.Header("authorization") == "Bearer token-1" ? 401 : 200)
        );
        await using var flow = TestFlow.Compile(server.Url, """{ "method": "POST", "timeout": 60 }""", Configuration(tokens.Url));

        var runs = await Task.WhenAll(Enumerable.Range(0, 200).Select(_ => Task.Run(() => flow.RunAsync())));

        Assert.All(runs, run => Assert.Equal("Success", run.EndName));
        Assert.Equal(2, tokens.Requests.Count);
        Assert.All(server.Requests.GroupBy(request => request.Header("idempotency-key")), sent => Assert.InRange(sent.Count(), 1, 2));
        Assert.Equal(200, server.Requests.Count(request => request.Header("authorization") == "Bearer token-2"));
    }

    [Fact]
    public async Task Token_RefusedAgain_IsNotReplayedForever()
    {
        var issued = 0;
        await using var tokens = LoopbackServer.Answering(_ =>
            LoopbackServer.Reply(200, $$"""{ "access_token": "token-{{Interlocked.Increment(ref issued)}}" }""")
        );
        await using var server = LoopbackServer.Answering(_ => LoopbackServer.Reply(401, "no"));
        await using var flow = TestFlow.Compile(server.Url, "{}", Configuration(tokens.Url));

        var run = await flow.RunAsync();

        Assert.Equal(("Generic HTTP Error", "401"), (run.EndName, run.Call().Get("statusCode").ToText()));
        Assert.Equal(["Bearer token-1", "Bearer token-2"], server.Requests.Select(request => request.Header("authorization")));
        Assert.Equal(2, tokens.Requests.Count);
    }

    [Fact]
    public async Task Token_IsUsedUntilItsMarginAndThenFetchedAnew()
    {
        var time = new FakeTimeProvider();
        var issued = 0;
        await using var tokens = LoopbackServer.Answering(_ =>
            LoopbackServer.Reply(200, $$"""{ "access_token": "token-{{Interlocked.Increment(ref issued)}}", "expires_in": 100 }""")
        );
        await using var server = LoopbackServer.Answering(_ => LoopbackServer.Reply(200));
        await using var flow = TestFlow.Compile(
            server.Url,
            "{}",
            Configuration(tokens.Url),
            new() { Egress = Transports.Loopback, Time = time }
        );

        await flow.RunAsync();
        time.Advance(TimeSpan.FromSeconds(89));
        await flow.RunAsync();
        time.Advance(TimeSpan.FromSeconds(1));
        await flow.RunAsync();

        Assert.Equal(
            ["Bearer token-1", "Bearer token-1", "Bearer token-2"],
            server.Requests.Select(request => request.Header("authorization"))
        );
    }

    [Fact]
    public async Task Tokens_OfTwoConnectorsAndScopes_AreNotShared()
    {
        await using var tokens = LoopbackServer.Answering(request =>
        {
            var scopes = Uri.UnescapeDataString(request.Text).Split("scope=").Last().Split('&')[0];
            return LoopbackServer.Reply(200, $$"""{ "access_token": "for:{{scopes}}:{{request.Header("x-who")}}" }""");
        });
        await using var server = LoopbackServer.Answering(_ => LoopbackServer.Reply(200));
        string Connector(string who, string scopes)
        {
            var more = $$""", "scopes": "{{scopes}}", "tokenRequestHeaders": [ { "key": "x-who", "value": "{{who}}" } ] """;
            return $$"""{ "baseUrl": "{{server.Url}}", {{Configuration(tokens.Url, more).Trim()[1..]}}""";
        }
        await using var flow = TestFlow.Compile(
            """
            { "id": "f", "start": "a", "activities": [
              { "id": "a", "type": "GenericHttp", "connector": "one" }, { "id": "b", "type": "GenericHttp", "connector": "two" },
                { "id": "c", "type": "GenericHttp", "connector": "three" }, { "id": "done", "type": "End" } ],
              "connections": [ { "source": "a", "port": "Success", "target": "b" }, { "source": "b", "port": "Success", "target": "c" },
                { "source": "c", "port": "Success", "target": "done" } ] }
            """,
            [("one", Connector("one", "read")), ("two", Connector("two", "read")), ("three", Connector("three", "write"))]
        );

        for (var i = 0; i < 2; i++)
            Assert.Equal(RunStatus.Completed, (await flow.RunAsync()).Status);

        Assert.Equal(
            ["Bearer for:read:one", "Bearer for:read:two", "Bearer for:write:three"],
            server.Requests.Take(3).Select(request => request.Header("authorization"))
        );
        Assert.Equal(3, tokens.Requests.Count);
    }

    [Theory]
    [InlineData("header", "Basic Y2xpZW50LTE6Y2xpZW50LXNlY3JldC0x", "grant_type=client_credentials")]
    [InlineData("body", null, "grant_type=client_credentials&client_id=client-1&client_secret=client-secret-1")]
    public async Task AuthStyle_DecidesWhereTheCredentialsGo(string style, string? authorization, string body)
    {
        await using var tokens = LoopbackServer.Answering(_ => LoopbackServer.Reply(200, """{ "access_token": "t" }"""));
        await using var server = LoopbackServer.Answering(_ => LoopbackServer.Reply(200));
        await using var flow = TestFlow.Compile(server.Url, "{}", Configuration(tokens.Url, $$""", "authStyle": "{{style}}" """));

        Assert.Equal("Success", (await flow.RunAsync()).EndName);

        var request = Assert.Single(tokens.Requests);
        Assert.Equal((authorization, body), (request.Header("authorization"), request.Text));
    }

    [Theory]
    [InlineData("HTTP/1.1 401 X\r\nContent-Type: application/json\r\nContent-Length: 26\r\n\r\n{\"error\":\"invalid_client\"}")]
    [InlineData("HTTP/1.1 500 X\r\nContent-Length: 0\r\n\r\n")]
    [InlineData("HTTP/1.1 200 X\r\nContent-Type: text/html\r\nContent-Length: 6\r\n\r\n<html>")]
    public async Task TokenEndpoint_ThatFails_IsTheErrorOfAllAndIsLeftAloneForAWhile(string answer)
    {
        var time = new FakeTimeProvider();
        await using var tokens = LoopbackServer.Answering(_ => answer);
        await using var server = LoopbackServer.Answering(_ => LoopbackServer.Reply(200));
        await using var flow = TestFlow.Compile(
            server.Url,
            """{ "retry": {} }""",
            Configuration(tokens.Url),
            new() { Egress = Transports.Loopback, Time = time }
        );

        for (var i = 0; i < 5; i++)
            (await flow.RunAsync()).AssertExecutionError("http.token");
        Assert.Single(tokens.Requests);
        time.Advance(TimeSpan.FromSeconds(1));
        (await flow.RunAsync()).AssertExecutionError("http.token");

        Assert.Equal(2, tokens.Requests.Count);
        Assert.Empty(server.Requests);
    }

    [Fact]
    public async Task RunsThatAreCancelled_DoNotEndTheFetchOfTheOthers()
    {
        var release = new TaskCompletionSource();
        await using var tokens = LoopbackServer.AnsweringAsync(async _ =>
        {
            await release.Task;
            return LoopbackServer.Reply(200, """{ "access_token": "t" }""");
        });
        await using var server = LoopbackServer.Answering(_ => LoopbackServer.Reply(200));
        await using var flow = TestFlow.Compile(server.Url, "{}", Configuration(tokens.Url));
        using var cancellation = new CancellationTokenSource();

        var given = FlowExecutor.AdvanceAsync(flow.Start(), cancellation.Token).AsTask();
        var run = flow.RunAsync();
        await cancellation.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => given);
        release.SetResult();

        Assert.Equal("Success", (await run).EndName);
        Assert.Single(tokens.Requests);
    }
}
