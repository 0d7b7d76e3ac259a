using FlowEngine.Context;
using FlowEngine.Execution;
using FlowEngine.HttpConnector.Connectors;
using FlowEngine.HttpConnector.Tests.Authentication;
using FlowEngine.HttpConnector.Tests.Flows;
using FlowEngine.HttpConnector.Tests.Servers;
using FlowEngine.HttpConnector.Tests.Signing;
using FlowEngine.Screens;
using Microsoft.Extensions.Time.Testing;

namespace FlowEngine.HttpConnector.Tests.Connectors;

/// <summary>Redirects, when the connector follows them: how far, with which method, and what never goes along.</summary>
public sealed class RedirectTests
{
    private const string Follow = """{ "followRedirects": true }""";

    private const string Everything = """
        { "followRedirects": true, "hmacSecret": "hmac-secret",
          "authentication": { "method": "bearerToken", "bearerToken": "bearer-secret" },
          "headers": [ { "key": "x-tenant", "value": "t1" }, { "key": "accept", "value": "text/x" },
            { "key": "x-descope-signature-template", "value": "METHOD,URI,HEADER_x-descope-timestamp,BODY" } ] }
        """;

    [Fact]
    public async Task Redirect_UnlessAskedFor_IsNotFollowed()
    {
        await using var server = LoopbackServer.Answering(_ => LoopbackServer.Reply(302, "", "Location: /next\r\n"));
        await using var flow = TestFlow.Compile(server.Url);

        var run = await flow.RunAsync();

        Assert.Equal(("Generic HTTP Error", "302"), (run.EndName, run.Call().Get("statusCode").ToText()));
        Assert.Single(server.Requests);
    }

    [Theory]
    [InlineData(301, "POST", "GET")]
    [InlineData(302, "POST", "GET")]
    [InlineData(303, "POST", "GET")]
    [InlineData(303, "PUT", "GET")]
    [InlineData(303, "HEAD", "HEAD")]
    [InlineData(301, "PUT", "PUT")]
    [InlineData(302, "DELETE", "DELETE")]
    [InlineData(307, "POST", "POST")]
    [InlineData(308, "PATCH", "PATCH")]
    [InlineData(307, "GET", "GET")]
    public async Task Method_FollowsTheStandards(int status, string method, string next)
    {
        await using var server = LoopbackServer.Answering(request =>
            request.Target == "/a" ? LoopbackServer.Reply(status, "", "Location: /b?q=%41#frag\r\n") : LoopbackServer.Reply(200)
        );
        await using var flow = TestFlow.Compile(
            server.Url,
            $$"""{ "method": "{{method}}", "endpoint": "/a", "body": { "x": 1 } }""",
            Follow
        );

        Assert.Equal("Success", (await flow.RunAsync()).EndName);

        var last = server.Requests.Last();
        var keeps = next == method;
        Assert.Equal((next, "/b", keeps ? """{"x":1}""" : ""), (last.Method, last.Target.Split('?')[0], last.Text));
        Assert.Equal(keeps ? "application/json" : null, last.Header("content-type"));
        Assert.Equal(keeps && method != "GET" ? server.Requests.First().Header("idempotency-key") : null, last.Header("idempotency-key"));
    }

    [Theory]
    [InlineData("c/d", "/a/c/d")]
    [InlineData("../x?y=1", "/x?y=1")]
    [InlineData("?only=query", "/a/b?only=query")]
    [InlineData("/a%2Fb/%C3%A9", "/a%2Fb/%C3%A9")]
    public async Task Location_MayBeRelative(string location, string target)
    {
        await using var server = LoopbackServer.Answering(request =>
            request.Target == "/a/b" ? LoopbackServer.Reply(307, "", $"Location: {location}\r\n") : LoopbackServer.Reply(200)
        );
        await using var flow = TestFlow.Compile(server.Url, """{ "endpoint": "/a/b" }""", Follow);

        Assert.Equal("Success", (await flow.RunAsync()).EndName);

        Assert.Equal(target, server.Requests.Last().Target);
    }

    [Fact]
    public async Task SameOrigin_KeepsCredentialsAndSignsAfresh()
    {
        var time = new FakeTimeProvider();
        await using var server = LoopbackServer.Answering(request =>
        {
            time.Advance(TimeSpan.FromSeconds(3));
            return request.Target == "/a" ? LoopbackServer.Reply(307, "", "Location: /b\r\n") : LoopbackServer.Reply(200);
        });
        await using var flow = TestFlow.Compile(
            server.Url,
            """{ "method": "POST", "endpoint": "/a", "body": { "x": 1 } }""",
            Everything,
            new() { Egress = Transports.Loopback, Time = time }
        );

        await flow.RunAsync();

        var (first, second) = (server.Requests.First(), server.Requests.Last());
        Assert.Equal(("Bearer bearer-secret", "t1"), (second.Header("authorization"), second.Header("x-tenant")));
        Assert.Equal(3, long.Parse(second.Header("x-descope-timestamp")!, null) - long.Parse(first.Header("x-descope-timestamp")!, null));
        Assert.Equal(
            HmacSignatureInFlowsTests.Sign("hmac-secret", "POST/a" + first.Header("x-descope-timestamp") + first.Text),
            first.Header("x-descope-webhook-s256")
        );
        Assert.Equal(
            HmacSignatureInFlowsTests.Sign("hmac-secret", "POST/b" + second.Header("x-descope-timestamp") + second.Text),
            second.Header("x-descope-webhook-s256")
        );
    }

    [Fact]
    public async Task OtherOrigin_GetsNoCredentialsSignatureOrConnectorHeaders_AndNeitherDoesTheWayBack()
    {
        await using var home = LoopbackServer.Answering(_ => LoopbackServer.Reply(200));
        await using var other = LoopbackServer.Answering(request =>
            request.Target == "/b" ? LoopbackServer.Reply(307, "", $"Location: {home.Url}/back\r\n") : LoopbackServer.Reply(200)
        );
        await using var api = LoopbackServer.Answering(_ => LoopbackServer.Reply(307, "", $"Location: {other.Url}/b\r\n"));
        await using var flow = TestFlow.Compile(
            api.Url,
            """{ "method": "POST", "endpoint": "/a", "headers": { "x-user": "u1", "x-api-key": "k" }, "body": { "x": 1 } }""",
            Everything
        );

        Assert.Equal("Success", (await flow.RunAsync()).EndName);

        Assert.Equal("Bearer bearer-secret", Assert.Single(api.Requests).Header("authorization"));
        foreach (var request in (ReceivedRequest[])[Assert.Single(other.Requests), Assert.Single(home.Requests)])
        {
            Assert.Equal("""{"x":1}""", request.Text);
            Assert.Equal(
                ["accept-encoding", "content-length", "content-type", "host", "idempotency-key"],
                request
                    .Headers.Select(header => header.Key.ToLowerInvariant())
                    .Where(name => name is not ("traceparent" or "tracestate"))
                    .Order()
            );
        }
    }

    [Theory]
    [InlineData("accept-language")]
    [InlineData("Accept")]
    [InlineData("content-language")]
    [InlineData("idempotency-key")]
    [InlineData("content-type")]
    [InlineData("x-anything")]
    public async Task OtherOrigin_GetsNoApiKey_WhateverItsHeaderIsCalled(string header)
    {
        await using var other = LoopbackServer.Answering(_ => LoopbackServer.Reply(200));
        // A detour within the origin first: what was a credential there still is one.
        await using var api = LoopbackServer.Answering(request =>
            LoopbackServer.Reply(307, "", request.Target == "/a" ? "Location: /b\r\n" : $"Location: {other.Url}/\r\n")
        );
        await using var flow = TestFlow.Compile(
            api.Url,
            """{ "endpoint": "/a", "method": "POST", "bodyType": "text", "body": "x" }""",
            $$"""
            { "followRedirects": true, "authentication": { "method": "apiKey", "apiKey": { "key": "{{header}}", "token": "the-key" } } }
            """
        );

        Assert.Equal("Success", (await flow.RunAsync()).EndName);

        Assert.All(api.Requests, request => Assert.Equal("the-key", request.Header(header)));
        Assert.Equal(2, api.Requests.Count);
        Assert.DoesNotContain("the-key", string.Join('\n', Assert.Single(other.Requests).Headers), StringComparison.Ordinal);
    }

    [Fact]
    public async Task OtherOrigin_GetsNoHeaderWithASecretOfTheRun()
    {
        await using var other = LoopbackServer.Answering(_ => LoopbackServer.Reply(200));
        await using var api = LoopbackServer.Answering(_ => LoopbackServer.Reply(307, "", $"Location: {other.Url}/\r\n"));
        await using var flow = TestFlow.Compile(
            api.Url,
            """{ "headers": { "accept-language": "{{form.password}}", "accept": "{{form.email}}" } }""",
            Follow,
            startsWithScreen: true
        );

        var run = await flow.RunAsync();
        await FlowExecutor.SubmitAsync(
            run,
            new ScreenSubmission("submit", FlowValue.Parse("""{ "email": "text/ada", "password": "the-password" }""")),
            TestContext.Current.CancellationToken
        );
        Assert.Equal("Success", run.EndName);

        Assert.Equal("the-password", Assert.Single(api.Requests).Header("accept-language"));
        Assert.Equal(
            (null, "text/ada"),
            (Assert.Single(other.Requests).Header("accept-language"), other.Requests.Single().Header("accept"))
        );
    }

    [Fact]
    public async Task DynamicAuthorization_DoesNotGoToAnotherOrigin()
    {
        await using var other = LoopbackServer.Answering(_ => LoopbackServer.Reply(200));
        await using var api = LoopbackServer.Answering(_ => LoopbackServer.Reply(302, "", $"Location: {other.Url}/\r\n"));
        await using var flow = TestFlow.Compile(api.Url, """{ "headers": { "authorization": "Bearer {{client.t}}" } }""", Follow);

        await flow.RunAsync("""{ "t": "dynamic" }""");

        Assert.Equal("Bearer dynamic", Assert.Single(api.Requests).Header("authorization"));
        Assert.Null(Assert.Single(other.Requests).Header("authorization"));
    }

    [Theory]
    [InlineData("http://169.254.169.254/latest/meta-data/", "http.blocked")]
    [InlineData("http://[::ffff:a9fe:a9fe]/", "http.blocked")]
    [InlineData("http://2852039166/", "http.blocked")]
    [InlineData("http://user:password@127.0.0.1/", "http.url_invalid")]
    [InlineData("file:///etc/passwd", "http.url_invalid")]
    [InlineData("gopher://127.0.0.1/", "http.url_invalid")]
    [InlineData("http://", "http.url_invalid")]
    public async Task Target_IsGuardedLikeAnyOther(string location, string code)
    {
        await using var server = LoopbackServer.Answering(_ => LoopbackServer.Reply(302, "", $"Location: {location}\r\n"));
        await using var flow = TestFlow.Compile(server.Url, "{}", Follow);

        (await flow.RunAsync()).AssertExecutionError(code);
    }

    [Theory]
    [InlineData(5, "Success", 6)]
    [InlineData(6, "Generic HTTP Error", 6)]
    [InlineData(int.MaxValue, "Generic HTTP Error", 6)]
    public async Task Redirects_AreAtMostFive(int redirects, string outcome, int requests)
    {
        var count = 0;
        await using var server = LoopbackServer.Answering(_ =>
            Interlocked.Increment(ref count) <= redirects
                ? LoopbackServer.Reply(302, "", "Location: /again\r\n")
                : LoopbackServer.Reply(200)
        );
        await using var flow = TestFlow.Compile(server.Url, "{}", Follow);

        var run = await flow.RunAsync();

        Assert.Equal((outcome, requests), (run.EndName, server.Requests.Count));
    }

    [Fact]
    public async Task HttpsToHttp_IsNotFollowed()
    {
        await using var plain = LoopbackServer.Answering(_ => LoopbackServer.Reply(200));
        await using var secure = LoopbackServer.Answering(
            _ => LoopbackServer.Reply(302, "", $"Location: {plain.Url}/\r\n"),
            TestCertificates.SelfSigned
        );
        await using var flow = TestFlow.Compile(secure.Url, "{}", """{ "followRedirects": true, "insecure": true }""");

        var run = await flow.RunAsync();

        Assert.Equal(("Generic HTTP Error", "302"), (run.EndName, run.Call().Get("statusCode").ToText()));
        Assert.Equal(0, plain.Connections);
    }

    [Fact]
    public async Task Redirects_ShareTheTimeout()
    {
        await using var server = LoopbackServer.AnsweringAsync(async _ =>
        {
            await Task.Delay(200); // Each hop within the timeout, all of them together beyond it.
            return LoopbackServer.Reply(302, "", "Location: /again\r\n");
        });
        await using var flow = TestFlow.Compile(server.Url, """{ "timeout": 0.5 }""", Follow);

        (await flow.RunAsync()).AssertExecutionError("http.timeout");
    }

    [Fact]
    public async Task TokenRefusedBehindARedirect_IsRenewedThere()
    {
        var issued = 0;
        await using var tokens = LoopbackServer.Answering(_ =>
            LoopbackServer.Reply(200, $$"""{ "access_token": "token-{{Interlocked.Increment(ref issued)}}" }""")
        );
        await using var server = LoopbackServer.Answering(request =>
            request.Target == "/a"
                ? LoopbackServer.Reply(307, "", "Location: /b\r\n")
                : LoopbackServer.Reply(request.Header("authorization") == "Bearer token-2" ? 200 : 401)
        );
        await using var flow = TestFlow.Compile(
            server.Url,
            """{ "endpoint": "/a" }""",
            OAuth2ClientCredentialsAuthenticationInFlowsTests
                .Configuration(tokens.Url)
                .Replace("{ \"authentication\"", "{ \"followRedirects\": true, \"authentication\"", StringComparison.Ordinal)
        );

        Assert.Equal("Success", (await flow.RunAsync()).EndName);
        Assert.Equal(["/a", "/b", "/b"], server.Requests.Select(request => request.Target));
    }
}
