using System.Net;
using FlowEngine.Context;
using FlowEngine.TestServers;

namespace FlowEngine.AspNetCore.Tests.Web.Management.Environments;

/// <summary>A folder of flows and connectors is what runs: planned, applied as a whole, and watched for what is changed elsewhere.</summary>
public sealed class EnvironmentEndpointsTests(PostgresFixture postgres)
{
    private const string Api =
        """{ "id": "api", "type": "http", "configuration": { "baseUrl": "https://api.example.com", "hmacSecret": "KEY" } }""";

    [Theory]
    [ClassData(typeof(BothEngines))]
    public async Task AFolder_FromItsPlanToItsDrift(StoreEngine engine)
    {
        using var empty = new Workspace();
        await using var server = await ApiServer.StartAsync(engine, postgres, empty.Folder);

        // Both are new, and the flow uses the connector: neither could go alone.
        var body = Body([Flow("hello", "one", "api")], [Api.Replace("KEY", "s3cret-of-the-api", StringComparison.Ordinal)]);
        var plan = await PlanAsync(server, body);
        Assert.Equal(("[]", "added flow hello, added connector api"), (plan.Get("diagnostics").ToJson(), Items(plan)));
        (await server.GetAsync("/api/flows/hello")).Expect(HttpStatusCode.NotFound);
        var applied = await ApplyAsync(server, body, plan, "the first");
        Assert.Equal(("true", "1"), (applied.Get("applied").ToText(), applied.Get("items").Get(0).Get("version").ToText()));
        Assert.Equal("[]", await DriftAsync(server));

        // The secret is sent by nobody: it stays.
        body = Body([Flow("hello", "two", "api")], [Api.Replace("KEY", "***", StringComparison.Ordinal)]);
        plan = await PlanAsync(server, body);
        Assert.Equal(("changed flow hello", "1"), (Items(plan), plan.Get("unchanged").ToText()));
        Assert.Equal(
            """[{"change":"changed","kind":"setting","of":"activity","id":"end","setting":"outputs.said","before":"one","after":"two"}]""",
            plan.Get("items").Get(0).Get("changes").ToJson()
        );
        Assert.Equal("2", (await ApplyAsync(server, body, plan, "the second")).Get("items").Get(0).Get("version").ToText());

        // What is done elsewhere is told.
        var revision = (await server.GetAsync("/api/connectors/api")).Body.Get("revision");
        var edited = FlowValue.Parse(
            """{ "id": "api", "type": "http", "configuration": { "baseUrl": "https://api.example.com", "hmacSecret": "***", "timeout": 3 } }"""
        );
        (await server.PutAsync("/api/connectors/api", FlowValue.Object(("definition", edited), ("revision", revision)))).Expect(
            HttpStatusCode.OK
        );
        await PublishAsync(server, "hello", "three");
        await PublishAsync(server, "own", "mine");
        Assert.Equal("changed flow hello, added flow own, changed connector api", Names(await DriftAsync(server)));
        plan = await PlanAsync(server, body);
        Assert.Equal("changed flow hello, kept flow own, changed connector api", Items(plan));
        Assert.Equal("""[{"setting":"timeout","before":3}]""", plan.Get("items").Get(2).Get("settings").ToJson());

        // Pruned, the folder is all there is.
        var pruning = With(body, "prune", FlowValue.True);
        plan = await PlanAsync(server, pruning);
        Assert.Equal("changed flow hello, removed flow own, changed connector api", Items(plan));
        await ApplyAsync(server, pruning, plan, "");
        Assert.Equal("[]", await DriftAsync(server));
        (await server.GetAsync("/api/flows/own")).Expect(HttpStatusCode.NotFound);

        var entries = (await server.GetAsync("/api/audit")).Body.Get("entries").ToJson();
        Assert.Equal(3, entries.Split("environment.apply").Length - 1);
        Assert.Contains(
            """{"flows":["hello"],"connectors":["api"],"deletedFlows":[],"deletedConnectors":[],"note":"the first"}""",
            entries,
            StringComparison.Ordinal
        );
        Assert.DoesNotContain("s3cret-of-the-api", entries, StringComparison.Ordinal);
    }

    [Fact]
    public async Task APlan_ThatIsOld_AppliesNothing()
    {
        using var empty = new Workspace();
        await using var server = await ApiServer.StartAsync(StoreEngine.Sqlite, null, empty.Folder);
        var body = Body([Flow("a", "one"), Flow("b", "one")], []);
        var plan = await PlanAsync(server, body);
        await PublishAsync(server, "other", "one");

        var refused = await server.PostAsync("/api/environment/apply", With(body, "revision", plan.Get("revision")));

        Assert.Equal("environment.changed", refused.Expect(HttpStatusCode.Conflict).Code);
        (await server.GetAsync("/api/flows/a")).Expect(HttpStatusCode.NotFound);
        Assert.Equal("api.body", (await server.PostAsync("/api/environment/apply", body)).Expect(HttpStatusCode.BadRequest).Code);
    }

    [Theory]
    [InlineData(
        """{ "id": "a", "start": "end", "activities": [ { "id": "end", "type": "Nothing" } ], "connections": [] }""",
        "[]",
        "flow.unknown_type a.flow.json /activities/0/type"
    )]
    [InlineData(
        "FLOW",
        """[{ "id": "api", "type": "http", "configuration": { "baseUrl": "no url" } }]""",
        "http.url_invalid api.connector.json /configuration/baseUrl"
    )]
    [InlineData(
        "FLOW",
        """[{ "id": "api", "type": "http", "configuration": { "baseUrl": "https://a.example", "hmacSecret": "***" } }]""",
        "connector.secret_masked api.connector.json /configuration/hmacSecret/0"
    )]
    [InlineData(
        "FLOW",
        """
            [ { "id": "api", "type": "http", "configuration": { "baseUrl": "https://a.example" } },
              { "id": "api", "type": "http", "configuration": { "baseUrl": "https://b.example" } } ]
            """,
        "flow.duplicate_id api.connector.json /id"
    )]
    public async Task AFile_ThatCouldNotRun_RefusesAll(string flow, string connectors, string problem)
    {
        using var empty = new Workspace();
        await using var server = await ApiServer.StartAsync(StoreEngine.Sqlite, null, empty.Folder);
        FlowValue.Parse(connectors).TryGetArray(out var given);
        var body = Body([flow == "FLOW" ? Flow("a", "one") : flow, Flow("good", "one")], [.. given!.Select(item => item.ToJson())]);
        var plan = await PlanAsync(server, body);
        plan.Get("diagnostics").TryGetArray(out var problems);

        Assert.Contains(
            problem,
            problems!.Select(item => $"{item.Get("code").ToText()} {item.Get("file").ToText()} {item.Get("pointer").ToText()}")
        );
        var refused = await server.PostAsync("/api/environment/apply", With(body, "revision", plan.Get("revision")));
        Assert.Equal("api.invalid", refused.Expect(HttpStatusCode.UnprocessableEntity).Code);
        (await server.GetAsync("/api/flows/good")).Expect(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task Pruning_WhatOthersNeed_IsRefused()
    {
        using var empty = new Workspace();
        await using var server = await ApiServer.StartAsync(StoreEngine.Sqlite, null, empty.Folder);
        var body = Body([Flow("a", "one", "api")], [Api.Replace("KEY", "k", StringComparison.Ordinal)]);
        await ApplyAsync(server, body, await PlanAsync(server, body), "");

        var plan = await PlanAsync(server, With(Body([Flow("a", "one", "api")], []), "prune", FlowValue.True));

        Assert.Equal("removed connector api", Items(plan));
        Assert.Contains("\"severity\":\"error\"", plan.Get("diagnostics").ToJson(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task WithASecondPerson_NobodyPublishesWhatTheyChanged()
    {
        using var empty = new Workspace();
        await using var server = await ApiServer.StartAsync(StoreEngine.Sqlite, null, empty.Folder, "Console:SecondPerson=true");
        var (ann, bea) = (await server.PersonAsync("ann", "designer"), await server.PersonAsync("bea", "designer"));
        var definition = FlowValue.Object(("definition", FlowValue.Parse(Flow("a", "one"))));
        var made = (await server.PostAsync("/api/flows", definition, ann)).Expect(HttpStatusCode.Created).Body;
        var publish = FlowValue.Object(("revision", made.Get("revision")));

        Assert.Equal(
            "flow.second_person",
            (await server.PostAsync("/api/flows/a/publish", publish, ann)).Expect(HttpStatusCode.Forbidden).Code
        );
        (await server.PostAsync("/api/flows/a/publish", publish, bea)).Expect(HttpStatusCode.OK);

        // A folder is a pipeline's to apply, which was looked at before.
        var body = Body([Flow("a", "two")], []);
        var plan = await PlanAsync(server, body);
        var given = With(body, "revision", plan.Get("revision"));
        Assert.Equal(
            "flow.second_person",
            (await server.PostAsync("/api/environment/apply", given, bea)).Expect(HttpStatusCode.Forbidden).Code
        );
        (await server.PostAsync("/api/environment/apply", given)).Expect(HttpStatusCode.OK);
    }

    [Fact]
    public async Task AViewer_SeesDriftAndPlansNothing()
    {
        using var empty = new Workspace();
        await using var server = await ApiServer.StartAsync(StoreEngine.Sqlite, null, empty.Folder);
        var viewer = await server.PersonAsync("vic", "viewer");

        Assert.Equal(
            """{"appliedAt":null,"appliedBy":null,"note":null,"drift":[]}""",
            (await server.GetAsync("/api/environment", viewer)).Text
        );
        (await server.PostAsync("/api/environment/plan", Body([], []), viewer)).Expect(HttpStatusCode.Forbidden);
    }

    private static async Task PublishAsync(ApiServer server, string id, string said)
    {
        var definition = FlowValue.Parse(Flow(id, said));
        var saved = await server.PutAsync(
            $"/api/flows/{id}/draft",
            FlowValue.Object(("definition", definition), ("revision", FlowValue.Null))
        );
        var publish = FlowValue.Object(("revision", saved.Expect(HttpStatusCode.OK).Body.Get("revision")));
        (await server.PostAsync($"/api/flows/{id}/publish", publish)).Expect(HttpStatusCode.OK);
    }

    private static async Task<FlowValue> PlanAsync(ApiServer server, FlowValue body) =>
        (await server.PostAsync("/api/environment/plan", body)).Expect(HttpStatusCode.OK).Body;

    private static async Task<FlowValue> ApplyAsync(ApiServer server, FlowValue body, FlowValue plan, string note) =>
        (await server.PostAsync("/api/environment/apply", With(With(body, "revision", plan.Get("revision")), "note", FlowValue.From(note))))
            .Expect(HttpStatusCode.OK)
            .Body;

    private static async Task<string> DriftAsync(ApiServer server) =>
        (await server.GetAsync("/api/environment")).Expect(HttpStatusCode.OK).Body.Get("drift").ToJson();

    private static string Items(FlowValue plan) => Names(plan.Get("items").ToJson());

    private static string Names(string items)
    {
        FlowValue.Parse(items).TryGetArray(out var list);
        return string.Join(
            ", ",
            list!.Select(item => $"{item.Get("change").ToText()} {item.Get("kind").ToText()} {item.Get("id").ToText()}")
        );
    }

    private static FlowValue With(FlowValue body, string name, FlowValue value) =>
        body.TryGetObject(out var members) ? FlowValue.From(members.With(name, value)) : body;

    private static FlowValue Body(string[] flows, string[] connectors) =>
        FlowValue.Object(
            ("flows", FlowValue.Array(flows.Select(definition => File(definition, "flow")))),
            ("connectors", FlowValue.Array(connectors.Select(definition => File(definition, "connector"))))
        );

    private static FlowValue File(string definition, string kind)
    {
        var json = FlowValue.Parse(definition);
        return FlowValue.Object(("file", FlowValue.From($"{json.Get("id").ToText()}.{kind}.json")), ("definition", json));
    }

    private static string Flow(string id, string said, string? connector = null)
    {
        var call = connector is null
            ? ""
            : $$"""{ "id": "call", "type": "GenericHttp", "connector": "{{connector}}", "endpoint": "/x" },""";
        var way = connector is null ? "" : """{ "source": "call", "port": "Success", "target": "end" }""";
        return $$"""
            { "id": "{{id}}", "start": "{{(connector is null ? "end" : "call")}}",
              "activities": [ {{call}} { "id": "end", "type": "End", "outputs": { "said": "{{said}}" } } ], "connections": [ {{way}} ] }
            """;
    }
}
