using FlowEngine.Context;
using FlowEngine.Database.Engines.Postgres;
using FlowEngine.Database.Network;
using FlowEngine.TestServers;
using Npgsql;

namespace FlowEngine.Database.Tests.Engines.Postgres;

/// <summary>That a connector on the database in which a server stores is known by what it leads to.</summary>
[Collection(nameof(PostgresCollection))]
public sealed class PostgresIdentityTests(PostgresFixture server)
{
    [Fact]
    public async Task Query_OwnDatabase_IsRefusedHoweverItIsCalled()
    {
        var own = await server.CreateDatabaseAsync();
        var options = DatabaseFlow.Open with { OwnDatabase = await IdentityAsync(own) };
        var role = await RoleAsync("identity");
        foreach (var host in (string[])["127.0.0.1", "localhost"])
        {
            foreach (var user in new[] { own, With(own, role) })
            {
                await using var flow = new DatabaseFlow(
                    DatabaseFlow.PostgresConfiguration(new NpgsqlConnectionStringBuilder(user) { Host = host }.ConnectionString),
                    options: options
                );
                Assert.Equal("db.own_database", (await flow.ErrorAsync("select 1")).Code);
                Assert.Equal("db.own_database", (await flow.ErrorAsync("select 1", "{}", """, "readOnly": false""")).Code);
                Assert.Equal("db.own_database", (await flow.Connector.TestAsync()).Get("error").Get("code").ToText());
            }
        }

        await using var neighbour = new DatabaseFlow(
            DatabaseFlow.PostgresConfiguration(With(await server.CreateDatabaseAsync(), role)),
            options: options
        );
        Assert.Equal("""[{"v":1}]""", await neighbour.RowsAsync("select 1 as v"));
    }

    [Fact]
    public async Task Query_OwnDatabaseOfAServerThatDoesNotTellItsIdentity_IsKnownByItsTables()
    {
        var own = await server.CreateDatabaseAsync();
        await PostgresFixture.ExecuteAsync(
            own,
            "create schema s; create table s.flow_versions (); create table s.connectors "
                + "(); create table s.runs (); create table s.users (); create table s.settings ()"
        );
        var options = DatabaseFlow.Open with { OwnDatabase = PostgresIdentity.Untold };
        var role = await RoleAsync("untold");
        await using var flow = new DatabaseFlow(DatabaseFlow.PostgresConfiguration(With(own, role)), options: options);
        Assert.Equal("db.own_database", (await flow.ErrorAsync("select 1")).Code);

        await using var neighbour = new DatabaseFlow(
            DatabaseFlow.PostgresConfiguration(With(await server.CreateDatabaseAsync(), role)),
            options: options
        );
        Assert.Equal("""[{"v":1}]""", await neighbour.RowsAsync("select 1 as v"));
    }

    [Fact]
    public async Task ReadAsync_RoleThatMayNotAsk_IsUntold()
    {
        var database = await server.CreateDatabaseAsync();
        var role = await RoleAsync("silent");
        Assert.NotEqual(PostgresIdentity.Untold, await IdentityAsync(With(database, role)));
        await PostgresFixture.ExecuteAsync(database, "revoke execute on function pg_control_system() from public");
        Assert.Equal(PostgresIdentity.Untold, await IdentityAsync(With(database, role)));
    }

    private static async Task<PostgresIdentity> IdentityAsync(string connectionString)
    {
        await using var connection = new NpgsqlConnection(connectionString + ";Pooling=false");
        await connection.OpenAsync();
        return await PostgresIdentity.ReadAsync(connection, CancellationToken.None);
    }

    private async Task<string> RoleAsync(string name)
    {
        var role = $"flowengine_{name}_{Environment.ProcessId}";
        await PostgresFixture.ExecuteAsync(server.ConnectionString, $"create role {role} login password 'flowengine-test'");
        return role;
    }

    private static string With(string connectionString, string role) =>
        new NpgsqlConnectionStringBuilder(connectionString) { Username = role, Password = "flowengine-test" }.ConnectionString;
}
