using System.Globalization;
using FlowEngine.Context;
using FlowEngine.Execution;
using FlowEngine.HttpConnector.Connectors;
using FlowEngine.HttpConnector.Tests.Authentication;
using FlowEngine.HttpConnector.Tests.Flows;
using FlowEngine.HttpConnector.Tests.Servers;
using FlowEngine.HttpConnector.Wire.Egress;
using Microsoft.Extensions.Time.Testing;

namespace FlowEngine.HttpConnector.Tests;

/// <summary>SPEC 7, <em>Pages</em>: how a call goes on behind the first page, and what ends it.</summary>
public sealed class AnswerPagesTests
{
    private const string ByLink = """ "pages": { "next": "link", "items": "body" } """;
    private const string ByUrl = """ "pages": { "next": { "path": "body.next" }, "items": "body.items" } """;
    private const string ByCursor = """ "pages": { "next": { "path": "body.cursor", "query": "after" }, "items": "body.items" } """;
    private const string ByCounter = """ "pages": { "next": { "query": "page", "from": 1 }, "items": "body" } """;

    [Fact]
    public async Task Link_IsFollowedToTheLastPage()
    {
        await using var server = Serving(request =>
            request.Target switch
            {
                "/v2/items?size=2" => Json("[1,2]", """Link: </v2/items?size=2&page=2>; rel="next" """.Trim() + "\r\n"),
                "/v2/items?size=2&page=2" => Json("[3,4]", "Link: <?size=2&page=3>; rel=\"prev next\"\r\nLink: </v2>; rel=first\r\n"),
                _ => Json("[5]", "Link: </v2/items?size=2>; rel=first\r\nLink: </v2/x>; rel=prev\r\n"),
            }
        );
        await using var flow = TestFlow.Compile(server.Url + "/v2", $$"""{ "endpoint": "/items", "query": { "size": "2" }, {{ByLink}} }""");

        var run = await flow.RunAsync();

        Assert.Equal("Success [1,2,3,4,5] 3 false", Said(run));
        Assert.Equal(["/v2/items?size=2", "/v2/items?size=2&page=2", "/v2/items?size=2&page=3"], Targets(server));
        Assert.Equal(("200", "3"), (run.Call().Get("statusCode").ToText(), run.Call().Get("attempts").ToText()));
        Assert.Equal("[5]", run.Call().Get("body").ToJson());
        Assert.Empty(flow.Codes);
    }

    /// <summary>The origin is the boundary, not the path of the base URL.</summary>
    [Theory]
    [InlineData("/other?p=2", "/other?p=2")]
    [InlineData("p2", "/v2/p2")]
    [InlineData("../p2", "/p2")]
    [InlineData("?p=2#fragment", "/v2/items?p=2")]
    [InlineData("{url}/p2", "/p2")]
    [InlineData("//127.0.0.1:{port}/p2", "/p2")]
    public async Task Url_RelativeOrAbsolute_IsThatOfTheSameOrigin(string next, string target)
    {
        LoopbackServer? server = null;
        server = Serving(request => request.Target == "/v2/items" ? Page("1", Filled(next, server!), "next") : Page("2", null, "next"));
        await using var serverStops = server;
        await using var flow = TestFlow.Compile(server.Url + "/v2", $$"""{ "endpoint": "/items", {{ByUrl}} }""");

        Assert.Equal("Success [1,2] 2 false", Said(await flow.RunAsync()));
        Assert.Equal(target, Targets(server)[1]);
    }

    /// <summary>Nothing is sent to where a page must not lead: not even without credentials.</summary>
    [Theory]
    [InlineData("http://localhost:{port}/p2")]
    [InlineData("https://127.0.0.1:{port}/p2")]
    [InlineData("http://127.0.0.1:{other}/p2")]
    [InlineData("//127.0.0.1:{other}/p2")]
    [InlineData("http://u:p@127.0.0.1:{port}/p2")]
    [InlineData("http://127.0.0.1:{port}@evil.example/p2")]
    [InlineData("\\\\127.0.0.1:{other}\\p2")]
    [InlineData("file:///etc/passwd")]
    [InlineData("javascript:alert(1)")]
    [InlineData("http://")]
    public async Task Next_BeyondTheOrigin_IsRefusedAndNothingIsSent(string next)
    {
        await using var other = Serving(_ => Page("2", null, "next"));
        foreach (var isLink in new[] { false, true })
        {
            LoopbackServer? server = null;
            server = Serving(_ =>
                Filled(next, server!, other) is var url && isLink ? Json("[1]", $"Link: <{url}>; rel=next\r\n") : Page("1", url, "next")
            );
            await using var serverStops = server;
            await using var flow = TestFlow.Compile(
                server.Url,
                $$"""{ {{(isLink ? ByLink : ByUrl)}} }""",
                """{ "authentication": { "method": "bearerToken", "bearerToken": "s3cr3t-bearer" } }"""
            );

            var run = await flow.RunAsync();

            run.AssertExecutionError("http.page_next");
            Assert.Equal("Connector Execution [1] 1 true", Said(run));
            Assert.Single(server.Requests);
        }
        Assert.Empty(other.Requests);
    }

    [Theory]
    [InlineData(ByLink, "/a")]
    [InlineData(ByUrl, "/a")]
    [InlineData(ByUrl, "a")]
    [InlineData(ByLink, "")]
    public async Task Page_ThatNamesItself_IsAnErrorAndAskedOnce(string pages, string next)
    {
        await using var server = Serving(_ => pages == ByLink ? Json("[1]", $"Link: <{next}>; rel=next\r\n") : Page("1", next, "next"));
        await using var flow = TestFlow.Compile(server.Url, $$"""{ "endpoint": "/a", {{pages}} }""");

        var run = await flow.RunAsync();

        run.AssertExecutionError("http.page_next");
        Assert.Equal("Connector Execution [1] 1 true", Said(run));
        Assert.Single(server.Requests);
    }

    [Fact]
    public async Task Page_ThatNamesAnEarlierOne_IsAnError()
    {
        await using var server = Serving(request => Page("1", request.Target == "/a" ? "/b" : "/a", "next"));
        await using var flow = TestFlow.Compile(server.Url, $$"""{ "endpoint": "/a", {{ByUrl}} }""");

        (await flow.RunAsync()).AssertExecutionError("http.page_next");
        Assert.Equal(["/a", "/b"], Targets(server));
    }

    [Fact]
    public async Task Cursor_ThatComesAgain_IsAnError()
    {
        await using var server = Serving(_ => Page("1", "same", "cursor"));
        await using var flow = TestFlow.Compile(server.Url, $$"""{ "endpoint": "/a", {{ByCursor}} }""");

        (await flow.RunAsync()).AssertExecutionError("http.page_next");
        Assert.Equal(["/a", "/a?after=same"], Targets(server));
    }

    [Theory]
    [InlineData("", "10")]
    [InlineData(""", "atMost": 3""", "3")]
    [InlineData(""", "atMost": 1""", "1")]
    public async Task EndlessList_EndsAtTheMostPagesAndSaysSo(string atMost, string pages)
    {
        foreach (var next in new[] { """ "link" """, """{ "query": "page" }""" })
        {
            var count = 0;
            await using var server = Serving(_ =>
                Json("[1]", $"Link: </?n={Interlocked.Increment(ref count).ToString(CultureInfo.InvariantCulture)}>; rel=next\r\n")
            );
            await using var flow = TestFlow.Compile(server.Url, $$"""{ "pages": { "next": {{next}}, "items": "body" {{atMost}} } }""");

            var call = (await flow.RunAsync()).Call();

            Assert.Equal((pages, FlowValue.True), (call.Get("pages").ToText(), call.Get("truncated")));
            Assert.Equal(pages, server.Requests.Count.ToString(CultureInfo.InvariantCulture));
        }
    }

    /// <summary>A page that is the last one allowed and the last there is is no part of more.</summary>
    [Fact]
    public async Task LastPageAllowed_ThatIsTheLast_IsNotTruncated()
    {
        await using var server = Serving(_ => Page("1", null, "next"));
        await using var flow = TestFlow.Compile(
            server.Url,
            """{ "pages": { "next": { "path": "body.next" }, "items": "body.items", "atMost": 1 } }"""
        );
        Assert.Equal("Success [1] 1 false", Said(await flow.RunAsync()));
    }

    /// <summary>A cursor replaces the one of before, and is written as a value, whatever stands in it.</summary>
    [Fact]
    public async Task Cursor_GoesIntoItsParameterAlone()
    {
        var cursors = new Queue<string?>(["\"a/b?c=d&e#f\"", "42", "null"]);
        await using var server = Serving(_ => Json($$"""{ "items": [1], "cursor": {{cursors.Dequeue()}} }"""));
        await using var flow = TestFlow.Compile(
            server.Url,
            $$"""{ "endpoint": "/l?a=1&after=0&b=%41", "query": { "q": "x y" }, {{ByCursor}} }"""
        );

        Assert.Equal("Success [1,1,1] 3 false", Said(await flow.RunAsync()));
        Assert.Equal(
            ["/l?a=1&after=0&b=%41&q=x%20y", "/l?a=1&b=%41&q=x%20y&after=a%2Fb%3Fc%3Dd%26e%23f", "/l?a=1&b=%41&q=x%20y&after=42"],
            Targets(server)
        );
    }

    [Theory]
    [InlineData("null", "Success [1] 1 false")]
    [InlineData("\"\"", "Success [1] 1 false")]
    [InlineData("false", "Success [1] 1 false")]
    [InlineData("true", "Connector Execution [1] 1 true")]
    [InlineData("{}", "Connector Execution [1] 1 true")]
    [InlineData("[\"a\"]", "Connector Execution [1] 1 true")]
    public async Task Next_OfAnotherType_IsTheEndOrAnError(string next, string said)
    {
        foreach (var pages in new[] { ByUrl, ByCursor })
        {
            await using var server = Serving(_ => Json($$"""{ "items": [1], "next": {{next}}, "cursor": {{next}} }"""));
            await using var flow = TestFlow.Compile(server.Url, $$"""{ {{pages}} }""");
            Assert.Equal(said, Said(await flow.RunAsync()));
        }
    }

    [Theory]
    [InlineData(ByCounter, "/l?a=1&page=1", "/l?a=1&page=2", "/l?a=1&page=3")]
    [InlineData(
        """ "pages": { "next": { "query": "offset", "from": 0, "step": 2 }, "items": "body" } """,
        "/l?a=1&offset=0",
        "/l?a=1&offset=2",
        "/l?a=1&offset=4"
    )]
    public async Task Counter_EndsWithTheFirstEmptyPage(string pages, params string[] targets)
    {
        var count = 0;
        await using var server = Serving(_ => Json(++count < 3 ? "[1,2]" : "[]"));
        await using var flow = TestFlow.Compile(server.Url, $$"""{ "endpoint": "/l?a=1", {{pages}} }""");

        Assert.Equal("Success [1,2,1,2] 3 false", Said(await flow.RunAsync()));
        Assert.Equal(targets, Targets(server));
    }

    [Theory]
    [InlineData("null", "Success [1] 2 false")]
    [InlineData("", "Success [1] 2 false")]
    [InlineData("{}", "Connector Execution [1] 1 true")]
    [InlineData("\"text\"", "Connector Execution [1] 1 true")]
    [InlineData("3", "Connector Execution [1] 1 true")]
    public async Task Page_WithoutAList_IsAnErrorUnlessThereIsNothing(string body, string said)
    {
        var count = 0;
        await using var server = Serving(_ => Json(++count == 1 ? "[1]" : body));
        await using var flow = TestFlow.Compile(server.Url, $$"""{ {{ByCounter}} }""");

        var run = await flow.RunAsync();

        Assert.Equal(said, Said(run));
        if (run.EndName != "Success")
            run.AssertExecutionError("http.page_items");
    }

    [Fact]
    public async Task Page_WithoutThePathOfItsItems_IsAnError()
    {
        await using var server = Serving(_ => Json("""{ "data": [1] }"""));
        await using var flow = TestFlow.Compile(server.Url, $$"""{ {{ByUrl}} }""");
        (await flow.RunAsync()).AssertExecutionError("http.page_items");
    }

    /// <summary>The result is that of the page that failed; what was read before it is not lost, and said to be no whole list.</summary>
    [Theory]
    [InlineData(429, "Generic HTTP Error", "http.status")]
    [InlineData(500, "Generic HTTP Error", "http.status")]
    [InlineData(404, "Gone", "http.status")]
    public async Task PageInTheMiddle_ThatFails_EndsTheCallByItsError(int status, string end, string code)
    {
        await using var server = Serving(request =>
            request.Target.EndsWith("=2", StringComparison.Ordinal)
                ? LoopbackServer.Reply(status, "why", "Retry-After: 7\r\n")
                : Json("[1]")
        );
        await using var flow = TestFlow.Compile(server.Url, $$"""{ {{ByCounter}}, "outcomes": { "Gone": ["404"] } }""");

        var run = await flow.RunAsync();

        Assert.Equal($"{end} [1] 1 true", Said(run));
        var call = run.Call();
        Assert.Equal(
            (status.ToString(CultureInfo.InvariantCulture), code, "why", "7", "2"),
            (
                call.Get("statusCode").ToText(),
                call.Get("error").Get("code").ToText(),
                call.Get("body").ToText(),
                call.Get("retryAfter").ToText(),
                call.Get("attempts").ToText()
            )
        );
    }

    [Fact]
    public async Task Page_IsTriedAgainAlone()
    {
        var time = new HurriedTime(TimeSpan.FromSeconds(5));
        var failed = 0;
        await using var server = Serving(request =>
            request.Target.EndsWith("=2", StringComparison.Ordinal) && Interlocked.Increment(ref failed) < 3
                ? LoopbackServer.Reply(503)
                : Json(request.Target.EndsWith("=3", StringComparison.Ordinal) ? "[]" : "[1]")
        );
        await using var flow = TestFlow.Compile(
            server.Url,
            $$"""{ {{ByCounter}}, "timeout": 60, "retry": { "attempts": 2 } }""",
            options: new() { Egress = Transports.Loopback, Time = time }
        );

        var run = await flow.RunAsync();

        Assert.Equal("Success [1,1] 3 false", Said(run));
        Assert.Equal("5", run.Call().Get("attempts").ToText());
        Assert.Equal(["/?page=1", "/?page=2", "/?page=2", "/?page=2", "/?page=3"], Targets(server));
    }

    /// <summary>Ten pages that take 3 s each are over after 10 s, not after 30.</summary>
    [Fact]
    public async Task Timeout_IsThatOfAllPagesTogether()
    {
        var time = new FakeTimeProvider();
        await using var server = Serving(_ =>
        {
            time.Advance(TimeSpan.FromSeconds(3));
            return Json("[1]");
        });
        await using var flow = TestFlow.Compile(
            server.Url,
            $$"""{ {{ByCounter}} }""",
            options: new() { Egress = Transports.Loopback, Time = time }
        );

        var run = await flow.RunAsync();

        run.AssertExecutionError("http.timeout");
        Assert.Equal("Connector Execution [1,1,1] 3 true", Said(run));
        Assert.Equal("start → 10 s: call 10 s", flow.Plan.Stretches.Single().ToString());
    }

    /// <summary>What is left of the flow's time is that of all pages, and the result says so.</summary>
    [Fact]
    public async Task TimeBudget_IsThatOfAllPagesTogether()
    {
        var time = new FakeTimeProvider();
        await using var server = Serving(_ =>
        {
            time.Advance(TimeSpan.FromSeconds(3));
            return Json("[1]");
        });
        const string Call = """ "type": "GenericHttp", "connector": "api", "errorHandling": { "Connector Execution": "ignore" } """;
        await using var flow = TestFlow.Compile(
            $$"""
            { "id": "f", "start": "call", "timeBudget": "PT4S", "activities": [ { "id": "call", {{Call}}, {{ByCounter}} },
                { "id": "late", {{Call}}, {{ByCounter}} }, { "id": "e", "type": "End" } ],
              "connections": [ { "source": "call", "port": "Success", "target": "late" },
                { "source": "late", "port": "Success", "target": "e" } ] }
            """,
            [("api", $$"""{ "baseUrl": "{{server.Url}}" }""")],
            new() { Egress = Transports.Loopback, Time = time }
        );

        var run = await flow.RunAsync(services: RunServices.Default with { Trace = true, Time = time });

        Assert.Equal("Done [1] 1 true", Said(run));
        Assert.Contains("time budget", run.Call().Get("error").Get("message").ToText(), StringComparison.Ordinal);
        var late = run.Context.Get(Templates.ContextRoot.Connectors).Get("late");
        Assert.Equal(("flow.budget", "[]"), (late.Get("error").Get("code").ToText(), late.Get("items").ToJson()));
    }

    [Fact]
    public async Task TokenRefusedInTheMiddle_IsRenewedAndThatPageAskedForAgain()
    {
        var issued = 0;
        await using var tokens = LoopbackServer.Answering(_ =>
            Json($$"""{ "access_token": "token-{{Interlocked.Increment(ref issued)}}", "token_type": "Bearer", "expires_in": 3600 }""")
        );
        await using var server = Serving(request =>
            request.Target.EndsWith("=1", StringComparison.Ordinal) ? Json("[1]")
            : request.Header("authorization") == "Bearer token-1" ? LoopbackServer.Reply(401)
            : Json("[]")
        );
        await using var flow = TestFlow.Compile(
            server.Url,
            $$"""{ {{ByCounter}} }""",
            OAuth2ClientCredentialsAuthenticationInFlowsTests.Configuration(tokens.Url)
        );

        Assert.Equal("Success [1] 2 false", Said(await flow.RunAsync()));
        Assert.Equal(
            ["Bearer token-1", "Bearer token-1", "Bearer token-2"],
            server.Requests.Select(request => request.Header("authorization"))
        );
        Assert.Equal(2, issued);
    }

    [Theory]
    [InlineData(40, "Success [0,0] 3 false")]
    [InlineData(60, "Connector Execution [0] 1 true")]
    public async Task BodyLimit_IsThatOfAllPagesTogether(int size, string said)
    {
        var count = 0;
        await using var server = Serving(_ => Json((++count < 3 ? "[0]" : "[]").PadRight(count < 3 ? size : 2)));
        await using var flow = TestFlow.Compile(
            server.Url,
            $$"""{ {{ByCounter}} }""",
            options: new() { Egress = Transports.Loopback, MaxResponseBodyBytes = 100 }
        );

        var run = await flow.RunAsync();

        Assert.Equal(said, Said(run));
        if (run.EndName != "Success")
            run.AssertExecutionError("http.too_large");
    }

    /// <summary>The path and the query are signed: each page has a signature of its own.</summary>
    [Fact]
    public async Task Signature_IsMadeAfreshForEachPage()
    {
        var count = 0;
        await using var server = Serving(_ => Json(++count < 3 ? "[1]" : "[]"));
        await using var flow = TestFlow.Compile(
            server.Url,
            $$"""{ {{ByCounter}}, "headers": { "x-descope-signature-template": "METHOD,URI" } }""",
            """{ "hmacSecret": "s3cr3t-hmac" }"""
        );

        await flow.RunAsync();

        foreach (var request in server.Requests)
        {
            var hash = System.Security.Cryptography.HMACSHA256.HashData(
                "s3cr3t-hmac"u8,
                System.Text.Encoding.UTF8.GetBytes("GET" + request.Target)
            );
            Assert.Equal(Convert.ToBase64String(hash), request.Header("x-descope-webhook-s256"));
        }
        Assert.Equal(3, server.Requests.Select(request => request.Header("x-descope-webhook-s256")).Distinct().Count());
    }

    [Fact]
    public async Task Redirect_ToAnotherOrigin_MakesItsRelativeLinksForeign()
    {
        await using var other = Serving(_ => Json("[1]", "Link: </p2>; rel=next\r\n"));
        await using var server = Serving(_ => LoopbackServer.Reply(302, "", $"Location: {other.Url}/p1\r\n"));
        await using var flow = TestFlow.Compile(server.Url, $$"""{ {{ByLink}} }""", """{ "followRedirects": true }""");

        (await flow.RunAsync()).AssertExecutionError("http.page_next");
        Assert.Equal((1, 1), (server.Requests.Count, other.Requests.Count));
    }

    /// <summary>The guard looks at each page, as at each request.</summary>
    [Fact]
    public async Task Egress_IsAskedForEachPage()
    {
        await using var server = Serving(_ => LoopbackServer.Reply(200, "[1]", "Content-Type: application/json\r\nConnection: close\r\n"));
        await using var flow = TestFlow.Compile(server.Url, $$"""{ {{ByCounter}} }""", options: new() { Egress = new EgressOptions() });

        var run = await flow.RunAsync();

        run.AssertExecutionError("http.blocked");
        Assert.Equal("Connector Execution [] 0 true", Said(run));
        Assert.Empty(server.Requests);
    }

    [Fact]
    public async Task RateLimit_CountsEachPage()
    {
        var count = 0;
        await using var server = Serving(_ => Json(++count < 4 ? "[1]" : "[]"));
        await using var flow = TestFlow.Compile(
            server.Url,
            $$"""{ {{ByCounter}}, "timeout": 5 }""",
            """{ "rateLimit": { "permits": 2, "per": "PT1H" } }"""
        );

        var run = await flow.RunAsync();

        run.AssertExecutionError("http.busy");
        Assert.Equal("Connector Execution [1,1] 2 true", Said(run));
    }

    /// <summary>What each page must say.</summary>
    [Fact]
    public async Task SuccessWhen_IsAskedOfEachPage()
    {
        await using var server = Serving(request =>
            request.Target.EndsWith("=2", StringComparison.Ordinal)
                ? Json("""{ "ok": false, "items": [2] }""")
                : Json("""{ "ok": true, "items": [1] }""")
        );
        await using var flow = TestFlow.Compile(
            server.Url,
            """
            { "pages": { "next": { "query": "page" }, "items": "body.items" },
              "successWhen": { "key": "response.body.ok", "operator": "is-true" } }
            """
        );

        var run = await flow.RunAsync();

        Assert.Equal("Generic HTTP Error [1] 1 true", Said(run));
        Assert.Equal("http.not_success", run.Call().Get("error").Get("code").ToText());
    }

    [Fact]
    public async Task Sensitive_ItemsKeepTheirMarks()
    {
        var count = 0;
        await using var server = Serving(_ => Json(++count < 3 ? $$"""["s3cr3t-item-{{count}}"]""" : "[]"));
        await using var flow = TestFlow.Compile(server.Url, $$"""{ {{ByCounter}}, "sensitive": true }""");

        var run = await flow.RunAsync();

        Assert.Equal("""["s3cr3t-item-1","s3cr3t-item-2"]""", run.Call().Get("items").ToJson());
        Assert.All(Enumerable.Range(0, 2), i => Assert.True(run.Call().Get("items").Get(i).IsSensitive));
        Assert.DoesNotContain("s3cr3t", flow.Trace(run), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Cache_KeepsAllPagesTogether()
    {
        var time = new FakeTimeProvider();
        var count = 0;
        var status = 200;
        await using var server = Serving(request =>
            Volatile.Read(ref status) != 200 ? LoopbackServer.Reply(Volatile.Read(ref status))
            : request.Target.EndsWith("=3", StringComparison.Ordinal) ? Json("[]")
            : Json($"[{Interlocked.Increment(ref count)}]")
        );
        await using var flow = TestFlow.Compile(
            server.Url,
            $$"""{ {{ByCounter}}, "cache": { "ttl": "PT5M", "staleIfError": "PT1H" } }""",
            options: new() { Egress = Transports.Loopback, Time = time }
        );

        Assert.Equal("Success [1,2] 3 false", Said(await flow.RunAsync()));
        var again = await flow.RunAsync();
        Assert.Equal("Success [1,2] 3 false", Said(again));
        Assert.Equal((FlowValue.True, "0"), (again.Call().Get("cached"), again.Call().Get("attempts").ToText()));
        Assert.Equal(3, server.Requests.Count);

        time.Advance(TimeSpan.FromMinutes(6));
        Assert.Equal("Success [3,4] 3 false", Said(await flow.RunAsync()));

        // What failed half way is not kept, and takes nothing from what is.
        time.Advance(TimeSpan.FromMinutes(6));
        Volatile.Write(ref status, 503);
        Assert.Equal("Generic HTTP Error [] 0 true", Said(await flow.RunAsync()));
    }

    /// <summary>An answer that is the first of pages here, and alone there, is not the same.</summary>
    [Fact]
    public async Task Cache_OfOneRequestWithAndWithoutPages_IsTwo()
    {
        await using var server = Serving(request => Json("[1]", request.Target == "/a" ? "Link: </b>; rel=next\r\n" : ""));
        const string Call = """ "type": "GenericHttp", "connector": "api", "endpoint": "/a", "cache": { "ttl": "PT5M" } """;
        await using var flow = TestFlow.Compile(
            $$"""
            { "id": "f", "start": "one", "activities": [ { "id": "one", {{Call}} },
                { "id": "call", {{Call}}, {{ByLink}} }, { "id": "e", "type": "End" } ],
              "connections": [ { "source": "one", "port": "Success", "target": "call" },
                { "source": "call", "port": "Success", "target": "e" } ] }
            """,
            [("api", $$"""{ "baseUrl": "{{server.Url}}" }""")]
        );
        for (var i = 0; i < 2; i++)
            Assert.Equal("Done [1,1] 2 false", Said(await flow.RunAsync()));
        Assert.Equal(3, server.Requests.Count);
    }

    /// <summary>A golden case: replies are pages, used in order.</summary>
    [Theory]
    [InlineData(ByLink, """[ { "body": [1], "headers": { "Link": "</p2>; rel=next" } }, { "body": [2] } ]""", "Success [1,2] 2 false")]
    [InlineData(
        ByLink,
        """[ { "body": [1], "headers": { "link": "<https://evil.example/>; rel=next" } } ]""",
        "Connector Execution [1] 1 true"
    )]
    [InlineData(ByCounter, """[ { "body": [1] }, { "body": [] } ]""", "Success [1] 2 false")]
    [InlineData(ByCounter, """[ { "body": [1] }, { "statusCode": 503 } ]""", "Generic HTTP Error [1] 1 true")]
    [InlineData(
        ByCounter,
        """[ { "body": [1] }, { "error": { "event": "Connector Execution", "code": "http.timeout" } } ]""",
        "Connector Execution [1] 1 true"
    )]
    [InlineData(ByCursor, """[ { "body": { "items": [1], "cursor": 7 } }, { "body": { "items": [2] } } ]""", "Success [1,2] 2 false")]
    [InlineData(ByLink, """[ { "body": [9], "items": [1, 2], "pages": 4, "truncated": true } ]""", "Success [1,2] 4 true")]
    [InlineData(ByLink, """[ { "error": { "code": "http.timeout" }, "items": [1], "pages": 1 } ]""", "Connector Execution [1] 1 true")]
    [InlineData(ByLink, """[ { "error": { "code": "http.timeout" } } ]""", "Connector Execution [] 0 true")]
    public async Task ScriptedReplies_AreThePagesInTheirOrder(string pages, string replies, string said)
    {
        await using var flow = TestFlow.Compile("https://never.asked.example", $$"""{ {{pages}} }""");
        Assert.Equal(said, Said(await flow.RunAsync(services: Scripted(replies))));
    }

    [Fact]
    public async Task ScriptedReplies_ThatAreTooFew_FailTheRun()
    {
        await using var flow = TestFlow.Compile("https://never.asked.example", $$"""{ {{ByCounter}} }""");
        var run = await flow.RunAsync(services: Scripted("""[ { "body": [1] } ]"""));
        Assert.Equal((RunStatus.Failed, "test.no_reply"), (run.Status, run.Failure!.Code));
    }

    [Fact]
    public async Task RequestThatMayNotBeSent_HasNoItems()
    {
        await using var flow = TestFlow.Compile("https://never.asked.example", $$$"""{ "endpoint": "/{{client.x}}", {{{ByLink}}} }""");
        var run = await flow.RunAsync("""{ "x": ".." }""");
        run.AssertExecutionError("http.url_invalid");
        Assert.Equal("Connector Execution [] 0 true", Said(run));
    }

    [Theory]
    [InlineData(""" "method": "POST", "pages": { "next": "link", "items": "body" } """, "http.pages")]
    [InlineData(""" "method": "HEAD", "pages": { "next": "link", "items": "body" } """, "http.pages")]
    [InlineData(""" "async": true, "pages": { "next": "link", "items": "body" } """, "http.pages")]
    [InlineData(""" "pages": { "next": { "path": "" }, "items": "body" } """, "http.pages")]
    [InlineData(""" "pages": { "next": { "query": "" }, "items": "body" } """, "http.pages")]
    [InlineData(""" "pages": { "next": { "path": "body.next", "from": 1 }, "items": "body" } """, "http.pages")]
    [InlineData(""" "pages": { "next": { "by": "link", "step": 2 }, "items": "body" } """, "http.pages")]
    [InlineData(""" "query": { "page": "3" }, "pages": { "next": { "query": "page" }, "items": "body" } """, "http.pages")]
    [InlineData(""" "query": { "page": "3" }, "pages": { "next": { "path": "body.c", "query": "page" }, "items": "body" } """)]
    [InlineData(""" "pages": { "next": "link", "items": "bdy.items" } """, "path.unknown")]
    [InlineData(""" "pages": { "next": { "path": "headrs.x" }, "items": "body" } """, "path.unknown")]
    [InlineData(""" "pages": { "next": { "path": "headers.x-next" }, "items": "body[0].items" } """)]
    [InlineData(""" "pages": { "next": "link", "items": "body[" } """, "template.syntax")]
    [InlineData(""" "pages": { "next": "links", "items": "body" } """, "flow.value")]
    [InlineData(""" "pages": { "items": "body" } """, "flow.required")]
    [InlineData(""" "pages": { "next": "link" } """, "flow.required")]
    [InlineData(""" "pages": { "next": "link", "items": "body", "atMost": 0 } """, "flow.range")]
    [InlineData(""" "pages": { "next": "link", "items": "body", "atMost": 1001 } """, "flow.range")]
    [InlineData(""" "outcomes": { "Odd": ["page_items", "page_next"] }, "pages": { "next": "link", "items": "body" } """)]
    public async Task Compile_Settings_HaveTheseProblems(string settings, params string[] codes)
    {
        await using var flow = TestFlow.Compile("https://api.example.com", $$"""{ {{settings}} }""");
        Assert.Equal(codes, flow.Codes.Distinct());
    }

    [Theory]
    [InlineData(ByLink, "items[0].name", null)]
    [InlineData(ByLink, "pages", null)]
    [InlineData(ByLink, "truncated", null)]
    [InlineData(ByLink, "itmes", "path.unknown")]
    [InlineData(ByLink, "items.name", "path.unknown")]
    [InlineData(""" "method": "GET" """, "items", "path.unknown")]
    public async Task Compile_PathsBehindIt_AreKnown(string settings, string path, string? code)
    {
        foreach (var port in new[] { "Success", "Generic HTTP Error", "Connector Execution" })
        {
            await using var flow = TestFlow.Compile(
                $$$"""
                { "id": "f", "start": "call", "activities": [
                    { "id": "call", "type": "GenericHttp", "connector": "api", {{{settings}}},
                      "errorHandling": { "Generic HTTP Error": "custom", "Connector Execution": "custom" } },
                    { "id": "e", "type": "End", "outputs": { "o": "{{connectors.call.{{{path}}}}}" } }, { "id": "other", "type": "End" } ],
                  "connections": [ {{{string.Join(
                    ", ",
                    new[] { "Success", "Generic HTTP Error", "Connector Execution" }.Select(name =>
                        $$"""{ "source": "call", "port": "{{name}}", "target": "{{(name == port ? "e" : "other")}}" }"""
                    )
                )}}} ] }
                """,
                [("api", """{ "baseUrl": "https://api.example.com" }""")]
            );
            Assert.Equal(code is null ? [] : [code], flow.Codes);
        }
    }

    private static RunServices Scripted(string replies) =>
        RunServices.Default with
        {
            Trace = true,
            Replies = new ScriptedReplies(FlowValue.Parse($$"""{ "call": {{replies}} }""")),
        };

    private static string Said(FlowRun run)
    {
        var call = run.Call();
        return $"{run.EndName} {call.Get("items").ToJson()} {call.Get("pages").ToText()} {call.Get("truncated").ToText()}";
    }

    private static string Filled(string url, LoopbackServer server, LoopbackServer? other = null) =>
        url.Replace("{url}", server.Url, StringComparison.Ordinal)
            .Replace("{port}", server.Port.ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal)
            .Replace("{other}", other?.Port.ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal);

    private static string[] Targets(LoopbackServer server) => [.. server.Requests.Select(request => request.Target)];

    private static LoopbackServer Serving(Func<ReceivedRequest, string> answer) => LoopbackServer.Answering(answer);

    private static string Json(string body, string headers = "") =>
        LoopbackServer.Reply(200, body, $"Content-Type: application/json\r\n{headers}");

    /// <summary>A page with one item, and in one of its members what comes next.</summary>
    private static string Page(string item, string? next, string member) =>
        Json($$"""{ "items": [{{item}}], "{{member}}": {{FlowValue.From(next).ToJson()}} }""");
}
