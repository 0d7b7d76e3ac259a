using System.Net;
using FlowEngine.Context;
using FlowEngine.Json;
using FlowEngine.TestServers;

namespace FlowEngine.AspNetCore.Tests.Web.Management.Flows;

/// <summary>Flows through the API: drafts, publishing, versions, files.</summary>
public sealed class PublicationEndpointsTests(PostgresFixture postgres, SharedApiServer shared) : IClassFixture<SharedApiServer>
{
    [Theory]
    [ClassData(typeof(BothEngines))]
    public async Task AFlow_FromItsFirstDraftToItsEnd(StoreEngine engine)
    {
        await using var server = await ApiServer.StartAsync(engine, postgres);
        var made = (await server.PostAsync("/api/flows", Definition(Flow("hello", "one")))).Expect(HttpStatusCode.Created).Body;
        Assert.Equal(
            "flow.exists",
            (await server.PostAsync("/api/flows", Definition(Flow("hello", "one")))).Expect(HttpStatusCode.Conflict).Code
        );
        Assert.Equal(
            "flow.exists",
            (await server.PostAsync("/api/flows", Definition(Flow("login", "one")))).Expect(HttpStatusCode.Conflict).Code
        );
        Assert.Equal("api.flow", (await StartAsync(server)).Code);

        var version = (await PublishAsync(server, made.Get("revision"))).Expect(HttpStatusCode.OK).Body.Get("version");
        Assert.Equal(FlowValue.From(1), version);
        Assert.Equal("one", (await StartAsync(server)).Body.Get("output").Get("said").ToText());

        var revision = (await SaveAsync(server, Flow("hello", "two"), FlowValue.Null)).Expect(HttpStatusCode.OK).Body.Get("revision");
        Assert.Equal("one", (await StartAsync(server)).Body.Get("output").Get("said").ToText());
        var changes = (await server.GetAsync("/api/flows/hello/diff?from=published&to=draft"))
            .Expect(HttpStatusCode.OK)
            .Body.Get("changes");
        Assert.Equal(
            """[{"change":"changed","kind":"setting","of":"activity","id":"end","setting":"outputs.said","before":"one","after":"two"}]""",
            changes.ToJson()
        );
        (await PublishAsync(server, revision)).Expect(HttpStatusCode.OK);
        Assert.Equal("two", (await StartAsync(server)).Body.Get("output").Get("said").ToText());

        (await server.PostAsync("/api/flows/hello/versions/1/restore", """{ "note": "Back" }""")).Expect(HttpStatusCode.OK);
        Assert.Equal("one", (await StartAsync(server)).Body.Get("output").Get("said").ToText());
        var versions = (await server.GetAsync("/api/flows/hello/versions?limit=2")).Body;
        Assert.Equal(
            ("Back", FlowValue.True, FlowValue.From(2)),
            (versions.Get("versions").Get(0).Get("note").ToText(), versions.Get("versions").Get(0).Get("isPublished"), versions.Get("next"))
        );
        Assert.Equal("[1]", Numbers((await server.GetAsync("/api/flows/hello/versions?before=2")).Body));
        Assert.Empty((await server.GetAsync("/api/flows/hello/diff?from=1&to=3")).Body.Get("changes").ToJson().Trim('[', ']'));

        (await server.DeleteAsync("/api/flows/hello")).Expect(HttpStatusCode.NoContent);
        Assert.Equal("api.flow", (await StartAsync(server)).Code);
        (await server.GetAsync("/api/flows/hello")).Expect(HttpStatusCode.NotFound);
        Assert.Equal(
            ["flow.delete", "flow.restore", "flow.publish", "flow.draft", "flow.publish", "flow.draft"],
            Actions((await server.GetAsync("/api/audit?subject=flow:hello&actor=management%20key")).Body)
        );
    }

    [Fact]
    public async Task Drafts_OfTwoPeople_NeverOverwriteEachOtherSilently()
    {
        await using var server = await ApiServer.StartAsync(StoreEngine.Sqlite);
        var (ann, bea) = (await server.PersonAsync("ann", "designer"), await server.PersonAsync("bea", "designer"));
        var first = (await SaveAsync(server, Flow("login", "ann"), FlowValue.Null, ann)).Expect(HttpStatusCode.OK).Body.Get("revision");

        Assert.Equal(
            "api.conflict",
            (await SaveAsync(server, Flow("login", "bea"), FlowValue.Null, bea)).Expect(HttpStatusCode.Conflict).Code
        );
        var second = (await SaveAsync(server, Flow("login", "bea"), first, bea)).Expect(HttpStatusCode.OK).Body.Get("revision");
        var late = (await SaveAsync(server, Flow("login", "ann again"), first, ann)).Expect(HttpStatusCode.Conflict);

        Assert.Equal(("bea", second), (late.Body.Get("current").Get("author").ToText(), late.Body.Get("current").Get("revision")));
        Assert.Equal(
            "api.conflict",
            (await server.PostAsync("/api/flows/login/publish", $$"""{ "revision": {{first}} }""", ann))
                .Expect(HttpStatusCode.Conflict)
                .Code
        );
        Assert.Equal(
            "api.other_id",
            (await server.PutAsync("/api/flows/login/draft", Draft(Flow("other", "x"), second), ann)).Expect(HttpStatusCode.BadRequest).Code
        );
        (await server.DeleteAsync("/api/flows/login/draft", ann)).Expect(HttpStatusCode.NoContent);
        Assert.Equal(
            FlowValue.Null,
            (await SaveAsync(server, Flow("login", "bea"), second, bea)).Expect(HttpStatusCode.Conflict).Body.Get("current")
        );
    }

    [Theory]
    [ClassData(typeof(BothEngines))]
    public async Task Drafts_ThatSomebodyChangedMeanwhile_AreNotDiscarded(StoreEngine engine)
    {
        await using var server = await ApiServer.StartAsync(engine, postgres);
        var seen = (await SaveAsync(server, Flow("login", "seen"), FlowValue.Null)).Expect(HttpStatusCode.OK).Body.Get("revision");
        var newer = (await SaveAsync(server, Flow("login", "newer"), seen)).Expect(HttpStatusCode.OK).Body.Get("revision");

        var refused = (await server.DeleteAsync($"/api/flows/login/draft?revision={seen}")).Expect(HttpStatusCode.Conflict);

        Assert.Equal(("api.conflict", newer), (refused.Code, refused.Body.Get("current").Get("revision")));
        Assert.Equal(newer, (await server.GetAsync("/api/flows/login")).Body.Get("draft").Get("revision"));
        (await server.DeleteAsync("/api/flows/login/draft?revision=x")).Expect(HttpStatusCode.BadRequest);
        (await server.DeleteAsync($"/api/flows/login/draft?revision={newer}")).Expect(HttpStatusCode.NoContent);
        (await server.DeleteAsync("/api/flows/login/draft")).Expect(HttpStatusCode.NotFound);
    }

    [Theory]
    [ClassData(typeof(BothEngines))]
    public async Task Delete_OfAFlowThatOthersUse_IsRefusedAndNamesThem(StoreEngine engine)
    {
        await using var server = await ApiServer.StartAsync(engine, postgres);
        var inner =
            """{ "id": "inner", "access": "public", "start": "end", "activities": [ { "id": "end", "type": "End","""
            + """ "name": "Good" } ], "connections": [] }""";
        await MakeAsync(server, "inner", inner);
        await MakeAsync(server, "middle", Calling("middle", "inner"));
        await MakeAsync(server, "outer", Calling("outer", "middle"));
        // A draft alone keeps nothing: nobody can start it.
        (await server.PostAsync("/api/flows", Definition(Calling("plan", "inner")))).Expect(HttpStatusCode.Created);

        var refused = (await server.DeleteAsync("/api/flows/inner")).Expect(HttpStatusCode.Conflict);

        Assert.Equal(("flow.in_use", """["middle","outer"]"""), (refused.Code, refused.Body.Get("usedBy").ToJson()));
        Assert.Contains("middle, outer", refused.Text, StringComparison.Ordinal);
        Assert.Equal("""["middle","outer"]""", (await server.GetAsync("/api/flows/inner")).Body.Get("usedBy").ToJson());
        (await server.GetAsync("/api/flows")).Body.Get("flows").TryGetArray(out var flows);
        Assert.Equal("""["outer"]""", Assert.Single(flows!, flow => flow.Get("id") == FlowValue.From("middle")).Get("usedBy").ToJson());
        Assert.Equal("completed", (await StartAsync(server, "outer")).Body.Get("status").ToText());

        foreach (var id in new[] { "outer", "middle", "inner" })
            (await server.DeleteAsync($"/api/flows/{id}")).Expect(HttpStatusCode.NoContent);
    }

    [Theory]
    [InlineData("[]", "flow.type")]
    [InlineData("\"x\"", "flow.type")]
    [InlineData("null", "flow.type")]
    [InlineData("{\"a\":1}", "flow.file_kind", "'activities', 'connections', 'screens' or 'start'")]
    [InlineData("{}", "flow.file_kind")]
    [InlineData("", "flow.json", "empty")]
    [InlineData("\u0089PNG\u0000\u0001", "flow.json", "no text")]
    [InlineData("{ \"id\": ", "flow.json")]
    [InlineData(
        """{ "id": "api", "type": "http", "configuration": { "baseUrl": "https://a.example" } }""",
        "flow.file_kind",
        "holds a connector"
    )]
    [InlineData("""{ "flow": "../login.flow.json", "answers": [], "expect": {} }""", "flow.file_kind", "holds a golden case")]
    [InlineData("""{ "id": "x", "activities": "none" }""", "flow.type", "'activities' is not an array", true)]
    public async Task Import_OfWhatIsNoFlow_SaysInWordsWhatItIs(string content, string code, string words = "", bool isFlow = false)
    {
        var read = (
            await shared.Server.PostAsync(
                "/api/flows/import",
                Object(("content", FlowValue.From(content)), ("fileName", FlowValue.From("x.json")))
            )
        )
            .Expect(HttpStatusCode.OK)
            .Body;

        Assert.Equal(isFlow, read.Get("definition") != FlowValue.Null);
        read.Get("diagnostics").TryGetArray(out var problems);
        var problem = isFlow ? problems!.First(one => one.Get("code") == FlowValue.From(code)) : Assert.Single(problems!);
        Assert.Equal((code, "error"), (problem.Get("code").ToText(), problem.Get("severity").ToText()));
        Assert.Contains(words, problem.Get("message").ToText(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Import_OfAFileOfFiveMegabytes_IsAnswered()
    {
        var content = Flow("big", "much")
            .Replace(
                "\"name\": \"Hello\"",
                $"\"name\": \"Hello\", \"description\": \"{new string('x', 5_000_000)}\"",
                StringComparison.Ordinal
            );

        var read = (
            await shared.Server.PostAsync(
                "/api/flows/import",
                Object(("content", FlowValue.From(content)), ("fileName", FlowValue.From("big.flow.json")))
            )
        )
            .Expect(HttpStatusCode.OK)
            .Body;

        Assert.Equal("big", read.Get("definition").Get("id").ToText());
        Assert.Equal(
            "api.body",
            (await shared.Server.PostAsync("/api/flows/import", """{ "content": 5 }""")).Expect(HttpStatusCode.BadRequest).Code
        );
    }

    [Fact]
    public async Task Publish_WithErrors_ChangesNothingAndTellsThemAll()
    {
        await using var server = await ApiServer.StartAsync(StoreEngine.Sqlite);
        var broken = Flow("login", "x").Replace("\"start\": \"end\"", "\"start\": \"nowhere\"", StringComparison.Ordinal);
        var revision = (await SaveAsync(server, broken, FlowValue.Null)).Body.Get("revision");

        var refused = (await server.PostAsync("/api/flows/login/publish", $$"""{ "revision": {{revision}} }""")).Expect(
            HttpStatusCode.UnprocessableEntity
        );

        Assert.Equal("api.invalid", refused.Code);
        Assert.Equal("/start", refused.Body.Get("diagnostics").Get(0).Get("pointer").ToText());
        Assert.Equal(FlowValue.From(1), (await server.GetAsync("/api/flows/login")).Body.Get("published").Get("version"));
        Assert.Equal(
            refused.Body.Get("diagnostics"),
            (await server.PostAsync("/api/flows/validate", Definition(broken))).Body.Get("diagnostics")
        );
    }

    /// <summary>What fails open is refused with its way; what somebody accepts is told with who that was.</summary>
    [Fact]
    public async Task AFlowThatFailsOpen_IsRefused_UntilSomebodyAcceptsIt()
    {
        await using var server = await ApiServer.StartAsync(StoreEngine.Sqlite);
        var (ann, bea) = (await server.PersonAsync("ann", "designer"), await server.PersonAsync("bea", "designer"));
        static string Open(string accepts) =>
            $$"""
                { "id": "open", "start": "check", {{accepts}} "activities": [
                    { "id": "check", "type": "Scriptlet", "code": "throw 1;", "errorHandling": { "Scriptlet Failed": "ignore" } },
                    { "id": "user", "type": "SetUser", "user": { "userId": "x" } }, { "id": "end", "type": "End" } ],
                  "connections": [ { "source": "check", "port": "Success", "target": "user" },
                    { "source": "user", "port": "Done", "target": "end" } ] }
                """;
        const string Accepts = """ "accepts": [ "check: Scriptlet Failed" ], """;

        var first = (await server.PostAsync("/api/flows", Definition(Open("")), ann)).Expect(HttpStatusCode.Created).Body;
        var refused = (await server.PostAsync("/api/flows/open/publish", Object(("revision", first.Get("revision"))), ann)).Expect(
            HttpStatusCode.UnprocessableEntity
        );
        var problem = refused.Body.Get("diagnostics").Get(0);
        Assert.Equal(
            ("flow.fails_open", "/activities/0/errorHandling/Scriptlet Failed"),
            (problem.Get("code").ToText(), problem.Get("pointer").ToText())
        );
        Assert.Contains("check -Scriptlet Failed (ignored)-> user -Done-> end.", problem.Get("message").ToText(), StringComparison.Ordinal);
        (await server.GetAsync("/api/flows/open/accepted")).Expect(HttpStatusCode.NotFound);

        var revision = (await SaveAsync(server, Open(Accepts), first.Get("revision"), ann)).Expect(HttpStatusCode.OK).Body.Get("revision");
        (await server.PostAsync("/api/flows/open/publish", Object(("revision", revision)), ann)).Expect(HttpStatusCode.OK);
        revision = (await SaveAsync(server, Open(Accepts + """ "name": "Again", """), FlowValue.Null, bea)).Body.Get("revision");
        (await server.PostAsync("/api/flows/open/publish", Object(("revision", revision)), bea)).Expect(HttpStatusCode.OK);
        var accepted = (await server.GetAsync("/api/flows/open/accepted")).Expect(HttpStatusCode.OK).Body.Get("accepted");
        Assert.Equal(
            ("check: Scriptlet Failed", "1", "ann", FlowValue.Missing),
            (
                accepted.Get(0).Get("failure").ToText(),
                accepted.Get(0).Get("version").ToText(),
                accepted.Get(0).Get("author").ToText(),
                accepted.Get(1)
            )
        );
    }

    [Fact]
    public async Task Validate_AFlowWithoutErrors_TellsHowLongPeopleMayWait()
    {
        await using var server = await ApiServer.StartAsync(StoreEngine.Sqlite);
        var login = (await server.GetAsync("/api/flows/login")).Body.Get("published").Get("definition").ToJson();

        var waits = (await server.PostAsync("/api/flows/validate", Definition(login))).Expect(HttpStatusCode.OK).Body.Get("waits");

        Assert.Equal(
            """{"from":"signIn","activity":"signIn","seconds":15,"parts":[{"activity":"lookup","seconds":5,"times":1},"""
                + """{"activity":"profile","seconds":10,"times":1}]}""",
            waits.Get(0).ToJson()
        );
        var broken = login.Replace("\"start\":\"signIn\"", "\"start\":\"gone\"", StringComparison.Ordinal);
        Assert.Equal("[]", (await server.PostAsync("/api/flows/validate", Definition(broken))).Body.Get("waits").ToJson());
    }

    /// <summary>A mistyped path turned everybody away, and nobody said a word.</summary>
    [Fact]
    public async Task Publish_WithAPathThatNothingWrites_IsRefusedInWords()
    {
        await using var server = await ApiServer.StartAsync(StoreEngine.Sqlite);
        var login = (await server.GetAsync("/api/flows/login")).Body.Get("published").Get("definition").ToJson();
        var mistyped = login.Replace("{{connectors.db.first.tier}}", "{{connectors.db.first.teir}}", StringComparison.Ordinal);
        Assert.NotEqual(login, mistyped);
        var revision = (await SaveAsync(server, mistyped, FlowValue.Null)).Expect(HttpStatusCode.OK).Body.Get("revision");

        var refused = (await server.PostAsync("/api/flows/login/publish", $$"""{ "revision": {{revision}} }""")).Expect(
            HttpStatusCode.UnprocessableEntity
        );

        var problem = Assert.Single(Problems(refused.Body));
        Assert.Equal(
            ("path.unknown", "error", "/activities/2/headers/x-user-tier"),
            (problem.Get("code").ToText(), problem.Get("severity").ToText(), problem.Get("pointer").ToText())
        );
        Assert.Equal(
            "This reads connectors.db.first.teir, but there is no 'teir': connectors.db.first has id, tier.",
            problem.Get("message").ToText()
        );
        Assert.Equal("Did you mean 'tier'?", problem.Get("advice").ToText());
        Assert.Equal(
            refused.Body.Get("diagnostics"),
            (await server.PostAsync("/api/flows/validate", Definition(mistyped))).Body.Get("diagnostics")
        );
        Assert.Equal(FlowValue.From(1), (await server.GetAsync("/api/flows/login")).Body.Get("published").Get("version"));

        // What only some ways write is told, and published all the same.
        var maybe = """
            { "id": "maybe", "start": "pick",
              "activities": [ { "id": "pick", "type": "Condition",
              "branches": [ { "outcome": "a", "rules": [ { "key": "device.ip", "operator": "not-empty" } ] } ] },
                { "id": "s", "type": "Scriptlet", "code": "return 1" },
                  { "id": "end", "type": "End", "outputs": { "x": "{{scripts.s}}" } } ],
              "connections": [ { "source": "pick", "port": "a", "target": "s" }, { "source": "pick", "port": "Else", "target": "end" },
                { "source": "s", "port": "Success", "target": "end" } ] }
            """;
        var made = (await server.PostAsync("/api/flows", Definition(maybe))).Expect(HttpStatusCode.Created).Body.Get("revision");
        var published = (await server.PostAsync("/api/flows/maybe/publish", $$"""{ "revision": {{made}} }"""))
            .Expect(HttpStatusCode.OK)
            .Body;
        Assert.Equal("path.maybe", published.Get("warnings").Get(0).Get("code").ToText());

        static FlowArray Problems(FlowValue body) => body.Get("diagnostics").TryGetArray(out var problems) ? problems : FlowArray.Empty;
    }

    [Fact]
    public async Task Publish_ThatBreaksAFlowThatUsesIt_SaysSo()
    {
        await using var server = await ApiServer.StartAsync(StoreEngine.Sqlite);
        var inner =
            """{ "id": "inner", "start": "end", "activities": [ { "id": "end", "type": "End", "name": "Good" } ], "connections": [] }""";
        var outer = """
            { "id": "outer", "start": "sub", "activities": [ { "id": "sub", "type": "Subflow", "flow": "inner" },
              { "id": "end", "type": "End" } ],
              "connections": [ { "source": "sub", "port": "Good", "target": "end" } ] }
            """;
        foreach (var (id, flow) in new[] { ("inner", inner), ("outer", outer) })
        {
            var made = (await server.PostAsync("/api/flows", Definition(flow))).Expect(HttpStatusCode.Created).Body.Get("revision");
            (await server.PostAsync($"/api/flows/{id}/publish", $$"""{ "revision": {{made}} }""")).Expect(HttpStatusCode.OK);
        }

        var revision = (
            await server.PutAsync("/api/flows/inner/draft", Draft(inner.Replace("Good", "Fine", StringComparison.Ordinal), FlowValue.Null))
        ).Body.Get("revision");
        var warnings = (await server.PostAsync("/api/flows/inner/publish", $$"""{ "revision": {{revision}} }"""))
            .Expect(HttpStatusCode.OK)
            .Body.Get("warnings");

        Assert.Contains("outer", warnings.Get(0).Get("file").ToText(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Export_AndImport_GiveTheSameFlow()
    {
        await using var server = await ApiServer.StartAsync(StoreEngine.Sqlite);
        var published = (await server.GetAsync("/api/flows/login")).Body.Get("published").Get("definition");

        foreach (var format in new[] { "flow", "elsa" })
        {
            var file = (await server.GetAsync($"/api/flows/login/export?format={format}")).Expect(HttpStatusCode.OK);
            Assert.Equal($"attachment; filename=\"login.{format}.json\"", file.Message.Content.Headers.ContentDisposition!.ToString());
            foreach (var name in new[] { $"login.{format}.json", "upload.json" })
            {
                var read = (
                    await server.PostAsync(
                        "/api/flows/import",
                        Object(("content", FlowValue.From(file.Text)), ("fileName", FlowValue.From(name)))
                    )
                )
                    .Expect(HttpStatusCode.OK)
                    .Body;
                Assert.Equal("[]", read.Get("diagnostics").ToJson());
                Assert.Equal(
                    "[]",
                    (await server.PostAsync("/api/flows/diff", Object(("from", published), ("to", read.Get("definition")))))
                        .Body.Get("changes")
                        .ToJson()
                );
            }
        }
        var broken = (await server.PostAsync("/api/flows/import", """{ "content": "{ \"id\": 1,", "fileName": "x.flow.json" }"""))
            .Expect(HttpStatusCode.OK)
            .Body;
        Assert.Equal((FlowValue.Null, "x.flow.json"), (broken.Get("definition"), broken.Get("diagnostics").Get(0).Get("file").ToText()));
    }

    [Theory]
    [InlineData(2, 1)]
    [InlineData(40, 39)]
    public async Task Export_FlowWithLoopsThatElsaRefuses_WarnsInAHeader(int activities, int loops)
    {
        await using var server = await ApiServer.StartAsync(StoreEngine.Sqlite);
        var ids = Enumerable.Range(0, activities).Select(i => $"ä{i}").ToList();
        // Each but the first is entered from the start, and from the one that it leads back to.
        var connections = ids.Select(id => ("a", $"to {id}", id))
            .Concat(ids.Skip(1).SelectMany(id => new[] { (id, "back", ids[0]), (ids[0], $"on {id}", id) }));
        var flow = FlowValue.Object(
            ("id", FlowValue.From("loops")),
            ("name", FlowValue.From("loops")),
            ("start", FlowValue.From("a")),
            (
                "activities",
                FlowValue.Array(ids.Prepend("a").Select(id => Object(("id", FlowValue.From(id)), ("type", FlowValue.From("X")))))
            ),
            (
                "connections",
                FlowValue.Array(
                    connections.Select(ends =>
                        Object(
                            ("source", FlowValue.From(ends.Item1)),
                            ("port", FlowValue.From(ends.Item2)),
                            ("target", FlowValue.From(ends.Item3))
                        )
                    )
                )
            )
        );
        (await server.PostAsync("/api/flows", Object(("definition", flow)))).Expect(HttpStatusCode.Created);

        var file = (await server.GetAsync("/api/flows/loops/export?format=elsa")).Expect(HttpStatusCode.OK);
        var header = Assert.Single(file.Message.Headers.GetValues("FlowEngine-Warnings"));
        Assert.InRange(header.Length, 1, 4_000);
        Assert.All(header, c => Assert.InRange(c, ' ', '~'));
        var warnings = FlowValue.Parse(header);
        Assert.Equal($"{loops}", warnings.Get("total").ToText());
        var first = warnings.Get("diagnostics").Get(0);
        Assert.Equal(("elsa.irreducible_loop", "warning"), (first.Get("code").ToText(), first.Get("severity").ToText()));
        Assert.Contains("'ä1' leads back to 'ä0' by 'back'", first.Get("message").ToText(), StringComparison.Ordinal);
        warnings.Get("diagnostics").TryGetArray(out var told);
        Assert.Equal(loops == 1, told!.Count == loops);

        Assert.False((await server.GetAsync("/api/flows/loops/export")).Message.Headers.Contains("FlowEngine-Warnings"));
        Assert.False((await server.GetAsync("/api/flows/login/export?format=elsa")).Message.Headers.Contains("FlowEngine-Warnings"));
    }

    [Fact]
    public async Task Schema_NamesEveryDefinitionThatASettingHas()
    {
        await using var server = await ApiServer.StartAsync(StoreEngine.Sqlite);
        var schema = (await server.GetAsync("/api/schema")).Expect(HttpStatusCode.OK).Body;

        var text = schema.ToJson();
        foreach (
            var name in System
                .Text.RegularExpressions.Regex.Matches(text, "\"definition\":\"([^\"]+)\"")
                .Select(match => match.Groups[1].Value)
                .Distinct()
        )
            Assert.False(schema.Get("definitions").Get(name).IsMissing, name);
        Assert.Contains("\"name\":\"clientSecret\",\"kind\":\"secret\"", text, StringComparison.Ordinal);
        Assert.Contains("""{"name":"empty","takesValue":false}""", text, StringComparison.Ordinal);
        Assert.Contains("""{"name":"matches","takesValue":true}""", text, StringComparison.Ordinal);
    }

    private static string Flow(string id, string said) =>
        $$$"""{ "id": "{{{id}}}", "name": "Hello", "start": "end", "access": "public", "activities": [ { "id": "end","""
        + $$$""" "type": "End", "outputs": { "said": "{{{said}}}" } } ], "connections": [] }""";

    private static FlowValue Definition(string flow) => Object(("definition", FlowValue.Parse(flow)));

    private static FlowValue Draft(string flow, FlowValue revision) =>
        Object(("definition", FlowValue.Parse(flow)), ("revision", revision));

    private static FlowValue Object(params (string, FlowValue)[] members) => FlowValue.Object(members);

    private static Task<ApiReply> SaveAsync(ApiServer server, string flow, FlowValue revision, Credential? credential = null) =>
        server.PutAsync($"/api/flows/{FlowValue.Parse(flow).Get("id").ToText()}/draft", Draft(flow, revision), credential);

    private static Task<ApiReply> PublishAsync(ApiServer server, FlowValue revision) =>
        server.PostAsync("/api/flows/hello/publish", Object(("revision", revision), ("note", FlowValue.From("Said"))));

    private static Task<ApiReply> StartAsync(ApiServer server, string id = "hello") =>
        server.PostAsync("/v1/flow/start", $$"""{ "flowId": "{{id}}" }""", Credential.None);

    private static async Task MakeAsync(ApiServer server, string id, string flow)
    {
        var made = (await server.PostAsync("/api/flows", Definition(flow))).Expect(HttpStatusCode.Created).Body.Get("revision");
        (await server.PostAsync($"/api/flows/{id}/publish", $$"""{ "revision": {{made}} }""")).Expect(HttpStatusCode.OK);
    }

    private static string Calling(string id, string subflow) =>
        $$"""
            { "id": "{{id}}", "access": "public", "start": "sub",
              "activities": [ { "id": "sub", "type": "Subflow", "flow": "{{subflow}}" }, { "id": "end", "type": "End", "name": "Good" } ],
              "connections": [ { "source": "sub", "port": "Good", "target": "end" } ] }
            """;

    private static string Numbers(FlowValue page) =>
        FlowValue
            .From(
                FlowArray.From(
                    ((page.Get("versions").TryGetArray(out var items) ? items : null) ?? FlowArray.Empty)
                        .Select(item => item.Get("version"))
                        .ToArray()
                )
            )
            .ToJson();

    private static IEnumerable<string> Actions(FlowValue page) =>
        ((page.Get("entries").TryGetArray(out var items) ? items : null) ?? FlowArray.Empty).Select(item => item.Get("action").ToText());
}
