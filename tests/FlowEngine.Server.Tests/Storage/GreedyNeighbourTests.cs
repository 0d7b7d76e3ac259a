using FlowEngine.Storage;
using FlowEngine.TestServers;
using Npgsql;

namespace FlowEngine.Server.Tests.Storage;

/// <summary>Another program takes all connections that PostgreSQL has left.</summary>
public sealed class GreedyNeighbourTests(PostgresFixture postgres)
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
            await using var neighbour = new NpgsqlConnection(alone);
            await neighbour.OpenAsync(Stop);
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
}
