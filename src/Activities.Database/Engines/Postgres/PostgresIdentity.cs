using System.Data.Common;

namespace FlowEngine.Database.Engines.Postgres;

/// <summary>Shared and immutable: which database of which PostgreSQL cluster it
/// is, however its server is called. A copy that follows it is the same.</summary>
/// <param name="Cluster">The cluster's system identifier; "" where it is not told.</param>
/// <param name="Database">The database's object id; "" where the cluster is not told.</param>
public sealed record PostgresIdentity(string Cluster, string Database)
{
    private const string ReadCluster = "(select system_identifier::text from pg_catalog.pg_control_system())";

    /// <summary>Of a server that does not tell it: then the tables that such a server keeps are what gives its database away.</summary>
    public static PostgresIdentity Untold { get; } = new("", "");

    /// <summary>Reads the identity of the database that a connection is to, as any role may.</summary>
    public static async Task<PostgresIdentity> ReadAsync(DbConnection connection, CancellationToken cancellationToken) =>
        (await LookAsync(connection, cancellationToken).ConfigureAwait(false)).Identity;

    /// <summary>Reads the identity, whether the database holds the tables of a server such as this, and the process that answers.</summary>
    internal static async Task<Sight> LookAsync(DbConnection connection, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(connection);
        try
        {
            return await LookAsync(connection, ReadCluster, cancellationToken).ConfigureAwait(false);
        }
        // 42501: not this role; 42883, 0A000: not a function of this server, which only speaks like PostgreSQL.
        catch (DbException error) when (error.SqlState is "42501" or "42883" or "0A000")
        {
            return await LookAsync(connection, "null", cancellationToken).ConfigureAwait(false);
        }
    }

    private static async Task<Sight> LookAsync(DbConnection connection, string cluster, CancellationToken cancellationToken)
    {
        var command = connection.CreateCommand();
        await using (command.ConfigureAwait(false))
        {
            command.CommandText = $"""
                select pg_catalog.pg_backend_pid(), {cluster},
                  (select oid::text from pg_catalog.pg_database where datname = pg_catalog.current_database()),
                  exists (select 1 from pg_catalog.pg_class c where c.relname = 'flow_versions' and 4 =
                    (select count(*) from pg_catalog.pg_class o where o.relnamespace = c.relnamespace
                      and o.relname in ('connectors', 'runs', 'users', 'settings')))
                """;
            var reader = await command.ExecuteReaderAsync(cancellationToken).ConfigureAwait(false);
            await using (reader.ConfigureAwait(false))
            {
                await reader.ReadAsync(cancellationToken).ConfigureAwait(false);
                var identity =
                    reader.IsDBNull(1) || reader.IsDBNull(2) ? Untold : new PostgresIdentity(reader.GetString(1), reader.GetString(2));
                return new Sight(identity, reader.GetBoolean(3), reader.GetInt32(0));
            }
        }
    }

    /// <summary>Shared and immutable: what a connection leads to.</summary>
    /// <param name="Identity">The database.</param>
    /// <param name="HoldsServerTables">Whether it holds the tables of a server such as this.</param>
    /// <param name="Process">The process that answers.</param>
    internal readonly record struct Sight(PostgresIdentity Identity, bool HoldsServerTables, int Process)
    {
        /// <summary>Whether it is the database of the server that stores there.</summary>
        public bool Is(PostgresIdentity own) => Identity == Untold || own == Untold ? HoldsServerTables : Identity == own;
    }
}
