using System.Globalization;
using Npgsql;

namespace FlowEngine.TestServers;

/// <summary>Per fixture: a private PostgreSQL server of the binaries that are installed here.</summary>
internal sealed class LocalPostgres : IAsyncDisposable
{
    private const string Password = "flowengine-test";

    private readonly PrivateServer _server = new("postgres", "postgres");
    private readonly string _program;

    private readonly string[] _settings;

    private LocalPostgres(string program, string[] settings)
    {
        _program = program;
        _settings = [.. settings.SelectMany(setting => (string[])["-c", setting])];
    }

    /// <summary>The server's process.</summary>
    public int ProcessId => _server.ProcessId;

    /// <summary>Connects as the superuser.</summary>
    public string ConnectionString =>
        new NpgsqlConnectionStringBuilder
        {
            Host = "127.0.0.1",
            Port = _server.Port,
            Username = "postgres",
            Password = Password,
            Database = "postgres",
            IncludeErrorDetail = true,
        }.ConnectionString;

    /// <summary>The folder of <c>initdb</c> and <c>postgres</c>; null when PostgreSQL is not installed.</summary>
    public static string? FindPrograms()
    {
        var installed = Directory.Exists("/usr/lib/postgresql")
            ? Directory
                .GetDirectories("/usr/lib/postgresql")
                .OrderByDescending(folder =>
                    int.TryParse(Path.GetFileName(folder), CultureInfo.InvariantCulture, out var version) ? version : 0
                )
            : Enumerable.Empty<string>();
        var program = PrivateServer.FindProgram("initdb", installed.Select(folder => Path.Combine(folder, "bin")));
        return program is null ? null : Path.GetDirectoryName(program);
    }

    /// <summary>Makes a new cluster and starts it.</summary>
    /// <param name="settings">Server settings such as <c>shared_buffers=512MB</c>,
    /// which go before those for tests: those are light, and trust the disk.</param>
    /// <exception cref="InvalidOperationException">PostgreSQL is not installed, or does not start.</exception>
    public static async Task<LocalPostgres> StartNewAsync(params string[] settings)
    {
        var programs = FindPrograms() ?? throw new InvalidOperationException("PostgreSQL is not installed here; ./test.sh installs it.");
        var postgres = new LocalPostgres(Path.Combine(programs, "postgres"), settings);
        try
        {
            var password = postgres._server.Write("password", Password);
            await postgres._server.RunAsync(
                Path.Combine(programs, "initdb"),
                "--pgdata",
                postgres.Data,
                "--username=postgres",
                $"--pwfile={password}",
                "--auth=scram-sha-256",
                "--encoding=UTF8",
                "--locale=C",
                "--no-sync"
            );
            await postgres.StartAsync();
            return postgres;
        }
        catch
        {
            await postgres.DisposeAsync();
            throw;
        }
    }

    /// <summary>Stops the server, cutting off its clients, and starts it again on the same port.</summary>
    public async Task RestartAsync()
    {
        await StopAsync();
        await StartAsync();
    }

    /// <summary>Stops the server.</summary>
    public Task StopAsync() => _server.StopAsync("INT");

    /// <summary>Has all its processes stand still, as on a machine that is paused: connections stay open, and nobody answers.</summary>
    public void Freeze() => Send("STOP", ProcessId);

    /// <summary>Has them go on.</summary>
    public void Thaw() => Send("CONT", ProcessId);

    private static void Send(string signal, int process)
    {
        string[] children = File.ReadAllText($"/proc/{process}/task/{process}/children").Split(' ', StringSplitOptions.RemoveEmptyEntries);
        using var kill = System.Diagnostics.Process.Start(
            "kill",
            ["-" + signal, process.ToString(CultureInfo.InvariantCulture), .. children]
        );
        kill.WaitForExit();
    }

    /// <summary>Starts the server that was stopped.</summary>
    public Task StartAsync() =>
        _server.StartAsync(
            AnswerAsync,
            _program,
            [
                "-D",
                Data,
                "-p",
                _server.Port.ToString(CultureInfo.InvariantCulture),
                "-c",
                "listen_addresses=127.0.0.1",
                "-c",
                "unix_socket_directories=",
                "-c",
                "fsync=off", // The suites keep dozens of pools at once.
                "-c",
                "max_connections=500",
                "-c",
                "shared_buffers=32MB",
                .. _settings,
            ]
        );

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        await _server.DisposeAsync();
    }

    private string Data => Path.Combine(_server.Folder, "data");

    private async Task AnswerAsync()
    {
        await using var connection = new NpgsqlConnection(ConnectionString + ";Pooling=false");
        await connection.OpenAsync();
    }
}
