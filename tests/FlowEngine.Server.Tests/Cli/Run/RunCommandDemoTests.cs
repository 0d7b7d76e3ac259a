using System.Security.Cryptography;
using FlowEngine.Context;
using FlowEngine.TestServers;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace FlowEngine.Server.Tests.Cli.Run;

/// <summary>The main job, with the demo's real database and API.</summary>
public sealed class RunCommandDemoTests
{
    private const string Flow = "flows/login.flow.json";

    [Fact]
    public async Task Run_Ada_CompletesWithTheRegionInASignedToken()
    {
        using var workspace = new Workspace();
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var pem = workspace.Write("key.pem", key.ExportPkcs8PrivateKeyPem());

        var run = await FlowEngineCommand.RunAsync(
            "run",
            Flow,
            "--demo",
            "--answers",
            workspace.SignIns("ada@example.com"),
            "--format",
            "json",
            "--set",
            $"Tokens:SigningKey=file:{pem}"
        );

        Assert.Equal(0, run.ExitCode);
        Assert.Equal("completed", run.At("status").ToText());
        Assert.Equal("""["signIn","lookup","profile","user","claims","done"]""", run.At("path").ToJson());
        Assert.Equal("eu-west-1", run.At("claims/region").ToText());
        Assert.Equal("""{"userId":"ada","email":"ada@example.com"}""", run.At("user").ToJson());
        Assert.True(run.At("screen").IsMissing);
        Assert.True(run.At("error").IsMissing);
        Assert.Equal(6, run.At("trace").TryGetArray(out var trace) ? trace.Count : 0);
        Assert.Equal("gold", run.At("context/connectors/profile/body/tier").ToText());
        Assert.Equal(
            """{"to":"headers.x-user-tier","from":[{"path":"connectors.db.first.tier","step":2}]"""
                + ""","expression":"{{connectors.db.first.tier}}"}""",
            run.At("trace/2/lineage/1").ToJson()
        );

        var verified = await new JsonWebTokenHandler().ValidateTokenAsync(
            run.At("token").ToText(),
            new TokenValidationParameters
            {
                ValidIssuer = "http://127.0.0.1:5080/default",
                ValidAudience = "default",
                IssuerSigningKey = new ECDsaSecurityKey(key),
                ValidAlgorithms = [SecurityAlgorithms.EcdsaSha256],
            }
        );
        Assert.True(verified.IsValid, verified.Exception?.Message);
        Assert.Equal("eu-west-1", verified.Claims["region"]);
        Assert.Equal("ada", verified.Claims["sub"]);
    }

    [Fact]
    public async Task Run_WithoutAKey_PutsTheEphemeralPublicKeyIntoTheHeader()
    {
        using var workspace = new Workspace();

        var run = await FlowEngineCommand.RunAsync(
            "run",
            Flow,
            "--demo",
            "--answers",
            workspace.SignIns("ada@example.com"),
            "--format",
            "json"
        );

        var token = new JsonWebToken(run.At("token").ToText());
        var jwk = FlowValue.Parse(Base64UrlEncoder.Decode(token.EncodedHeader)).Get("jwk");
        using var key = ECDsa.Create(
            new ECParameters
            {
                Curve = ECCurve.NamedCurves.nistP256,
                Q = new ECPoint
                {
                    X = Base64UrlEncoder.DecodeBytes(jwk.Get("x").ToText()),
                    Y = Base64UrlEncoder.DecodeBytes(jwk.Get("y").ToText()),
                },
            }
        );
        var signed = System.Text.Encoding.ASCII.GetBytes($"{token.EncodedHeader}.{token.EncodedPayload}");
        Assert.True(key.VerifyData(signed, Base64UrlEncoder.DecodeBytes(token.EncodedSignature), HashAlgorithmName.SHA256));
    }

    [Fact]
    public async Task Run_Ghost_WaitsAtUserNotFound()
    {
        var run = await SignInAsync("ghost@example.com");

        Assert.Equal(3, run.ExitCode);
        Assert.Equal("waiting", run.At("status").ToText());
        Assert.Equal("user-not-found", run.At("screen").ToText());
        Assert.Equal("404", run.At("context/connectors/profile/statusCode").ToText());
        Assert.Equal("Generic HTTP Error", run.At("error/event").ToText());
        Assert.True(run.At("token").IsMissing);
    }

    [Fact]
    public async Task Run_UnknownAddress_WaitsAtUserNotFound()
    {
        var run = await SignInAsync("nobody@example.com");

        Assert.Equal(3, run.ExitCode);
        Assert.Equal("user-not-found", run.At("screen").ToText());
    }

    [Fact]
    public async Task Run_Busy_ReturnsToSignIn()
    {
        var run = await SignInAsync("busy@example.com");

        Assert.Equal(3, run.ExitCode);
        Assert.Equal("""["signIn","lookup","profile","byStatus","signIn"]""", run.At("path").ToJson());
        Assert.Equal("sign-in", run.At("screen").ToText());
        Assert.Equal("429", run.At("context/connectors/profile/statusCode").ToText());
        Assert.Equal("busy@example.com", run.At("context/form/email").ToText());
    }

    [Fact]
    public async Task Run_Broken_Restarts()
    {
        var run = await SignInAsync("broken@example.com");

        Assert.Equal(3, run.ExitCode);
        Assert.Equal("""["signIn","lookup","profile","byStatus","again","signIn"]""", run.At("path").ToJson());
        Assert.Equal("sign-in", run.At("screen").ToText());
        Assert.Equal("{}", run.At("context/connectors").ToJson());
        Assert.Equal("{}", run.At("context/form").ToJson());
    }

    [Fact]
    public async Task RunDemo_WithoutAFlow_RunsTheLoginFlow()
    {
        var run = await FlowEngineCommand.RunAsync("ada@example.com\n", new Dictionary<string, string>(), "run", "--demo");

        Assert.Equal(0, run.ExitCode);
        Assert.Contains("Completed: Sign in with profile lookup", run.Output, StringComparison.Ordinal);
        Assert.Contains("\"region\":\"eu-west-1\"", run.Output, StringComparison.Ordinal);
        Assert.Contains("== Sign in ==", run.Error, StringComparison.Ordinal);
    }

    private static async Task<FlowEngineProcess.Finished> SignInAsync(string email)
    {
        using var workspace = new Workspace();
        return await FlowEngineCommand.RunAsync("run", Flow, "--demo", "--answers", workspace.SignIns(email), "--format", "json");
    }
}
