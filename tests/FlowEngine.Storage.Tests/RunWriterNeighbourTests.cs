using System.Diagnostics;
using FlowEngine.Storage;
using FlowEngine.TestServers;
using Npgsql;

namespace FlowEngine.Storage.Tests;

/// <summary>Another program takes all connections that PostgreSQL has left.</summary>
public sealed class RunWriterNeighbourTests(PostgresFixture postgres)
{
    private const int Pool = 5;

    private static CancellationToken Stop => TestStorage.Stop;

    [Fact]
    public async Task Connections_AllTakenByANeighbour_ThoseOfAFixedPoolAreKept()
    {
        var database = await postgres.CreateDatabaseAsync();
        var name = new NpgsqlConnectionStringBuilder(database).Database!;
        // Both use one role, whose limit stands for that of the server: the refusal is the same. One more than the pool is what a start
        // needs.
        await PostgresFixture.ExecuteAsync(
            postgres.ConnectionString,
            $"create role {name} login password 'secret' connection limit {Pool + 1}; alter database {name} owner to {name}"
        );
        var role = new NpgsqlConnectionStringBuilder(database) { Username = name, Password = "secret" };
        var pool = new NpgsqlConnectionStringBuilder(role.ConnectionString) { MinPoolSize = Pool, MaxPoolSize = Pool }.ConnectionString;
        var alone = new NpgsqlConnectionStringBuilder(role.ConnectionString) { Pooling = false }.ConnectionString;
        await using (var test = await TestStorage.CreateAsync(StoreEngine.Postgres, postgres, options => options with { Postgres = pool }))
        {
            // A connection that the start closed holds its slot until PostgreSQL notices: the neighbour does not count on it, and the limit
            // is back when there are those of the pool and the neighbour's, no more and no fewer.
            await LimitAsync(name, -1);
            await using var neighbour = new NpgsqlConnection(alone);
            await neighbour.OpenAsync(Stop);
            await ConnectedAsync(name, Pool + 1);
            await LimitAsync(name, Pool + 1);
            await using var another = new NpgsqlConnection(alone);
            Assert.Equal(
                PostgresErrorCodes.TooManyConnections,
                (await Assert.ThrowsAsync<PostgresException>(() => another.OpenAsync(Stop))).SqlState
            );

            // More at once than there are connections.
            await Task.WhenAll(
                Enumerable
                    .Range(0, 60)
                    .Select(async i =>
                    {
                        Assert.NotNull(
                            await test.Storage.Runs.AddAsync(SampleRuns.Waiting($"r{i}", TestStorage.Start), RunExtras.None, Stop)
                        );
                        Assert.NotNull(await test.Storage.Runs.FindAsync($"r{i}", Stop));
                    })
            );
        }
        NpgsqlConnection.ClearAllPools();
        await PostgresFixture.ExecuteAsync(database, $"reassign owned by {name} to current_user; drop owned by {name}; drop role {name}");
    }

    private Task LimitAsync(string role, int connections) =>
        PostgresFixture.ExecuteAsync(postgres.ConnectionString, $"alter role {role} connection limit {connections}");

    /// <summary>The role has as many connections as that, within a minute.</summary>
    private async Task ConnectedAsync(string role, int connections)
    {
        await using var connection = new NpgsqlConnection(postgres.ConnectionString + ";Pooling=false");
        await connection.OpenAsync(Stop);
        await using var command = new NpgsqlCommand($"select count(*)::int from pg_stat_activity where usename = '{role}'", connection);
        for (var started = Stopwatch.GetTimestamp(); ; await Task.Delay(20, Stop))
        {
            var count = await command.ExecuteScalarAsync(Stop);
            if (count is int there && there == connections)
                return;
            Assert.True(
                Stopwatch.GetElapsedTime(started) < TimeSpan.FromMinutes(1),
                $"The role has {count} connections, not {connections}."
            );
        }
    }
}
