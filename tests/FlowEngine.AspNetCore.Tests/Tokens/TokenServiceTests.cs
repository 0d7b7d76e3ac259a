using FlowEngine.AspNetCore.Runs;
using FlowEngine.AspNetCore.Tokens;
using FlowEngine.Context;
using FlowEngine.Execution;
using FlowEngine.Json;
using FlowEngine.Storage;
using FlowEngine.TestServers;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace FlowEngine.AspNetCore.Tests.Tokens;

public sealed class TokenServiceTests(PostgresFixture postgres)
{
    private const string Issuer = "https://login.example/default";

    private static CancellationToken Stop => TestStorage.Stop;

    private static SessionContent Content { get; } =
        new()
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
        // The refresh token says nothing to anybody: nothing that verifies tokens can take it for one.
        Assert.Matches(@"\A[A-Za-z0-9_-]{88}\z", tokens.RefreshJwt);
        await Assert.ThrowsAnyAsync<Exception>(() => VerifyAsync(node, tokens.RefreshJwt, "shop"));
        Assert.NotEqual(tokens.RefreshJwt, node.Tokens.Issue(Content).Tokens.RefreshJwt);
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
        var family = (await test.Storage.RefreshFamilies.FindAsync(node.Read(login.RefreshJwt).Family, Stop))!;
        Assert.Equal(TestStorage.Start.AddDays(28), (DateTimeOffset)family.ExpiresAt);
        Assert.Equal(family.Id, node.Read(answer.Tokens.RefreshJwt).Family);
        Assert.NotEqual(node.Read(login.RefreshJwt).Id, node.Read(answer.Tokens.RefreshJwt).Id);
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
        var last = (await node.Tokens.RefreshAsync(next.RefreshJwt, Stop)).Tokens!;
        test.Time.Advance(TimeSpan.FromSeconds(11));

        Assert.Equal(TokenErrors.Reused, (await node.Tokens.RefreshAsync(login.RefreshJwt, Stop)).Problem);

        Assert.Equal(TokenErrors.Revoked, (await node.Tokens.RefreshAsync(last.RefreshJwt, Stop)).Problem);
        Assert.Equal(TokenErrors.Revoked, (await node.Tokens.RefreshAsync(login.RefreshJwt, Stop)).Problem);
        Assert.Null((await node.Tokens.RefreshAsync(other.RefreshJwt, Stop)).Problem);
    }

    /// <summary>A server that stored the exchange and went down before its answer arrived, five times, for as long as it likes.</summary>
    [Theory]
    [ClassData(typeof(BothEngines))]
    public async Task Refresh_AnswerLostInAnyOutage_IsGivenAgain(StoreEngine engine)
    {
        await using var test = await TestStorage.CreateAsync(engine, postgres);
        using var first = await Node.OpenAsync(test);
        var held = await first.LoginAsync();

        foreach (
            var outage in new[]
            {
                TimeSpan.FromSeconds(13),
                TimeSpan.FromSeconds(13),
                TimeSpan.FromMinutes(7),
                TimeSpan.FromHours(5),
                TimeSpan.FromDays(3),
            }
        )
        {
            var lost = (await first.Tokens.RefreshAsync(held.RefreshJwt, Stop)).Tokens!;
            test.Time.Advance(outage);
            using var next = await Node.OpenAsync(test, await test.OpenAsync());

            var answer = await next.Tokens.RefreshAsync(held.RefreshJwt, Stop);
            // Once more, because that answer may be lost as well.
            var again = await next.Tokens.RefreshAsync(held.RefreshJwt, Stop);

            Assert.Null(answer.Problem);
            Assert.Equal((lost.RefreshJwt, lost.RefreshJwt), (answer.Tokens!.RefreshJwt, again.Tokens!.RefreshJwt));
            Assert.Equal(test.Time.GetUtcNow().AddMinutes(10), answer.Tokens.SessionExpiration);
            held = answer.Tokens;
        }
        // One exchange whose answer arrived, and the next outages are as good as the first.
        held = (await first.Tokens.RefreshAsync(held.RefreshJwt, Stop)).Tokens!;
        var once = (await first.Tokens.RefreshAsync(held.RefreshJwt, Stop)).Tokens!;
        test.Time.Advance(TimeSpan.FromHours(1));
        Assert.Equal(once.RefreshJwt, (await first.Tokens.RefreshAsync(held.RefreshJwt, Stop)).Tokens?.RefreshJwt);
    }

    /// <summary>Whoever holds a copy and waits until its owner has exchanged each token
    /// gets what the owner got, and no branch of their own; and not for long.</summary>
    [Theory]
    [ClassData(typeof(BothEngines))]
    public async Task Refresh_ThiefWhoAlwaysComesSecond_IsBetrayed(StoreEngine engine)
    {
        await using var test = await TestStorage.CreateAsync(engine, postgres);
        using var node = await Node.OpenAsync(test);
        var held = await node.LoginAsync();
        for (var i = 0; i < new TokenRules { Issuer = Issuer, Audience = "default" }.LateRepeats; i++)
        {
            var next = (await node.Tokens.RefreshAsync(held.RefreshJwt, Stop)).Tokens!;
            test.Time.Advance(TimeSpan.FromMinutes(1));
            Assert.Equal(next.RefreshJwt, (await node.Tokens.RefreshAsync(held.RefreshJwt, Stop)).Tokens?.RefreshJwt);
            test.Time.Advance(TimeSpan.FromMinutes(9));
            held = next;
        }

        var last = (await node.Tokens.RefreshAsync(held.RefreshJwt, Stop)).Tokens!;
        test.Time.Advance(TimeSpan.FromMinutes(1));

        Assert.Equal(TokenErrors.Reused, (await node.Tokens.RefreshAsync(held.RefreshJwt, Stop)).Problem);
        Assert.Equal(TokenErrors.Revoked, (await node.Tokens.RefreshAsync(last.RefreshJwt, Stop)).Problem);
    }

    [Theory]
    [ClassData(typeof(BothEngines))]
    public async Task Refresh_ThiefWhoIsQuickNowAndThen_IsBetrayedToo(StoreEngine engine)
    {
        await using var test = await TestStorage.CreateAsync(engine, postgres);
        using var node = await Node.OpenAsync(test);
        var held = await node.LoginAsync();
        for (var i = 0; i < 2 * new TokenRules { Issuer = Issuer, Audience = "default" }.LateRepeats; i++)
        {
            var next = (await node.Tokens.RefreshAsync(held.RefreshJwt, Stop)).Tokens!;
            test.Time.Advance(i % 2 == 0 ? TimeSpan.FromMinutes(1) : TimeSpan.FromSeconds(1));
            Assert.Equal(next.RefreshJwt, (await node.Tokens.RefreshAsync(held.RefreshJwt, Stop)).Tokens?.RefreshJwt);
            test.Time.Advance(TimeSpan.FromMinutes(9));
            held = next;
        }

        _ = await node.Tokens.RefreshAsync(held.RefreshJwt, Stop);
        test.Time.Advance(TimeSpan.FromMinutes(1));

        Assert.Equal(TokenErrors.Reused, (await node.Tokens.RefreshAsync(held.RefreshJwt, Stop)).Problem);
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

        var answers = await Task.WhenAll(
            Enumerable.Range(0, 20).Select(i => Task.Run(() => (i % 2 == 0 ? first : second).Tokens.RefreshAsync(login.RefreshJwt, Stop)))
        );

        Assert.All(answers, answer => Assert.Null(answer.Problem));
        var successor = Assert.Single(answers.Select(answer => answer.Tokens!.RefreshJwt).Distinct());
        var family = (await test.Storage.RefreshFamilies.FindAsync(first.Read(login.RefreshJwt).Family, Stop))!;
        Assert.Equal(
            (SecretHash.Of(first.Read(successor).Id), SecretHash.Of(first.Read(login.RefreshJwt).Id)),
            (family.CurrentHash, family.PreviousHash)
        );
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

        var answers = await Task.WhenAll(
            Enumerable.Range(0, 8).Select(i => Task.Run(() => node.Tokens.RefreshAsync(login.RefreshJwt, Stop)))
        );

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
        var session = login.SessionJwt.Split('.');
        var unknown = new RefreshToken(node.Read(login.RefreshJwt).Family, RefreshToken.New().Id).Write(new byte[32]);
        var former = (await node.FormerLoginAsync()).Split('.');
        string[] tokens =
        [
            "",
            " ",
            "x",
            "a.b.c",
            "...",
            new string('a', 88),
            new string('a', 100_000),
            "\0",
            "ü.ü.ü",
            new string('ü', 88),
            login.SessionJwt,
            login.RefreshJwt + "x",
            login.RefreshJwt[..^1],
            login.RefreshJwt + "=",
            $" {login.RefreshJwt}",
            unknown,
            string.Concat(login.RefreshJwt.Reverse()),
            // The same family, and an id that nobody gave: it must not end the login either.
            login.RefreshJwt[..30]
                + (login.RefreshJwt[30] == 'A' ? 'B' : 'A')
                + login.RefreshJwt[31..],
            $"{former[0]}.{former[1]}.",
            $"{former[0]}.{former[1]}.{session[2]}",
            $"{Base64UrlEncoder.Encode("""{"alg":"none","typ":"refresh+jwt"}""")}.{former[1]}.",
            $"{Base64UrlEncoder.Encode($$"""{"alg":"HS256","typ":"refresh+jwt","kid":"{{node.Keys.Current.Id}}"}""")}"
                + $".{former[1]}.{former[2]}",
            $"{former[0]}.{session[1]}.{former[2]}",
            await node.FormerLoginAsync(key: SigningKey.Ephemeral()),
            await node.FormerLoginAsync(type: "JWT"),
            await node.FormerLoginAsync(audience: "shop"),
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
    public async Task Refresh_TokenOfTheReleaseBefore_IsExchangedOnceForAnOpaqueOne(StoreEngine engine)
    {
        await using var test = await TestStorage.CreateAsync(engine, postgres);
        using var node = await Node.OpenAsync(test);
        var (former, ended) = (await node.FormerLoginAsync(), await node.FormerLoginAsync());

        var answer = await node.Tokens.RefreshAsync(former, Stop);

        Assert.Null(answer.Problem);
        Assert.DoesNotContain('.', answer.Tokens!.RefreshJwt);
        var next = await node.Tokens.RefreshAsync(answer.Tokens.RefreshJwt, Stop);
        Assert.Null(next.Problem);
        Assert.Equal(TokenErrors.Reused, (await node.Tokens.RefreshAsync(former, Stop)).Problem);
        Assert.Equal(TokenErrors.Revoked, (await node.Tokens.RefreshAsync(next.Tokens!.RefreshJwt, Stop)).Problem);
        Assert.Null(await node.Tokens.LogoutAsync(ended, everywhere: false, Stop));
        Assert.Equal(TokenErrors.Revoked, (await node.Tokens.RefreshAsync(ended, Stop)).Problem);
    }

    [Fact]
    public async Task Refresh_TokenOfTheReleaseBeforeWhoseKeyIsGone_IsRefused()
    {
        await using var test = await TestStorage.CreateAsync(StoreEngine.Sqlite, postgres);
        using var node = await Node.OpenAsync(test);
        var former = await node.FormerLoginAsync();

        await node.Keys.RotateAsync(atOnce: true, "tests", Stop);
        test.Time.Advance(TimeSpan.FromHours(25));
        await node.Keys.RefreshAsync(Stop);
        test.Time.Advance(TimeSpan.FromMinutes(1));
        await node.Keys.RefreshAsync(Stop);

        Assert.Equal(TokenErrors.Invalid, (await node.Tokens.RefreshAsync(former, Stop)).Problem);
    }

    [Theory]
    [ClassData(typeof(BothEngines))]
    public async Task Rotation_TokensOfTheOldKey_StayValid(StoreEngine engine)
    {
        await using var test = await TestStorage.CreateAsync(engine, postgres);
        using var node = await Node.OpenAsync(test);
        var before = await node.LoginAsync();

        var fresh = await node.Keys.RotateAsync(atOnce: false, "tests", Stop);
        test.Time.Advance(TimeSpan.FromMinutes(5));

        Assert.NotEqual(fresh, (await VerifyAsync(node, before.SessionJwt, "shop")).Kid);
        var answer = await node.Tokens.RefreshAsync(before.RefreshJwt, Stop);
        Assert.Null(answer.Problem);
        Assert.Equal(fresh, (await VerifyAsync(node, answer.Tokens!.SessionJwt, "shop")).Kid);
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
        var result = await new JsonWebTokenHandler().ValidateTokenAsync(
            token,
            new TokenValidationParameters
            {
                ValidIssuer = Issuer,
                ValidAudience = audience,
                ValidAlgorithms = ["ES256"],
                IssuerSigningKeys = set.GetSigningKeys(),
                LifetimeValidator = (_, expires, _, _) => new DateTimeOffset(expires!.Value, TimeSpan.Zero) > node.Time.GetUtcNow(),
            }
        );
        return result.IsValid ? (JsonWebToken)result.SecurityToken : throw result.Exception;
    }

    /// <summary>Per test: a node's keys and tokens.</summary>
    private sealed class Node(ServerStorage storage, SigningKeys keys, TokenRules options, TimeProvider time) : IDisposable
    {
        public SigningKeys Keys => keys;

        public TimeProvider Time => time;

        public TokenService Tokens { get; } = new(keys, storage, options, time);

        public static async Task<Node> OpenAsync(TestStorage test, ServerStorage? storage = null, TimeSpan? grace = null)
        {
            storage ??= test.Storage;
            var options = new TokenRules { Issuer = Issuer, Audience = "default" };
            return new Node(
                storage,
                await SigningKeys.OpenAsync(storage.SigningKeys, test.Time, Stop),
                grace is null ? options : options with { RefreshGrace = grace.Value, LateRepeats = 0 },
                test.Time
            );
        }

        /// <summary>What a refresh token holds.</summary>
        public RefreshToken Read(string text) => RefreshToken.Read(text, storage.RootKey.Derive("refresh token code"))!;

        /// <summary>A login of the release before: its refresh token was a JWT.</summary>
        public async Task<string> FormerLoginAsync(
            string type = FormerRefreshToken.Type,
            string audience = Issuer + "/refresh",
            SigningKey? key = null
        )
        {
            var (family, id) = (RunId.New(), RunId.New());
            await storage.RefreshFamilies.AddAsync(
                Tokens.Issue(Content).Family with
                {
                    Id = family,
                    CurrentHash = SecretHash.Of(id),
                },
                Stop
            );
            var expires = time.GetUtcNow().AddDays(28).ToUnixTimeSeconds();
            return new JsonWebTokenHandler { SetDefaultTimesOnTokenCreation = false }.CreateToken(
                $$"""{"iss":"{{Issuer}}","aud":"{{audience}}","sub":"u-1","exp":{{expires}},"jti":"{{id}}","fam":"{{family}}"}""",
                new SigningCredentials((key ?? keys.Current).Key, SecurityAlgorithms.EcdsaSha256),
                new Dictionary<string, object> { ["typ"] = type }
            );
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
