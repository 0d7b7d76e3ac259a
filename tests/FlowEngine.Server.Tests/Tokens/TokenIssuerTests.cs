using FlowEngine.AspNetCore.Tokens;
using FlowEngine.Compilation;
using FlowEngine.Context;
using FlowEngine.Execution;
using Microsoft.Extensions.Time.Testing;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace FlowEngine.Server.Tests.Tokens;

public sealed class TokenIssuerTests
{
    private static readonly DateTimeOffset Now = new(2030, 1, 2, 3, 4, 5, TimeSpan.Zero);

    [Fact]
    public async Task Issue_CompletedRun_CarriesTheRegisteredClaims()
    {
        var payload = Payload(Issuer().Issue(await RunAsync("{}")));

        Assert.Equal("https://issuer.example", payload.Get("iss").ToText());
        Assert.Equal("everyone", payload.Get("aud").ToText());
        Assert.Equal("u-1", payload.Get("sub").ToText());
        Assert.Equal(FlowValue.From(Now.ToUnixTimeSeconds()), payload.Get("iat"));
        Assert.Equal(FlowValue.From(Now.ToUnixTimeSeconds() + 600), payload.Get("exp"));
        Assert.True(payload.Get("jti").ToText().Length >= 22);
    }

    [Fact]
    public async Task Issue_FlowWithTokenOptions_TakesAudienceAndMinutes()
    {
        var payload = Payload(Issuer().Issue(await RunAsync("{}", """{ "audience": "shop", "sessionMinutes": 3 }""")));

        Assert.Equal("shop", payload.Get("aud").ToText());
        Assert.Equal(FlowValue.From(Now.ToUnixTimeSeconds() + 180), payload.Get("exp"));
    }

    [Theory]
    [InlineData("\"text\"")]
    [InlineData("404")]
    [InlineData("1.5")]
    [InlineData("true")]
    [InlineData("null")]
    [InlineData("[1,\"a\",false]")]
    [InlineData("{\"a\":{\"b\":[]}}")]
    [InlineData("\"<a href='x'>ü 😀\"")]
    public async Task Issue_CustomClaim_KeepsItsJsonType(string json)
    {
        var payload = Payload(Issuer().Issue(await RunAsync($$"""{ "x": {{json}} }""")));

        Assert.Equal(FlowValue.Parse(json), payload.Get("x"));
    }

    [Fact]
    public async Task Issue_Twice_GivesDifferentIds()
    {
        var issuer = Issuer();
        var run = await RunAsync("{}");

        Assert.NotEqual(Payload(issuer.Issue(run)).Get("jti"), Payload(issuer.Issue(run)).Get("jti"));
    }

    [Fact]
    public async Task Issue_Header_NamesKeyAndAlgorithm()
    {
        var key = SigningKey.Ephemeral();

        var token = new JsonWebToken(new TokenIssuer(key, "i", "a", new FakeTimeProvider(Now)).Issue(await RunAsync("{}")));

        Assert.Equal("ES256", token.Alg);
        Assert.Equal("JWT", token.Typ);
        Assert.Equal(key.Id, token.Kid);
    }

    [Fact]
    public async Task Issue_TokenChangedByOneLetter_IsRefused()
    {
        var key = SigningKey.Ephemeral();
        var token = new TokenIssuer(key, "i", "a", TimeProvider.System).Issue(await RunAsync("{}"));
        var parameters = new TokenValidationParameters
        {
            ValidIssuer = "i",
            ValidAudience = "a",
            IssuerSigningKey = key.Key,
        };
        var parts = token.Split('.');
        var forged =
            $"{parts[0]}."
            + $"{Base64UrlEncoder.Encode(Base64UrlEncoder.Decode(parts[1]).Replace("u-1", "u-2", StringComparison.Ordinal))}"
            + $".{parts[2]}";

        Assert.True((await new JsonWebTokenHandler().ValidateTokenAsync(token, parameters)).IsValid);
        Assert.False((await new JsonWebTokenHandler().ValidateTokenAsync(forged, parameters)).IsValid);
    }

    private static TokenIssuer Issuer() => new(SigningKey.Ephemeral(), "https://issuer.example", "everyone", new FakeTimeProvider(Now));

    private static FlowValue Payload(string token) => FlowValue.Parse(Base64UrlEncoder.Decode(token.Split('.')[1]));

    private static async Task<FlowRun> RunAsync(string claims, string tokens = "{}")
    {
        var compiled = FlowCompiler.Compile(
            FlowValue.Parse(
                $$"""
                { "id": "t", "start": "user", "tokens": {{tokens}},
                  "activities": [
                    { "id": "user", "type": "SetUser", "user": { "userId": "u-1" } },
                    { "id": "claims", "type": "CustomClaims", "claims": {{claims}} },
                    { "id": "end", "type": "End" } ],
                  "connections": [ { "source": "user", "port": "Done", "target": "claims" },
                    { "source": "claims", "port": "Done", "target": "end" } ] }
                """
            ),
            new CompilationEnvironment()
        );
        Assert.Empty(compiled.Diagnostics);
        var run = FlowRun.Start(compiled.Plan!, new RunStart(), RunServices.Default);
        await FlowExecutor.AdvanceAsync(run);
        Assert.Equal(RunStatus.Completed, run.Status);
        return run;
    }
}
