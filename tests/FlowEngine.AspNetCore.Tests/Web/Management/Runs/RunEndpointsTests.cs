using System.Net;
using FlowEngine.Context;
using FlowEngine.Json;
using FlowEngine.Server.Demo;
using FlowEngine.TestServers;

namespace FlowEngine.AspNetCore.Tests.Web.Management.Runs;

/// <summary>Runs through the API: what they did, ending them, and golden cases made of them.</summary>
public sealed class RunEndpointsTests(PostgresFixture postgres)
{
    [Fact]
    public async Task ARun_ThatNobodyIsThereFor_EndsAtTheScreen()
    {
        await using var server = await ApiServer.StartAsync(StoreEngine.Sqlite);

        var refused = (await server.PostAsync("/v1/mgmt/flow/run", """{ "flowId": "login" }""")).Expect(HttpStatusCode.Conflict);

        Assert.Equal("api.screen", refused.Code);
        var run = (await server.GetAsync("/api/runs")).Body.Get("runs").Get(0);
        Assert.Equal(("failed", "api.screen"), (run.Get("status").ToText(), run.Get("errorCode").ToText()));
        var next = (
            await server.PostAsync(
                "/v1/flow/next",
                $$"""{ "executionId": "{{run.Get("id").ToText()}}", "stepId": "", "interactionId": "submit","""
                    + """ "input": { "email": "ada@example.com" } }"""
            )
        ).Body;
        Assert.Equal(("failed", "api.screen"), (next.Get("status").ToText(), next.Get("error").Get("code").ToText()));
    }

    [Theory]
    [ClassData(typeof(BothEngines))]
    public async Task Runs_AreFoundByWhatIsAskedFor(StoreEngine engine)
    {
        await using var server = await ApiServer.StartAsync(engine, postgres);
        await server.SignInThroughFlowAsync("ada@example.com");
        await server.SignInThroughFlowAsync("ghost@example.com");
        await server.SignInThroughFlowAsync("broken@example.com");

        Assert.Equal("3 2 1", await NumbersAsync(""));
        Assert.Equal("1", await NumbersAsync("?status=completed"));
        Assert.Equal("3 2", await NumbersAsync("?flow=login&status=waiting"));
        Assert.Equal("1", await NumbersAsync("?person=ada"));
        Assert.Equal("", await NumbersAsync("?error=http.status"));
        Assert.Equal("3 2", await NumbersAsync("?errorCode=http.status"));
        Assert.Equal("3 2", await NumbersAsync("?errors=true&connector=profile-api"));
        Assert.Equal("3 2 1", await NumbersAsync("?errors=false"));
        Assert.Equal(
            "2",
            await NumbersAsync(
                "?activity=profile&until=" + Uri.EscapeDataString((await server.GetAsync("/api/runs/3")).Body.Get("createdAt").ToText())
            )
        );
        Assert.Equal("1", await NumbersAsync("?person=%20ADA@Example.com"));
        Assert.Equal("3", await NumbersAsync("?person=broken@example.com"));
        Assert.Equal("", await NumbersAsync("?flow=orders"));
        Assert.Equal("", await NumbersAsync("?until=2001-01-01T00:00:00Z"));
        var first = (await server.GetAsync("/api/runs?limit=2")).Body;
        Assert.Equal("1", await NumbersAsync($"?limit=2&cursor={first.Get("next").ToText()}"));
        foreach (
            var wrong in new[]
            {
                "?status=lost",
                "?errors=maybe",
                "?from=yesterday",
                "?limit=many",
                "?limit=0",
                "?limit=-1",
                "?limit=201",
                "?cursor=nonsense",
            }
        )
            Assert.Equal("api.query", (await server.GetAsync("/api/runs" + wrong)).Expect(HttpStatusCode.BadRequest).Code);

        async Task<string> NumbersAsync(string query)
        {
            (await server.GetAsync("/api/runs" + query)).Expect(HttpStatusCode.OK).Body.Get("runs").TryGetArray(out var runs);
            return string.Join(' ', runs!.Select(run => run.Get("number").ToText()));
        }
    }

    [Theory]
    [ClassData(typeof(BothEngines))]
    public async Task ARun_WhoseApiFails_TellsItsErrorsAndAtWhichScreenItWaits(StoreEngine engine)
    {
        await using var server = await ApiServer.StartAsync(engine, postgres);
        await server.SignInThroughFlowAsync("ghost@example.com");

        foreach (
            var run in new[]
            {
                (await server.GetAsync("/api/runs/1")).Body,
                (await server.GetAsync("/api/runs?errors=true")).Body.Get("runs").Get(0),
            }
        )
        {
            Assert.Equal("waiting", run.Get("status").ToText());
            Assert.Equal("userNotFound", run.Get("screen").Get("activity").ToText());
            Assert.Equal(
                ("user-not-found", "User Not Found"),
                (run.Get("screen").Get("id").ToText(), run.Get("screen").Get("title").ToText())
            );
            Assert.Equal(
                """[{"code":"http.status","activity":"profile","connector":"profile-api","handled":"custom","count":1}]""",
                run.Get("errors").ToJson()
            );
            Assert.Equal(FlowValue.From(1), run.Get("errorCount"));
            Assert.True(run.Get("workedMs").TryGetInteger(out var worked) && worked >= 0);
        }
        var ended = await server.SignInThroughFlowAsync("ada@example.com");
        var completed = (await server.GetAsync($"/api/runs/{ended.Get("executionId").ToText()}")).Body;
        Assert.Equal(("[]", FlowValue.Null), (completed.Get("errors").ToJson(), completed.Get("screen")));
    }

    [Theory]
    [ClassData(typeof(BothEngines))]
    public async Task Search_OffersEverythingThatATextMayMean(StoreEngine engine)
    {
        using var workspace = new Workspace();
        workspace.Write(
            "flows/who.flow.json",
            """
            { "id": "who", "start": "ask", "reference": "{{form.who}}",
              "activities": [ { "id": "ask", "type": "Screen", "screen": "ask" }, { "id": "again", "type": "Screen", "screen": "again" },
                { "id": "user", "type": "SetUser", "user": { "userId": "{{form.who}}" } }, { "id": "end", "type": "End" } ],
              "connections": [ { "source": "ask", "port": "go", "target": "again" }, { "source": "again", "port": "go", "target": "user" },
                { "source": "user", "port": "Done", "target": "end" } ],
              "screens": [ { "id": "ask", "title": "Who?",
                "components": [ { "type": "TextInput", "name": "who" }, { "type": "Button", "id": "go" } ] },
                { "id": "again", "title": "Hello {{form.who}}", "components": [ { "type": "Button", "id": "go" } ] } ] }
            """
        );
        await using var server = await ApiServer.StartAsync(engine, postgres, Path.Combine(workspace.Folder, "flows"));
        var viewer = await server.PersonAsync("vera", "viewer");
        var ids = new List<string>();
        foreach (var who in new[] { "2", "Grace@Example.com" })
        {
            var start = (await server.PostAsync("/v1/flow/start", """{ "flowId": "who" }""", Credential.None)).Body;
            ids.Add(start.Get("executionId").ToText());
            (
                await server.PostAsync(
                    "/v1/flow/next",
                    $$"""{ "executionId": "{{ids[^1]}}", "stepId": "{{start.Get("stepId").ToText()}}", "interactionId": "go","""
                        + $$""" "input": { "who": "{{who}}" } }""",
                    Credential.None
                )
            ).Expect(HttpStatusCode.OK);
        }

        // Before anybody is signed in; and a number is no run alone.
        Assert.Equal("number 2, person 1", await FindAsync("2"));
        Assert.Equal("person 2", await FindAsync(" grace@example.COM "));
        Assert.Equal(
            "reference 1",
            await FindAsync(FlowEngine.Execution.RunReference.Of(ids[0]).ToLowerInvariant().Replace("-", " ", StringComparison.Ordinal))
        );
        Assert.Equal("id 2", await FindAsync(ids[1]));
        Assert.Equal("id 2", await FindAsync(ids[1][..12]));
        Assert.Equal("", await FindAsync(ids[1][..7]));
        Assert.Equal("", await FindAsync("nobody"));
        Assert.Equal("", await FindAsync(""));
        Assert.Equal(
            "api.query",
            (await server.GetAsync("/api/runs/search?text=" + new string('x', 257))).Expect(HttpStatusCode.BadRequest).Code
        );
        var found = (await server.GetAsync("/api/runs/search?text=grace@example.com")).Body.Get("matches").Get(0).Get("run");
        Assert.Equal(
            ("Grace@Example.com", FlowEngine.Execution.RunReference.Of(ids[1])),
            (found.Get("reference").ToText(), found.Get("shortReference").ToText())
        );
        Assert.Equal("Hello {{form.who}}", found.Get("screen").Get("title").ToText());

        // Viewers learn neither the ids of runs that wait, nor whose they are; the reference that somebody read out to them finds its run.
        Assert.Equal("", await FindAsync(ids[1][..12], viewer));
        Assert.Equal("", await FindAsync("grace@example.com", viewer));
        Assert.Equal("reference 2", await FindAsync(FlowEngine.Execution.RunReference.Of(ids[1]), viewer));
        var seen = await server.GetAsync("/api/runs", viewer);
        Assert.DoesNotContain("grace", seen.Text, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain(ids[1], seen.Text, StringComparison.Ordinal);

        async Task<string> FindAsync(string text, Credential? credential = null)
        {
            (await server.GetAsync("/api/runs/search?text=" + Uri.EscapeDataString(text), credential))
                .Expect(HttpStatusCode.OK)
                .Body.Get("matches")
                .TryGetArray(out var matches);
            return string.Join(", ", matches!.Select(match => $"{match.Get("by").ToText()} {match.Get("run").Get("number").ToText()}"));
        }
    }

    [Fact]
    public async Task ARun_ShowsWhatEachStepWasGivenAndBrought()
    {
        await using var server = await ApiServer.StartAsync(StoreEngine.Sqlite);
        await server.SignInThroughFlowAsync("ghost@example.com");

        var run = (await server.GetAsync("/api/runs/1")).Expect(HttpStatusCode.OK).Body;

        Assert.Equal("login", run.Get("definition").Get("id").ToText());
        run.Get("trace").TryGetArray(out var steps);
        Assert.Equal(["signIn", "lookup", "profile", "byStatus", "userNotFound"], steps!.Select(step => step.Get("activity").ToText()));
        // The submission belongs to the step that showed the screen.
        Assert.Equal(("submit", "ghost@example.com"), (steps![0].Get("outcome").ToText(), steps[0].Get("output").Get("email").ToText()));
        Assert.Equal("""["connectors.profile"]""", steps[2].Get("writes").ToJson());
        Assert.Equal(FlowValue.From(404), steps[2].Get("output").Get("statusCode"));
        Assert.Contains("/users/", steps[2].Get("input").ToJson(), StringComparison.Ordinal);
        Assert.False(steps[2].Get("error").IsMissing);
    }

    [Fact]
    public async Task AViewer_DoesNotLearnTheIdOfARunThatWaits()
    {
        await using var server = await ApiServer.StartAsync(StoreEngine.Sqlite);
        var viewer = await server.PersonAsync("vera", "viewer");
        var waiting = (await server.SignInThroughFlowAsync("ghost@example.com")).Get("executionId").ToText();
        var ended = (await server.SignInThroughFlowAsync("ada@example.com")).Get("executionId").ToText();

        var list = await server.GetAsync("/api/runs", viewer);
        var one = await server.GetAsync("/api/runs/1", viewer);

        Assert.DoesNotContain(waiting, list.Text + one.Text, StringComparison.Ordinal);
        Assert.Equal((FlowValue.Null, ended), (one.Body.Get("id"), list.Body.Get("runs").Get(0).Get("id").ToText()));
        Assert.Equal(waiting, (await server.GetAsync("/api/runs/1")).Body.Get("id").ToText());
        Assert.Equal(FlowValue.From(2), (await server.GetAsync($"/api/runs/{ended}", viewer)).Body.Get("number"));
    }

    [Theory]
    [ClassData(typeof(BothEngines))]
    public async Task AViewer_SeesNoValueOfARunThatWaits(StoreEngine engine)
    {
        using var workspace = new Workspace();
        workspace.Write(
            "flows/invite.flow.json",
            """
            { "id": "invite", "start": "ask", "accepts": [ "broken: Scriptlet Failed" ],
              "inputs": { "campaign": { "type": "string" } },
              "activities": [
                { "id": "ask", "type": "Screen", "screen": "ask" },
                { "id": "shape", "type": "Scriptlet", "contextKey": "shape", "code": "return 'made-of-' + arguments.note;",
                  "arguments": { "note": "{{form.note}}" } },
                { "id": "user", "type": "SetUser", "user": { "userId": "person-{{form.note}}" } },
                { "id": "broken", "type": "Scriptlet", "contextKey": "broken", "code": "throw new Error('about ' + arguments.note);",
                  "arguments": { "note": "{{form.note}}" },
                  "errorHandling": { "Scriptlet Failed": "ignore" } },
                { "id": "wait", "type": "Screen", "screen": "wait" },
                { "id": "done", "type": "End" } ],
              "connections": [ { "source": "ask", "port": "submit", "target": "shape" },
                { "source": "shape", "port": "Success", "target": "user" },
                { "source": "user", "port": "Done", "target": "broken" }, { "source": "broken", "port": "Success", "target": "wait" },
                  { "source": "wait", "port": "submit", "target": "done" } ],
              "screens": [
                { "id": "ask", "title": "Hello", "components": [ { "type": "TextInput", "name": "note", "label": "Note" },
                  { "type": "Button", "id": "submit", "text": "Go" } ] },
                { "id": "wait", "title": "Note {{form.note}}", "components": [ { "type": "Button", "id": "submit", "text": "Go" } ] } ] }
            """
        );
        await using var server = await ApiServer.StartAsync(engine, postgres, Path.Combine(workspace.Folder, "flows"));
        var viewer = await server.PersonAsync("vera", "viewer");
        var start = (
            await server.PostAsync(
                "/v1/flow/start",
                """{ "flowId": "invite", "options": { "client": { "campaign": "campaign-zz9" } } }""",
                Credential.None
            )
        ).Body;
        var submission =
            $$"""{ "executionId": "{{start.Get("executionId").ToText()}}", "stepId": "{{start.Get("stepId").ToText()}}","""
            + """ "interactionId": "submit", "input": { "note": "value-zz9" } }""";
        var at = (await server.PostAsync("/v1/flow/next", submission, Credential.None)).Expect(HttpStatusCode.OK).Body;
        Assert.Equal("waiting", at.Get("status").ToText());

        foreach (
            var path in new[]
            {
                "/api/runs",
                "/api/runs/1",
                $"/api/runs/{start.Get("executionId").ToText()}",
                "/api/runs?flow=invite",
                "/api/runs?person=person-value-zz9",
                "/api/runs/1/case",
                "/api/audit",
            }
        )
            Assert.DoesNotContain("zz9", (await server.GetAsync(path, viewer)).Text, StringComparison.Ordinal);
        // What they may see is the way that the run took; a designer sees the values.
        var run = (await server.GetAsync("/api/runs/1", viewer)).Body;
        run.Get("trace").TryGetArray(out var steps);
        Assert.Equal(["ask", "shape", "user", "broken", "wait"], steps!.Select(step => step.Get("activity").ToText()));
        Assert.Equal((FlowValue.True, FlowValue.Null), (run.Get("valuesHidden"), run.Get("person")));
        (await server.GetAsync("/api/runs/1/case", viewer)).Expect(HttpStatusCode.Forbidden);
        var designer = (await server.GetAsync("/api/runs/1")).Body;
        Assert.Contains("value-zz9", designer.Get("trace").ToJson(), StringComparison.Ordinal);
        Assert.Equal((FlowValue.False, "person-value-zz9"), (designer.Get("valuesHidden"), designer.Get("person").ToText()));
        // Whether somebody's run waits cannot be asked person by person.
        Assert.Equal("[]", (await server.GetAsync("/api/runs?person=person-value-zz9", viewer)).Body.Get("runs").ToJson());
        Assert.NotEqual("[]", (await server.GetAsync("/api/runs?person=person-value-zz9")).Body.Get("runs").ToJson());

        (
            await server.PostAsync(
                "/v1/flow/next",
                $$"""{ "executionId": "{{at.Get("executionId").ToText()}}", "stepId": "{{at.Get("stepId").ToText()}}","""
                    + """ "interactionId": "submit", "input": {} }""",
                Credential.None
            )
        ).Expect(HttpStatusCode.OK);
        Assert.Contains("value-zz9", (await server.GetAsync("/api/runs/1", viewer)).Body.Get("trace").ToJson(), StringComparison.Ordinal);
        Assert.NotEqual("[]", (await server.GetAsync("/api/runs?person=person-value-zz9", viewer)).Body.Get("runs").ToJson());
    }

    [Theory]
    [ClassData(typeof(BothEngines))]
    public async Task Cancel_EndsARunThatWaits(StoreEngine engine)
    {
        await using var server = await ApiServer.StartAsync(engine, postgres);
        var at = await server.SignInThroughFlowAsync("ghost@example.com");

        var both = await Task.WhenAll(server.PostAsync("/api/runs/1/cancel", "{}"), server.PostAsync("/api/runs/1/cancel", "{}"));
        Assert.Contains(both, reply => reply.Status == HttpStatusCode.NoContent);
        var run = (await server.GetAsync("/api/runs/1")).Body;
        Assert.Equal(
            ("cancelled", "run.cancelled", FlowValue.Null),
            (run.Get("status").ToText(), run.Get("errorCode").ToText(), run.Get("screen"))
        );
        Assert.Equal(
            "1",
            (await server.GetAsync("/api/runs?status=cancelled")).Expect(HttpStatusCode.OK).Body.Get("runs").Get(0).Get("number").ToText()
        );
        Assert.Equal("[]", (await server.GetAsync("/api/runs?status=failed")).Body.Get("runs").ToJson());
        Assert.Equal("run.ended", (await server.PostAsync("/api/runs/1/cancel", "{}")).Expect(HttpStatusCode.Conflict).Code);
        var late = await server.PostAsync(
            "/v1/flow/next",
            $$"""{ "executionId": "{{at.Get("executionId").ToText()}}", "stepId": "{{at.Get("stepId").ToText()}}","""
                + """ "interactionId": "submit", "input": {} }""",
            Credential.None
        );
        Assert.Equal(("cancelled", "run.cancelled"), (late.Body.Get("status").ToText(), late.Body.Get("error").Get("code").ToText()));
        Assert.Contains("run.cancel", (await server.GetAsync("/api/audit?subject=run:1")).Text, StringComparison.Ordinal);
        Assert.Equal("run.ended", (await CancelCompletedAsync()).Code);

        async Task<ApiReply> CancelCompletedAsync()
        {
            await server.SignInThroughFlowAsync("ada@example.com");
            return await server.PostAsync("/api/runs/2/cancel", "{}");
        }
    }

    [Fact]
    public async Task ACase_OfAnyRun_PassesWithTheExportedFlow()
    {
        await using var server = await ApiServer.StartAsync(StoreEngine.Sqlite);
        using var folder = new Workspace();
        foreach (var email in new[] { "ada@example.com", "ghost@example.com", "broken@example.com", "busy@example.com" })
            await server.SignInThroughFlowAsync(email);
        await server.SignInThroughFlowAsync("ada@example.com", "header-claims");
        await RunStatementsAsync(server);
        foreach (var flow in new[] { "login", "header-claims", "statements" })
            folder.Write($"{flow}.flow.json", (await server.GetAsync($"/api/flows/{flow}/export")).Text);

        for (var number = 1; number <= 7; number++)
        {
            var made = (await server.GetAsync($"/api/runs/{number}/case")).Expect(HttpStatusCode.OK).Body;
            Assert.Equal("[]", made.Get("warnings").ToJson());
            folder.Write(Path.Combine("cases", made.Get("fileName").ToText()), made.Get("case").ToJson());
        }
        var tested = await FlowEngineProcess.RunAsync(
            "test",
            Path.Combine(folder.Folder, "cases"),
            "--connectors",
            Path.Combine(SampleFlows.Folder, "connectors")
        );

        Assert.True(tested.ExitCode == 0, tested.Output + tested.Error);
        Assert.Contains("7 passed, 0 failed", tested.Output, StringComparison.Ordinal);
    }

    /// <summary>Statements of one transaction: once all right, once with a second statement that fails.</summary>
    private static async Task RunStatementsAsync(ApiServer server)
    {
        const string Flow = """
            { "id": "statements", "name": "Statements", "start": "db", "inputs": { "id": { "type": "string" } }, "activities": [
                { "id": "db", "type": "Database", "connector": "users-db", "readOnly": false, "statements": [
                    "select id, tier from users where id = {{client.id}}",
                    "insert into users (id, email, name, tier) values ({{statements[0].first.tier ?? \"ada\"}}, 'gold@example.com', 'G', 'none')" ] },
                { "id": "end", "type": "End", "outputs": { "tier": "{{connectors.db.statements[0].first.tier}}" } } ],
              "connections": [ { "source": "db", "port": "Success", "target": "end" } ] }
            """;
        var revision = (await server.PostAsync("/api/flows", FlowValue.Object(("definition", FlowValue.Parse(Flow)))))
            .Expect(HttpStatusCode.Created)
            .Body.Get("revision");
        (await server.PostAsync("/api/flows/statements/publish", $$"""{ "revision": {{revision}} }""")).Expect(HttpStatusCode.OK);
        foreach (var (id, number, status) in new[] { ("grace", 6, "completed"), ("nobody", 7, "failed") })
        {
            await server.PostAsync("/v1/mgmt/flow/run", $$"""{ "flowId": "statements", "options": { "client": { "id": "{{id}}" } } }""");
            Assert.Equal(status, (await server.GetAsync($"/api/runs/{number}")).Body.Get("status").ToText());
        }
    }

    [Fact]
    public async Task ACase_OfAPasswordLogin_HoldsNeitherPasswordNorHash()
    {
        await using var server = await ApiServer.StartAsync(StoreEngine.Sqlite);
        using var folder = new Workspace();
        var start = (await server.PostAsync("/v1/flow/start", """{ "flowId": "password" }""", Credential.None)).Body;
        var screen = start.Get("screen");
        var names = (screen.Get("components").TryGetArray(out var components) ? components! : FlowArray.Empty)
            .Where(item => !item.Get("name").IsMissing)
            .Select(item => item.Get("name").ToText())
            .ToList();
        Assert.Contains("password", names);
        var at = start;
        foreach (var password in new[] { "wrong wrong wrong", "correct horse battery staple" })
        {
            at = (
                await server.PostAsync(
                    "/v1/flow/next",
                    $$"""{ "executionId": "{{at.Get("executionId").ToText()}}", "stepId": "{{at.Get("stepId").ToText()}}","""
                        + $$""" "interactionId": "submit", "input": { "email": "ada@example.com", "password": "{{password}}" } }""",
                    Credential.None
                )
            )
                .Expect(HttpStatusCode.OK)
                .Body;
        }
        Assert.Equal("completed", at.Get("status").ToText());

        // Whoever may look at runs may not try passwords against the hash that was looked up.
        var trace = (await server.GetAsync("/api/runs/1")).Expect(HttpStatusCode.OK).Text;
        Assert.Contains("\"$argon2id$***\"", trace, StringComparison.Ordinal);
        Assert.DoesNotContain("$argon2id$v=", trace, StringComparison.Ordinal);

        var reply = (await server.GetAsync("/api/runs/1/case")).Expect(HttpStatusCode.OK);
        var hash = FlowValue.Parse(File.ReadAllText(Path.Combine(SampleFlows.Folder, "password.flow.json")));
        folder.Write("password.flow.json", hash.ToJson());
        folder.Write(Path.Combine("cases", reply.Body.Get("fileName").ToText()), reply.Body.Get("case").ToJson());
        var tested = await FlowEngineProcess.RunAsync(
            "test",
            Path.Combine(folder.Folder, "cases"),
            "--connectors",
            Path.Combine(SampleFlows.Folder, "connectors")
        );

        Assert.True(tested.ExitCode == 0, reply.Text + tested.Output + tested.Error);
        Assert.DoesNotContain("correct horse battery staple", reply.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("***", reply.Body.Get("case").ToJson(), StringComparison.Ordinal);
        Assert.NotEqual("[]", reply.Body.Get("warnings").ToJson());
    }
}
