using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Reflection;
using System.Text.Json.Nodes;

namespace FlowEngine.Bench.Throughput;

/// <summary>Per measurement: a server in a process of its own.</summary>
internal sealed class Contender : IAsyncDisposable
{
    private static readonly TimeSpan StartTime = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan StopTime = TimeSpan.FromSeconds(30);

    private readonly Process _process;

    private Contender(string name, Uri address, Process process)
    {
        Name = name;
        Address = address;
        _process = process;
    }

    public string Name { get; }

    public Uri Address { get; }

    public int ProcessId => _process.Id;

    private static string Repository { get; } = Metadata("Repository");

    private static string BuildOutput { get; } = Metadata("Output");

    /// <summary>Starts FlowEngine.</summary>
    /// <param name="name">Its name in the table.</param>
    /// <param name="folder">A folder of its own.</param>
    /// <param name="database">The database of its runs; null for the embedded one.</param>
    /// <param name="people">The people database.</param>
    /// <param name="upstream">The profile API.</param>
    /// <param name="environment">Environment variables for it.</param>
    public static Task<Contender> EngineAsync(
        string name,
        string folder,
        string? database,
        string people,
        Uri upstream,
        Dictionary<string, string> environment
    )
    {
        var flows = Directory.CreateDirectory(Path.Combine(folder, "flows")).FullName;
        Directory.CreateDirectory(Path.Combine(flows, "connectors"));
        File.Copy(Path.Combine(Repository, "flows", "login.flow.json"), Path.Combine(flows, "login.flow.json"));
        var settings = new Npgsql.NpgsqlConnectionStringBuilder(people);
        WriteConnector(
            "users-db",
            new JsonObject
            {
                ["id"] = "users-db",
                ["type"] = "sql",
                ["name"] = "People",
                ["configuration"] = new JsonObject
                {
                    ["engine"] = "postgres",
                    ["host"] = settings.Host,
                    ["port"] = settings.Port,
                    ["database"] = settings.Database,
                    ["username"] = settings.Username,
                    ["password"] = settings.Password,
                    ["ssl"] = "disable",
                },
            }
        );
        WriteConnector(
            "profile-api",
            new JsonObject
            {
                ["id"] = "profile-api",
                ["type"] = "http",
                ["name"] = "Profile API",
                ["configuration"] = new JsonObject { ["baseUrl"] = upstream.ToString().TrimEnd('/'), ["includeHeadersInContext"] = true },
            }
        );

        var address = FreeAddress();
        string[] arguments =
        [
            "serve",
            "--flows",
            flows,
            "--data",
            Path.Combine(folder, "data"),
            "--urls",
            address.ToString().TrimEnd('/'),
            "--set",
            "Egress:AllowPrivateNetworks=true",
            // One client signs everybody in. The limits are far away, but counted.
            "--set",
            "RateLimits:StartsPerMinute=1000000000",
            "--set",
            "RateLimits:SubmitsPerMinute=1000000000",
            "--set",
            "RateLimits:TokensPerMinute=1000000000",
        ];
        var program = environment.Remove("PROGRAM", out var other)
            ? other
            : Path.Combine(Repository, "src/FlowEngine.Server", BuildOutput, "flowengine");
        return StartAsync(name, address, program, database is null ? arguments : [.. arguments, "--database", database], environment);

        void WriteConnector(string id, JsonObject json) =>
            File.WriteAllText(Path.Combine(flows, "connectors", $"{id}.connector.json"), json.ToJsonString());
    }

    /// <summary>Starts the server that was written by hand.</summary>
    public static Task<Contender> HandWrittenAsync(string folder, string database, string people, Uri upstream)
    {
        var address = FreeAddress();
        return StartAsync(
            "handwritten",
            address,
            Path.Combine(Repository, "bench/HandWritten", BuildOutput, "handwritten-login"),
            [
                "--urls",
                address.ToString().TrimEnd('/'),
                "--Database",
                database,
                "--People",
                people,
                "--Upstream",
                upstream.ToString(),
                "--Keys",
                folder,
            ],
            []
        );
    }

    /// <summary>Starts Node-RED, which <c>npm ci</c> has put into its folder.</summary>
    public static Task<Contender> NodeRedAsync(string folder, string people, Uri upstream)
    {
        var address = FreeAddress();
        var home = Path.Combine(Repository, "bench/node-red");
        var settings = new Npgsql.NpgsqlConnectionStringBuilder(people);
        return StartAsync(
            "node-red",
            address,
            "node",
            [Path.Combine(home, "node_modules/node-red/red.js"), "--settings", Path.Combine(home, "settings.js")],
            new()
            {
                ["NODE_ENV"] = "production",
                ["BENCH_PORT"] = $"{address.Port}",
                ["BENCH_FOLDER"] = folder,
                ["BENCH_PEOPLE"] =
                    $"postgres://{settings.Username}:{settings.Password}@{settings.Host}:{settings.Port}/{settings.Database}",
                ["BENCH_UPSTREAM"] = upstream.ToString().TrimEnd('/'),
            }
        );
    }

    /// <summary>Starts the profile API.</summary>
    public static Task<Contender> UpstreamAsync()
    {
        var address = FreeAddress();
        return StartAsync("upstream", address, Environment.ProcessPath!, ["upstream", address.ToString()], []);
    }

    public async ValueTask DisposeAsync()
    {
        using (_process)
        {
            if (!_process.HasExited)
            {
                using var kill = Process.Start("kill", ["-TERM", $"{_process.Id}"]);
                await kill.WaitForExitAsync();
            }
            using var limit = new CancellationTokenSource(StopTime);
            try
            {
                await _process.WaitForExitAsync(limit.Token);
            }
            catch (OperationCanceledException)
            {
                _process.Kill();
            }
        }
    }

    private static async Task<Contender> StartAsync(
        string name,
        Uri address,
        string program,
        string[] arguments,
        Dictionary<string, string> environment
    )
    {
        var start = new ProcessStartInfo(program, arguments) { WorkingDirectory = Path.GetTempPath(), RedirectStandardOutput = true };
        foreach (var (variable, value) in environment)
            start.Environment[variable] = value;
        var process = Process.Start(start)!;
        process.OutputDataReceived += (_, _) => { };
        process.BeginOutputReadLine();
        var contender = new Contender(name, address, process);
        for (var begun = Stopwatch.GetTimestamp(); ; )
        {
            try
            {
                using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
                await socket.ConnectAsync(IPAddress.Loopback, address.Port);
                return contender;
            }
            catch (SocketException) when (!process.HasExited && Stopwatch.GetElapsedTime(begun) < StartTime)
            {
                await Task.Delay(100);
            }
            catch (SocketException)
            {
                await contender.DisposeAsync();
                throw new InvalidOperationException($"{name} did not start: {program} {string.Join(' ', arguments)}");
            }
        }
    }

    private static Uri FreeAddress()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return new Uri($"http://127.0.0.1:{((IPEndPoint)listener.LocalEndpoint).Port}/");
    }

    private static string Metadata(string key) =>
        typeof(Contender).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(attribute => attribute.Key == key).Value!;
}
