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
        Assert.StartsWith("true sqlite 3.", $"{report.Get("ok").ToText()} {report.Get("engine").ToText()} {report.Get("serverVersion").ToText()}", StringComparison.Ordinal);
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
    [InlineData("""{ "engine": "sqlite", "file": "no-such-file.db" }""")]
    [InlineData("""{ "engine": "postgres", "host": "127.0.0.1", "port": 1, "database": "d", "username": "u", "password": "hunter2" }""")]
    [InlineData("""{ "engine": "mysql", "host": "127.0.0.1", "port": 1, "database": "d", "username": "u", "password": "hunter2" }""")]
    public async Task TestAsync_CannotConnect_SaysWhy(string configuration)
    {
        await using var flow = new DatabaseFlow(configuration);
        var report = await flow.Connector.TestAsync();
        Assert.Equal("false db.connect", $"{report.Get("ok").ToText()} {report.Get("error").Get("code").ToText()}");
        Assert.NotEqual("", report.Get("error").Get("message").ToText());
        Assert.DoesNotContain("hunter2", report.ToJson(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task TestAsync_CallerCancels_Throws()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        await using var flow = new DatabaseFlow($$"""{ "engine": "postgres", "host": "127.0.0.1", "port": {{((IPEndPoint)listener.LocalEndpoint).Port}}, "database": "d", "username": "u" }""");
        using var cancellation = new CancellationTokenSource(TimeSpan.FromMilliseconds(200));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await flow.Connector.TestAsync(cancellation.Token));
    }

    private async Task<string> RoleAsync(string name, string right)
    {
        var role = $"flowengine_{name}_{Environment.ProcessId}";
        await PostgresFixture.ExecuteAsync(
            server.ConnectionString, $"create role {role} login password 'flowengine-test'; {string.Format(System.Globalization.CultureInfo.InvariantCulture, right, role)}");
        return new NpgsqlConnectionStringBuilder(server.ConnectionString) { Username = role, Password = "flowengine-test" }.ConnectionString;
    }
}
