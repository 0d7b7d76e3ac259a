using System.Net;
using FlowEngine.AspNetCore.Web.Management.Overview;
using FlowEngine.Context;
using FlowEngine.Execution;
using FlowEngine.Storage;
using FlowEngine.TestServers;

namespace FlowEngine.AspNetCore.Tests.Web.Management.Overview;

public sealed class OverviewEndpointsTests(PostgresFixture postgres)
{
    private static readonly string[] Ends = ["completed", "refused", "failed", "cancelled"];

    /// <summary>People sign in, are turned away, and meet an API that breaks: within seconds the overview has all of it, and its numbers are
    /// those of the list of runs.</summary>
    [Theory]
    [InlineData(StoreEngine.Sqlite)]
    [InlineData(StoreEngine.Postgres)]
    public async Task Overview_OfWhatHappened_IsThatOfTheRuns(StoreEngine engine)
    {
        await using var server = await ApiServer.StartAsync(engine, postgres);
        foreach (var person in new[] { "ada", "ada", "ada", "ghost", "broken", "broken", "broken", "broken" })
            await SubmitAsync(server, $"{person}@example.com");
        var overview = await AwaitAsync(
            server,
            "/api/overview?since=hour",
            body => NumberOf(body, "runs", "completed") == 3 && Calls(body) == 8
        );

        var runs = Items((await server.GetAsync("/api/runs?limit=200")).Body, "runs");
        Assert.Equal(8, runs.Count);
        Assert.Equal(8, NumberOf(overview, "runs", "started"));
        foreach (var end in Ends)
            Assert.Equal(runs.Count(run => run.Get("status").ToText() == end), NumberOf(overview, "runs", end));
        var times = Items(overview, "times");
        Assert.Equal(60, times.Count);
        Assert.Equal(8, times.Sum(time => NumberOf(time, "runs", "started")));

        // A 404 is an answer, a 500 is none: four of eight calls.
        var broken = Assert.Single(Items(overview, "broken"));
        Assert.Equal(
            ("connector", "profile-api", "http.status", 500L, 4L, 8L, 5L),
            (
                broken.Get("kind").ToText(),
                broken.Get("id").ToText(),
                broken.Get("code").ToText(),
                NumberOf(broken, "status"),
                NumberOf(broken, "failed"),
                NumberOf(broken, "total"),
                NumberOf(broken, "people")
            )
        );
        Assert.InRange(
            DateTimeOffset.Parse(broken.Get("since").ToText()),
            TimeProvider.System.GetUtcNow().AddMinutes(-3),
            TimeProvider.System.GetUtcNow()
        );
        Assert.Contains(Items(broken, "flows"), flow => flow.Get("id").ToText() == "login" && flow.Get("version").ToText() == "1");

        var connector = Items(overview, "connectors").Single(one => one.Get("id").ToText() == "profile-api");
        Assert.Equal((8, 5), (NumberOf(connector, "calls"), NumberOf(connector, "errors")));
        Assert.InRange(NumberOf(connector, "p95"), NumberOf(connector, "p50"), 60_000);
        Assert.Equal(
            ["http.status 500 4", "http.status 404 1"],
            Items(connector, "codes")
                .Select(code => $"{code.Get("code").ToText()} {code.Get("status").ToText()} {code.Get("count").ToText()}")
        );

        var flow = Items(overview, "flows").Single(one => one.Get("id").ToText() == "login");
        Assert.Equal((1, 8), (NumberOf(flow, "version"), NumberOf(flow, "runs", "started")));
        var screens = Items(flow, "screens").ToDictionary(screen => screen.Get("activity").ToText());
        // Whoever met the 500 is back at the first screen, ghost at the one that says so.
        Assert.Equal((12, 8), (NumberOf(screens["signIn"], "shown"), NumberOf(screens["signIn"], "submitted")));
        Assert.Equal((1, 0), (NumberOf(screens["userNotFound"], "shown"), NumberOf(screens["userNotFound"], "submitted")));

        Assert.Equal(
            [("signIn", 4L), ("userNotFound", 1L)],
            Items(overview.Get("waiting"), "places").Select(place => (place.Get("activity").ToText(), NumberOf(place, "count")))
        );
        Assert.InRange(NumberOf(overview, "storage", "bytes"), 10_000, 1_000_000_000);
        var node = Assert.Single(Items(overview, "nodes"));
        Assert.InRange(NumberOf(node, "memory"), 10_000_000, 100_000_000_000);

        var counts = (await server.GetAsync("/api/flows/login/counts?since=publish")).Expect(HttpStatusCode.OK).Body;
        var activities = Items(counts, "activities").ToDictionary(activity => activity.Get("activity").ToText());
        Assert.Equal(
            ["Else 4", "Not found 1"],
            Items(activities["byStatus"], "outcomes")
                .Select(outcome => $"{outcome.Get("outcome").ToText()} {outcome.Get("count").ToText()}")
        );
        Assert.Equal(
            ["Generic HTTP Error 5", "Success 3"],
            Items(activities["profile"], "outcomes").Select(outcome => $"{outcome.Get("outcome").ToText()} {outcome.Get("count").ToText()}")
        );
    }

    /// <summary>A connector that never answered since a version was published: the outage began with it. The server is stopped and started
    /// in between, and nothing is lost or counted twice.</summary>
    [Fact]
    public async Task Broken_SinceAVersion_SaysSo()
    {
        using var flows = new Workspace();
        flows.Write(
            "connectors/gone.connector.json",
            """{ "id": "gone", "type": "http", "name": "Gone", "configuration": { "baseUrl": "http://127.0.0.1:1" } }"""
        );
        flows.Write(
            "call.flow.json",
            """
            { "id": "call", "access": "public", "start": "call", "activities": [ { "id": "call", "type": "GenericHttp",
              "connector": "gone", "endpoint": "/" }, { "id": "done", "type": "End" } ],
              "connections": [ { "source": "call", "port": "Success", "target": "done" } ] }
            """
        );
        await using var server = await ApiServer.StartAsync(StoreEngine.Sqlite, null, flows.Folder, "Egress:AllowPrivateNetworks=true");
        for (var i = 0; i < 5; i++)
            await server.PostAsync("/v1/flow/start", """{ "flowId": "call" }""", Credential.None);

        var overview = await AwaitAsync(server, "/api/overview", body => Items(body, "broken").Count == 2);

        foreach (var broken in Items(overview, "broken"))
        {
            var flow = Assert.Single(Items(broken, "flows"));
            Assert.Equal(
                ("call", 1, true),
                (flow.Get("id").ToText(), NumberOf(flow, "version"), flow.Get("beganWithIt") == FlowValue.From(true))
            );
            Assert.Equal((5, 5, 5), (NumberOf(broken, "total"), NumberOf(broken, "failed"), NumberOf(broken, "people")));
        }
        Assert.Equal(["gone", "call"], Items(overview, "broken").Select(broken => broken.Get("id").ToText()).OrderDescending());
        var counts = (await server.GetAsync("/api/flows/call/counts?since=hour")).Body;
        Assert.Equal(5, NumberOf(Assert.Single(Items(counts, "activities")), "stopped"));
        Assert.Equal(5, NumberOf(counts, "runs", "failed"));
    }

    [Fact]
    public async Task Overview_IsForWhoeverMayLook()
    {
        await using var server = await ApiServer.StartAsync(StoreEngine.Sqlite);
        var viewer = await server.PersonAsync("vera", "viewer");

        foreach (var path in new[] { "/api/overview", "/api/flows/login/counts" })
        {
            (await server.GetAsync(path, Credential.None)).Expect(HttpStatusCode.Unauthorized);
            (await server.GetAsync(path, viewer)).Expect(HttpStatusCode.OK);
            Assert.Equal("api.query", (await server.GetAsync(path + "?since=ever", viewer)).Expect(HttpStatusCode.BadRequest).Code);
        }
        (await server.GetAsync("/api/flows/nobody/counts", viewer)).Expect(HttpStatusCode.NotFound);
    }

    [Theory]
    [InlineData("5:10", 0.5, 3)]
    [InlineData("5:10,100:10", 0.5, 5)]
    [InlineData("5:10,100:10", 0.95, 98)]
    [InlineData("100:90,3000:10", 0.95, 2500)]
    [InlineData(":4", 0.5, 60_000)]
    [InlineData("", 0.5, null)]
    public void Quantile_OfCounts_LiesWithinItsBounds(string counts, double share, int? expected) =>
        Assert.Equal(
            expected,
            Durations.Quantile(
                counts
                    .Split(',', StringSplitOptions.RemoveEmptyEntries)
                    .Select(count => count.Split(':'))
                    .Select(count => new CountRow
                    {
                        Kind = RunCountKind.CallDuration,
                        Item = count[0],
                        Amount = long.Parse(count[1]),
                    }),
                share
            )
        );

    private static async Task SubmitAsync(ApiServer server, string email)
    {
        var screen = (await server.PostAsync("/v1/flow/start", """{ "flowId": "login" }""", Credential.None))
            .Expect(HttpStatusCode.OK)
            .Body;
        (
            await server.PostAsync(
                "/v1/flow/next",
                $$"""{ "executionId": "{{screen.Get("executionId").ToText()}}", "stepId": "{{screen.Get("stepId").ToText()}}","""
                    + $$""" "interactionId": "submit", "input": { "email": "{{email}}" } }""",
                Credential.None
            )
        ).Expect(HttpStatusCode.OK);
    }

    /// <summary>Asks until it is so, as the console does; what is counted is stored every few seconds.</summary>
    private static async Task<FlowValue> AwaitAsync(ApiServer server, string path, Func<FlowValue, bool> isSo)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        while (true)
        {
            var body = (await server.GetAsync(path)).Expect(HttpStatusCode.OK).Body;
            if (isSo(body))
                return body;
            Assert.False(limit.IsCancellationRequested, body.ToJson());
            await Task.Delay(250, TestContext.Current.CancellationToken);
        }
    }

    private static long Calls(FlowValue overview) =>
        Items(overview, "connectors").Where(one => one.Get("id").ToText() == "profile-api").Sum(one => NumberOf(one, "calls"));

    private static long NumberOf(FlowValue value, params string[] path)
    {
        foreach (var name in path)
            value = value.Get(name);
        Assert.True(value.TryGetInteger(out var number), string.Join('.', path));
        return number;
    }

    private static IReadOnlyList<FlowValue> Items(FlowValue value, string name) =>
        value.Get(name).TryGetArray(out var items) ? [.. items] : throw new ArgumentException(name);
}
