using System.Net;
using FlowEngine.AspNetCore.Runs;
using FlowEngine.Context;
using FlowEngine.Execution;
using FlowEngine.TestServers;
using Microsoft.Extensions.DependencyInjection;

namespace FlowEngine.AspNetCore.Tests.Runs;

/// <summary>Runs as the server holds them: who gets which answer, and what is stored when.</summary>
public sealed class RunServiceTests(PostgresFixture postgres)
{
    private static CancellationToken Stop => TestStorage.Stop;

    /// <summary>Runs that end in their start are listed with their ids; whoever reads the list gets no tokens by them.</summary>
    [Fact]
    public async Task Submit_ToARunThatEndedInItsStart_GivesNobodyItsTokens()
    {
        using var flows = Flows();
        await using var server = await ApiServer.StartAsync(StoreEngine.Sqlite, flows: flows.Folder);
        var runs = server.Services.GetRequiredService<RunService>();
        var started = (await runs.StartAsync(new RunRequest { FlowId = "direct" }, Stop))!;
        Assert.NotNull(started.Tokens);

        foreach (var step in new[] { "(start)", "", started.StepId, "another" })
        {
            foreach (var browser in new[] { null, "a key that somebody made up" })
            {
                var answer = await runs.SubmitAsync(started.ExecutionId, step, "", FlowValue.From(FlowObject.Empty), browser, Stop);
                Assert.Null(answer?.Tokens);
            }
        }
    }

    [Theory]
    [ClassData(typeof(BothEngines))]
    public async Task Start_StepDurableFlowWithSubflowsAtOnce_Completes(StoreEngine engine)
    {
        using var flows = Flows();
        await using var server = await ApiServer.StartAsync(engine, postgres, flows.Folder);
        var runs = server.Services.GetRequiredService<RunService>();

        var answers = await Task.WhenAll(
            Enumerable.Range(0, 20).Select(_ => runs.StartAsync(new RunRequest { FlowId = "branches" }, Stop))
        );

        Assert.All(answers, answer => Assert.Equal((RunStatus.Completed, """{"sum":12}"""), (answer!.Status, answer.Output.ToJson())));
    }

    /// <summary>A text cut in the middle of a character is stored, and read by the next server.</summary>
    [Theory]
    [ClassData(typeof(BothEngines))]
    public async Task Start_ScriptThatCutsACharacter_IsStoredAndReadAgain(StoreEngine engine)
    {
        using var flows = Flows();
        await using var server = await ApiServer.StartAsync(engine, postgres, flows.Folder);
        var runs = server.Services.GetRequiredService<RunService>();
        var client = FlowValue.Parse("""{ "name": "😀 Smith" }""");

        // Together, so that they are saved together.
        var answers = await Task.WhenAll(
            Enumerable.Range(0, 10).Select(_ => runs.StartAsync(new RunRequest { FlowId = "initial", Client = client }, Stop))
        );

        Assert.All(answers, answer => Assert.Equal(RunStatus.Waiting, answer!.Status));
        var stored = server.Services.GetRequiredService<FlowEngine.Storage.RunStore>();
        foreach (var answer in answers)
        {
            var run = (await stored.FindAsync(answer!.ExecutionId, Stop))!;
            Assert.Equal("\uFFFD", run.Person);
            var again = await server
                .Services.GetRequiredService<FlowEngine.AspNetCore.Flows.FlowCatalogue>()
                .LoadAsync(RunProgress.FromBytes(run.State!).State, _ => new(), Stop);
            Assert.Equal("\uFFFD", again.Context.User.Get("userId").ToText());
        }
    }

    [Theory]
    [InlineData("a\u0000b")]
    [InlineData(null)]
    public async Task Start_UserIdThatIsNoId_FailsTheRun(string? id)
    {
        using var flows = Flows();
        await using var server = await ApiServer.StartAsync(StoreEngine.Postgres, postgres, flows.Folder);
        var client = FlowValue.From(FlowShape.Of("id").With(FlowValue.From(id ?? new string('x', 9_000))));

        var answer = (
            await server.Services.GetRequiredService<RunService>().StartAsync(new RunRequest { FlowId = "direct", Client = client }, Stop)
        )!;

        Assert.Equal((RunStatus.Failed, "user.bad_id"), (answer.Status, answer.Error!.Code));
    }

    /// <summary>A connector can go once no published version uses it; runs that wait on an older version can then go nowhere.</summary>
    [Theory]
    [ClassData(typeof(BothEngines))]
    public async Task Submit_ToARunWhoseVersionCompilesNoMore_SaysSoAndItCanBeCancelled(StoreEngine engine)
    {
        using var flows = Flows();
        await using var server = await ApiServer.StartAsync(engine, postgres, flows.Folder);
        var runs = server.Services.GetRequiredService<RunService>();
        (
            await server.PostAsync(
                "/api/connectors",
                """{ "definition": { "id": "up", "type": "http", "configuration": { "baseUrl": "https://api.example.com" } } }"""
            )
        ).Expect(HttpStatusCode.Created);
        await PublishAsync(
            server,
            """
            { "id": "old", "start": "s", "screens": [ { "id": "s", "title": "S",
              "components": [ { "type": "Button", "id": "go", "text": "Go" } ] } ],
              "activities": [ { "id": "s", "type": "Screen", "screen": "s" },
                { "id": "call", "type": "GenericHttp", "connector": "up", "contextKey": "up", "url": "/" },
                { "id": "end", "type": "End" } ],
              "connections": [ { "source": "s", "port": "go", "target": "call" },
                { "source": "call", "port": "Success", "target": "end" } ] }
            """,
            FlowValue.Null
        );
        var waiting = (await runs.StartAsync(new RunRequest { FlowId = "old" }, Stop))!;
        Assert.Equal(RunStatus.Waiting, waiting.Status);
        await PublishAsync(
            server,
            """{ "id": "old", "start": "end", "access": "public", "activities": [ { "id": "end", "type": "End" } ], "connections": [] }""",
            FlowValue.Null
        );
        (await server.DeleteAsync("/api/connectors/up")).Expect(HttpStatusCode.NoContent);

        var submitted = await server.PostAsync(
            "/v1/flow/next",
            $$"""{ "executionId": "{{waiting.ExecutionId}}", "stepId": "{{waiting.StepId}}", "interactionId": "go", "input": {} }""",
            Credential.None
        );
        Assert.Equal(
            ("failed", "run.state"),
            (submitted.Expect(HttpStatusCode.OK).Body.Get("status").ToText(), submitted.Body.Get("error").Get("code").ToText())
        );
        (await server.PostAsync("/api/runs/1/cancel", "{}")).Expect(HttpStatusCode.NoContent);
        var run = (await server.GetAsync("/api/runs/1")).Expect(HttpStatusCode.OK).Body;
        Assert.Contains("run.cancelled", run.ToJson(), StringComparison.Ordinal);
        Assert.Equal(RunStatus.Failed, (await runs.FindAsync(waiting.ExecutionId, null, Stop))!.Status);
        Assert.Equal(HttpStatusCode.Conflict, (await server.PostAsync("/api/runs/1/cancel", "{}")).Status);
    }

    private static async Task PublishAsync(ApiServer server, string flow, FlowValue revision)
    {
        var definition = FlowValue.Parse(flow);
        var id = definition.Get("id").ToText();
        var saved = (
            await server.PutAsync($"/api/flows/{id}/draft", FlowValue.Object(("definition", definition), ("revision", revision)))
        ).Expect(HttpStatusCode.OK);
        (
            await server.PostAsync(
                $"/api/flows/{id}/publish",
                FlowValue.Object(("revision", saved.Body.Get("revision")), ("note", FlowValue.From("Test")))
            )
        ).Expect(HttpStatusCode.OK);
    }

    private static Workspace Flows()
    {
        var workspace = new Workspace();
        workspace.Write(
            "direct.flow.json",
            """
            { "id": "direct", "start": "user", "access": "public", "inputs": { "id": { "type": "string", "default": "u-1" } },
              "activities": [
                { "id": "user", "type": "SetUser", "user": { "userId": "{{client.id}}" } },
                { "id": "end", "type": "End" } ],
              "connections": [ { "source": "user", "port": "Done", "target": "end" } ] }
            """
        );
        workspace.Write(
            "initial.flow.json",
            """
            { "id": "initial", "start": "cut", "inputs": { "name": { "type": "string" } },
              "screens": [ { "id": "s", "title": "S", "components": [ { "type": "Button", "id": "go", "text": "Go" } ] } ],
              "activities": [
                { "id": "cut", "type": "Scriptlet", "contextKey": "initial", "arguments": { "name": "{{client.name}}" },
                  "code": "return name[0]" },
                { "id": "user", "type": "SetUser", "user": { "userId": "{{scripts.initial}}" } },
                { "id": "s", "type": "Screen", "screen": "s" },
                { "id": "end", "type": "End" } ],
              "connections": [
                { "source": "cut", "port": "Success", "target": "user" }, { "source": "user", "port": "Done", "target": "s" },
                  { "source": "s", "port": "go", "target": "end" } ] }
            """
        );
        workspace.Write(
            "branch.flow.json",
            """
            { "id": "branch", "start": "one", "inputs": { "n": { "type": "number" } }, "activities": [
                { "id": "one", "type": "Scriptlet", "contextKey": "one", "arguments": { "n": "{{client.n}}" }, "code": "return n + 1" },
                { "id": "two", "type": "Scriptlet", "contextKey": "two", "arguments": { "n": "{{scripts.one}}" }, "code": "return n * 2" },
                { "id": "end", "type": "End", "outputs": { "n": "{{scripts.two}}" } } ],
              "connections": [ { "source": "one", "port": "Success", "target": "two" },
                { "source": "two", "port": "Success", "target": "end" } ] }
            """
        );
        workspace.Write(
            "branches.flow.json",
            """
            { "id": "branches", "start": "both", "access": "public", "durability": "step", "activities": [
                { "id": "both", "type": "Parallel", "activities": [
                    { "id": "a", "type": "Subflow", "flow": "branch", "contextKey": "a", "inputs": { "n": 1 } },
                    { "id": "b", "type": "Subflow", "flow": "branch", "contextKey": "b", "inputs": { "n": 3 } } ] },
                { "id": "sum", "type": "Scriptlet", "contextKey": "sum", "arguments": { "a": "{{scripts.a.n}}", "b": "{{scripts.b.n}}" },
                  "code": "return a + b" },
                { "id": "end", "type": "End", "outputs": { "sum": "{{scripts.sum}}" } } ],
              "connections": [ { "source": "both", "port": "Success", "target": "sum" },
                { "source": "sum", "port": "Success", "target": "end" } ] }
            """
        );
        return workspace;
    }
}
