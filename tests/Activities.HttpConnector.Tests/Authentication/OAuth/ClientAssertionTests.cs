using FlowEngine.Context;
using FlowEngine.HttpConnector.Authentication.OAuth;
using FlowEngine.HttpConnector.Connectors;
using FlowEngine.HttpConnector.Tests.Flows;
using FlowEngine.HttpConnector.Tests.Servers;
using FlowEngine.HttpConnector.Tests.Signing;
using FlowEngine.TestServers;

namespace FlowEngine.HttpConnector.Tests.Authentication.OAuth;

/// <summary>Clients that prove themselves by what they sign, to token endpoints that ask for more than scopes.</summary>
public sealed class ClientAssertionTests
{
    public static TheoryData<string, string> Keys =>
        new()
        {
            { SigningKeyVectors.P256, "ES256" },
            { SigningKeyVectors.P384, "ES384" },
            { SigningKeyVectors.Ed25519, "EdDSA" },
            { SigningKeyVectors.Rsa, "RS256" },
            { SigningKeyVectors.RsaPss, "PS512" },
        };

    [Trait("Category", "slow")]
    [Theory]
    [MemberData(nameof(Keys))]
    public async Task Statement_IsTakenByJose(string key, string algorithm)
    {
        await using var tokens = LoopbackServer.Answering(_ => LoopbackServer.Reply(200, """{ "access_token": "token-1" }"""));
        await using var server = LoopbackServer.Answering(_ => LoopbackServer.Reply(200));
        await using var flow = Compile(server, tokens, key, """, "keyId": "key-7" """);

        Assert.Equal("Success", (await flow.RunAsync()).EndName);

        var asked = Assert.Single(tokens.Requests);
        var form = FormOf(asked);
        Assert.Equal(
            ("client_credentials", "urn:ietf:params:oauth:client-assertion-type:jwt-bearer", "client-1"),
            (form["grant_type"], form["client_assertion_type"], form["client_id"])
        );
        Assert.Null(asked.Header("authorization"));
        Assert.True(ClientAssertion.TryReadKey(key, out var read, out _));
        var verified = await NodeScript.RunAsync(
            "clientAssertion.mjs",
            FlowValue
                .Object([("key", FlowValue.From(read.PublicKeyPem)), ("assertion", FlowValue.From(form["client_assertion"]))])
                .ToJson(),
            algorithm,
            "client-1",
            $"{tokens.Url}/token"
        );
        Assert.True(verified.Get("error").IsMissing, verified.ToJson());
        Assert.Equal(
            """{"alg":"@","typ":"JWT","kid":"key-7"}""".Replace("@", algorithm, StringComparison.Ordinal),
            verified.Get("header").ToJson()
        );
    }

    /// <summary>One that was caught is good for nothing: it is over in a minute, and its id was used.</summary>
    [Fact]
    public async Task Statement_IsMadeAnewForEachToken()
    {
        await using var tokens = LoopbackServer.Answering(_ =>
            LoopbackServer.Reply(200, """{ "access_token": "token", "expires_in": 0 }""")
        );
        await using var server = LoopbackServer.Answering(_ => LoopbackServer.Reply(200));
        await using var flow = Compile(server, tokens, SigningKeyVectors.P256);

        await flow.RunAsync();
        await flow.RunAsync();

        Assert.Equal(2, tokens.Requests.Select(request => FormOf(request)["client_assertion"]).Distinct().Count());
    }

    [Fact]
    public async Task AudienceAndResource_AreAskedFor()
    {
        await using var tokens = LoopbackServer.Answering(_ => LoopbackServer.Reply(200, """{ "access_token": "token-1" }"""));
        await using var server = LoopbackServer.Answering(_ => LoopbackServer.Reply(200));
        await using var flow = TestFlow.Compile(
            server.Url,
            "{}",
            OAuth2ClientCredentialsAuthenticationInFlowsTests.Configuration(
                tokens.Url,
                """, "audience": "https://api.example/ x", "resource": "https://api.example/v1?a=b" """
            )
        );

        await flow.RunAsync();

        var form = FormOf(Assert.Single(tokens.Requests));
        Assert.Equal(("https://api.example/ x", "https://api.example/v1?a=b"), (form["audience"], form["resource"]));
    }

    [Theory]
    [InlineData(""" "authStyle": "private_key_jwt" """, "flow.required", "clientKey")]
    [InlineData(""" "authStyle": "private_key_jwt", "clientKey": "a shared text of both" """, "http.token", "private key")]
    [InlineData(""" "authStyle": "body" """, "flow.required", "clientSecret")]
    [InlineData(""" "clientSecret": "env:S", "resource": "api" """, "flow.value", "RFC 8707")]
    public async Task Settings_ThatProveNothing_AreRefused(string settings, string code, string word)
    {
        await using var flow = TestFlow.Compile(
            "http://127.0.0.1:1",
            "{}",
            $$"""
            { "authentication": { "method": "oauth2ClientCredentials",
                "oauth2ClientCredentials": { "clientId": "c", "authUrl": "http://127.0.0.1:1/token", {{settings}} } } }
            """
        );

        var problem = Assert.Single(flow.Result.Diagnostics, problem => problem.Code == code);
        Assert.Contains(word, problem.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain("shared text", problem.ToString(), StringComparison.Ordinal);
    }

    /// <summary>The token endpoint is behind the same TLS settings.</summary>
    [Fact]
    public async Task TokenEndpoint_IsShownTheClientCertificate()
    {
        var shown = new List<string>();
        await using var tokens = LoopbackServer.Answering(
            _ => LoopbackServer.Reply(200, """{ "access_token": "token-1" }"""),
            TestIdentities.Own.Server.Certificate
        );
        tokens.TakesClient = certificate =>
        {
            shown.Add(certificate?.Subject ?? "");
            return true;
        };
        await using var server = LoopbackServer.Answering(_ => LoopbackServer.Reply(200), TestIdentities.Own.Server.Certificate);
        await using var flow = TestFlow.Compile(
            server.Url,
            "{}",
            $$"""
            { "clientCertificate": {{Json(TestIdentities.Own.Client.CertificatePem)}}, "clientKey": {{Json(
                TestIdentities.Own.Client.KeyPem
            )}},
              "caCertificates": {{Json(TestIdentities.Own.RootPem + TestIdentities.Own.BetweenPem)}},
              {{OAuth2ClientCredentialsAuthenticationInFlowsTests.Configuration(tokens.Url).Trim()[1..]}}
            """
        );

        Assert.Equal("Success", (await flow.RunAsync()).EndName);
        Assert.Equal(["CN=client-1"], shown);
    }

    private static TestFlow Compile(LoopbackServer server, LoopbackServer tokens, string key, string more = "") =>
        TestFlow.Compile(
            server.Url,
            "{}",
            $$"""
            { "authentication": { "method": "oauth2ClientCredentials", "oauth2ClientCredentials": { "clientId": "client-1",
                "authStyle": "private_key_jwt", "clientKey": {{Json(key)}}, "authUrl": "{{tokens.Url}}/token" {{more}} } } }
            """
        );

    private static string Json(string text) => FlowValue.From(text).ToJson();

    private static Dictionary<string, string> FormOf(ReceivedRequest request) =>
        request
            .Text.Split('&')
            .Select(pair => pair.Split('=', 2))
            .ToDictionary(pair => pair[0], pair => Uri.UnescapeDataString(pair[1].Replace('+', ' ')));
}
