using System.Text;
using FlowEngine.Context;
using FlowEngine.Execution;
using FlowEngine.HttpConnector.Connectors;
using FlowEngine.HttpConnector.Tests.Authentication;
using FlowEngine.HttpConnector.Tests.Flows;
using FlowEngine.HttpConnector.Tests.Servers;
using FlowEngine.HttpConnector.Tests.Signing;
using FlowEngine.Screens;

namespace FlowEngine.HttpConnector.Tests.Connectors;

/// <summary>Where secrets come from, and that they never come out.</summary>
public sealed class HttpConnectorSecretsTests
{
    private const string Secret = "S3cr&t/+ \"é";
    private const string HmacSecret = "hm?c-k€y+1";

    public static TheoryData<string, string[]> Methods =>
        new()
        {
            {
                """{ "method": "basic", "basic": { "username": "user", "password": "@" } }""",
                [.. FormsOf(Secret), .. FormsOf(HmacSecret), Base64("user:" + Secret)]
            },
            {
                """{ "method": "apiKey", "apiKey": { "key": "x-key-of-ours", "token": "@" } }""",
                [.. FormsOf(Secret), .. FormsOf(HmacSecret)]
            },
            { """{ "method": "bearerToken", "bearerToken": "@" }""", [.. FormsOf(Secret), .. FormsOf(HmacSecret)] },
            { "secret header", [.. FormsOf(Secret), .. FormsOf(HmacSecret)] },
            { "oauth", [.. FormsOf(Secret), .. FormsOf(HmacSecret), .. FormsOf("issued-token-1")] },
        };

    [Theory]
    [MemberData(nameof(Methods))]
    public async Task Secrets_EchoedByTheApiInAnyForm_AreInNoTraceErrorOrTestOutput(string method, string[] forms)
    {
        var echo = string.Join(" | ", forms);
        await using var tokens = LoopbackServer.Answering(_ => LoopbackServer.Reply(200, """{ "access_token": "issued-token-1" }"""));
        await using var server = LoopbackServer.Answering(request =>
            LoopbackServer.Reply(
                500,
                FlowValue.From(echo + request.Head).ToJson(),
                $"Content-Type: application/json\r\nX-Echo: {echo} {request.Header("authorization")}\r\n"
            )
        );
        var password = FlowValue.From(Secret).ToJson()[1..^1];
        var authentication =
            method == "oauth"
                ? FlowValue
                    .Parse(OAuth2ClientCredentialsAuthenticationInFlowsTests.Configuration(tokens.Url))
                    .Get("authentication")
                    .ToJson()
                    .Replace("client-secret-1", password, StringComparison.Ordinal)
            : method == "secret header" ? """{ "method": "none" }"""
            : method.Replace("@", password, StringComparison.Ordinal);
        var headers = method == "secret header" ? $$"""[ { "key": "x-of-ours", "value": "{{password}}", "secret": true } ]""" : "[]";
        await using var flow = TestFlow.Compile(
            server.Url,
            """{ "method": "POST", "body": { "a": 1 } }""",
            $$"""{ "includeHeadersInContext": true, "hmacSecret": "{{HmacSecret}}", "authentication": {{authentication}}, "headers": {{headers}} }"""
        );

        var run = await flow.RunAsync();
        var test = (
            await flow
                .Connectors.Find("api", out _)!
                .TestAsync(FlowValue.Parse("""{ "method": "POST", "body": { "a": 1 } }"""), TestContext.Current.CancellationToken)
        ).ToJson();

        Assert.Equal("500", run.Call().Get("statusCode").ToText());
        var shown = flow.Trace(run) + run.Error().ToJson() + test;
        Assert.All(
            forms,
            form => Assert.DoesNotContain(form, shown.Replace("\\\"", "\"", StringComparison.Ordinal), StringComparison.Ordinal)
        );
        Assert.Contains("***", shown, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Secrets_InTheErrorOfATokenEndpoint_AreNotShown()
    {
        await using var tokens = LoopbackServer.Answering(request =>
            LoopbackServer.Reply(
                401,
                """{ "error": "invalid_client","""
                    + $$""" "error_description": "{{request.Text}} {{request.Header("authorization")}} client-secret-1" }""",
                "Content-Type: application/json\r\n"
            )
        );
        foreach (var style in (string[])["header", "body"])
        {
            await using var flow = TestFlow.Compile(
                "http://127.0.0.1:1",
                "{}",
                OAuth2ClientCredentialsAuthenticationInFlowsTests.Configuration(tokens.Url, $$""", "authStyle": "{{style}}" """)
            );

            var run = await flow.RunAsync();

            run.AssertExecutionError("http.token");
            var shown = flow.Trace(run) + run.Error().ToJson() + run.Call().ToJson();
            Assert.Contains("invalid_client", shown, StringComparison.Ordinal);
            Assert.DoesNotContain("client-secret-1", shown, StringComparison.Ordinal);
            Assert.DoesNotContain("Y2xpZW50LTE6Y2xpZW50LXNlY3JldC0x", shown, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Password_OfAScreen_IsSentButInNoTrace()
    {
        await using var server = LoopbackServer.Answering(_ => LoopbackServer.Reply(200, "you said hunter22pass"));
        await using var flow = TestFlow.Compile(
            server.Url,
            """{ "method": "POST", "endpoint": "/x/{{form.password}}", "query": { "p": "{{form.password}}" },"""
                + """ "headers": { "x-p": "p={{form.password}}" }, "body": { "p": "{{form.password}}", "m": "x{{form.password}}","""
                + """ "e": "{{form.email}}" } }""",
            startsWithScreen: true
        );
        var run = await flow.RunAsync();

        await FlowExecutor.SubmitAsync(
            run,
            new ScreenSubmission("submit", FlowValue.Parse("""{ "email": "ada@example.com", "password": "hunter22pass" }"""))
        );

        Assert.Equal("Success", run.EndName);
        var request = Assert.Single(server.Requests);
        Assert.Equal(("/x/hunter22pass?p=hunter22pass", "p=hunter22pass"), (request.Target, request.Header("x-p")));
        Assert.Contains("xhunter22pass", request.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("hunter22", flow.Trace(run), StringComparison.Ordinal);
        Assert.Contains("ada@example.com", flow.Trace(run), StringComparison.Ordinal);
    }

    /// <summary>A secret is no template; who draws a flow may set a header of that name, and never reads it.</summary>
    [Fact]
    public async Task SecretHeader_IsSentAsItIs_UnlessTheActivityHasOneOfThatName()
    {
        await using var server = LoopbackServer.Answering(_ => LoopbackServer.Reply(200));
        const string Headers =
            """{ "headers": [ { "key": "X-Key", "value": "a{{b", "secret": true }, { "key": "x-open", "value": "o" } ] }""";
        await using var flow = TestFlow.Compile(server.Url, "{}", Headers);
        await using var other = TestFlow.Compile(server.Url, """{ "headers": { "x-key": "mine" } }""", Headers);

        var run = await flow.RunAsync();
        await other.RunAsync();

        var requests = server.Requests.ToArray();
        Assert.Equal(["a{{b", "mine"], requests.Select(request => request.Header("x-key")));
        Assert.Equal("o", requests[0].Header("x-open"));
        Assert.DoesNotContain("a{{b", flow.Trace(run), StringComparison.Ordinal);
    }

    [Fact]
    public async Task SecretHeader_OnARedirectToAnotherOrigin_StaysBehind()
    {
        await using var elsewhere = LoopbackServer.Answering(_ => LoopbackServer.Reply(200));
        await using var server = LoopbackServer.Answering(_ => LoopbackServer.Reply(307, "", $"Location: {elsewhere.Url}/\r\n"));
        await using var flow = TestFlow.Compile(
            server.Url,
            "{}",
            """{ "followRedirects": true, "headers": [ { "key": "accept", "value": "hunter2", "secret": true } ] }"""
        );

        await flow.RunAsync();

        Assert.Equal("hunter2", Assert.Single(server.Requests).Header("accept"));
        Assert.DoesNotContain("hunter2", Assert.Single(elsewhere.Requests).Head, StringComparison.Ordinal);
    }

    /// <summary>A golden case needs no secret, and no problem of a secret repeats it.</summary>
    [Fact]
    public async Task SecretHeader_ThatIsMissingOrWrong_IsToldWhereItIsNeeded()
    {
        await using var flow = TestFlow.Compile(
            "http://127.0.0.1:1",
            "{}",
            """{ "headers": [ { "key": "x-key", "value": "env:FLOWENGINE_NO_SUCH_VARIABLE", "secret": true } ] }"""
        );
        var scripted = RunServices.Default with { Replies = new ScriptedReplies(FlowValue.Parse("""{ "call": { "statusCode": 200 } }""")) };

        Assert.Equal("Success", (await flow.RunAsync(services: scripted)).EndName);
        (await flow.RunAsync()).AssertExecutionError("connector.secret_missing");

        await using var wrong = TestFlow.Compile(
            "http://127.0.0.1:1",
            "{}",
            """{ "headers": [ { "key": "x-key", "value": ["hunter2"], "secret": true } ] }"""
        );
        Assert.Contains("flow.type", wrong.Codes);
        Assert.DoesNotContain("hunter2", string.Join('\n', wrong.Result.Diagnostics), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{ "method": "bearerToken", "bearerToken": "env:@" }""")]
    [InlineData("""{ "method": "basic", "basic": { "username": "u", "password": "env:@" } }""")]
    [InlineData("""{ "method": "apiKey", "apiKey": { "key": "x-key", "token": "env:@" } }""")]
    public async Task MissingSecret_IsAConnectorExecutionErrorUntilItIsThere(string authentication)
    {
        var name = "FLOWENGINE_TEST_" + RunId.New().Replace('-', '_');
        await using var server = LoopbackServer.Answering(_ => LoopbackServer.Reply(200));
        await using var flow = TestFlow.Compile(
            server.Url,
            "{}",
            $$"""{ "authentication": {{authentication.Replace("@", name, StringComparison.Ordinal)}} }"""
        );

        var run = await flow.RunAsync();
        run.AssertExecutionError("connector.secret_missing");
        Assert.Contains(name, run.Error().Get("message").ToText(), StringComparison.Ordinal);
        Assert.Empty(server.Requests);

        Environment.SetEnvironmentVariable(name, "now-it-is");
        Assert.Equal("Success", (await flow.RunAsync()).EndName);
        Assert.Single(server.Requests);
        Environment.SetEnvironmentVariable(name, null);
        Assert.Equal("Success", (await flow.RunAsync()).EndName);
    }

    [Fact]
    public async Task SecretFiles_AreReadForAuthenticationAndSignature()
    {
        var file = Path.GetTempFileName();
        await File.WriteAllTextAsync(file, "from-file\n", TestContext.Current.CancellationToken);
        await using var server = LoopbackServer.Answering(_ => LoopbackServer.Reply(200));
        var path = FlowValue.From("file:" + file).ToJson();
        await using var flow = TestFlow.Compile(
            server.Url,
            "{}",
            $$"""{ "hmacSecret": {{path}}, "authentication": { "method": "bearerToken", "bearerToken": {{path}} } }"""
        );

        await flow.RunAsync();
        File.Delete(file);

        var request = Assert.Single(server.Requests);
        Assert.Equal(
            ("Bearer from-file", HmacSignatureInFlowsTests.Sign("from-file", "")),
            (request.Header("authorization"), request.Header("x-descope-webhook-s256"))
        );
    }

    private static string[] FormsOf(string secret) =>
        [
            secret,
            Uri.EscapeDataString(secret),
            System.Net.WebUtility.UrlEncode(secret),
            FlowValue.From(secret).ToJson()[1..^1],
            Base64(secret),
            Base64(secret).TrimEnd('=').Replace('+', '-').Replace('/', '_'),
        ];

    private static string Base64(string text) => Convert.ToBase64String(Encoding.UTF8.GetBytes(text));
}
