using System.Net;
using FlowEngine.Execution;
using FlowEngine.Server.Runs;
using FlowEngine.Server.Screens;
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
        foreach (var forged in new[] { "", ".", "x", drawn.Ticket + "x", drawn.Ticket[..^1], "9999999999."
            + drawn.Ticket.Split('.')[1], "99999999999999999999.x", "a.b.c" })
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
        var cookies = begun.Message.Headers.GetValues("Set-Cookie").Select(cookie => cookie.Split(';')[0])
            .ToDictionary(cookie => cookie.Split('=')[0]);
        Assert.Equal(["fe_browser", "fe_start"], cookies.Keys.Order());
        Assert.Equal(0, await RunsAsync(server));

        // Another id, another browser, no ticket.
        foreach (var (path, sent) in new[]
        {
            ($"/login/direct/{RunId.New()}", string.Join("; ", cookies.Values)),
            (address, $"fe_browser={new string('x', 43)}; {cookies["fe_start"]}"),
            (address, cookies["fe_browser"]),
            (address, $"{cookies["fe_browser"]}; fe_start=9999999999.AAAA"),
        })
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

    private static async Task<int> RunsAsync(ApiServer server) =>
        (await server.GetAsync("/api/runs")).Expect(HttpStatusCode.OK).Body.Get("runs").TryGetArray(out var runs) ? runs.Count : -1;
}
