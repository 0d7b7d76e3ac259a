using System.Net;
using FlowEngine.Context;
using FlowEngine.TestServers;

namespace FlowEngine.AspNetCore.Tests.Web.Management.Runs;

/// <summary>Where the values of stored runs came from, by the versions of the flows that they ran.</summary>
public sealed class RunLineageTests
{
    private const string Inner = """
        { "id": "inner", "start": "end", "inputs": { "who": {} },
          "activities": [ { "id": "end", "type": "End", "outputs": { "first": "{{client.who}}" } } ], "connections": [] }
        """;

    private const string Outer = """
        { "id": "outer", "start": "sub", "inputs": { "name": {} },
          "activities": [ { "id": "sub", "type": "Subflow", "flow": "inner", "inputs": { "who": "{{client.name}}" } },
            { "id": "end", "type": "End", "outputs": { "all": "{{scripts.sub}}" } } ],
          "connections": [ { "source": "sub", "port": "Done", "target": "end" } ] }
        """;

    [Fact]
    public async Task ALogin_SaysForTheClaimTheCallAndTheRow()
    {
        await using var server = await ApiServer.StartAsync(StoreEngine.Sqlite);
        await server.SignInThroughFlowAsync("ada@example.com");

        Assert.Equal(
            [
                "2 parameters.@p0 <- form.email@1",
                "3 endpoint <- connectors.db.first.id@2",
                "3 headers.x-user-tier <- connectors.db.first.tier@2",
                "4 user.userId <- connectors.db.first.id@2",
                "4 user.email <- form.email@1",
                "5 claims.region <- connectors.profile.headers.x-region@3",
            ],
            await LinesAsync(server, 1)
        );
    }

    [Fact]
    public async Task Run_WithLineage_IsToldToViewersWhenItHasEnded()
    {
        await using var server = await ApiServer.StartAsync(StoreEngine.Sqlite);
        var viewer = await server.PersonAsync("vera", "viewer");
        await server.SignInThroughFlowAsync("ghost@example.com");
        await server.SignInThroughFlowAsync("ada@example.com");

        Assert.NotEmpty(await LinesAsync(server, 1));
        Assert.Empty(await LinesAsync(server, 1, viewer));
        Assert.Equal(6, (await LinesAsync(server, 2, viewer)).Count);
    }

    [Fact]
    public async Task Run_OfVersionsThatWereReplacedSince_IsToldByThoseThatItRan()
    {
        await using var server = await ApiServer.StartAsync(StoreEngine.Sqlite);
        await PublishAsync(server, "inner", Inner);
        await PublishAsync(server, "outer", Outer);
        (await server.PostAsync("/v1/mgmt/flow/run", """{ "flowId": "outer", "options": { "input": { "name": "ada" } } }""")).Expect(
            HttpStatusCode.OK
        );
        string[] before = ["1 inputs.who <- client.name", "2 outputs.first <- client.who@1", "3 outputs.all <- scripts.sub@2"];
        Assert.Equal(before, await LinesAsync(server, 1));

        await ChangeAsync(server, "inner", Inner.Replace("\"first\"", "\"second\"", StringComparison.Ordinal));
        await ChangeAsync(server, "outer", Outer.Replace("\"all\"", "\"everything\"", StringComparison.Ordinal));
        (await server.PostAsync("/v1/mgmt/flow/run", """{ "flowId": "outer", "options": { "input": { "name": "ada" } } }""")).Expect(
            HttpStatusCode.OK
        );

        Assert.Equal(before, await LinesAsync(server, 1));
        Assert.Equal(
            ["1 inputs.who <- client.name", "2 outputs.second <- client.who@1", "3 outputs.everything <- scripts.sub@2"],
            await LinesAsync(server, 2)
        );
    }

    [Fact]
    public async Task Run_OfAFlowThatWasDeleted_HasItsLineageAllTheSame()
    {
        await using var server = await ApiServer.StartAsync(StoreEngine.Sqlite);
        await PublishAsync(server, "inner", Inner);
        (await server.PostAsync("/v1/mgmt/flow/run", """{ "flowId": "inner", "options": { "input": { "who": "ada" } } }""")).Expect(
            HttpStatusCode.OK
        );
        (await server.DeleteAsync("/api/flows/inner")).Expect(HttpStatusCode.NoContent);

        Assert.Equal(["1 outputs.first <- client.who"], await LinesAsync(server, 1));
    }

    private static async Task PublishAsync(ApiServer server, string id, string flow)
    {
        var made = (await server.PostAsync("/api/flows", $$"""{ "definition": {{flow}} }""")).Expect(HttpStatusCode.Created);
        (await server.PostAsync($"/api/flows/{id}/publish", $$"""{ "revision": {{made.Body.Get("revision")}} }""")).Expect(
            HttpStatusCode.OK
        );
    }

    private static async Task ChangeAsync(ApiServer server, string id, string flow)
    {
        var draft = await server.PutAsync($"/api/flows/{id}/draft", FlowValue.Parse($$"""{ "definition": {{flow}}, "revision": null }"""));
        (
            await server.PostAsync(
                $"/api/flows/{id}/publish",
                $$"""{ "revision": {{draft.Expect(HttpStatusCode.OK).Body.Get("revision")}} }"""
            )
        ).Expect(HttpStatusCode.OK);
    }

    private static async Task<List<string>> LinesAsync(ApiServer server, int run, Credential? caller = null)
    {
        var steps = (await server.GetAsync($"/api/runs/{run}", caller)).Expect(HttpStatusCode.OK).Body.Get("trace");
        return [.. ItemsOf(steps).SelectMany((step, i) => ItemsOf(step.Get("lineage")).Select(entry => $"{i + 1} {LineOf(entry)}"))];
    }

    private static string LineOf(FlowValue entry)
    {
        var sources = ItemsOf(entry.Get("from"))
            .Select(source => source.Get("path").ToText() + (source.Get("step") is { IsMissing: false } step ? $"@{step.ToText()}" : ""));
        return $"{entry.Get("to").ToText()} <- {string.Join(", ", sources)}";
    }

    private static FlowArray ItemsOf(FlowValue value) => value.TryGetArray(out var items) ? items : FlowArray.Empty;
}
