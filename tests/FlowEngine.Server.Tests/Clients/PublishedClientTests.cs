using FlowEngine.Context;
using FlowEngine.Json;
using FlowEngine.TestServers;

namespace FlowEngine.Server.Tests.Clients;

/// <summary>The published npm clients, unmodified and pointed here by their base URL: their shapes are ours.</summary>
public sealed class PublishedClientTests(DemoServer demo) : IClassFixture<DemoServer>
{
    private Served Server => demo.Server;

    [Fact]
    public async Task CoreSdk_Ada_SignsInRefreshesAndLogsOut()
    {
        var result = await NodeScript.RunAsync("login.js", "", Server.Address, "default", "ada@example.com");

        // Sent again under the key that a hook of the client adds, it is the same run.
        Assert.Equal(result.Get("start").ToJson(), result.Get("startAgain").ToJson());
        AssertWaits(result.Get("start"), "sign-in");
        var done = result.Get("next").Get("data");
        Assert.Equal(("completed", "none"), (done.Get("status").ToText(), done.Get("action").ToText()));
        var login = done.Get("authInfo");
        Assert.Equal(("ada", "eu-west-1"), (login.Get("user").Get("userId").ToText(), login.Get("claims").Get("region").ToText()));
        Assert.NotEqual("", login.Get("sessionJwt").ToText());
        Assert.True(login.Get("sessionExpiration").TryGetInteger(out _));
        Assert.Equal(FlowValue.True, result.Get("refreshed").Get("ok"));
        Assert.NotEqual(login.Get("refreshJwt").ToText(), result.Get("refreshed").Get("data").Get("refreshJwt").ToText());
        Assert.Equal(FlowValue.True, result.Get("loggedOut").Get("ok"));
        AssertRefused(result.Get("afterLogout"), "401", "token.revoked");
        AssertRefused(result.Get("unknownFlow"), "404", "api.flow");
    }

    [Theory]
    [InlineData("ghost", "user-not-found", """{"email":"ghost@example.com"}""")]
    [InlineData("busy", "sign-in", """{"email":"busy@example.com"}""")]
    [InlineData("broken", "sign-in", "{}")]
    public async Task CoreSdk_Others_SeeTheirScreen(string person, string screen, string form)
    {
        var result = await NodeScript.RunAsync("login.js", "", Server.Address, "default", person + "@example.com");

        AssertWaits(result.Get("start"), "sign-in");
        AssertWaits(result.Get("next"), screen);
        Assert.Equal(form, result.Get("next").Get("data").Get("screen").Get("state").Get("form").ToJson());
        Assert.NotEqual(result.Get("start").Get("data").Get("stepId").ToText(), result.Get("next").Get("data").Get("stepId").ToText());
    }

    [Fact]
    public async Task NodeSdk_ValidatesRefusesRefreshesAndRunsAFlow()
    {
        var login = (await Server.SignInAsync("ada@example.com")).Get("authInfo");
        var input = FlowValue.Parse("""{ "flowId": "orders", "input": { "user": "ada" } }""").TryGetObject(out var members)
            ? FlowValue.From(
                members
                    .With("sessionJwt", login.Get("sessionJwt"))
                    .With("refreshJwt", login.Get("refreshJwt"))
                    .With("managementKey", FlowValue.From(await Server.ManagementKeyAsync()))
            )
            : default;

        var result = await NodeScript.RunAsync("session.js", JsonWriting.ToText(input), Server.Address, "default");

        var token = result.Get("validated").Get("value").Get("token");
        Assert.Equal(("ada", "eu-west-1", "default"), (token.Get("sub").ToText(), token.Get("region").ToText(), token.Get("iss").ToText()));
        Assert.Equal("ada", result.Get("audience").Get("value").Get("token").Get("sub").ToText());
        Assert.Contains("aud", result.Get("otherAudience").Get("error").ToText(), StringComparison.Ordinal);
        foreach (var forgery in new[] { "payload", "signature", "foreignKey", "algNone" })
            Assert.Contains(
                "session validation failed",
                result.Get("refused").Get(forgery).Get("error").ToText(),
                StringComparison.Ordinal
            );
        // A refresh token is no session token, before and after its login ended; the client's refresh, which sends it as it is, takes it.
        Assert.Contains(
            "session validation failed",
            result.Get("refused").Get("refreshToken").Get("error").ToText(),
            StringComparison.Ordinal
        );
        Assert.Contains(
            "session validation failed",
            result.Get("refused").Get("refreshTokenAfterLogout").Get("error").ToText(),
            StringComparison.Ordinal
        );
        Assert.Equal("eu-west-1", result.Get("refreshed").Get("session").Get("value").Get("token").Get("region").ToText());
        Assert.NotEqual(login.Get("refreshJwt").ToText(), result.Get("refreshed").Get("answer").Get("data").Get("refreshJwt").ToText());
        // validateAndRefreshSession asks the key set about the refresh token first, which is what an opaque one is not for.
        Assert.Contains("refresh token validation failed", result.Get("refreshSession").Get("error").ToText(), StringComparison.Ordinal);
        Assert.Equal("""{"orders":[{"id":"o-1","total":42.5},{"id":"o-2","total":7}]}""", result.Get("flow").Get("data").ToJson());
        AssertRefused(result.Get("unknownFlow"), "404", "api.flow");
        AssertRefused(result.Get("wrongKey"), "401", "api.unauthorized");
    }

    [Fact]
    public async Task Jose_VerifiesTheClaimFromTheResponseHeader()
    {
        var token = (await Server.SignInAsync("ada@example.com")).Get("authInfo").Get("sessionJwt").ToText();
        var keys = Server.Address + "/.well-known/jwks.json";

        var good = await NodeScript.RunAsync("verify.js", token, keys, Server.Address + "/default", "default");
        var tampered = await NodeScript.RunAsync("verify.js", token[..^6] + "AAAAAA", keys, Server.Address + "/default", "default");
        var elsewhere = await NodeScript.RunAsync("verify.js", token, keys, "https://elsewhere.example/default", "default");

        Assert.Equal(("ada", "eu-west-1"), (good.Get("payload").Get("sub").ToText(), good.Get("payload").Get("region").ToText()));
        Assert.Equal("ES256", good.Get("header").Get("alg").ToText());
        Assert.Equal("ERR_JWS_SIGNATURE_VERIFICATION_FAILED", tampered.Get("error").ToText());
        Assert.Equal("ERR_JWT_CLAIM_VALIDATION_FAILED", elsewhere.Get("error").ToText());
    }

    private static void AssertWaits(FlowValue answer, string screen)
    {
        Assert.True(answer.Get("ok") == FlowValue.True, answer.ToJson());
        var data = answer.Get("data");
        Assert.Equal(
            ("waiting", "screen", screen),
            (data.Get("status").ToText(), data.Get("action").ToText(), data.Get("screen").Get("id").ToText())
        );
        Assert.True(data.Get("screen").Get("components").TryGetArray(out var components) && components.Count > 0);
        Assert.True(data.Get("authInfo").IsMissing);
    }

    private static void AssertRefused(FlowValue answer, string status, string code)
    {
        Assert.Equal(
            (FlowValue.False, status, code),
            (answer.Get("ok"), answer.Get("code").ToText(), answer.Get("error").Get("errorCode").ToText())
        );
        Assert.NotEqual("", answer.Get("error").Get("errorDescription").ToText());
        Assert.NotEqual("", answer.Get("error").Get("errorMessage").ToText());
    }
}
