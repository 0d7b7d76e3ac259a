using FlowEngine.TestServers;

namespace FlowEngine.Database.Tests;

/// <summary>The tests that share one PostgreSQL server; each class has a database of its own.</summary>
[CollectionDefinition(nameof(PostgresCollection))]
public sealed class PostgresCollection : ICollectionFixture<PostgresFixture>;
