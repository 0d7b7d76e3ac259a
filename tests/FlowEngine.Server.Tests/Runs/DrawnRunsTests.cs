using System.Net;
using FlowEngine.AspNetCore.Runs;
using FlowEngine.AspNetCore.Web.Screens;
using FlowEngine.Execution;
using FlowEngine.Server.Tests.Api;
using FlowEngine.Server.Tests.Cli;
using FlowEngine.Server.Tests.Storage;
using FlowEngine.TestServers;

namespace FlowEngine.Server.Tests.Runs;

public sealed class DrawnRunsTests(PostgresFixture postgres)
{
    private const string Flow = """
        { "id": "direct", "start": "user", "access": "public",
          "activities": [ { "id": "user", "type": "SetUser", "user": { "userId": "ada" } }, { "id": "done", "type": "End" } ],
          "connections": [ { "source": "user", "port": "Done", "target": "done" } ] }
        """;

    [Fact]
    public async Task Ticket_IsGoodForItsRunFlowAndBrowserAlone_ForTenMinutes()
    {
        await using var test = await TestStorage.CreateAsync(StoreEngine.Sqlite, postgres);
        var runs = new DrawnRuns(test.Storage.RootKey, test.Time);

        var drawn = runs.Draw("run-1", "login", "browser");

        Assert.True(runs.IsValid(drawn, "login", "browser"));
        Assert.False(runs.IsValid(drawn with { ExecutionId = "run-2" }, "login", "browser"));
        Assert.False(runs.IsValid(drawn, "other", "browser"));
        Assert.False(runs.IsValid(drawn, "login", "another"));
        Assert.False(runs.IsValid(drawn, "login", null));
        foreach (
            var forged in new[]
            {
                "",
                ".",
                "x",
                drawn.Ticket + "x",
                drawn.Ticket[..^1],
                "9999999999." + drawn.Ticket.Split('.')[1],
                "99999999999999999999.x",
                "a.b.c",
            }
        )
            Assert.False(runs.IsValid(drawn with { Ticket = forged }, "login", "browser"));
        test.Time.Advance(DrawnRuns.Lifetime);
        Assert.False(runs.IsValid(drawn, "login", "browser"));
    }

    [Fact]
    public async Task Page_WithoutATicketOfOurs_BeginsNothing()
    {
        using var flows = new Workspace();
        flows.Write("direct.flow.json", Flow);
        await using var server = await ApiServer.StartAsync(StoreEngine.Sqlite, flows: flows.Folder);

        // As a browser does it: the address of the run comes first, and its page begins the run.
        var begun = await server.SendAsync("GET", "/login/direct", null, Credential.None);
        Assert.Equal(HttpStatusCode.SeeOther, begun.Status);
        var address = begun.Message.Headers.Location!.OriginalString;
        var cookies = begun
            .Message.Headers.GetValues("Set-Cookie")
            .Select(cookie => cookie.Split(';')[0])
            .ToDictionary(cookie => cookie.Split('=')[0]);
        Assert.Equal(["fe_browser", "fe_start"], cookies.Keys.Order());
        Assert.Equal(0, await RunsAsync(server));

        // Another id, another browser, no ticket.
        foreach (
            var (path, sent) in new[]
            {
                ($"/login/direct/{RunId.New()}", string.Join("; ", cookies.Values)),
                (address, $"fe_browser={new string('x', 43)}; {cookies["fe_start"]}"),
                (address, cookies["fe_browser"]),
                (address, $"{cookies["fe_browser"]}; fe_start=9999999999.AAAA"),
            }
        )
        {
            Assert.Equal(HttpStatusCode.Gone, (await server.SendAsync("GET", path, null, new Credential(Cookie: sent))).Status);
        }
        Assert.Equal(0, await RunsAsync(server));

        for (var i = 0; i < 2; i++)
        {
            var page = await server.SendAsync("GET", address, null, new Credential(Cookie: string.Join("; ", cookies.Values)));
            Assert.Equal(HttpStatusCode.OK, page.Status);
            Assert.Contains("signed in", page.Text, StringComparison.Ordinal);
        }
        Assert.Equal(1, await RunsAsync(server));
    }

    [Fact]
    public async Task Head_OfARunThatIsDrawn_BeginsNothing()
    {
        using var flows = new Workspace();
        flows.Write("direct.flow.json", Flow);
        await using var server = await ApiServer.StartAsync(StoreEngine.Sqlite, flows: flows.Folder);
        var (address, cookies) = await DrawAsync(server, "/login/direct");

        Assert.Equal(HttpStatusCode.OK, (await server.SendAsync("HEAD", address, null, cookies)).Status);

        Assert.Equal(0, await RunsAsync(server));
    }

    [Fact]
    public async Task Page_ThatBeganItsRun_TakesTheTicketBack()
    {
        using var flows = new Workspace();
        flows.Write("direct.flow.json", Flow);
        await using var server = await ApiServer.StartAsync(StoreEngine.Sqlite, flows: flows.Folder);
        var (address, cookies) = await DrawAsync(server, "/login/direct");

        var page = (await server.SendAsync("GET", address, null, cookies)).Expect(HttpStatusCode.OK);

        Assert.Contains(
            page.Message.Headers.GetValues("Set-Cookie"),
            cookie => cookie.StartsWith("fe_start=;", StringComparison.Ordinal) && cookie.Contains("max-age=0", StringComparison.Ordinal)
        );
        var browser = new Credential(
            Cookie: cookies.Cookie!.Split("; ").Single(cookie => cookie.StartsWith("fe_browser=", StringComparison.Ordinal))
        );
        Assert.Contains(
            "signed in",
            (await server.SendAsync("GET", address, null, browser)).Expect(HttpStatusCode.OK).Text,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task Page_OfARunThatIsRefused_GoesBackToTheApplicationWithoutACode()
    {
        using var flows = new Workspace();
        flows.Write(
            "refusing.flow.json",
            """
            { "id": "refusing", "start": "user", "access": "public", "redirectUris": [ "https://app.example/cb" ],
              "activities": [ { "id": "user", "type": "SetUser", "user": { "userId": "ada" } },
                { "id": "no", "type": "End", "kind": "refused", "message": "Not today." } ],
              "connections": [ { "source": "user", "port": "Done", "target": "no" } ] }
            """
        );
        await using var server = await ApiServer.StartAsync(StoreEngine.Sqlite, flows: flows.Folder);
        var challenge = new string('c', 43);
        var (address, cookies) = await DrawAsync(
            server,
            $"/login/refusing?redirect_uri=https%3A%2F%2Fapp.example%2Fcb&state=S1&code_challenge={challenge}&code_challenge_method=S256"
        );

        var page = await server.SendAsync("GET", address, null, cookies);

        Assert.Equal(
            "https://app.example/cb?error=access_denied&error_description=Not%20today.&state=S1",
            page.Expect(HttpStatusCode.SeeOther).Message.Headers.Location!.OriginalString
        );
    }

    [Fact]
    public async Task Page_WithoutAnInputThatIsRequired_SaysSoAndHasNoRun()
    {
        using var flows = new Workspace();
        flows.Write(
            "direct.flow.json",
            Flow.Replace("\"access\"", "\"inputs\": { \"x\": { \"required\": true } }, \"access\"", StringComparison.Ordinal)
        );
        await using var server = await ApiServer.StartAsync(StoreEngine.Sqlite, flows: flows.Folder);
        var (address, cookies) = await DrawAsync(server, "/login/direct");

        Assert.Equal(HttpStatusCode.BadRequest, (await server.SendAsync("GET", address, null, cookies)).Status);

        Assert.Equal(0, await RunsAsync(server));
    }

    [Fact]
    public async Task Page_OfAFlowThatWantsTheKeyByNow_SaysSo()
    {
        using var flows = new Workspace();
        flows.Write("direct.flow.json", Flow);
        await using var server = await ApiServer.StartAsync(StoreEngine.Sqlite, flows: flows.Folder);
        var (address, cookies) = await DrawAsync(server, "/login/direct");
        var revision = (
            await server.SendAsync(
                "PUT",
                "/api/flows/direct/draft",
                $$"""{ "definition": {{Flow.Replace("public", "key", StringComparison.Ordinal)}} }"""
            )
        )
            .Expect(HttpStatusCode.OK)
            .Body.Get("revision");
        (await server.PostAsync("/api/flows/direct/publish", $$"""{ "revision": {{revision.ToJson()}} }""")).Expect(HttpStatusCode.OK);

        Assert.Equal(HttpStatusCode.Forbidden, (await server.SendAsync("GET", address, null, cookies)).Status);

        Assert.Equal(0, await RunsAsync(server));
    }

    /// <summary>Tickets that somebody hoards begin no more runs at once than anybody may.</summary>
    [Fact]
    public async Task Pages_ThatMayBeginARun_AreLimitedAsStartsAre()
    {
        using var flows = new Workspace();
        flows.Write("direct.flow.json", Flow);
        await using var server = await ApiServer.StartAsync(StoreEngine.Sqlite, null, flows.Folder, "RateLimits:StartsPerMinute=3");
        var drawn = new List<(string Address, Credential Cookies)>();
        for (var i = 0; i < 3; i++)
            drawn.Add(await DrawAsync(server, "/login/direct"));
        foreach (var (address, cookies) in drawn)
            (await server.SendAsync("GET", address, null, cookies)).Expect(HttpStatusCode.OK);

        Assert.Equal(HttpStatusCode.TooManyRequests, (await server.SendAsync("GET", drawn[0].Address, null, drawn[0].Cookies)).Status);
    }

    private static async Task<(string Address, Credential Cookies)> DrawAsync(ApiServer server, string path)
    {
        var begun = (await server.SendAsync("GET", path, null, Credential.None)).Expect(HttpStatusCode.SeeOther);
        var cookies = begun.Message.Headers.GetValues("Set-Cookie").Select(cookie => cookie.Split(';')[0]);
        return (begun.Message.Headers.Location!.OriginalString, new Credential(Cookie: string.Join("; ", cookies)));
    }

    private static async Task<int> RunsAsync(ApiServer server) =>
        (await server.GetAsync("/api/runs")).Expect(HttpStatusCode.OK).Body.Get("runs").TryGetArray(out var runs) ? runs.Count : -1;
}
