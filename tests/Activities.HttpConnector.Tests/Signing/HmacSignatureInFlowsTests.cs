using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using FlowEngine.HttpConnector.Connectors;
using FlowEngine.HttpConnector.Tests.Flows;
using FlowEngine.HttpConnector.Tests.Servers;

namespace FlowEngine.HttpConnector.Tests.Signing;

/// <summary>HMAC signatures of requests that flows send.</summary>
public sealed class HmacSignatureInFlowsTests
{
    private const string Template =
        """ { "key": "x-descope-signature-template","""
        + """ "value": "METHOD, URI, HEADER_x-descope-timestamp, HEADER_X-Name, HEADER_absent, BODY" } """;

    public static string Sign(string secret, string message) =>
        Convert.ToBase64String(HMACSHA256.HashData(Encoding.UTF8.GetBytes(secret), Encoding.UTF8.GetBytes(message)));

    [Theory]
    [InlineData("""{ "method": "POST", "body": { "b": "<{{client.v}}> é 😀", "a": 1.0 } }""", """{"b":"<&+> é 😀","a":1}""")]
    [InlineData("""{ "method": "PUT", "bodyType": "form", "body": { "v": "{{client.v}}" } }""", "v=%26%2B")]
    [InlineData("""{ "method": "POST", "bodyType": "text", "body": "raw {{client.v}}" }""", "raw &+")]
    [InlineData("""{ "method": "POST" }""", "")]
    [InlineData("{}", "")]
    public async Task WithoutTemplate_TheBodyBytesAreSigned(string activity, string body)
    {
        await using var server = LoopbackServer.Answering(_ => LoopbackServer.Reply(200));
        await using var flow = TestFlow.Compile(server.Url, activity, """{ "hmacSecret": "s3cr€t" }""");

        await flow.RunAsync("""{ "v": "&+" }""");

        var request = Assert.Single(server.Requests);
        Assert.Equal(body, request.Text);
        Assert.Equal(Sign("s3cr€t", body), request.Header("x-descope-webhook-s256"));
        Assert.Null(request.Header("x-descope-timestamp"));
    }

    [Fact]
    public async Task WithTemplate_ItsElementsAreSignedInOrder()
    {
        await using var server = LoopbackServer.Answering(_ => LoopbackServer.Reply(200));
        await using var flow = TestFlow.Compile(
            server.Url + "/v2",
            """{ "method": "PATCH", "endpoint": "/u/{{client.v}}?x=1", "query": { "q": "{{client.v}}" },"""
                + """ "headers": { "x-name": "Zoë {{client.v}}" }, "body": [] }""",
            $$"""{ "hmacSecret": "s3cr€t", "headers": [ {{Template}} ] }"""
        );
        var before = TimeProvider.System.GetUtcNow().ToUnixTimeSeconds();

        await flow.RunAsync("""{ "v": "a/ b" }""");

        var request = Assert.Single(server.Requests);
        var timestamp = request.Header("x-descope-timestamp")!;
        Assert.InRange(long.Parse(timestamp, CultureInfo.InvariantCulture), before, before + 60);
        Assert.Equal("/v2/u/a%2F%20b?x=1&q=a%2F%20b", request.Target);
        Assert.Equal(Sign("s3cr€t", $"PATCH{request.Target}{timestamp}Zoë a/ b[]"), request.Header("x-descope-webhook-s256"));
        Assert.Equal(
            "METHOD, URI, HEADER_x-descope-timestamp, HEADER_X-Name, HEADER_absent, BODY",
            request.Header("x-descope-signature-template")
        );
    }

    [Fact]
    public async Task Template_OfTheActivity_WinsOverThatOfTheConnector()
    {
        await using var server = LoopbackServer.Answering(_ => LoopbackServer.Reply(200));
        await using var flow = TestFlow.Compile(
            server.Url,
            """{ "headers": { "X-Descope-Signature-Template": "METHOD,HEADER_x-descope-timestamp","""
                + """ "x-descope-timestamp": "{{client.t}}" } }""",
            $$"""{ "hmacSecret": "abc", "headers": [ {{Template}} ] }"""
        );

        await flow.RunAsync("""{ "t": 12345 }""");

        Assert.Equal(Sign("abc", "GET12345"), Assert.Single(server.Requests).Header("x-descope-webhook-s256"));
    }

    [Fact]
    public async Task Authorization_AsSent_CanBeSigned()
    {
        await using var server = LoopbackServer.Answering(_ => LoopbackServer.Reply(200));
        await using var flow = TestFlow.Compile(
            server.Url,
            "{}",
            """{ "hmacSecret": "abc", "authentication": { "method": "bearerToken", "bearerToken": "tok" },"""
                + """ "headers": [ { "key": "x-descope-signature-template", "value": "HEADER_authorization" } ] }"""
        );

        await flow.RunAsync();

        Assert.Equal(Sign("abc", "Bearer tok"), Assert.Single(server.Requests).Header("x-descope-webhook-s256"));
    }

    [Fact]
    public async Task Retry_IsSignedAfresh()
    {
        var time = new HurriedTime(TimeSpan.FromSeconds(11));
        var answers = 0;
        await using var server = LoopbackServer.Answering(_ =>
            Interlocked.Increment(ref answers) == 1 ? LoopbackServer.Reply(503, "", "Retry-After: 7\r\n") : LoopbackServer.Reply(200)
        );
        await using var flow = TestFlow.Compile(
            server.Url,
            """{ "method": "PUT", "body": { "a": 1 }, "retry": { "attempts": 1 }, "timeout": 60 }""",
            $$"""{ "hmacSecret": "abc", "headers": [ {{Template}} ] }""",
            new() { Egress = Transports.Loopback, Time = time }
        );
        var start = time.GetUtcNow().ToUnixTimeSeconds();

        await flow.RunAsync();

        Assert.Equal(
            [start, start + 7],
            server.Requests.Select(request => long.Parse(request.Header("x-descope-timestamp")!, CultureInfo.InvariantCulture))
        );
        Assert.All(
            server.Requests,
            request =>
                Assert.Equal(
                    Sign("abc", $"PUT/{request.Header("x-descope-timestamp")}{request.Text}"),
                    request.Header("x-descope-webhook-s256")
                )
        );
    }

    /// <summary>While receivers learn the second one, the first signs, and the request says so; what is signed can cover that.</summary>
    [Fact]
    public async Task TwoSecrets_TheFirstSignsAndSaysSo()
    {
        await using var server = LoopbackServer.Answering(_ => LoopbackServer.Reply(200));
        await using var flow = TestFlow.Compile(
            server.Url,
            "{}",
            """{ "hmacSecret": [ "first-secret", "second-secret" ],"""
                + """ "headers": [ { "key": "x-descope-signature-template", "value": "METHOD,HEADER_x-descope-webhook-key" } ] }"""
        );

        await flow.RunAsync();

        var request = Assert.Single(server.Requests);
        Assert.Equal("1", request.Header("x-descope-webhook-key"));
        Assert.Equal(Sign("first-secret", "GET1"), request.Header("x-descope-webhook-s256"));
        Assert.Contains("second-secret", flow.Connectors.SecretValues);
    }

    [Theory]
    [InlineData("\"only-secret\"")]
    [InlineData("[ \"only-secret\" ]")]
    public async Task OneSecret_AloneOrInAList_SignsWithoutANumber(string secret)
    {
        await using var server = LoopbackServer.Answering(_ => LoopbackServer.Reply(200));
        await using var flow = TestFlow.Compile(server.Url, "{}", $$"""{ "hmacSecret": {{secret}} }""");

        await flow.RunAsync();

        var request = Assert.Single(server.Requests);
        Assert.Null(request.Header("x-descope-webhook-key"));
        Assert.Equal(Sign("only-secret", ""), request.Header("x-descope-webhook-s256"));
    }

    [Theory]
    [InlineData("[ \"a\", \"b\", \"c\" ]", "flow.too_large")]
    [InlineData("{}", "flow.type")]
    public async Task Secrets_ThatAreTooManyOrNoTexts_AreRefused(string secret, string code)
    {
        await using var flow = TestFlow.Compile("http://127.0.0.1:1", "{}", $$"""{ "hmacSecret": {{secret}} }""");

        Assert.Contains(code, flow.Codes);
    }

    [Fact]
    public async Task WithoutSecret_NothingIsSigned()
    {
        await using var server = LoopbackServer.Answering(_ => LoopbackServer.Reply(200));
        await using var flow = TestFlow.Compile(server.Url, "{}", $$"""{ "headers": [ {{Template}} ] }""");

        await flow.RunAsync();

        Assert.Null(Assert.Single(server.Requests).Header("x-descope-webhook-s256"));
    }
}
