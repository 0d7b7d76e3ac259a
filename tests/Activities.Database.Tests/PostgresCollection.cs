using FlowEngine.TestServers;

namespace FlowEngine.Database.Tests;

/// <summary>The tests that share one PostgreSQL server.</summary>
[CollectionDefinition(nameof(PostgresCollection))]
public sealed class PostgresCollection : ICollectionFixture<PostgresFixture>;

/// <summary>Per test class: a database of its own on the shared server.</summary>
public sealed class PostgresDatabase(PostgresFixture server) : IAsyncLifetime
{
    public string ConnectionString { get; private set; } = "";

    public async ValueTask InitializeAsync() => ConnectionString = await server.CreateDatabaseAsync();

    /// <summary>Executes SQL on a connection of its own.</summary>
    public Task ExecuteAsync(string sql) => PostgresFixture.ExecuteAsync(ConnectionString, sql);

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
