using Npgsql;

namespace FlowEngine.TestServers;

/// <summary>Per test: a private PgBouncer of the binaries installed here, which
/// shares a few sessions among its clients, transaction by transaction.</summary>
internal sealed class PgBouncer : IAsyncDisposable
{
    private readonly PrivateServer _server = new("pgbouncer", "postgres");

    private PgBouncer(string connectionString)
    {
        var server = new NpgsqlConnectionStringBuilder(connectionString);
        ConnectionString = new NpgsqlConnectionStringBuilder
        {
            Host = "127.0.0.1",
            Port = _server.Port,
            Database = "flows",
            Username = server.Username,
            Password = server.Password,
        }.ConnectionString;
    }

    /// <summary>Connects through it.</summary>
    public string ConnectionString { get; }

    /// <summary>Starts it in front of a database.</summary>
    public static async Task<PgBouncer> StartAsync(string connectionString, int sessions)
    {
        var program =
            PrivateServer.FindProgram("pgbouncer", "/usr/sbin")
            ?? throw new InvalidOperationException("PgBouncer is not installed here; ./test.sh installs it.");
        var server = new NpgsqlConnectionStringBuilder(connectionString);
        var pooler = new PgBouncer(connectionString);
        try
        {
            var file = pooler._server.Write(
                "pgbouncer.ini",
                $"""
                [databases]
                flows = host={server.Host} port={server.Port} dbname={server.Database} user={server.Username} password={server.Password}
                [pgbouncer]
                listen_addr = 127.0.0.1
                listen_port = {pooler._server.Port}
                unix_socket_dir =
                auth_type = any
                pool_mode = transaction
                default_pool_size = {sessions}

                """
            );
            await pooler._server.StartAsync(
                async () =>
                {
                    await using var connection = new NpgsqlConnection(pooler.ConnectionString + ";Pooling=false");
                    await connection.OpenAsync();
                },
                program,
                file
            );
            return pooler;
        }
        catch
        {
            await pooler.DisposeAsync();
            throw;
        }
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _server.DisposeAsync();
}
