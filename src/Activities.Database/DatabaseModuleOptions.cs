using FlowEngine.Database.Engines.Postgres;
using FlowEngine.Database.Engines.Sqlite;
using FlowEngine.Database.Files;
using FlowEngine.Database.Network;
using FlowEngine.Execution;
using FlowEngine.Workers;

namespace FlowEngine.Database;

/// <summary>Shared and immutable: the operator's settings for all database connectors. The
/// default allows nothing but public servers, and no file to a saved connector.</summary>
public sealed record DatabaseModuleOptions
{
    /// <summary>Which servers may be reached.</summary>
    public DatabaseEgress Egress { get; init; } = new();

    /// <summary>Which SQLite files may be opened.</summary>
    public SqliteFileRules SqliteFiles { get; init; } = new();

    /// <summary>The PostgreSQL database that the server itself stores in; null (the default) when it stores elsewhere.</summary>
    public PostgresIdentity? OwnDatabase { get; init; }

    /// <summary>The threads of SQLite's queries. Default those of the process.</summary>
    internal FairWorkers SqliteWorkers { get; init; } = SqliteThreads.Shared;
}
