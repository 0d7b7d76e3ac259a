using FlowEngine.Context;
using FlowEngine.HttpConnector.Authentication;
using FlowEngine.HttpConnector.Connectors;
using FlowEngine.HttpConnector.Tests.Flows;
using FlowEngine.HttpConnector.Tests.Servers;
using FlowEngine.HttpConnector.Wire;

namespace FlowEngine.HttpConnector.Tests.Testing;

/// <summary><c>connector test</c>: a connector tried out on its own.</summary>
public sealed class HttpConnectorTestTests
{
    [Fact]
    public async Task Test_ShowsRequestSignatureAnswerContextAndTimings()
    {
        await using var server = LoopbackServer.Answering(_ =>
            LoopbackServer.Reply(
                200,
                """{ "name": "Ada" }""",
                "Content-Type: application/json\r\nX-Region: eu\r\nSet-Cookie: session=1\r\n"
            )
        );

        var result = await TestAsync(
            server.Url + "/v2",
            """
            { "method": "POST", "endpoint": "/users/{{form.id}}", "headers": { "x-tier": "{{connectors.db.first.tier}}" },
              "body": { "id": "{{form.id}}", "html": "<b>" },
              "context": { "form": { "id": "a b" }, "connectors": { "db": { "first": { "tier": "gold" } } } } }
            """,
            """
            { "includeHeadersInContext": true, "hmacSecret": "hmac-secret",
              "authentication": { "method": "bearerToken", "bearerToken": "bearer-secret" },
              "headers": [ { "key": "x-descope-signature-template", "value": "METHOD,URI,HEADER_authorization,HEADER_x-tier,BODY" } ] }
            """
        );

        var received = Assert.Single(server.Requests);
        Assert.Equal(FlowValue.True, result.Get("ok"));
        var request = result.Get("request");
        Assert.Equal(
            ("POST", $"{server.Url}/v2/users/a%20b", """{"id":"a b","html":"<b>"}"""),
            (request.Get("method").ToText(), request.Get("url").ToText(), request.Get("body").ToText())
        );
        Assert.Equal("***", request.Get("headers").Get("authorization").ToText());
        Assert.True(request.Get("headers").TryGetObject(out var headers));
        foreach (
            var (name, value) in received.Headers.Where(header =>
                header.Key.ToLowerInvariant() is not ("authorization" or "traceparent" or "tracestate")
            )
        )
            Assert.Equal(value, headers.Get(name.ToLowerInvariant()).ToText());
        Assert.Equal(received.Headers.Count(header => header.Key is not ("traceparent" or "tracestate")), headers.Count);

        Assert.Equal(received.Header("x-descope-webhook-s256"), result.Get("signature").Get("value").ToText());
        Assert.Equal("""POST/v2/users/a%20b***gold{"id":"a b","html":"<b>"}""", result.Get("signature").Get("signedText").ToText());
        Assert.Equal(
            """{"statusCode":200,"headers":"""
                + """{"x-region":"eu","set-cookie":"***","content-type":"application/json","content-length":"17"},"body":"{ \"name\":"""
                + """ \"Ada\" }"}""",
            result.Get("response").ToJson()
        );
        Assert.Equal("""{"name":"Ada"}""", result.Get("context").Get("body").ToJson());
        Assert.Equal("eu", result.Get("context").Get("headers").Get("x-region").ToText());
        Assert.True(result.Get("error").IsMissing);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Timings_AreSaneAndTlsOnlyForHttps(bool tls)
    {
        await using var server = LoopbackServer.AnsweringAsync(
            async _ =>
            {
                await Task.Delay(60); // Longer than the shortest time that the test tells of.
                return LoopbackServer.Reply(200);
            },
            tls ? TestCertificates.SelfSigned : null
        );
        var connector = tls ? """{ "insecure": true }""" : "{}";

        // Each test opens a connection of its own, so that each shows what that takes.
        for (var i = 0; i < 2; i++)
        {
            var timings = (await TestAsync(server.Url, "{}", connector)).Get("timings");
            double Of(string name) => timings.Get(name).TryGetDouble(out var value) ? value : double.NaN;

            Assert.Equal(tls, Of("dnsMs") >= 0);
            Assert.Equal(tls, Of("tlsMs") > 0);
            Assert.True(Of("connectMs") > 0);
            Assert.InRange(Of("firstByteMs"), 55, 60_000);
            Assert.InRange(Of("totalMs"), Of("firstByteMs"), 60_000);
        }
        Assert.Equal(2, server.Connections);
    }

    [Fact]
    public async Task Error_IsShownWithTheAnswer()
    {
        await using var server = LoopbackServer.Answering(_ => LoopbackServer.Reply(404, "nobody"));

        var result = await TestAsync(server.Url, "{}");

        Assert.Equal(
            (FlowValue.False, "http.status", "Generic HTTP Error"),
            (result.Get("ok"), result.Get("error").Get("code").ToText(), result.Get("error").Get("event").ToText())
        );
        Assert.Equal(("404", "nobody"), (result.Get("response").Get("statusCode").ToText(), result.Get("response").Get("body").ToText()));
        Assert.Equal("404", result.Get("context").Get("statusCode").ToText());
    }

    [Theory]
    [InlineData("http://127.0.0.1:1", "{}", "{}", "http.connect")]
    [InlineData("http://169.254.169.254", "{}", "{}", "http.blocked")]
    [InlineData(
        "http://127.0.0.1:1",
        """{ "headers": { "x": "{{form.v}}" }, "context": { "form": { "v": "a\nb" } } }""",
        "{}",
        "http.header_invalid"
    )]
    [InlineData(
        "http://127.0.0.1:1",
        "{}",
        """{ "authentication": { "method": "bearerToken", "bearerToken": "env:NOT_SET_IN_ANY_TEST" } }""",
        "connector.secret_missing"
    )]
    public async Task Failure_IsAnErrorWithoutAnAnswer(string url, string request, string connector, string code)
    {
        var result = await TestAsync(url, request, connector);

        Assert.Equal((FlowValue.False, code), (result.Get("ok"), result.Get("error").Get("code").ToText()));
        Assert.Equal(code, result.Get("context").Get("error").Get("code").ToText());
        Assert.True(result.Get("response").IsMissing);
    }

    [Theory]
    [InlineData("""{ "endpoint": "https://evil.example/" }""", "http.url_invalid", "/endpoint")]
    [InlineData("""{ "method": "TRACE" }""", "flow.value", "/method")]
    [InlineData("""{ "timeout": 100 }""", "flow.range", "/timeout")]
    [InlineData("""{ "headers": { "a b": "" } }""", "http.header_invalid", "/headers/a b")]
    [InlineData("""{ "endpoint": "/{{form" }""", "template.syntax", "/endpoint")]
    [InlineData("""{ "successStatusCodes": ["x"] }""", "flow.value", "/successStatusCodes/0")]
    [InlineData("""{ "context": [] }""", "flow.type", "/context")]
    public async Task RefusedInput_GivesItsProblemsAndSendsNothing(string request, string code, string pointer)
    {
        await using var server = LoopbackServer.Answering(_ => LoopbackServer.Reply(200));

        var result = await TestAsync(server.Url, request);

        Assert.Equal(FlowValue.False, result.Get("ok"));
        var problem = result.Get("problems").Get(0);
        Assert.Equal(
            (code, pointer, "error"),
            (problem.Get("code").ToText(), problem.Get("pointer").ToText(), problem.Get("severity").ToText())
        );
        Assert.True(result.Get("request").IsMissing);
        Assert.Equal(0, server.Connections);
    }

    /// <summary>As a run and Try warn: a path without a value is a hole in the URL, and nothing said so.</summary>
    [Fact]
    public async Task PathsWithoutAValue_AreToldBesideTheAnswer()
    {
        await using var server = LoopbackServer.Answering(_ => LoopbackServer.Reply(200));

        var result = await TestAsync(
            server.Url,
            """{ "endpoint": "/users/{{form.id}}?again={{form.id}}&b={{form.there}}", "context": { "form": { "there": "x" },"""
                + """ "frm": { "id": 1 } } }""",
            """{ "headers": [ { "key": "x-tenant", "value": "{{client.tenant}}" }, { "key": "x-other","""
                + """ "value": "{{client.other ?? 'none'}}" } ] }"""
        );

        Assert.Equal(FlowValue.True, result.Get("ok"));
        Assert.Equal("/users/?again=&b=x", Assert.Single(server.Requests).Target);
        result.Get("problems").TryGetArray(out var problems);
        Assert.Equal(
            [
                ("template.unknown_root", "/context/frm", "'frm' is not a root of the context.", "Did you mean 'form'?"),
                ("template.missing", "", "form.id has no value.", "Correct the path, or add a fallback: {{path ?? \"fallback\"}}."),
                ("template.missing", "", "client.tenant has no value.", "Correct the path, or add a fallback: {{path ?? \"fallback\"}}."),
            ],
            problems!.Select(problem =>
                (
                    problem.Get("code").ToText(),
                    problem.Get("pointer").ToText(),
                    problem.Get("message").ToText(),
                    problem.Get("advice").ToText()
                )
            )
        );
        Assert.All(problems!, problem => Assert.Equal("warning", problem.Get("severity").ToText()));
    }

    [Fact]
    public async Task ShortAndDynamicCredentials_AreMaskedWhereverTheyAre()
    {
        await using var server = LoopbackServer.Answering(request =>
            LoopbackServer.Reply(200, $"you sent {request.Header("authorization")}")
        );

        var result = await TestAsync(
            server.Url,
            """{ "headers": { "authorization": "Bearer {{form.t}}", "cookie": "a=b" }, "context": { "form": { "t": "dynamic-token" } } }""",
            """{ "hmacSecret": "hmac-secret", "authentication": { "method": "apiKey", "apiKey": { "key": "X-Ours","""
                + """ "token": "k1" } }, "headers": [ { "key": "x-descope-signature-template","""
                + """ "value": "HEADER_authorization,METHOD" } ] }"""
        );

        Assert.Equal("k1", Assert.Single(server.Requests).Header("x-ours"));
        Assert.Equal(
            ("***", "***", "***"),
            (
                result.Get("request").Get("headers").Get("x-ours").ToText(),
                result.Get("request").Get("headers").Get("authorization").ToText(),
                result.Get("request").Get("headers").Get("cookie").ToText()
            )
        );
        Assert.DoesNotContain("dynamic-token", result.ToJson(), StringComparison.Ordinal);
        Assert.Equal("***GET", result.Get("signature").Get("signedText").ToText());
    }

    [Fact]
    public async Task Redirect_ShowsTheLastRequest()
    {
        await using var server = LoopbackServer.Answering(request =>
            request.Target == "/a" ? LoopbackServer.Reply(302, "", "Location: /b\r\n") : LoopbackServer.Reply(200, "there")
        );

        var result = await TestAsync(server.Url, """{ "endpoint": "/a" }""", """{ "followRedirects": true }""");

        Assert.Equal(
            ($"{server.Url}/b", "there"),
            (result.Get("request").Get("url").ToText(), result.Get("response").Get("body").ToText())
        );
    }

    [Fact]
    public async Task Test_ShowsWhatWasAddedOnTheWay()
    {
        await using var server = LoopbackServer.Answering(_ => LoopbackServer.Reply(200, "ok"));
        using var activity = new System.Diagnostics.Activity("test").Start();

        var result = await TestAsync(server.Url, """{ "endpoint": "/a" }""");

        var received = Assert.Single(server.Requests).Header("traceparent");
        Assert.Contains(activity.TraceId.ToHexString(), received, StringComparison.Ordinal);
        Assert.Equal(received, result.Get("request").Get("headers").Get("traceparent").ToText());
    }

    [Fact]
    public async Task Test_ShowsTheRequestForATokenAndItsTime()
    {
        await using var server = LoopbackServer.Answering(request =>
            request.Target == "/token"
                ? LoopbackServer.Reply(
                    200,
                    """{ "access_token": "token-1", "token_type": "Bearer", "expires_in": 60 }""",
                    "Content-Type: application/json\r\n"
                )
                : LoopbackServer.Reply(200, "ok")
        );

        var result = await TestAsync(
            server.Url,
            """{ "endpoint": "/a" }""",
            """{ "authentication": { "method": "oauth2ClientCredentials", "oauth2ClientCredentials": { "clientId": "c","""
                + $$$""" "clientSecret": "secret-1", "authUrl": "{{{server.Url}}}/token" } } }"""
        );

        var token = result.Get("token");
        Assert.Equal(("POST", $"{server.Url}/token"), (token.Get("method").ToText(), token.Get("url").ToText()));
        Assert.True(token.Get("milliseconds").TryGetDouble(out var milliseconds) && milliseconds > 0);
        Assert.DoesNotContain("secret-1", result.ToJson(), StringComparison.Ordinal);
        Assert.DoesNotContain("token-1", result.ToJson(), StringComparison.Ordinal);
        Assert.True((await TestAsync(server.Url, """{ "endpoint": "/a" }""")).Get("token").IsMissing);
    }

    /// <summary>Beside other work a token may be there before anybody could have waited for it; it was fetched all the same.</summary>
    [Fact]
    public async Task Test_ShowsTheRequestForATokenThatIsThereAtOnce()
    {
        await using var server = LoopbackServer.Answering(_ => LoopbackServer.Reply(200, "ok"));

        var result = await TestAsync(
            server.Url,
            """{ "endpoint": "/a" }""",
            """{ "authentication": { "method": "quick" } }""",
            new HttpModuleOptions { Egress = Transports.Loopback, Authentication = [AuthenticationKind.Of<QuickSettings>()] }
        );

        Assert.Equal("https://tokens.example/token", result.Get("token").Get("url").ToText());
    }

    [Authentication("quick", "Quick", "A token without a wait.", IsFlat = true)]
    private sealed class QuickSettings : AuthenticationMethod
    {
        public override HttpAuthentication Create(AuthenticationContext context) => new QuickAuthentication();
    }

    private sealed class QuickAuthentication : HttpAuthentication
    {
        private bool _hasToken;

        public override Uri TokenUri { get; } = new("https://tokens.example/token");

        public override (DateTimeOffset Since, DateTimeOffset Until)? TokenLifetime =>
            _hasToken ? (DateTimeOffset.UnixEpoch, DateTimeOffset.MaxValue) : null;

        public override ValueTask<HttpFault?> ApplyAsync(RequestHeaders headers, CancellationToken cancellationToken)
        {
            _hasToken = true;
            return new(headers.SetCredential("authorization", "Bearer t"));
        }
    }

    private static async Task<FlowValue> TestAsync(
        string baseUrl,
        string request,
        string connector = "{}",
        HttpModuleOptions? options = null
    )
    {
        await using var flow = TestFlow.Compile(baseUrl, "{}", connector, options);
        return await flow.Connectors.Find("api", out _)!.TestAsync(FlowValue.Parse(request), TestContext.Current.CancellationToken);
    }
}
