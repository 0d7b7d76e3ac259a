using System.Net.Sockets;
using System.Text;
using Npgsql;
using Testcontainers.PostgreSql;
using Xunit;

namespace FlowEngine.TestServers;

/// <summary>
/// Per test run: a PostgreSQL server. The one that <c>FLOWENGINE_TEST_POSTGRES</c> names (the connection string of a user who may create
/// databases), else a container where a Docker engine answers, else a private server of the binaries installed here.
/// </summary>
public sealed class PostgresFixture : IAsyncLifetime
{
    /// <summary>The environment variable that names a server.</summary>
    public const string Variable = "FLOWENGINE_TEST_POSTGRES";

    private readonly List<string> _databases = [];
    private readonly Lock _lock = new();
    private PostgreSqlContainer? _container;
    private LocalPostgres? _local;
    private int _count;

    /// <summary>Connects to the server's default database as a user who may create databases and roles.</summary>
    public string ConnectionString { get; private set; } = "";

    /// <inheritdoc/>
    public async ValueTask InitializeAsync()
    {
        if (Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } given)
        {
            ConnectionString = given;
        }
        else if (await DockerAnswersAsync())
        {
            _container = new PostgreSqlBuilder("postgres:17-alpine").Build();
            await _container.StartAsync();
            ConnectionString = _container.GetConnectionString();
        }
        else
        {
            _local = await LocalPostgres.StartNewAsync();
            ConnectionString = _local.ConnectionString;
        }
    }

    /// <summary>Makes an empty database, which is dropped at the end.</summary>
    /// <returns>Its connection string.</returns>
    public async Task<string> CreateDatabaseAsync()
    {
        var name = $"flowengine_test_{Environment.ProcessId}_{Interlocked.Increment(ref _count)}";
        await ExecuteAsync(ConnectionString, $"create database {name}");
        lock (_lock)
            _databases.Add(name);
        return new NpgsqlConnectionStringBuilder(ConnectionString) { Database = name }.ConnectionString;
    }

    /// <summary>Executes SQL on a connection of its own.</summary>
    public static async Task ExecuteAsync(string connectionString, string sql)
    {
        await using var connection = new NpgsqlConnection(connectionString + ";Pooling=false");
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync();
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (_local is not null)
        {
            await _local.DisposeAsync();
            return;
        }
        if (_container is not null)
        {
            await _container.DisposeAsync();
            return;
        }
        foreach (var database in _databases)
            await ExecuteAsync(ConnectionString, $"drop database if exists {database} with (force)");
    }

    /// <summary>Whether a Docker engine answers at its usual socket, within a second.</summary>
    private static async Task<bool> DockerAnswersAsync()
    {
        var host = Environment.GetEnvironmentVariable("DOCKER_HOST") ?? "unix:///var/run/docker.sock";
        if (!Uri.TryCreate(host, UriKind.Absolute, out var address) || (address.Scheme == "unix" && !File.Exists(address.AbsolutePath)))
            return false;

        var isUnix = address.Scheme == "unix";
        using var time = new CancellationTokenSource(TimeSpan.FromSeconds(1));
        using var socket = new Socket(
            isUnix ? AddressFamily.Unix : AddressFamily.InterNetwork,
            SocketType.Stream,
            isUnix ? ProtocolType.Unspecified : ProtocolType.Tcp
        );
        try
        {
            await socket.ConnectAsync(
                isUnix ? new UnixDomainSocketEndPoint(address.AbsolutePath) : new System.Net.DnsEndPoint(address.Host, address.Port),
                time.Token
            );
            await socket.SendAsync("GET /_ping HTTP/1.1\r\nHost: docker\r\nConnection: close\r\n\r\n"u8.ToArray(), time.Token);
            var answer = new byte[64];
            var length = await socket.ReceiveAsync(answer, time.Token);
            return Encoding.ASCII.GetString(answer, 0, length).Contains(" 200 ", StringComparison.Ordinal);
        }
        catch (Exception error) when (error is SocketException or OperationCanceledException)
        {
            return false;
        }
    }
}
