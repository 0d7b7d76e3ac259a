using System.Net;
using FlowEngine.AspNetCore.Web.Contract;
using FlowEngine.Context;
using FlowEngine.Storage;
using FlowEngine.Storage.Engines;
using FlowEngine.TestServers;
using Microsoft.Extensions.DependencyInjection;
using Credential = FlowEngine.TestServers.Credential;

namespace FlowEngine.AspNetCore.Tests.Web.Contract;

/// <summary>Every route that changes something tells the audit log once, in the transaction of the change: when the one cannot be stored,
/// neither is the other.</summary>
public sealed class AuditedRoutesTests(PostgresFixture postgres)
{
    private const string Definition =
        """{ "id": "made", "start": "e", "activities": [ { "id": "e", "type": "End" } ], "connections": [] }""";

    private const string Connector = """{ "id": "made", "type": "http", "configuration": { "baseUrl": "http://127.0.0.1:1" } }""";

    private static readonly string Person = $$"""{ "name": "ann", "password": "{{ApiServer.Password}}", "role": "viewer" }""";

    /// <summary>Routes that are no GET and change nothing that is stored: they only look, compare or try.</summary>
    private static readonly HashSet<string> Looks =
    [
        "POST /api/flows/validate",
        "POST /api/flows/diff",
        "POST /api/flows/import",
        "POST /api/flows/try",
        "POST /api/flows/drill",
        "POST /api/screens/preview",
        "POST /api/connectors/validate",
        "POST /api/environment/plan",
    ];

    /// <summary>One call of each route that changes something, in an order in which each can be done, and the action that is
    /// told.</summary>
    private static readonly (string Method, string Route, string Path, string Body, string Action)[] Changes =
    [
        ("POST", "/api/users", "/api/users", Person, "user.add"),
        ("PATCH", "/api/users/{name}", "/api/users/ann", """{ "role": "designer" }""", "user.role"),
        ("POST", "/api/session", "/api/session", $$"""{ "name": "root", "password": "{{ApiServer.Password}}" }""", "session.begin"),
        (
            "POST",
            "/api/session/password",
            "/api/session/password",
            $$"""{ "current": "{{ApiServer.Password}}", "password": "{{ApiServer.Password}}" }""",
            "user.password"
        ),
        ("POST", "/api/flows", "/api/flows", $$"""{ "definition": {{Definition}} }""", "flow.draft"),
        (
            "PUT",
            "/api/flows/{id}/draft",
            "/api/flows/sample/draft",
            $$"""{ "definition": {{Sample("sample")}}, "revision": null }""",
            "flow.draft"
        ),
        ("DELETE", "/api/flows/{id}/draft", "/api/flows/sample/draft", "", "flow.draft_discard"),
        ("POST", "/api/flows/{id}/publish", "/api/flows/made/publish", """{ "revision": $R, "note": "first" }""", "flow.publish"),
        ("POST", "/api/flows/{id}/versions/{version:int}/restore", "/api/flows/made/versions/1/restore", "{}", "flow.restore"),
        ("DELETE", "/api/flows/{id}", "/api/flows/made", "", "flow.delete"),
        ("POST", "/api/connectors", "/api/connectors", $$"""{ "definition": {{Connector}} }""", "connector.add"),
        ("PUT", "/api/connectors/{id}", "/api/connectors/made", $$"""{ "definition": {{Connector}}, "revision": $C }""", "connector.save"),
        ("POST", "/api/connectors/{id}/test", "/api/connectors/made/test", "{}", "connector.test"),
        ("DELETE", "/api/connectors/{id}", "/api/connectors/made", "", "connector.delete"),
        (
            "POST",
            "/api/environment/apply",
            "/api/environment/apply",
            $$"""{ "flows": [ { "definition": {{Definition}} } ], "connectors": [], "revision": $V }""",
            "environment.apply"
        ),
        ("POST", "/api/runs/{id}/cancel", "/api/runs/$N/cancel", "{}", "run.cancel"),
        ("POST", "/api/calls/{id}/retry", "/api/calls/call-1/retry", "{}", "call.retry"),
        ("DELETE", "/api/calls/{id}", "/api/calls/call-1", "", "call.remove"),
        ("DELETE", "/api/users/{name}", "/api/users/ann", "", "user.delete"),
        ("DELETE", "/api/session", "/api/session", "", "session.end"),
        ("POST", "/api/setup", "/api/setup", "", "console.setup"),
    ];

    [Fact]
    public void Routes_ThatChangeSomething_AreAllHere() =>
        Assert.Equal(
            ManagementRoutes
                .All.Where(route => route.Method != "GET")
                .Select(route => $"{route.Method} {route.Path}")
                .Except(Looks)
                .Order(),
            Changes.Select(change => $"{change.Method} {change.Route}").Order()
        );

    [Theory]
    [ClassData(typeof(BothEngines))]
    public async Task Changes_AreToldOnce_OrNotMade(StoreEngine engine)
    {
        using var flows = new Workspace();
        flows.Write("sample.flow.json", Sample("sample"));
        flows.Write(
            "ask.flow.json",
            """
            { "id": "ask", "access": "public", "start": "s", "activities": [ { "id": "s", "type": "Screen", "screen": "s" },
              { "id": "e", "type": "End" } ], "connections": [ { "source": "s", "port": "go", "target": "e" } ],
              "screens": [ { "id": "s", "title": "S", "components": [ { "type": "Button", "id": "go", "text": "Go" } ] } ] }
            """
        );
        await using var server = await ApiServer.StartAsync(engine, postgres, flows.Folder, "Egress:AllowPrivateNetworks=true");
        var database = server.Services.GetRequiredService<StorageDatabase>();
        await SetUpAsync(server, database, engine);

        var root = await server.SignInAsync("root");
        var number = 0L;
        await server.PostAsync("/v1/flow/start", """{ "flowId": "ask" }""", Credential.None);
        var run = (await server.GetAsync("/api/runs")).Body.Get("runs").Get(0).Get("number").ToText();
        await database.WriteAsync(
            "insert into queued_calls (id, connector, flow_id, run_id, activity, sealed_content, size, timeout_ms, attempts, "
                + "created_at, due_at) select 'call-1', 'up', flow_id, id, 'a', @content, 1, 1, 0, 1, 9000000000000 from runs",
            new { content = Array.Empty<byte>() },
            TestContext.Current.CancellationToken
        );
        foreach (var (method, _, path, body, action) in Changes.Where(change => change.Action != "console.setup"))
        {
            var at = path.Replace("$N", run, StringComparison.Ordinal);
            var sent = body.Replace("$R", await RevisionAsync(server, "/api/flows/made", "draft"), StringComparison.Ordinal)
                .Replace("$C", await RevisionAsync(server, "/api/connectors/made", null), StringComparison.Ordinal)
                .Replace("$V", await StateAsync(server), StringComparison.Ordinal);
            var credential = path == "/api/session" && method == "POST" ? Credential.None : root;
            number = await LastAsync(server);

            // What cannot be told is not done…
            await BreakAsync(database, engine);
            var broken = await server.SendAsync(method, at, sent.Length == 0 ? null : sent, credential);
            await MendAsync(database, engine);
            Assert.True(broken.Status >= HttpStatusCode.InternalServerError, $"{method} {path}: {broken.Status} {broken.Text}");
            Assert.Equal(number, await LastAsync(server));

            // …so that it can be done now, and is told once.
            var done = await server.SendAsync(method, at, sent.Length == 0 ? null : sent, credential);
            Assert.True(done.Status < HttpStatusCode.BadRequest, $"{method} {path}: {done.Status} {done.Text}");
            var entries = (await server.GetAsync("/api/audit?limit=2")).Body.Get("entries");
            Assert.Equal(action, entries.Get(0).Get("action").ToText());
            Assert.True(number < 1 || entries.Get(1).Get("number").TryGetInteger(out var before) && before <= number, entries.ToJson());
            if (action is "user.password" or "session.end")
                root = action == "user.password" ? await server.SignInAsync("root") : root;
        }
    }

    /// <summary>Makes the first admin, which cannot be told at first: then nobody is there.</summary>
    private static async Task SetUpAsync(ApiServer server, StorageDatabase database, StoreEngine engine)
    {
        var body = $$"""{ "token": "{{server.SetupToken}}", "name": "root", "password": "{{ApiServer.Password}}" }""";
        await BreakAsync(database, engine);
        Assert.True((await server.PostAsync("/api/setup", body, Credential.None)).Status >= HttpStatusCode.InternalServerError);
        await MendAsync(database, engine);
        Assert.Equal("[]", (await server.GetAsync("/api/users")).Body.Get("users").ToJson());
        Assert.Equal(0, await LastAsync(server));

        var token = await server.Services.GetRequiredService<SetupTokens>().CreateAsync(TestContext.Current.CancellationToken);
        (
            await server.PostAsync(
                "/api/setup",
                $$"""{ "token": "{{token}}", "name": "root", "password": "{{ApiServer.Password}}" }""",
                Credential.None
            )
        ).Expect(HttpStatusCode.OK);
        Assert.Equal("console.setup", (await server.GetAsync("/api/audit")).Body.Get("entries").Get(0).Get("action").ToText());
    }

    private static async Task<long> LastAsync(ApiServer server) =>
        (await server.GetAsync("/api/audit?limit=1")).Body.Get("entries").Get(0).Get("number").TryGetInteger(out var number) ? number : 0;

    private static async Task<string> RevisionAsync(ApiServer server, string path, string? member)
    {
        var body = (await server.GetAsync(path)).Body;
        return (member is null ? body : body.Get(member)).Get("revision").ToText();
    }

    /// <summary>The number of the state that a plan is made of.</summary>
    private static async Task<string> StateAsync(ApiServer server) =>
        (await server.PostAsync("/api/environment/plan", """{ "flows": [], "connectors": [] }""")).Body.Get("revision").ToText();

    /// <summary>Has every entry of the audit log fail.</summary>
    private static async Task BreakAsync(StorageDatabase database, StoreEngine engine)
    {
        if (engine == StoreEngine.Sqlite)
        {
            await database.WriteAsync(
                "create trigger no_audit before insert on audit_log begin select raise(abort, 'no'); end",
                null,
                TestContext.Current.CancellationToken
            );
            return;
        }
        await database.WriteAsync(
            "create or replace function no_audit() returns trigger language plpgsql as $$ begin raise exception 'no'; end $$",
            null,
            TestContext.Current.CancellationToken
        );
        await database.WriteAsync(
            "create trigger no_audit before insert on audit_log for each row execute function no_audit()",
            null,
            TestContext.Current.CancellationToken
        );
    }

    private static Task<int> MendAsync(StorageDatabase database, StoreEngine engine) =>
        database.WriteAsync(
            engine == StoreEngine.Sqlite ? "drop trigger no_audit" : "drop trigger no_audit on audit_log",
            null,
            TestContext.Current.CancellationToken
        );

    private static string Sample(string id) => Definition.Replace("\"made\"", $"\"{id}\"", StringComparison.Ordinal);
}
