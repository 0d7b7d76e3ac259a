using System.Net;
using FlowEngine.AspNetCore.Web.Management.Sessions;
using FlowEngine.Context;
using FlowEngine.Execution;
using FlowEngine.Server.Tests.Storage;
using FlowEngine.Storage;
using FlowEngine.TestServers;
using FlowEngine.Workers;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.Extensions.DependencyInjection;

namespace FlowEngine.Server.Tests.Api;

/// <summary>The console's people: the setup link, signing in and out, passwords.</summary>
public sealed class SessionTests(PostgresFixture postgres)
{
    [Theory]
    [ClassData(typeof(BothEngines))]
    public async Task Setup_WithTheLinkOfTheFirstStart_MakesOneAdminOnce(StoreEngine engine)
    {
        await using var server = await ApiServer.StartAsync(engine, postgres);
        Assert.Equal(FlowValue.True, (await server.GetAsync("/api/session", Credential.None)).Body.Get("setupRequired"));
        var token = server.SetupToken!;

        Assert.Equal("console.setup", (await SetUpAsync(server, token + "x")).Code);
        Assert.Equal("console.password", (await SetUpAsync(server, token, password: "too short")).Code);
        Assert.Equal("console.name", (await SetUpAsync(server, token, name: "a b")).Code);
        var all = await Task.WhenAll(Enumerable.Range(0, 5).Select(i => SetUpAsync(server, token, name: $"ann{i}")));

        var session = Assert.Single(all, reply => reply.Status == HttpStatusCode.OK);
        Assert.All(
            all.Where(reply => reply != session),
            reply => Assert.Equal((HttpStatusCode.Forbidden, "console.setup"), (reply.Status, reply.Code))
        );
        Assert.Equal("admin", session.Body.Get("user").Get("role").ToText());
        Assert.Single(
            (await server.GetAsync("/api/users", ApiServer.CredentialIn(session)))
                .Expect(HttpStatusCode.OK)
                .Body.Get("users")
                .ToJson()
                .Split("\"name\"")
                .Skip(1)
        );
        Assert.Equal(FlowValue.False, (await server.GetAsync("/api/session", Credential.None)).Body.Get("setupRequired"));
        Assert.Null(await server.Services.GetRequiredService<SetupTokens>().CreateAsync(TestContext.Current.CancellationToken));
        Assert.Null(
            await server
                .Services.GetRequiredService<SettingStore>()
                .FindAsync("console.setup." + SecretHash.Of(token), TestContext.Current.CancellationToken)
        );
    }

    [Fact]
    public async Task SignIn_GivesACookieThatScriptsAndOtherSitesCannotUse()
    {
        await using var server = await ApiServer.StartAsync(StoreEngine.Sqlite);
        await server.PersonAsync("Ann@example.com", "designer");

        var reply = await server.PostAsync(
            "/api/session",
            $$"""{ "name": "ANN@example.com", "password": "{{ApiServer.Password}}" }""",
            Credential.None
        );

        var cookies = reply.Message.Headers.GetValues("Set-Cookie").Select(cookie => cookie.ToLowerInvariant()).ToList();
        Assert.Equal(2, cookies.Count);
        foreach (var cookie in cookies)
        {
            Assert.Contains("httponly", cookie, StringComparison.Ordinal);
            Assert.Contains("samesite=strict", cookie, StringComparison.Ordinal);
            Assert.Contains("path=/", cookie, StringComparison.Ordinal);
            Assert.DoesNotContain("ann", cookie, StringComparison.Ordinal);
        }
        Assert.Equal(
            ("ann@example.com", "designer"),
            (reply.Body.Get("user").Get("name").ToText(), reply.Body.Get("user").Get("role").ToText())
        );
        var again = await server.GetAsync("/api/session", ApiServer.CredentialIn(reply));
        Assert.Equal(reply.Body.Get("csrfToken"), again.Body.Get("csrfToken"));
        Assert.Equal(FlowValue.Null, (await server.GetAsync("/api/session", Credential.None)).Body.Get("user"));
    }

    [Fact]
    public async Task SignIn_FromAPageOfAnotherSite_IsRefused()
    {
        await using var server = await ApiServer.StartAsync(StoreEngine.Sqlite);
        await server.PersonAsync("ann", "designer");
        var body = $$"""{ "name": "ann", "password": "{{ApiServer.Password}}" }""";

        Assert.Equal(
            "api.csrf",
            (await server.SendAsync("POST", "/api/session", body, Credential.None, ("Sec-Fetch-Site", "cross-site"))).Code
        );
        using var form = new FormUrlEncodedContent([
            KeyValuePair.Create("name", "ann"),
            KeyValuePair.Create("password", ApiServer.Password),
        ]);
        using var posted = await server.Http.PostAsync("/api/session", form, TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.UnsupportedMediaType, posted.StatusCode);
    }

    [Fact]
    public async Task SignIn_WithWrongPasswords_IsLimitedForTheNameAndTheAddress()
    {
        await using var server = await ApiServer.StartAsync(StoreEngine.Sqlite);
        await server.PersonAsync("ann", "designer");

        for (var i = 0; i < SignInLimit.PerName; i++)
            Assert.Equal((HttpStatusCode.Unauthorized, "console.credentials"), Answer(await TryAsync("ann", "wrong wrong wrong")));
        var refused = await TryAsync("ann", ApiServer.Password);
        Assert.Equal((HttpStatusCode.TooManyRequests, "console.too_many_tries"), Answer(refused));
        Assert.InRange(refused.Message.Headers.RetryAfter!.Delta!.Value.TotalSeconds, 1, SignInLimit.FirstWait.TotalSeconds);

        // Somebody else may still sign in from there, until the address has tried too much as well.
        var others = 0;
        while ((await TryAsync($"nobody{others}", "wrong wrong wrong")).Status == HttpStatusCode.Unauthorized)
            others++;
        Assert.Equal(SignInLimit.PerAddress - SignInLimit.PerName, others);

        Task<ApiReply> TryAsync(string name, string password) =>
            server.PostAsync("/api/session", $$"""{ "name": "{{name}}", "password": "{{password}}" }""", Credential.None);
    }

    [Fact]
    public async Task SignIn_StrangersTryTheName_LocksThemOutAndNotThePerson()
    {
        await using var server = await ApiServer.StartAsync(StoreEngine.Sqlite, null, null, "Proxies:Known=127.0.0.1");
        await server.PersonAsync("ann", "admin");
        var known = DeviceIn(await TryAsync("198.51.100.1", ApiServer.Password));

        // From everywhere, from the person's own address too.
        foreach (var address in (string[])["203.0.113.7", "203.0.113.8", "2001:db8:1::1", "198.51.100.1"])
        {
            for (var i = 0; i < SignInLimit.PerName; i++)
                Assert.Equal((HttpStatusCode.Unauthorized, "console.credentials"), Answer(await TryAsync(address, "wrong wrong wrong")));
            Assert.Equal((HttpStatusCode.TooManyRequests, "console.too_many_tries"), Answer(await TryAsync(address, ApiServer.Password)));
        }

        // At home on another device, and on a known one wherever it is: strangers cost the person nothing.
        (await TryAsync("192.0.2.1", ApiServer.Password)).Expect(HttpStatusCode.OK);
        (await TryAsync("198.51.100.1", ApiServer.Password, known)).Expect(HttpStatusCode.OK);
        // A known device is no way around: it has tries of its own.
        for (var i = 0; i < SignInLimit.PerName; i++)
            Assert.Equal(HttpStatusCode.Unauthorized, (await TryAsync("192.0.2.1", "wrong wrong wrong", known)).Status);
        Assert.Equal(HttpStatusCode.TooManyRequests, (await TryAsync("192.0.2.1", ApiServer.Password, known)).Status);

        Task<ApiReply> TryAsync(string address, string password, string? device = null) =>
            server.SendAsync(
                "POST",
                "/api/session",
                $$"""{ "name": "ann", "password": "{{password}}" }""",
                new Credential(Cookie: device),
                ("X-Forwarded-For", address)
            );

        static string DeviceIn(ApiReply reply) =>
            reply
                .Expect(HttpStatusCode.OK)
                .Message.Headers.GetValues("Set-Cookie")
                .Single(cookie => cookie.StartsWith("flowengine-device-", StringComparison.Ordinal))
                .Split(';')[0];
    }

    [Fact]
    public async Task SignIn_QueueIsFull_IsA503ThatDoesNotCount()
    {
        await using var server = await ApiServer.StartAsync(StoreEngine.Sqlite);
        await server.PersonAsync("ann", "admin");
        var limit = server.Services.GetRequiredService<SignInLimit>();
        var before = limit.Counters;
        using (var queue = new FullQueue(server.Services.GetRequiredService<ConsolePasswords>().Strangers))
        {
            // More than there are tries of a name. No name is counted, only the address and its network, and apart from the tries.
            for (var i = 0; i < SignInLimit.PerName + 5; i++)
            {
                var refused = await SignInAsync(server, "127.0.0.1");
                Assert.Equal((HttpStatusCode.ServiceUnavailable, "console.busy"), Answer(refused));
                Assert.InRange(refused.Message.Headers.RetryAfter!.Delta!.Value.TotalSeconds, 1, 10);
            }
            Assert.Equal(before + 2, limit.Counters);
        }
        (await SignInAsync(server, "127.0.0.1")).Expect(HttpStatusCode.OK);
    }

    [Fact]
    public async Task SignIn_FloodOfManyNames_EndsItselfAndForgetsNoWait()
    {
        await using var server = await ApiServer.StartAsync(StoreEngine.Sqlite, null, null, "Proxies:Known=127.0.0.1");
        await server.PersonAsync("ann", "admin");
        for (var i = 0; i < SignInLimit.PerName; i++)
            Assert.Equal(HttpStatusCode.Unauthorized, (await SignInAsync(server, "198.51.100.1", password: "wrong wrong wrong")).Status);

        using (var queue = new FullQueue(server.Services.GetRequiredService<ConsolePasswords>().Strangers))
        {
            var answers = new List<HttpStatusCode>();
            for (var i = 0; i < SignInLimit.PerNetwork + 20; i++)
                answers.Add((await SignInAsync(server, $"203.0.113.{i % 6}", $"name{i}")).Status);
            // No address had more than its share, and then the whole network waits, another of its addresses too.
            Assert.Equal(SignInLimit.PerNetwork, answers.Count(status => status == HttpStatusCode.ServiceUnavailable));
            Assert.All(answers[SignInLimit.PerNetwork..], status => Assert.Equal(HttpStatusCode.TooManyRequests, status));
            Assert.Equal(HttpStatusCode.TooManyRequests, (await SignInAsync(server, "203.0.113.99", "another")).Status);
        }
        Assert.Equal(HttpStatusCode.TooManyRequests, (await SignInAsync(server, "198.51.100.1")).Status);
    }

    [Fact]
    public async Task SignIn_StrangersFillTheQueue_KnownDevicesAndSessionsHaveTheirOwn()
    {
        await using var server = await ApiServer.StartAsync(StoreEngine.Sqlite);
        await server.PersonAsync("ann", "admin");
        var first = (await SignInAsync(server, "127.0.0.1")).Expect(HttpStatusCode.OK);
        var known = first
            .Message.Headers.GetValues("Set-Cookie")
            .Single(cookie => cookie.StartsWith("flowengine-device-", StringComparison.Ordinal))
            .Split(';')[0];
        using var queue = new FullQueue(server.Services.GetRequiredService<ConsolePasswords>().Strangers);

        Assert.Equal(HttpStatusCode.ServiceUnavailable, (await SignInAsync(server, "127.0.0.1")).Status);
        var session = ApiServer.CredentialIn((await SignInAsync(server, "127.0.0.1", device: known)).Expect(HttpStatusCode.OK));
        (
            await server.PostAsync(
                "/api/session/password",
                $$"""{ "current": "{{ApiServer.Password}}", "password": "a new password" }""",
                session
            )
        ).Expect(HttpStatusCode.NoContent);
        (await server.PostAsync("/api/users", """{ "name": "bea", "password": "long enough it is", "role": "viewer" }""")).Expect(
            HttpStatusCode.Created
        );
    }

    [Fact]
    public async Task SignIn_OneNetwork_HasTwoPlacesAndOthersHaveTheirTurn()
    {
        var strangers = new ConsolePasswords().Strangers;
        using var gate = new ManualResetEventSlim();
        var order = new List<string>();
        var network = ((string[])["running", "first", "second"])
            .Select(name => strangers.RunAsync("203.0.113.0/24", () => Pass(name), TestContext.Current.CancellationToken).AsTask())
            .ToList();
        Assert.Null(strangers.TryEnter("203.0.113.0/24"));
        network.Add(strangers.RunAsync("198.51.100.0/24", () => Pass("other"), TestContext.Current.CancellationToken).AsTask());
        gate.Set();
        Assert.All(await Task.WhenAll(network), answer => Assert.Equal(WorkersBusy.No, answer.Busy));
        Assert.Equal(["running", "first", "other", "second"], order);

        bool Pass(string name)
        {
            gate.Wait(TestContext.Current.CancellationToken);
            order.Add(name);
            return true;
        }
    }

    [Fact]
    public async Task Sessions_EndWithThePasswordTheRoleAndThePerson()
    {
        await using var server = await ApiServer.StartAsync(StoreEngine.Sqlite);
        var (first, second) = (await server.PersonAsync("ann", "designer"), await server.SignInAsync("ann"));

        var changed = (
            await server.PostAsync(
                "/api/session/password",
                $$"""{ "current": "{{ApiServer.Password}}", "password": "a new password" }""",
                first
            )
        ).Expect(HttpStatusCode.NoContent);
        Assert.Equal("api.unauthorized", (await server.GetAsync("/api/flows", first)).Code);
        Assert.Equal("api.unauthorized", (await server.GetAsync("/api/flows", second)).Code);
        // The page that changed it goes on, with the CSRF token that it has.
        var next = first with
        {
            Cookie = changed.Message.Headers.GetValues("Set-Cookie").Single().Split(';')[0],
        };
        (await server.PostAsync("/api/flows/validate", """{ "definition": {} }""", next)).Expect(HttpStatusCode.OK);

        (await server.SendAsync("PATCH", "/api/users/ann", """{ "role": "viewer" }""")).Expect(HttpStatusCode.NoContent);
        Assert.Equal("api.unauthorized", (await server.GetAsync("/api/flows", next)).Code);
        var viewer = await server.SignInAsync("ann", "a new password");
        (await server.DeleteAsync("/api/users/ann")).Expect(HttpStatusCode.NoContent);
        Assert.Equal("api.unauthorized", (await server.GetAsync("/api/flows", viewer)).Code);
    }

    [Theory]
    [ClassData(typeof(BothEngines))]
    public async Task SignOut_EndsEveryCopyOfTheCookie(StoreEngine engine)
    {
        await using var server = await ApiServer.StartAsync(engine, postgres);
        var ann = await server.PersonAsync("ann", "designer");
        var elsewhere = await server.SignInAsync("ann");
        var copy = ann with { };
        (await server.GetAsync("/api/runs", copy)).Expect(HttpStatusCode.OK);

        (await server.DeleteAsync("/api/session", ann)).Expect(HttpStatusCode.NoContent);

        (await server.GetAsync("/api/runs", copy)).Expect(HttpStatusCode.Unauthorized);
        (await server.PostAsync("/api/flows/validate", """{ "definition": {} }""", copy)).Expect(HttpStatusCode.Unauthorized);
        Assert.Equal(FlowValue.Null, (await server.GetAsync("/api/session", copy)).Body.Get("user"));
        // The session on her other machine goes on.
        (await server.GetAsync("/api/runs", elsewhere)).Expect(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Session_WhoseCookieNamesNoneThatIsStored_CountsForNothing()
    {
        await using var server = await ApiServer.StartAsync(StoreEngine.Sqlite);
        var ann = await server.PersonAsync("ann", "admin");
        var user = (await server.Services.GetRequiredService<UserStore>().FindAsync("ann", TestContext.Current.CancellationToken))!;
        var protector = server.Services.GetRequiredService<IDataProtectionProvider>().CreateProtector("FlowEngine.Console", "session");
        var session = ConsoleSession.Begin(user, "token", TimeProvider.System.GetUtcNow());
        string Cookie(ConsoleSession held) => "flowengine-console=" + protector.Protect(held.ToText());

        // As a cookie of the release before has no id, and one of a backup an id of then.
        foreach (var held in new[] { session, session with { Id = "" } })
            (await server.GetAsync("/api/runs", new Credential(Cookie: Cookie(held)))).Expect(HttpStatusCode.Unauthorized);
        await server
            .Services.GetRequiredService<ConsoleSessionStore>()
            .AddAsync(session.Id, "ann", TimeProvider.System.GetUtcNow().AddHours(1), null, TestContext.Current.CancellationToken);
        (await server.GetAsync("/api/runs", new Credential(Cookie: Cookie(session)))).Expect(HttpStatusCode.OK);
        (await server.GetAsync("/api/runs", new Credential(Cookie: Cookie(session with { Name = "bob" })))).Expect(
            HttpStatusCode.Unauthorized
        );
        (await server.GetAsync("/api/runs", ann)).Expect(HttpStatusCode.OK);
    }

    [Fact]
    public async Task SignOut_TakesTheCookieAway()
    {
        await using var server = await ApiServer.StartAsync(StoreEngine.Sqlite);
        var ann = await server.PersonAsync("ann", "viewer");

        var reply = (await server.DeleteAsync("/api/session", ann)).Expect(HttpStatusCode.NoContent);

        Assert.Contains(
            "expires=thu, 01 jan 1970",
            reply.Message.Headers.GetValues("Set-Cookie").Single().ToLowerInvariant(),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task TheLastAdmin_Stays()
    {
        await using var server = await ApiServer.StartAsync(StoreEngine.Sqlite);
        await server.PersonAsync("ann", "admin");

        Assert.Equal((HttpStatusCode.Conflict, "console.last_admin"), Answer(await server.DeleteAsync("/api/users/ann")));
        Assert.Equal(
            (HttpStatusCode.Conflict, "console.last_admin"),
            Answer(await server.SendAsync("PATCH", "/api/users/ann", """{ "role": "viewer" }"""))
        );
        await server.PersonAsync("bea", "admin");
        (await server.DeleteAsync("/api/users/ann")).Expect(HttpStatusCode.NoContent);
        Assert.Equal((HttpStatusCode.NotFound, "api.not_found"), Answer(await server.DeleteAsync("/api/users/ann")));
        Assert.Equal(
            (HttpStatusCode.Conflict, "console.user_exists"),
            Answer(await server.PostAsync("/api/users", """{ "name": "BEA", "password": "long enough it is", "role": "viewer" }"""))
        );
        Assert.Equal(
            (HttpStatusCode.UnprocessableEntity, "console.role"),
            Answer(await server.PostAsync("/api/users", """{ "name": "cleo", "password": "long enough it is", "role": "owner" }"""))
        );
    }

    private static (HttpStatusCode, string) Answer(ApiReply reply) => (reply.Status, reply.Code);

    private static Task<ApiReply> SetUpAsync(ApiServer server, string token, string name = "ann", string password = ApiServer.Password) =>
        server.PostAsync("/api/setup", $$"""{ "token": "{{token}}", "name": "{{name}}", "password": "{{password}}" }""", Credential.None);

    private static Task<ApiReply> SignInAsync(
        ApiServer server,
        string address,
        string name = "ann",
        string password = ApiServer.Password,
        string? device = null
    ) =>
        server.SendAsync(
            "POST",
            "/api/session",
            $$"""{ "name": "{{name}}", "password": "{{password}}" }""",
            new Credential(Cookie: device),
            ("X-Forwarded-For", address)
        );

    /// <summary>Workers without a place for anybody, as long as it is not disposed
    /// of. Nothing runs, so nothing has to be released in time.</summary>
    private sealed class FullQueue : IDisposable
    {
        private readonly List<FairPlace> _places = [];

        public FullQueue(FairWorkers workers)
        {
            while (workers.TryEnter($"network {_places.Count}") is { } place)
                _places.Add(place);
        }

        public void Dispose()
        {
            foreach (var place in _places)
                place.Dispose();
        }
    }
}
