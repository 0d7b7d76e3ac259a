using System.Net;
using FlowEngine.Context;
using FlowEngine.TestServers;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace FlowEngine.Server.Tests.Cli.Keys;

/// <summary>Signing keys are rotated from the command line while the server runs, on both engines.</summary>
[Trait("Category", "cluster")]
public sealed class KeysRotateCommandTests(PostgresFixture postgres)
{
    private const string RootKey = "0123456789abcdef0123456789abcdef";

    [Theory]
    [ClassData(typeof(BothEngines))]
    public async Task Rotate_OldTokensVerifyAndRefresh_NewOnesCarryTheNewKey(StoreEngine engine)
    {
        string[] database = engine == StoreEngine.Postgres ? ["--database", await postgres.CreateDatabaseAsync()] : [];
        await using var server = await ServeProcess.StartAsync(_ => ["--demo", "--set", $"Storage:RootKey={RootKey}", .. database]);
        var before = (await server.SignInAsync("ada@example.com")).Get("authInfo");
        var old = before.Get("sessionJwt").ToText();

        var rotated = await FlowEngineProcess.RunAsync([
            "keys",
            "rotate",
            "--now",
            "--data",
            server.Data,
            "--set",
            $"Storage:RootKey={RootKey}",
            .. database,
        ]);
        Assert.True(rotated.ExitCode == 0, rotated.Error);
        var fresh = rotated.Output.Split(' ')[2];

        // The server looks by itself; a token of a key that it does not know makes it look sooner. This one is a forgery all the same.
        var forged =
            Base64UrlEncoder.Encode($$"""{"alg":"ES256","typ":"refresh+jwt","kid":"{{fresh}}"}""")
            + "."
            + string.Join('.', old.Split('.')[1..]);
        var waited = System.Diagnostics.Stopwatch.StartNew();
        while (!(await KeysAsync(server)).Contains(fresh) && waited.Elapsed < TimeSpan.FromSeconds(40))
        {
            Assert.Equal(HttpStatusCode.Unauthorized, (await server.PostAsync("/v1/auth/refresh", "{}", forged)).Status);
            await Task.Delay(250, TestContext.Current.CancellationToken);
        }

        Assert.Equal([new JsonWebToken(old).Kid, fresh], await KeysAsync(server));
        await AssertVerifiesAsync(server, old);
        var after = (await server.SignInAsync("ada@example.com")).Get("authInfo").Get("sessionJwt").ToText();
        Assert.Equal(fresh, new JsonWebToken(after).Kid);
        await AssertVerifiesAsync(server, after);

        // The refresh token of the old key still works, and what it gives is of the new one.
        var (status, refreshed, _) = await server.PostAsync("/v1/auth/refresh", "{}", before.Get("refreshJwt").ToText());
        Assert.Equal(HttpStatusCode.OK, status);
        Assert.Equal(fresh, new JsonWebToken(refreshed.Get("sessionJwt").ToText()).Kid);

        // Used again after the next one was used, it ends its login.
        var (_, next, _) = await server.PostAsync("/v1/auth/refresh", "{}", refreshed.Get("refreshJwt").ToText());
        var (reused, problem, _) = await server.PostAsync("/v1/auth/refresh", "{}", before.Get("refreshJwt").ToText());
        var (revoked, _, _) = await server.PostAsync("/v1/auth/refresh", "{}", next.Get("refreshJwt").ToText());
        Assert.Equal(
            (HttpStatusCode.Unauthorized, "token.reused", HttpStatusCode.Unauthorized),
            (reused, problem.Get("errorCode").ToText(), revoked)
        );
    }

    private static async Task<string[]> KeysAsync(ServeProcess server) =>
        FlowValue.Parse(await server.Http.GetStringAsync("/.well-known/jwks.json")).Get("keys").TryGetArray(out var keys)
            ? [.. keys.Select(key => key.Get("kid").ToText())]
            : [];

    private static async Task AssertVerifiesAsync(ServeProcess server, string token)
    {
        var verified = await new JsonWebTokenHandler().ValidateTokenAsync(
            token,
            new TokenValidationParameters
            {
                ValidIssuer = $"{server.Address}/default",
                ValidAudience = "default",
                IssuerSigningKeys = new JsonWebKeySet(await server.Http.GetStringAsync("/.well-known/jwks.json")).GetSigningKeys(),
                ValidAlgorithms = [SecurityAlgorithms.EcdsaSha256],
            }
        );
        Assert.True(verified.IsValid, verified.Exception?.Message);
    }
}
