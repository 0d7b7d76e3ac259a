using System.Globalization;
using FlowEngine.TestServers;
using Npgsql;

namespace FlowEngine.Server.Tests.Deploy;

/// <summary>
/// Per test: a private PostgreSQL that begins as the official image does: <c>initdb</c> with its superuser, password and arguments from
/// the environment, the database of POSTGRES_DB, then the scripts of <c>/docker-entrypoint-initdb.d</c> in the order of their names, on a
/// server that takes no connections from outside; then as it goes on.
internal sealed class ComposePostgres : IAsyncDisposable
{
    private const string Service = "postgres";

    private readonly PrivateServer _server = new(Service, "postgres");
    private readonly string _programs =
        LocalPostgres.FindPrograms() ?? throw new InvalidOperationException("PostgreSQL is not installed here; ./test.sh installs it.");
    private Dictionary<string, string> _environment = [];

    /// <summary>Where it listens on 127.0.0.1.</summary>
    public int Port => _server.Port;

    /// <summary>Begins, and waits until its health check is content.</summary>
    public async Task StartAsync(ComposePlaces places)
    {
        places.Mount(Service);
        _environment = places.EnvironmentOf(Service);
        var user = _environment.GetValueOrDefault("POSTGRES_USER", "postgres");
        var database = _environment.GetValueOrDefault("POSTGRES_DB", user);
        var password = _environment.TryGetValue("POSTGRES_PASSWORD_FILE", out var file)
            ? (await File.ReadAllTextAsync(file)).TrimEnd('\n')
            : _environment["POSTGRES_PASSWORD"];
        // As the image's user, which the other files of this machine are none of the business of.
        await _server.RunAsync(
            Path.Combine(_programs, "initdb"),
            [
                "--pgdata",
                Data,
                $"--username={user}",
                $"--pwfile={_server.Write("password", password + "\n")}",
                "--encoding=UTF8",
                "--no-sync",
                .. _environment.GetValueOrDefault("POSTGRES_INITDB_ARGS", "").Split(' ', StringSplitOptions.RemoveEmptyEntries),
            ]
        );
        await File.AppendAllTextAsync(
            Path.Combine(Data, "pg_hba.conf"),
            $"\nhost all all all {_environment.GetValueOrDefault("POSTGRES_HOST_AUTH_METHOD", "scram-sha-256")}\n"
        );

        var inside = new NpgsqlConnectionStringBuilder
        {
            Host = _server.Folder,
            Port = Port,
            Username = user,
            Password = password,
            Database = "postgres",
            Pooling = false,
        };
        await ListenAsync(inside, "");
        if (database != "postgres")
            await PostgresFixture.ExecuteAsync(inside.ConnectionString, $"create database \"{database}\"");
        Dictionary<string, string> environment = new(_environment)
        {
            ["POSTGRES_USER"] = user,
            ["POSTGRES_DB"] = database,
            ["PGPASSWORD"] = password,
            ["PGHOST"] = _server.Folder,
            ["PGPORT"] = Port.ToString(CultureInfo.InvariantCulture),
        };
        foreach (var script in Directory.GetFiles(places.PathIn(Service, "/docker-entrypoint-initdb.d")).Order(StringComparer.Ordinal))
            await BeginAsync(script, user, database, environment);
        await _server.StopAsync("INT");

        await ListenAsync(new(inside.ConnectionString) { Host = "127.0.0.1" }, "127.0.0.1");
    }

    /// <summary>Runs the check of the compose file.</summary>
    public Task<ContainerProcess.Ended> CheckAsync(string command) =>
        ContainerProcess.RunAsync(
            "sh",
            ["-c", command],
            new()
            {
                ["PGPORT"] = Port.ToString(CultureInfo.InvariantCulture),
                ["PATH"] = $"{_programs}:{Environment.GetEnvironmentVariable("PATH")}",
            }
        );

    /// <summary>Connects as a role, from another machine as far as PostgreSQL can tell.</summary>
    public string ConnectionOf(string role, string password, string database) =>
        new NpgsqlConnectionStringBuilder
        {
            Host = "127.0.0.1",
            Port = Port,
            Username = role,
            Password = password,
            Database = database,
            Pooling = false,
            IncludeErrorDetail = true,
        }.ConnectionString;

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    private string Data => Path.Combine(_server.Folder, "data");

    private Task ListenAsync(NpgsqlConnectionStringBuilder connection, string addresses) =>
        _server.StartAsync(
            async () =>
            {
                await using var first = new NpgsqlConnection(connection.ConnectionString);
                await first.OpenAsync();
            },
            Path.Combine(_programs, "postgres"),
            "-D",
            Data,
            "-p",
            Port.ToString(CultureInfo.InvariantCulture),
            "-c",
            $"listen_addresses={addresses}",
            "-c",
            $"unix_socket_directories={_server.Folder}",
            "-c",
            "fsync=off"
        );

    /// <summary>What the image does with a file of its folder: .sql goes to psql, .sh is executed or, without that right, read by its
    /// shell; the rest is ignored here.</summary>
    private async Task BeginAsync(string script, string user, string database, Dictionary<string, string> environment)
    {
        var path = new Dictionary<string, string>(environment) { ["PATH"] = $"{_programs}:{Environment.GetEnvironmentVariable("PATH")}" };
        var ended = Path.GetExtension(script) switch
        {
            ".sql" => await ContainerProcess.RunAsync(
                "psql",
                ["-v", "ON_ERROR_STOP=1", "--username", user, "--no-password", "--no-psqlrc", "--dbname", database, "-f", script],
                path
            ),
            ".sh" => await ContainerProcess.RunAsync(
                "bash",
                ["-c", "if [ -x \"$1\" ]; then \"$1\"; else . \"$1\"; fi", "bash", script],
                path
            ),
            _ => throw new InvalidOperationException($"{script}: the image would ignore it or unpack it."),
        };
        Assert.True(ended.ExitCode == 0, $"{Path.GetFileName(script)}: {ended.Output}");
    }
}
