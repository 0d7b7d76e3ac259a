using System.Net;
using FlowEngine.AspNetCore.Web.Edge;
using FlowEngine.Context;
using FlowEngine.Storage.Engines;
using FlowEngine.Storage.Engines.Postgres;
using FlowEngine.TestServers;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace FlowEngine.AspNetCore.Tests.Web.Management.Connectors;

/// <summary>Database connectors through the API: a designer is not an admin, and not the operator.</summary>
public sealed class ConnectorEndpointsDatabaseTests(PostgresFixture postgres)
{
    [Theory]
    [InlineData("data/flowengine.db")]
    [InlineData("allowed/link.db")]
    [InlineData("allowed/../elsewhere/none.db")]
    [InlineData("data/root.key")]
    [InlineData("elsewhere/none.db")]
    public async Task AFileOfTheServer_IsRefusedToDesignersAndAdmins(string file)
    {
        using var workspace = new Workspace();
        var flows = Path.GetDirectoryName(workspace.Write("flows/readme.txt", ""))!;
        var allowed = Path.GetDirectoryName(workspace.Write("allowed/readme.txt", ""))!;
        await using var server = await ApiServer.StartAsync(StoreEngine.Sqlite, null, flows, "Connectors:SqliteFolders=" + allowed);
        File.CreateSymbolicLink(Path.Combine(allowed, "link.db"), Path.Combine(server.Workspace.Folder, "data", "flowengine.db"));
        var root = file.StartsWith("data/", StringComparison.Ordinal) ? server.Workspace.Folder : workspace.Folder;
        var body = Sqlite("mine", Path.Combine(root, file));

        foreach (var credential in new[] { await server.PersonAsync("dora", "designer"), server.Key })
        {
            foreach (var path in new[] { "/api/connectors", "/api/connectors/mine/test" })
            {
                var refused = (await server.PostAsync(path, body, credential)).Expect(HttpStatusCode.UnprocessableEntity);
                Assert.Equal(
                    "db.file /configuration/file",
                    $"{refused.Body.Get("diagnostics").Get(0).Get("code").ToText()} "
                        + $"{refused.Body.Get("diagnostics").Get(0).Get("pointer").ToText()}"
                );
            }
        }
    }

    [Fact]
    public async Task TheOperatorsOwnConnector_IsItsOwnUntilSomebodyChangesIt()
    {
        using var workspace = new Workspace();
        var people = workspace.Write("people/people.db", "");
        workspace.Write(
            "flows/connectors/people.connector.json",
            """{ "id": "people", "type": "sql", "name": "People", "configuration": { "engine": "sqlite","""
                + $$""" "file": {{FlowValue.From(people).ToJson()}} } }"""
        );
        await using var server = await ApiServer.StartAsync(StoreEngine.Sqlite, flows: Path.Combine(workspace.Folder, "flows"));
        var designer = await server.PersonAsync("dora", "designer");
        Assert.Equal(
            FlowValue.True,
            (await server.PostAsync("/api/connectors/people/test", "{}", designer)).Expect(HttpStatusCode.OK).Body.Get("ok")
        );

        var stored = (await server.GetAsync("/api/connectors/people", designer)).Expect(HttpStatusCode.OK).Body;
        Assert.True(stored.Get("definition").TryGetObject(out var definition));
        Assert.Equal(
            FlowValue.True,
            (await server.PostAsync("/api/connectors/people/test", FlowValue.Object(("definition", FlowValue.From(definition!))), designer))
                .Expect(HttpStatusCode.OK)
                .Body.Get("ok")
        );

        var renamed = FlowValue.Object(
            ("definition", FlowValue.From(definition!.With("name", FlowValue.From("Mine")))),
            ("revision", stored.Get("revision"))
        );
        Assert.Equal(
            "db.file",
            (await server.PutAsync("/api/connectors/people", renamed, designer))
                .Expect(HttpStatusCode.UnprocessableEntity)
                .Body.Get("diagnostics")
                .Get(0)
                .Get("code")
                .ToText()
        );
    }

    [Fact]
    public async Task TheOperatorsOwnConnector_DoesNotReachTheDataFolderEither()
    {
        using var workspace = new Workspace();
        var folder = Path.GetDirectoryName(workspace.Write("flows/connectors/readme.txt", ""))!;
        // The file names the data folder through a link that is there before the server is.
        File.CreateSymbolicLink(Path.Combine(workspace.Folder, "way"), Path.Combine(workspace.Folder, "target"));
        workspace.Write(
            "flows/connectors/own.connector.json",
            """{ "id": "own", "type": "sql", "configuration": { "engine": "sqlite", "file": "../../way/data/flowengine.db" } }"""
        );
        await using var server = await ApiServer.StartAsync(StoreEngine.Sqlite, flows: Path.GetDirectoryName(folder));
        File.Delete(Path.Combine(workspace.Folder, "way"));
        File.CreateSymbolicLink(Path.Combine(workspace.Folder, "way"), server.Workspace.Folder);

        var refused = await server.PostAsync("/api/connectors/own/test", "{}");
        Assert.Equal("db.file", refused.Expect(HttpStatusCode.UnprocessableEntity).Body.Get("diagnostics").Get(0).Get("code").ToText());
    }

    [Fact]
    public async Task TheServersOwnPostgres_IsRefused_AndAnotherDatabaseIsNot()
    {
        await using var server = await ApiServer.StartAsync(StoreEngine.Postgres, postgres);
        var stored = (PostgresDatabase)server.Services.GetRequiredService<StorageDatabase>();

        Assert.Equal("false db.own_database", await TestAsync(stored.ConnectionString));
        Assert.Equal("true ", await TestAsync(await postgres.CreateDatabaseAsync()));

        async Task<string> TestAsync(string connectionString)
        {
            var given = new NpgsqlConnectionStringBuilder(connectionString);
            var definition = FlowValue.Object(
                ("id", FlowValue.From("mine")),
                ("type", FlowValue.From("sql")),
                (
                    "configuration",
                    FlowValue.Object(
                        ("engine", FlowValue.From("postgres")),
                        ("host", FlowValue.From("localhost")),
                        ("port", FlowValue.From(given.Port)),
                        ("database", FlowValue.From(given.Database)),
                        ("username", FlowValue.From(given.Username)),
                        ("password", FlowValue.From(given.Password ?? ""))
                    )
                )
            );
            var answer = (await server.PostAsync("/api/connectors/mine/test", FlowValue.Object(("definition", definition))))
                .Expect(HttpStatusCode.OK)
                .Body;
            return $"{answer.Get("ok").ToText()} {answer.Get("error").Get("code").ToText()}";
        }
    }

    [Theory]
    [InlineData("""{ "engine": "postgres", "host": "127.0.0.1", "port": 1, "database": "d", "username": "u" }""")]
    [InlineData("""{ "engine": "mysql", "host": "/no/such/socket", "database": "d", "username": "u" }""")]
    [InlineData("""{ "engine": "postgres", "host": "/no/such/socket", "database": "d", "username": "u" }""")]
    [InlineData("""{ "engine": "mysql", "host": "no-such-host.invalid", "database": "d", "username": "u" }""")]
    [InlineData(
        """{ "engine": "postgres", "host": "127.0.0.1", "port": 1, "database": "d\u0000", "username": "u\u0000", "password": "p\u0000" }"""
    )]
    [InlineData("""{ "engine": "mysql", "host": "127.0.0.1", "port": 1, "database": "d\u0000", "username": "ü", "password": "p;\"'" }""")]
    [InlineData("""{ "engine": "sqlserver", "host": "127.0.0.1", "port": 1, "database": "d;", "username": "u" }""")]
    [InlineData("""{ "engine": "sqlserver", "host": "h\\i\\j", "database": "d", "username": "u" }""")]
    [InlineData("""{ "engine": "sqlite", "file": "x\u0000.db" }""")]
    [InlineData("""{ "engine": "sqlite", "file": "/" }""")]
    public async Task ADriversException_IsNoInternalError(string configuration)
    {
        await using var server = await ApiServer.StartAsync(StoreEngine.Sqlite);
        var body = FlowValue.Parse($$"""{ "definition": { "id": "mine", "type": "sql", "configuration": {{configuration}} } }""");
        var answer = await server.PostAsync("/api/connectors/mine/test", body);
        Assert.True(answer.Status is HttpStatusCode.OK or HttpStatusCode.UnprocessableEntity, answer.Text);
        Assert.NotEqual(FlowValue.True, answer.Body.Get("ok"));
    }

    private static FlowValue Sqlite(string id, string file) =>
        FlowValue.Parse(
            $$"""{ "definition": { "id": "{{id}}", "type": "sql", "configuration": { "engine": "sqlite","""
                + $$""" "file": {{FlowValue.From(file).ToJson()}} } } }"""
        );
}
