using FlowEngine.Context;
using FlowEngine.Json;
using FlowEngine.Server.Runs;
using FlowEngine.Server.Storage;
using FlowEngine.Server.Tests.Storage;
using FlowEngine.Server.Tokens;
using FlowEngine.TestServers;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace FlowEngine.Server.Tests.Tokens;

public sealed class TokenServiceTests(PostgresFixture postgres)
{
    private const string Issuer = "https://login.example/default";

    private static CancellationToken Stop => TestStorage.Stop;

    private static SessionContent Content { get; } = new()
    {
        Subject = "u-1",
        Audience = "shop",
        SessionMinutes = 10,
        RefreshDays = 28,
        Claims = FlowValue.Parse("""{"region":"eu","level":3,"flags":[true,null],"deep":{"a":1.5}}"""),
        User = FlowValue.Parse("""{"userId":"u-1","email":"ada@example.com"}"""),
    };

    [Fact]
    public async Task Issue_Tokens_VerifyAgainstTheKeySet()
    {
        await using var test = await TestStorage.CreateAsync(StoreEngine.Sqlite, postgres);
        using var node = await Node.OpenAsync(test);

        var tokens = node.Tokens.Issue(Content).Tokens;

        var session = await VerifyAsync(node, tokens.SessionJwt, "shop");
        Assert.Equal("{\"region\":\"eu\",\"level\":3,\"flags\":[true,null],\"deep\":{\"a\":1.5}}", Claims(session));
        Assert.Equal(TestStorage.Start.AddMinutes(10), tokens.SessionExpiration);
        var refresh = await VerifyAsync(node, tokens.RefreshJwt, Issuer + "/refresh");
        Assert.Equal(TestStorage.Start.AddDays(28), new DateTimeOffset(refresh.ValidTo, TimeSpan.Zero));
        Assert.Equal("u-1", refresh.Subject);
        Assert.Equal("refresh+jwt", refresh.Typ);
        // A service that checks the audience never takes the one for the other.
        await Assert.ThrowsAnyAsync<Exception>(() => VerifyAsync(node, tokens.RefreshJwt, "shop"));
    }

    [Theory]
    [ClassData(typeof(BothEngines))]
    public async Task Refresh_CurrentToken_GivesASessionThatSaysTheSame(StoreEngine engine)
    {
        await using var test = await TestStorage.CreateAsync(engine, postgres);
        using var node = await Node.OpenAsync(test);
        var login = await node.LoginAsync();
        test.Time.Advance(TimeSpan.FromDays(3));

        var answer = await node.Tokens.RefreshAsync(login.RefreshJwt, Stop);

        Assert.Null(answer.Problem);
        var session = await VerifyAsync(node, answer.Tokens!.SessionJwt, "shop");
        Assert.Equal("{\"region\":\"eu\",\"level\":3,\"flags\":[true,null],\"deep\":{\"a\":1.5}}", Claims(session));
        Assert.Equal(("u-1", TestStorage.Start.AddDays(3).AddMinutes(10)), (session.Subject, answer.Tokens.SessionExpiration));
        Assert.Equal(Content.User, answer.User);
        Assert.Equal(Content.Claims, answer.Claims);
        // However often it is exchanged, the login ends when it was to end.
        Assert.Equal(new JsonWebToken(login.RefreshJwt).ValidTo, new JsonWebToken(answer.Tokens.RefreshJwt).ValidTo);
        Assert.NotEqual(new JsonWebToken(login.RefreshJwt).Id, new JsonWebToken(answer.Tokens.RefreshJwt).Id);
    }

    [Theory]
    [ClassData(typeof(BothEngines))]
    public async Task Refresh_UsedTokenAfterTheGrace_EndsTheWholeLogin(StoreEngine engine)
    {
        await using var test = await TestStorage.CreateAsync(engine, postgres);
        using var node = await Node.OpenAsync(test);
        var login = await node.LoginAsync();
        var other = await node.LoginAsync();
        var next = (await node.Tokens.RefreshAsync(login.RefreshJwt, Stop)).Tokens!;
        test.Time.Advance(TimeSpan.FromSeconds(11));

        Assert.Equal(TokenErrors.Reused, (await node.Tokens.RefreshAsync(login.RefreshJwt, Stop)).Problem);

        Assert.Equal(TokenErrors.Revoked, (await node.Tokens.RefreshAsync(next.RefreshJwt, Stop)).Problem);
        Assert.Equal(TokenErrors.Revoked, (await node.Tokens.RefreshAsync(login.RefreshJwt, Stop)).Problem);
        Assert.Null((await node.Tokens.RefreshAsync(other.RefreshJwt, Stop)).Problem);
    }

    [Theory]
    [ClassData(typeof(BothEngines))]
    public async Task Refresh_GrandparentEvenWithinTheGrace_EndsTheWholeLogin(StoreEngine engine)
    {
        await using var test = await TestStorage.CreateAsync(engine, postgres);
        using var node = await Node.OpenAsync(test);
        var login = await node.LoginAsync();
        var second = (await node.Tokens.RefreshAsync(login.RefreshJwt, Stop)).Tokens!;
        var third = (await node.Tokens.RefreshAsync(second.RefreshJwt, Stop)).Tokens!;

        Assert.Equal(TokenErrors.Reused, (await node.Tokens.RefreshAsync(login.RefreshJwt, Stop)).Problem);
        Assert.Equal(TokenErrors.Revoked, (await node.Tokens.RefreshAsync(third.RefreshJwt, Stop)).Problem);
    }

    [Theory]
    [ClassData(typeof(BothEngines))]
    public async Task Refresh_SameTokenByManyAtOnceOnTwoNodes_OneExchangesAndAllGetItsSuccessor(StoreEngine engine)
    {
        await using var test = await TestStorage.CreateAsync(engine, postgres);
        using var first = await Node.OpenAsync(test);
        using var second = await Node.OpenAsync(test, await test.OpenAsync());
        var login = await first.LoginAsync();

        var answers = await Task.WhenAll(Enumerable.Range(0, 20).Select(i => Task.Run(() => (i % 2 == 0 ? first : second).Tokens.RefreshAsync(login.RefreshJwt, Stop))));

        Assert.All(answers, answer => Assert.Null(answer.Problem));
        var successor = Assert.Single(answers.Select(answer => new JsonWebToken(answer.Tokens!.RefreshJwt).Id).Distinct());
        var family = (await test.Storage.RefreshFamilies.FindAsync(new JsonWebToken(login.RefreshJwt).GetPayloadValue<string>("fam"), Stop))!;
        Assert.Equal((SecretHash.Of(successor), SecretHash.Of(new JsonWebToken(login.RefreshJwt).Id)), (family.CurrentHash, family.PreviousHash));
        // Whichever tab goes on, its token works.
        test.Time.Advance(TimeSpan.FromMinutes(10));
        Assert.Null((await second.Tokens.RefreshAsync(answers[7].Tokens!.RefreshJwt, Stop)).Problem);
    }

    [Theory]
    [ClassData(typeof(BothEngines))]
    public async Task Refresh_WithoutGrace_SecondUseEndsTheLoginAtOnce(StoreEngine engine)
    {
        await using var test = await TestStorage.CreateAsync(engine, postgres);
        using var node = await Node.OpenAsync(test, grace: TimeSpan.FromTicks(-1));
        var login = await node.LoginAsync();

        var answers = await Task.WhenAll(Enumerable.Range(0, 8).Select(i => Task.Run(() => node.Tokens.RefreshAsync(login.RefreshJwt, Stop))));

        var won = Assert.Single(answers, answer => answer.Tokens is not null);
        Assert.Contains(answers, answer => answer.Problem == TokenErrors.Reused);
        Assert.Equal(TokenErrors.Revoked, (await node.Tokens.RefreshAsync(won.Tokens!.RefreshJwt, Stop)).Problem);
    }

    [Theory]
    [ClassData(typeof(BothEngines))]
    public async Task Logout_EndsOneLoginOrAll(StoreEngine engine)
    {
        await using var test = await TestStorage.CreateAsync(engine, postgres);
        using var node = await Node.OpenAsync(test);
        var (first, second, third) = (await node.LoginAsync(), await node.LoginAsync(), await node.LoginAsync());
        var stranger = await node.LoginAsync(Content with { Subject = "u-2" });

        Assert.Null(await node.Tokens.LogoutAsync(first.RefreshJwt, everywhere: false, Stop));
        Assert.Null(await node.Tokens.LogoutAsync(first.RefreshJwt, everywhere: false, Stop));
        Assert.Equal(TokenErrors.Revoked, (await node.Tokens.RefreshAsync(first.RefreshJwt, Stop)).Problem);
        Assert.Equal(TokenErrors.Revoked, await node.Tokens.LogoutAsync(first.RefreshJwt, everywhere: true, Stop));
        second = (await node.Tokens.RefreshAsync(second.RefreshJwt, Stop)).Tokens!;

        Assert.Null(await node.Tokens.LogoutAsync(second.RefreshJwt, everywhere: true, Stop));
        Assert.Equal(TokenErrors.Revoked, (await node.Tokens.RefreshAsync(second.RefreshJwt, Stop)).Problem);
        Assert.Equal(TokenErrors.Revoked, (await node.Tokens.RefreshAsync(third.RefreshJwt, Stop)).Problem);
        Assert.Null((await node.Tokens.RefreshAsync(stranger.RefreshJwt, Stop)).Problem);
    }

    [Fact]
    public async Task Refresh_AfterItsEnd_IsExpired()
    {
        await using var test = await TestStorage.CreateAsync(StoreEngine.Sqlite, postgres);
        using var node = await Node.OpenAsync(test);
        var login = await node.LoginAsync();
        test.Time.Advance(TimeSpan.FromDays(28) - TimeSpan.FromSeconds(1));
        var last = await node.Tokens.RefreshAsync(login.RefreshJwt, Stop);
        Assert.Null(last.Problem);
        test.Time.Advance(TimeSpan.FromSeconds(2));
        Assert.Equal(TokenErrors.Expired, (await node.Tokens.RefreshAsync(last.Tokens!.RefreshJwt, Stop)).Problem);
        test.Time.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal(TokenErrors.Expired, (await node.Tokens.RefreshAsync(last.Tokens!.RefreshJwt, Stop)).Problem);
    }

    [Fact]
    public async Task Refresh_AnythingElse_IsInvalid()
    {
        await using var test = await TestStorage.CreateAsync(StoreEngine.Sqlite, postgres);
        using var node = await Node.OpenAsync(test);
        var login = await node.LoginAsync();
        var parts = login.RefreshJwt.Split('.');
        var forged = FlowValue.Parse(Base64UrlEncoder.Decode(parts[1]));
        string Payload(string name, string value) =>
            Base64UrlEncoder.Encode(FlowValue.From(forged.TryGetObject(out var o) ? o.With(name, FlowValue.From(value)) : FlowObject.Empty).ToJson());
        using var stranger = System.Security.Cryptography.ECDsa.Create(System.Security.Cryptography.ECCurve.NamedCurves.nistP256);
        string[] tokens =
        [
            "", " ", "x", "a.b.c", "...", new string('a', 100_000), "\0", "ü.ü.ü", login.SessionJwt, login.RefreshJwt + "x", $"{parts[0]}.{parts[1]}.",
            $"{Base64UrlEncoder.Encode("""{"alg":"none","typ":"refresh+jwt"}""")}.{parts[1]}.",
            $"{Base64UrlEncoder.Encode($$"""{"alg":"HS256","typ":"refresh+jwt","kid":"{{node.Keys.Current.Id}}"}""")}.{parts[1]}.{parts[2]}",
            $"{parts[0]}.{Payload("sub", "admin")}.{parts[2]}",
            $"{parts[0]}.{Payload("fam", "other")}.{parts[2]}",
            new TokenIssuer(SigningKey.Ephemeral(), Issuer, "x", test.Time).Sign(forged, "refresh+jwt"),
            new TokenIssuer(() => node.Keys.Current, Issuer, "x", test.Time).Sign(forged, "JWT"),
            new TokenIssuer(() => node.Keys.Current, Issuer, "x", test.Time).Sign(FlowValue.Parse("{}"), "refresh+jwt"),
            new TokenIssuer(() => node.Keys.Current, Issuer, "x", test.Time).Sign(FlowValue.Parse($$"""{"iss":"{{Issuer}}","aud":"{{Issuer}}/refresh","jti":"1"}"""), "refresh+jwt"),
        ];

        foreach (var token in tokens)
        {
            Assert.Equal(TokenErrors.Invalid, (await node.Tokens.RefreshAsync(token, Stop)).Problem);
            Assert.Equal(TokenErrors.Invalid, await node.Tokens.LogoutAsync(token, everywhere: true, Stop));
        }
        Assert.Null((await node.Tokens.RefreshAsync(login.RefreshJwt, Stop)).Problem);
    }

    [Theory]
    [ClassData(typeof(BothEngines))]
    public async Task Rotation_TokensOfTheOldKey_StayValid(StoreEngine engine)
    {
        await using var test = await TestStorage.CreateAsync(engine, postgres);
        using var node = await Node.OpenAsync(test);
        var before = await node.LoginAsync();

        var fresh = await node.Keys.RotateAsync(atOnce: false, Stop);
        test.Time.Advance(TimeSpan.FromMinutes(5));

        Assert.NotEqual(fresh, (await VerifyAsync(node, before.SessionJwt, "shop")).Kid);
        var answer = await node.Tokens.RefreshAsync(before.RefreshJwt, Stop);
        Assert.Null(answer.Problem);
        Assert.Equal(fresh, (await VerifyAsync(node, answer.Tokens!.SessionJwt, "shop")).Kid);
        Assert.Equal(fresh, new JsonWebToken(answer.Tokens.RefreshJwt).Kid);
    }

    private static string Claims(JsonWebToken session)
    {
        var payload = FlowValue.Parse(Base64UrlEncoder.Decode(session.EncodedPayload));
        Assert.True(payload.TryGetObject(out var members));
        var custom = new FlowObjectBuilder();
        foreach (var (name, value) in members)
        {
            if (name is not ("iss" or "aud" or "sub" or "iat" or "exp" or "jti"))
                custom.Set(name, value);
        }
        return FlowValue.From(custom.Build()).ToJson();
    }

    /// <summary>Verifies as a service would that knows the key set alone.</summary>
    private static async Task<JsonWebToken> VerifyAsync(Node node, string token, string audience)
    {
        var set = new JsonWebKeySet(System.Text.Encoding.UTF8.GetString(await node.Keys.KeySetAsync(Stop)));
        var result = await new JsonWebTokenHandler().ValidateTokenAsync(token, new TokenValidationParameters
        {
            ValidIssuer = Issuer,
            ValidAudience = audience,
            ValidAlgorithms = ["ES256"],
            IssuerSigningKeys = set.GetSigningKeys(),
            LifetimeValidator = (_, expires, _, _) => new DateTimeOffset(expires!.Value, TimeSpan.Zero) > node.Time.GetUtcNow(),
        });
        return result.IsValid ? (JsonWebToken)result.SecurityToken : throw result.Exception;
    }

    /// <summary>Per test: a node's keys and tokens.</summary>
    private sealed class Node(ServerStorage storage, SigningKeys keys, TokenOptions options, TimeProvider time) : IDisposable
    {
        public SigningKeys Keys => keys;

        public TimeProvider Time => time;

        public TokenService Tokens { get; } = new(keys, storage, options, time);

        public static async Task<Node> OpenAsync(TestStorage test, ServerStorage? storage = null, TimeSpan? grace = null)
        {
            storage ??= test.Storage;
            var options = new TokenOptions { Issuer = Issuer };
            return new Node(storage, await SigningKeys.OpenAsync(storage.SigningKeys, test.Time, Stop), grace is null ? options : options with { RefreshGrace = grace.Value }, test.Time);
        }

        public async Task<IssuedTokens> LoginAsync(SessionContent? content = null)
        {
            var login = Tokens.Issue(content ?? Content);
            await storage.RefreshFamilies.AddAsync(login.Family, Stop);
            return login.Tokens;
        }

        public void Dispose() => keys.Dispose();
    }
}
