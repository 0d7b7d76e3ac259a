using System.Text;
using FlowEngine.HttpConnector.Authentication;
using FlowEngine.HttpConnector.Authentication.OAuth;
using FlowEngine.HttpConnector.Connectors;
using FlowEngine.HttpConnector.Tests.Servers;
using FlowEngine.HttpConnector.Wire;
using Microsoft.Extensions.Time.Testing;
using static FlowEngine.HttpConnector.Tests.Transports;

namespace FlowEngine.HttpConnector.Tests.Authentication.OAuth;

public sealed class OAuth2ClientCredentialsTests
{
    private const string OddSecret = "s:e%c+r é/=&t";
    private readonly FakeTimeProvider _time = new();

    [Fact]
    public async Task Apply_HeaderStyle_SendsFormEncodedIdAndSecretAsBasic()
    {
        await using var server = LoopbackServer.Answering(_ => TokenReply("\"access_token\":\"t\",\"token_type\":\"bearer\""));
        await using var transport = New();

        var headers = await AppliedAsync(Authentication(server, transport, id: "client:é", secret: OddSecret, scopes: "read write"));

        Assert.Equal("Bearer t", headers["authorization"]);
        var request = Assert.Single(server.Requests);
        Assert.Equal(("POST", "/token?tenant=%41"), (request.Method, request.Target));
        Assert.Equal("application/x-www-form-urlencoded", request.Header("content-type"));
        Assert.Equal("grant_type=client_credentials&scope=read+write", request.Text);
        Assert.Equal(
            "client%3A%C3%A9:s%3Ae%25c%2Br+%C3%A9%2F%3D%26t",
            Encoding.ASCII.GetString(Convert.FromBase64String(request.Header("authorization")!["Basic ".Length..]))
        );
    }

    [Fact]
    public async Task Apply_BodyStyle_SendsIdAndSecretInTheForm()
    {
        await using var server = LoopbackServer.Answering(_ => TokenReply("\"access_token\":\"t\""));
        await using var transport = New();

        await AppliedAsync(Authentication(server, transport, id: "client:é", secret: OddSecret, placement: OAuthCredentialPlacement.Body));

        var request = Assert.Single(server.Requests);
        Assert.Equal("grant_type=client_credentials&client_id=client%3A%C3%A9&client_secret=s%3Ae%25c%2Br+%C3%A9%2F%3D%26t", request.Text);
        Assert.Null(request.Header("authorization"));
    }

    [Fact]
    public async Task Apply_TokenRequestHeaders_AreSentButDoNotReplaceTheCredentials()
    {
        await using var server = LoopbackServer.Answering(_ => TokenReply("\"access_token\":\"t\""));
        await using var transport = New();

        await AppliedAsync(Authentication(server, transport, headers: [new("x-tenant", "acme"), new("authorization", "other")]));

        var request = Assert.Single(server.Requests);
        Assert.Equal("acme", request.Header("x-tenant"));
        Assert.StartsWith("Basic ", request.Header("authorization"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("\"expires_in\":100", 90)]
    [InlineData("\"expires_in\":\"100\"", 90)]
    [InlineData("\"expires_in\":100.0", 90)]
    [InlineData("\"expires_in\":3600", 3570)]
    [InlineData("\"expires_in\":null", 270)]
    [InlineData("\"expires_in\":\"soon\"", 270)]
    [InlineData("\"expires_in\":\"\"", 270)]
    [InlineData("\"scope\":\"read\"", 270)]
    [InlineData("\"expires_in\":1e300", 365 * 86400 - 30)]
    public async Task Apply_Lifetime_IsReadFromNumberOrTextOrDefaultsTo300(string member, int usedFor)
    {
        await using var server = LoopbackServer.Answering(_ => TokenReply($"\"access_token\":\"t\",\"token_type\":\"BEARER\",{member}"));
        await using var transport = New();
        var authentication = Authentication(server, transport);

        await AppliedAsync(authentication);
        _time.Advance(TimeSpan.FromSeconds(usedFor - 1));
        await AppliedAsync(authentication);
        Assert.Single(server.Requests);
        _time.Advance(TimeSpan.FromSeconds(1));
        await AppliedAsync(authentication);
        Assert.Equal(2, server.Requests.Count);
    }

    [Theory]
    [InlineData("bearer")]
    [InlineData("Bearer")]
    [InlineData("BEARER")]
    [InlineData("BearerToken")]
    public async Task Apply_TokenTypeInAnyCase_IsBearer(string type)
    {
        await using var server = LoopbackServer.Answering(_ => TokenReply($"\"access_token\":\"t\",\"token_type\":\"{type}\""));
        await using var transport = New();

        Assert.Equal("Bearer t", (await AppliedAsync(Authentication(server, transport)))["authorization"]);
    }

    [Theory]
    [InlineData(500, "text/html", "<html>Sorry</html>", "500")]
    [InlineData(200, "text/html", "<html>Log in</html>", "text/html")]
    [InlineData(200, "application/json", "", "empty")]
    [InlineData(200, "application/json", "[]", "object")]
    [InlineData(200, "application/json", "{}", "access_token")]
    [InlineData(200, "application/json", "{\"access_token\":\"\"}", "access_token")]
    [InlineData(200, "application/json", "{\"access_token\":5}", "access_token")]
    [InlineData(200, "application/json", "{\"access_token\":\"t\",\"token_type\":\"mac\"}", "Bearer")]
    [InlineData(200, "application/json", "{\"access_token\":\"t\\r\\nx: 1\"}", "cannot be sent")]
    [InlineData(
        401,
        "application/json",
        "{\"error\":\"invalid_client\",\"error_description\":\"wrong secret\"}",
        "invalid_client (wrong secret)"
    )]
    [InlineData(400, "application/json", "{\"error\":\"invalid_scope\"}", "invalid_scope")]
    [InlineData(200, "application/json", "{\"error\":\"bad_verification\"}", "bad_verification")]
    [InlineData(400, "application/json", "{\"error\":{\"nested\":1}}", "400")]
    [InlineData(302, "text/plain", "", "302")]
    public async Task Apply_NoTokenInTheAnswer_IsAFaultThatSaysWhy(int status, string type, string body, string why)
    {
        await using var server = LoopbackServer.Answering(_ => LoopbackServer.Reply(status, body, $"Content-Type: {type}\r\n"));
        await using var transport = New();

        var fault = await Authentication(server, transport).ApplyAsync(new(), TestContext.Current.CancellationToken);

        Assert.Equal("http.token", fault?.Code);
        Assert.Contains(why, fault!.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Apply_ErrorThatEchoesTheSecret_IsRedactedAndShort()
    {
        var basic = Convert.ToBase64String(Encoding.UTF8.GetBytes("client:hunter2%2Bhunter2"));
        await using var server = LoopbackServer.Answering(_ =>
            LoopbackServer.Reply(
                401,
                "{\"error\":\"invalid_client\",\"error_description\":\"hunter2+hunte"
                    + $"r2 hunter2%2Bhunter2 {basic} \\u0007{new string('x', 10_000)}\"}}"
            )
        );
        await using var transport = New();

        var fault = await Authentication(server, transport, secret: "hunter2+hunter2")
            .ApplyAsync(new(), TestContext.Current.CancellationToken);

        Assert.Equal("http.token", fault?.Code);
        Assert.DoesNotContain("hunter2", fault!.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(basic, fault.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\a', fault.Message);
        Assert.True(fault.Message.Length < 500);
    }

    [Fact]
    public async Task Apply_SlowEndpoint_IsTokenFaultThatNamesTheTimeout()
    {
        await using var server = LoopbackServer.Start(connection => connection.HoldAsync());
        await using var transport = New();

        var fault = await Authentication(server, transport, timeout: TimeSpan.FromMilliseconds(150))
            .ApplyAsync(new(), TestContext.Current.CancellationToken);

        Assert.Equal("http.token", fault?.Code);
        Assert.Contains("http.timeout", fault!.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Apply_WrongSecret_DoesNotHammerTheEndpoint()
    {
        await using var server = LoopbackServer.Answering(_ => LoopbackServer.Reply(401, "{\"error\":\"invalid_client\"}"));
        await using var transport = New();
        var authentication = Authentication(server, transport);

        for (var i = 0; i < 50; i++)
            Assert.NotNull(await authentication.ApplyAsync(new(), TestContext.Current.CancellationToken));
        Assert.Single(server.Requests);
        _time.Advance(TimeSpan.FromSeconds(1));
        for (var i = 0; i < 50; i++)
            Assert.NotNull(await authentication.ApplyAsync(new(), TestContext.Current.CancellationToken));
        Assert.Equal(2, server.Requests.Count);
    }

    [Fact]
    public async Task Apply_ThousandCallersOnAColdToken_OneTokenRequest()
    {
        var release = new TaskCompletionSource();
        await using var server = LoopbackServer.AnsweringAsync(async _ =>
        {
            await release.Task;
            return TokenReply("\"access_token\":\"t\"");
        });
        await using var transport = New();
        var authentication = Authentication(server, transport);

        var callers = Enumerable.Range(0, 1000).Select(_ => Task.Run(() => AppliedAsync(authentication))).ToArray();
        release.SetResult();

        Assert.All(await Task.WhenAll(callers), headers => Assert.Equal("Bearer t", headers["authorization"]));
        Assert.Single(server.Requests);
    }

    [Fact]
    public async Task Renew_AfterATokenWasRevoked_RefreshesOnceForAll()
    {
        var issued = 0;
        await using var server = LoopbackServer.Answering(_ => TokenReply($"\"access_token\":\"t{Interlocked.Increment(ref issued)}\""));
        await using var transport = New();
        var authentication = Authentication(server, transport);
        var sent = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => AppliedAsync(authentication)));

        var replayed = await Task.WhenAll(
            sent.Select(headers =>
                Task.Run(async () =>
                {
                    Assert.True(authentication.Renew(headers));
                    return await AppliedAsync(authentication);
                })
            )
        );

        Assert.All(replayed, headers => Assert.Equal("Bearer t2", headers["authorization"]));
        Assert.Equal(2, server.Requests.Count);
        Assert.False(authentication.Renew(new()));
    }

    [Fact]
    public async Task Apply_TwoConnectorsOrScopes_ShareNothing()
    {
        var issued = 0;
        await using var server = LoopbackServer.Answering(request =>
            TokenReply($"\"access_token\":\"t{Interlocked.Increment(ref issued)}\"")
        );
        await using var transport = New();

        var read = await AppliedAsync(Authentication(server, transport, scopes: "read"));
        var write = await AppliedAsync(Authentication(server, transport, scopes: "write"));

        Assert.NotEqual(read["authorization"], write["authorization"]);
    }

    private OAuth2ClientCredentialsAuthentication Authentication(
        LoopbackServer server,
        HttpTransport transport,
        string id = "client",
        string secret = "t0p-s3cr3t",
        string? scopes = null,
        OAuthCredentialPlacement placement = OAuthCredentialPlacement.Header,
        KeyValuePair<string, string>[]? headers = null,
        TimeSpan? timeout = null
    )
    {
        Assert.True(RequestUri.TryParse(server.Url + "/token?tenant=%41", out var uri, out _));
        var options = new OAuthClientOptions
        {
            ClientId = id,
            ClientSecret = secret,
            TokenUri = uri,
            Scopes = scopes,
            Placement = placement,
            TokenRequestHeaders = headers ?? [],
            Timeout = timeout ?? TimeSpan.FromSeconds(10),
        };
        return new(options, transport, _time);
    }

    private static string TokenReply(string members) => LoopbackServer.Reply(200, $"{{{members}}}", "Content-Type: application/json\r\n");

    private static async Task<RequestHeaders> AppliedAsync(HttpAuthentication authentication)
    {
        var headers = new RequestHeaders();
        Assert.Null(await authentication.ApplyAsync(headers, TestContext.Current.CancellationToken));
        return headers;
    }
}
