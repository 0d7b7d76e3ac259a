using System.Net;
using FlowEngine.AspNetCore.Runs;
using FlowEngine.Context;
using FlowEngine.Execution;
using FlowEngine.TestServers;
using Microsoft.Extensions.DependencyInjection;

namespace FlowEngine.AspNetCore.Tests.Web.Runtime;

/// <summary>Who may start a flow, on each door; and what an anonymous client's inputs and guesses come to (SPEC 3 and 6).</summary>
public sealed class FlowEndpointsAccessTests(PostgresFixture postgres)
{
    private static CancellationToken Stop => TestStorage.Stop;

    [Theory]
    [InlineData("quiet")]
    [InlineData("closed")]
    public async Task Start_FlowThatWantsTheKey_IsRefusedOnEveryDoorWithoutIt(string flow)
    {
        using var flows = Flows();
        await using var server = await ApiServer.StartAsync(StoreEngine.Sqlite, flows: flows.Folder);
        var plain = $$"""{ "flowId": "{{flow}}" }""";
        var submitting = $$"""{ "flowId": "{{flow}}", "interactionId": "go", "input": { "code": "1" } }""";
        foreach (
            var credential in new[]
            {
                Credential.None,
                new Credential("default"),
                new Credential(new string('x', 43)),
                new Credential("default:" + new string('x', 43)),
            }
        )
        {
            foreach (var body in new[] { plain, submitting })
            {
                var refused = (await server.PostAsync("/v1/flow/start", body, credential)).Expect(HttpStatusCode.Unauthorized);
                Assert.Equal("api.flow_key", refused.Code);
            }
            var page = (await server.GetAsync($"/login/{flow}", credential)).Expect(HttpStatusCode.Forbidden);
            Assert.Contains("not open to everybody", page.Text, StringComparison.Ordinal);
            Assert.False(page.Message.Headers.Contains("Set-Cookie"));
        }
        Assert.True((await server.Services.GetRequiredService<RunService>().StartAsync(new RunRequest { FlowId = flow }, Stop))!.IsRefused);
        Assert.Equal("[]", (await server.GetAsync("/api/runs")).Expect(HttpStatusCode.OK).Body.Get("runs").ToJson());
    }

    [Fact]
    public async Task Start_WithTheKey_IsLetInOnEveryDoor()
    {
        using var flows = Flows();
        await using var server = await ApiServer.StartAsync(StoreEngine.Sqlite, flows: flows.Folder);
        foreach (var credential in new[] { server.Key, new Credential("default:" + server.Key.Bearer) })
        {
            Assert.Equal(
                "completed",
                (await server.PostAsync("/v1/flow/start", """{ "flowId": "quiet" }""", credential))
                    .Expect(HttpStatusCode.OK)
                    .Body.Get("status")
                    .ToText()
            );
            var waiting = (await server.PostAsync("/v1/flow/start", """{ "flowId": "closed" }""", credential))
                .Expect(HttpStatusCode.OK)
                .Body;
            Assert.Equal("waiting", waiting.Get("status").ToText());
            (await server.GetAsync("/login/closed", credential)).Expect(HttpStatusCode.SeeOther);
        }
        (await server.PostAsync("/v1/mgmt/flow/run", """{ "flowId": "quiet" }""", server.Key)).Expect(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Start_FlowThatSaysPublic_IsOpenToEverybody()
    {
        using var flows = Flows();
        await using var server = await ApiServer.StartAsync(StoreEngine.Sqlite, flows: flows.Folder);

        Assert.Equal(
            "completed",
            (await server.PostAsync("/v1/flow/start", """{ "flowId": "open" }""", Credential.None))
                .Expect(HttpStatusCode.OK)
                .Body.Get("status")
                .ToText()
        );
        var list = (await server.GetAsync("/api/flows")).Expect(HttpStatusCode.OK).Body.Get("flows");
        Assert.True(list.TryGetArray(out var heads));
        Assert.Equal(
            ["closed=key", "guess=public", "open=public", "quiet=key"],
            heads.Select(head => $"{head.Get("id").ToText()}={head.Get("access").ToText()}").Order(StringComparer.Ordinal)
        );
    }

    /// <summary>The guard that counts stands where the plan is taken, not only at
    /// the doors: what another node republished meanwhile is seen there.</summary>
    [Fact]
    public async Task Start_OfAnOlderVersionThatWantsTheKey_IsRefused()
    {
        using var flows = Flows();
        await using var server = await ApiServer.StartAsync(StoreEngine.Sqlite, flows: flows.Folder);
        await PublishAsync(
            server,
            FlowValue.Parse(Quiet.Replace("\"id\": \"quiet\",", "\"id\": \"quiet\", \"access\": \"public\",", StringComparison.Ordinal))
        );

        var runs = server.Services.GetRequiredService<RunService>();
        Assert.Equal(RunStatus.Completed, (await runs.StartAsync(new RunRequest { FlowId = "quiet" }, Stop))!.Status);
        Assert.True((await runs.StartAsync(new RunRequest { FlowId = "quiet", Version = 1 }, Stop))!.IsRefused);
    }

    /// <summary>Guesses from run to run, on both stores, whether the account exists or not.</summary>
    [Theory]
    [ClassData(typeof(BothEngines))]
    public async Task Submit_GuessAfterGuess_IsLockedAcrossRuns(StoreEngine engine)
    {
        using var flows = Flows();
        await using var server = await ApiServer.StartAsync(engine, postgres, flows.Folder);

        Assert.Equal(["Else", "Else", "Else", "Locked", "Locked"], await GuessAsync(server, "ada", "1", "2", "3", "4", "4711"));
        Assert.Equal(["Else", "Right"], await GuessAsync(server, "grace", "1", "4711"));
    }

    [Fact]
    public async Task Start_InputsAndNamesThatNobodyDeclared_AreDroppedAndCountedInTheTrace()
    {
        using var flows = Flows();
        await using var server = await ApiServer.StartAsync(StoreEngine.Sqlite, flows: flows.Folder);
        (
            await server.PostAsync(
                "/v1/flow/start",
                """{ "flowId": "guess", "options": { "client": { "who": "ada", "token": 0, "made-up": "unseen text" } },"""
                    + """ "interactionId": "go", "input": { "code": "1", "role": "unseen text" } }""",
                Credential.None
            )
        ).Expect(HttpStatusCode.OK);

        var run = (await server.GetAsync("/api/runs/1")).Expect(HttpStatusCode.OK);
        Assert.True(run.Body.Get("trace").TryGetArray(out var trace));
        Assert.Equal(3L, trace.Sum(step => step.Get("dropped").TryGetInteger(out var dropped) ? dropped : 0));
        Assert.DoesNotContain("unseen text", run.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("made-up", run.Text, StringComparison.Ordinal);
    }

    private static async Task<string[]> GuessAsync(ApiServer server, string who, params string[] codes)
    {
        var ends = new string[codes.Length];
        for (var i = 0; i < ends.Length; i++)
        {
            var answer = (
                await server.PostAsync(
                    "/v1/flow/start",
                    $$"""{ "flowId": "guess", "options": { "client": { "who": "{{who}}" } }, "interactionId": "go","""
                        + $$""" "input": { "code": "{{codes[i]}}" } }""",
                    Credential.None
                )
            )
                .Expect(HttpStatusCode.OK)
                .Body;
            ends[i] = answer.Get("output").Get("end").ToText();
        }
        return ends;
    }

    private static async Task PublishAsync(ApiServer server, FlowValue definition)
    {
        var id = definition.Get("id").ToText();
        var draft = FlowValue.Object(("definition", definition), ("revision", FlowValue.Null));
        var saved = (await server.PutAsync($"/api/flows/{id}/draft", draft)).Expect(HttpStatusCode.OK);
        var note = FlowValue.Object(("revision", saved.Body.Get("revision")), ("note", FlowValue.From("Test")));
        (await server.PostAsync($"/api/flows/{id}/publish", note)).Expect(HttpStatusCode.OK);
    }

    private const string Quiet = """{ "id": "quiet", "start": "e", "activities": [ { "id": "e", "type": "End" } ] }""";

    private static Workspace Flows()
    {
        var workspace = new Workspace();
        workspace.Write("quiet.flow.json", Quiet);
        workspace.Write(
            "open.flow.json",
            """{ "id": "open", "access": "public", "start": "e", "activities": [ { "id": "e", "type": "End" } ] }"""
        );
        workspace.Write(
            "closed.flow.json",
            """
            { "id": "closed", "access": "key", "start": "s", "activities": [ { "id": "s", "type": "Screen", "screen": "s" },
              { "id": "e", "type": "End" } ],
              "connections": [ { "source": "s", "port": "go", "target": "e" } ],
              "screens": [ { "id": "s", "components": [ { "type": "TextInput", "name": "code" }, { "type": "Button", "id": "go" } ] } ] }
            """
        );
        workspace.Write(
            "guess.flow.json",
            """
            { "id": "guess", "start": "s", "inputs": { "who": { "type": "string" } },
              "activities": [
                { "id": "s", "type": "Screen", "screen": "s" },
                { "id": "check", "type": "Condition", "limit": { "key": "{{client.who}}", "tries": 3 },
                  "branches": [ { "outcome": "Right", "rules": [ { "key": "form.code", "operator": "equal", "value": "4711" } ] } ] },
                { "id": "right", "type": "End", "name": "Right", "outputs": { "end": "Right" } },
                  { "id": "else", "type": "End", "name": "Else", "outputs": { "end": "Else" } },
                { "id": "locked", "type": "End", "name": "Locked", "outputs": { "end": "Locked" } } ],
              "connections": [
                { "source": "s", "port": "go", "target": "check" }, { "source": "check", "port": "Right", "target": "right" },
                { "source": "check", "port": "Else", "target": "else" }, { "source": "check", "port": "Locked", "target": "locked" } ],
              "screens": [ { "id": "s", "components": [ { "type": "CodeInput", "name": "code" }, { "type": "Button", "id": "go" } ] } ] }
            """
        );
        return workspace;
    }
}
