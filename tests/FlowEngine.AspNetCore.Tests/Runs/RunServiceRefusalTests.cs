using System.Net;
using FlowEngine.AspNetCore.Runs;
using FlowEngine.Context;
using FlowEngine.Execution;
using FlowEngine.TestServers;
using Microsoft.Extensions.DependencyInjection;

namespace FlowEngine.AspNetCore.Tests.Runs;

/// <summary>Flows that turn somebody away, errors that people can refer to, and texts by every door, on the real server.</summary>
public sealed class RunServiceRefusalTests(PostgresFixture postgres)
{
    private static CancellationToken Stop => TestStorage.Stop;

    [Theory]
    [ClassData(typeof(BothEngines))]
    public async Task Run_ThatIsRefused_IsStoredAsThatAndIssuesNothing(StoreEngine engine)
    {
        using var flows = Flows();
        await using var server = await ApiServer.StartAsync(engine, postgres, flows.Folder);

        // A program is told by a problem: whoever looks at the status alone takes it for no success.
        const string Body = """{ "flowId": "no", "options": { "input": { "who": "Ada" } } }""";
        var refused = (await server.PostAsync("/v1/mgmt/flow/run", Body, server.Key)).Expect(HttpStatusCode.UnprocessableEntity);
        var id = refused.Body.Get("executionId").ToText();
        Assert.Equal(
            ("run.refused", "Not Ada.", """{"why":"no"}"""),
            (refused.Code, refused.Body.Get("message").ToText(), refused.Body.Get("output").ToJson())
        );
        Assert.Equal(RunReference.Of(id), refused.Body.Get("reference").ToText());
        var run = (await server.GetAsync($"/api/runs/{id}")).Expect(HttpStatusCode.OK).Body;
        Assert.Equal("refused", run.Get("status").ToText());
        Assert.Equal("Not Ada.", run.Get("trace").Get(1).Get("message").ToText());

        // With a user and a place to go back to, there is neither token nor code, and what is read later says the same.
        var runs = server.Services.GetRequiredService<RunService>();
        var client = FlowValue.Parse("""{ "who": "Eve" }""");
        var back = new LoginReturn("https://app.example/", null, null);
        var answer = (
            await runs.StartAsync(
                new RunRequest
                {
                    FlowId = "no",
                    HasKey = true,
                    BrowserKey = "b",
                    Client = client,
                    Return = back,
                },
                Stop
            )
        )!;
        Assert.Equal((RunStatus.Refused, "Not Eve.", null, null), (answer.Status, answer.Message, answer.Tokens, answer.Code));
        var later = (await runs.FindAsync(answer.ExecutionId, "b", Stop))!;
        Assert.Equal((RunStatus.Refused, "Not Eve.", answer.Reference), (later.Status, later.Message, later.Reference));
    }

    [Theory]
    [ClassData(typeof(BothEngines))]
    public async Task Message_ForTheNextScreen_IsStillThereWhenTheRunIsReadAgain(StoreEngine engine)
    {
        using var flows = Flows();
        await using var server = await ApiServer.StartAsync(engine, postgres, flows.Folder);
        var runs = server.Services.GetRequiredService<RunService>();
        var at = (await runs.StartAsync(new RunRequest { FlowId = "ask" }, Stop))!;
        at = (await runs.SubmitAsync(at.ExecutionId, at.StepId, "again", FlowValue.Parse("""{ "name": "Ada" }"""), null, Stop))!;
        Assert.Equal("Again, Ada.", ErrorText(at));
        // A change of the catalogue has every run read from the storage again.
        var draft = (
            await server.PutAsync("/api/flows/ask/draft", FlowValue.Parse($$"""{ "definition": {{Ask}}, "revision": null }"""))
        ).Expect(HttpStatusCode.OK);
        (
            await server.PostAsync(
                "/api/flows/ask/publish",
                $$"""{ "revision": {{draft.Body.Get("revision").ToJson()}}, "note": "Test" }"""
            )
        ).Expect(HttpStatusCode.OK);

        var again = (await runs.FindAsync(at.ExecutionId, null, Stop))!;
        Assert.Equal(("Again, Ada.", null, null), (ErrorText(again), again.Error, again.Reference));
        at = (await runs.SubmitAsync(at.ExecutionId, at.StepId, "break", FlowValue.Parse("{}"), null, Stop))!;
        Assert.Equal(
            (FlowExecutor.DefaultErrorText, "script.error", RunReference.Of(at.ExecutionId)),
            (ErrorText(at), at.Error?.Code, at.Reference)
        );

        static string ErrorText(RunAnswer answer) => answer.Screen.Get("state").Get("errorText").ToText();
    }

    /// <summary>The language of texts and the device are the same by every door.</summary>
    [Fact]
    public async Task Doors_HaveTheSameLanguages()
    {
        using var flows = Flows();
        await using var server = await ApiServer.StartAsync(StoreEngine.Sqlite, null, flows.Folder, "Screens:DefaultLocale=de");
        var start = (await server.PostAsync("/v1/flow/start", """{ "flowId": "ask" }""", Credential.None)).Expect(HttpStatusCode.OK).Body;
        // Nobody asked for a language: the flow's texts are German, by the setting, and its English translation is not taken.
        Assert.Equal("Wie heißen Sie?", start.Get("screen").Get("title").ToText());

        (string Name, string Value)[] languages = [("Accept-Language", "fr;q=0.3, *;q=0.9, da, en;q=0.8, de;q=0")];
        var api = (await server.SendAsync("POST", "/v1/flow/start", """{ "flowId": "ask" }""", Credential.None, languages)).Expect(
            HttpStatusCode.OK
        );
        var page = (await server.SendAsync("GET", "/login/ask", null, Credential.None, languages)).Expect(HttpStatusCode.SeeOther);
        // A flow that does not begin with a screen is begun by the run's own page.
        var address = page.Message.Headers.Location!.OriginalString;
        var cookies = string.Join("; ", page.Message.Headers.GetValues("Set-Cookie").Select(cookie => cookie.Split(';')[0]));
        (await server.SendAsync("GET", address, null, Credential.None, [.. languages, ("Cookie", cookies)])).Expect(HttpStatusCode.OK);
        foreach (var id in new[] { api.Body.Get("executionId").ToText(), address.Split('/')[^1] })
        {
            (await server.PostAsync($"/api/runs/{id}/cancel", "{}")).Expect(HttpStatusCode.NoContent);
            var trace = (await server.GetAsync($"/api/runs/{id}")).Expect(HttpStatusCode.OK).Body.Get("trace");
            Assert.Equal("da", trace.Get(0).Get("output").Get("language").ToText());
        }
    }

    private const string Ask = """
        { "id": "ask", "start": "device", "locales": { "en": { "Wie heißen Sie?": "What is your name?" } },
          "activities": [
            { "id": "device", "type": "Scriptlet", "arguments": { "language": "{{device.language}}" }, "code": "return { language };" },
            { "id": "s", "type": "Screen", "screen": "s" }, { "id": "script", "type": "Scriptlet", "code": "throw new Error('x');" },
              { "id": "e", "type": "End" } ],
          "connections": [
            { "source": "device", "port": "Success", "target": "s" },
              { "source": "s", "port": "again", "target": "s", "message": "Again, {{form.name}}." },
            { "source": "s", "port": "break", "target": "script" }, { "source": "script", "port": "Success", "target": "e" } ],
          "screens": [ { "id": "s", "title": "Wie heißen Sie?", "components": [
            { "type": "TextInput", "name": "name" }, { "type": "Button", "id": "again" }, { "type": "Button", "id": "break" } ] } ] }
        """;

    private static Workspace Flows()
    {
        var workspace = new Workspace();
        workspace.Write("ask.flow.json", Ask);
        workspace.Write(
            "no.flow.json",
            """
            { "id": "no", "start": "user", "inputs": { "who": { "type": "string" } }, "redirectUris": [ "https://app.example/" ],
              "activities": [
                { "id": "user", "type": "SetUser", "user": { "userId": "7" } },
                { "id": "end", "type": "End", "kind": "refused", "message": "Not {{client.who}}.", "outputs": { "why": "no" } } ],
              "connections": [ { "source": "user", "port": "Done", "target": "end" } ] }
            """
        );
        return workspace;
    }
}
