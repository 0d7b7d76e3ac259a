using System.Net;
using System.Net.Sockets;
using FlowEngine.Context;
using FlowEngine.TestServers;
using Microsoft.Data.Sqlite;
using Npgsql;

namespace FlowEngine.Database.Tests.Connectors;

/// <summary>Trying a connector out on its own.</summary>
[Collection(nameof(PostgresCollection))]
public sealed class ConnectorTestTests(PostgresFixture server)
{
    [Fact]
    public async Task TestAsync_Postgres_ReportsVersionAndTime()
    {
        await using var flow = DatabaseFlow.Postgres(await RoleAsync("plain", ""));
        var report = await flow.Connector.TestAsync();
        Assert.True(report.TryGetObject(out var members));
        Assert.Equal(["ok", "engine", "serverVersion", "milliseconds"], members.Shape.Names.ToArray());
        Assert.Equal("true postgres", $"{report.Get("ok").ToText()} {report.Get("engine").ToText()}");
        Assert.Matches(@"^\d+\.\d+", report.Get("serverVersion").ToText());
        Assert.True(report.Get("milliseconds").TryGetDouble(out var milliseconds));
        Assert.InRange(milliseconds, 0.1, 5000);
    }

    [Fact]
    public async Task TestAsync_Sqlite_ReportsVersion()
    {
        var file = Path.Combine(Directory.CreateTempSubdirectory("flowengine-sqlite-").FullName, "x.db");
        await using (var connection = new SqliteConnection($"Data Source={file};Pooling=false"))
            await connection.OpenAsync();
        await using var flow = new DatabaseFlow($$"""{ "engine": "sqlite", "file": {{FlowValue.From(file).ToJson()}} }""");
        var report = await flow.Connector.TestAsync();
        Assert.StartsWith(
            "true sqlite 3.",
            $"{report.Get("ok").ToText()} {report.Get("engine").ToText()} {report.Get("serverVersion").ToText()}",
            StringComparison.Ordinal
        );
        Directory.Delete(Path.GetDirectoryName(file)!, recursive: true);
    }

    [Theory]
    [InlineData("reader", "grant pg_read_server_files to {0}", "may read files")]
    [InlineData("runner", "grant pg_execute_server_program to {0}", "may run programs")]
    [InlineData("master", "alter role {0} superuser", "is a superuser")]
    public async Task TestAsync_RoleThatCanDoMoreThanRead_Warns(string name, string right, string warning)
    {
        await using var flow = DatabaseFlow.Postgres(await RoleAsync(name, right));
        var report = await flow.Connector.TestAsync();
        Assert.True(report.Get("ok") == FlowValue.True, report.ToJson());
        Assert.Contains(warning, report.Get("warnings").Get(0).ToText(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{ "engine": "sqlite", "file": "no-such-file.db" }""", "no-such-file.db", "Check that the file exists", "host")]
    [InlineData(
        """{ "engine": "postgres", "host": "127.0.0.1", "port": 1, "database": "d", "username": "u", "password": "hunter2" }""",
        "d on 127.0.0.1:1",
        "Check that the server runs",
        "SQLite"
    )]
    [InlineData(
        """{ "engine": "mysql", "host": "127.0.0.1", "port": 1, "database": "d", "username": "u", "password": "hunter2" }""",
        "d on 127.0.0.1:1",
        "Check that the server runs",
        "SQLite"
    )]
    public async Task TestAsync_CannotConnect_SaysWhyAndWhatToDoThere(string configuration, string where, string advice, string elsewhere)
    {
        await using var flow = new DatabaseFlow(configuration);
        var report = await flow.Connector.TestAsync();
        Assert.Equal("false db.connect", $"{report.Get("ok").ToText()} {report.Get("error").Get("code").ToText()}");
        var message = report.Get("error").Get("message").ToText();
        Assert.Contains(where, message, StringComparison.Ordinal);
        Assert.Contains(advice, message, StringComparison.Ordinal);
        Assert.DoesNotContain(elsewhere, message, StringComparison.Ordinal);
        Assert.DoesNotContain("hunter2", report.ToJson(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("nobody-of-this-name", null, "SQLSTATE 28", "user name and password")]
    [InlineData(null, "no_such_database", "SQLSTATE 3D000", "the name of the database")]
    public async Task TestAsync_ServerRefuses_AdvisesOnExactlyThat(string? user, string? database, string state, string advice)
    {
        var settings = new NpgsqlConnectionStringBuilder(server.ConnectionString);
        (settings.Username, settings.Database) = (user ?? settings.Username, database ?? settings.Database);
        await using var flow = DatabaseFlow.Postgres(settings.ConnectionString);

        var error = (await flow.Connector.TestAsync()).Get("error");

        Assert.Equal("db.connect", error.Get("code").ToText());
        Assert.Contains($"({state}", error.Get("message").ToText(), StringComparison.Ordinal);
        Assert.Contains($":{settings.Port}", error.Get("message").ToText(), StringComparison.Ordinal);
        Assert.Contains(advice, error.Get("message").ToText(), StringComparison.Ordinal);
        Assert.DoesNotContain("encryption", error.Get("message").ToText(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task TestAsync_CallerCancels_Throws()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        await using var flow = new DatabaseFlow(
            $$"""{ "engine": "postgres", "host": "127.0.0.1", "port": {{((IPEndPoint)listener.LocalEndpoint).Port}},"""
                + """ "database": "d", "username": "u" }"""
        );
        using var cancellation = new CancellationTokenSource(TimeSpan.FromMilliseconds(200));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await flow.Connector.TestAsync(cancellation.Token));
    }

    private async Task<string> RoleAsync(string name, string right)
    {
        var role = $"flowengine_{name}_{Environment.ProcessId}";
        await PostgresFixture.ExecuteAsync(
            server.ConnectionString,
            $"create role {role} login password 'flowengine-test'; "
                + $"{string.Format(System.Globalization.CultureInfo.InvariantCulture, right, role)}"
        );
        return new NpgsqlConnectionStringBuilder(server.ConnectionString)
        {
            Username = role,
            Password = "flowengine-test",
        }.ConnectionString;
    }
}
