using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Headers;
using System.Reflection;
using System.Text;
using System.Text.Json.Nodes;
using FlowEngine.Bench.Throughput;
using Npgsql;

namespace FlowEngine.Bench.Abuse;

/// <summary>Per siege: the real server in a process of its own, with its default limits, a small heap, and flows for the attacks. One
/// that died is started anew, on a new database.</summary>
internal sealed class Target : IAsyncDisposable
{
    /// <summary>The person of the console who signs in.</summary>
    public const string Admin = "grace";

    /// <summary>Everybody's password.</summary>
    public const string Password = "correct horse battery staple";

    private static readonly TimeSpan StartTime = TimeSpan.FromSeconds(90);

    private readonly Process _process;
    private readonly string _folder;
    private readonly string _database;
    private readonly Databases _databases;
    private readonly bool _isPostgres;
    private readonly List<string> _errors;

    private Target(Process process, Uri address, string folder, string database, Databases databases, bool isPostgres, List<string> errors)
    {
        _process = process;
        Address = address;
        _folder = folder;
        _database = database;
        _databases = databases;
        _isPostgres = isPostgres;
        _errors = errors;
    }

    public Uri Address { get; }

    /// <summary>Whether the process has ended.</summary>
    public bool HasDied => _process.HasExited;

    /// <summary>What it said last, where it died.</summary>
    public string LastWords
    {
        get
        {
            lock (_errors)
                return _errors.Find(line =>
                        line.Contains("OutOfMemory", StringComparison.Ordinal) || line.StartsWith("Out of memory", StringComparison.Ordinal)
                    ) ?? _errors.LastOrDefault("");
        }
    }

    private static string Repository { get; } = Metadata("Repository");

    /// <summary>Starts the server and adds the console's person.</summary>
    public static async Task<Target> StartAsync(Settings settings, string parent, int number, Databases databases, Uri upstream, Uri silent)
    {
        var folder = Directory.CreateDirectory(Path.Combine(parent, $"server{number}")).FullName;
        var database = $"server{number}";
        WriteFiles(folder, databases, upstream, silent);
        var address = new Uri($"http://127.0.0.1:{LoopbackAddress.FreePort()}");
        string[] arguments =
        [
            "serve",
            "--flows",
            Path.Combine(folder, "flows"),
            "--data",
            Path.Combine(folder, "data"),
            "--urls",
            address.GetLeftPart(UriPartial.Authority),
            "--set",
            "Egress:AllowPrivateNetworks=true",
            .. settings.IsPostgres ? (string[])["--database", await databases.CreateAsync(database)] : [],
        ];
        var program = settings.Server ?? Path.Combine(Repository, "src/FlowEngine.Server", Metadata("Output"), "flowengine");
        var start = new ProcessStartInfo(program, arguments)
        {
            WorkingDirectory = folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["DOTNET_GCHeapHardLimit"] = (settings.HeapMegabytes * 1024L * 1024L).ToString("x", CultureInfo.InvariantCulture);
        start.Environment.Remove("DOTNET_ENVIRONMENT");
        start.Environment.Remove("ASPNETCORE_ENVIRONMENT");
        var errors = new List<string>();
        var process = Process.Start(start)!;
        process.OutputDataReceived += (_, _) => { };
        process.ErrorDataReceived += (_, line) => Keep(errors, line.Data);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();

        var target = new Target(process, address, folder, database, databases, settings.IsPostgres, errors);
        for (var begun = Stopwatch.GetTimestamp(); !await target.AnswersAsync("/readyz"); await Task.Delay(100))
        {
            if (!process.HasExited && Stopwatch.GetElapsedTime(begun) < StartTime)
                continue;
            var words = target.LastWords;
            await target.DisposeAsync();
            throw new InvalidOperationException($"The server did not start: {program} {string.Join(' ', arguments)} {words}");
        }
        await target.AddAdminAsync();
        return target;
    }

    /// <summary>The memory that the process holds, in MB; 0 when it has died.</summary>
    public double Megabytes()
    {
        try
        {
            return HasDied ? 0 : ProcessUsage.ResidentMegabytes(_process.Id);
        }
        catch (Exception error) when (error is IOException or InvalidOperationException)
        {
            return 0;
        }
    }

    /// <summary>The CPU seconds that it has used.</summary>
    public double CpuSeconds() => HasDied ? 0 : ProcessUsage.CpuSeconds(_process.Id);

    /// <summary>How much it has stored, in MB.</summary>
    public async Task<double> StoredMegabytesAsync()
    {
        if (!_isPostgres)
            return Directory.GetFiles(Path.Combine(_folder, "data")).Sum(file => new FileInfo(file).Length) / (1024.0 * 1024);
        await using var connection = new NpgsqlConnection(_databases.ConnectionTo("postgres") + ";Pooling=false");
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand($"select pg_database_size('{_database}')", connection);
        return (long)(await command.ExecuteScalarAsync())! / (1024.0 * 1024);
    }

    /// <summary>Whether it answers 200 within a time.</summary>
    public async Task<bool> AnswersAsync(string path)
    {
        try
        {
            using var http = new HttpClient { Timeout = TimeSpan.FromSeconds(5), BaseAddress = Address };
            using var answer = await http.GetAsync(path);
            return answer.IsSuccessStatusCode;
        }
        catch (Exception error) when (error is HttpRequestException or TaskCanceledException)
        {
            return false;
        }
    }

    public async ValueTask DisposeAsync()
    {
        using (_process)
        {
            if (!_process.HasExited)
                _process.Kill();
            await _process.WaitForExitAsync();
        }
    }

    private async Task AddAdminAsync()
    {
        using var http = new HttpClient { BaseAddress = Address };
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue(
            "Bearer",
            (await File.ReadAllTextAsync(Path.Combine(_folder, "data", "management.key"))).Trim()
        );
        using var answer = await http.PostAsync(
            "/api/users",
            new StringContent(
                $$"""{ "name": "{{Admin}}", "password": "{{Password}}", "role": "admin" }""",
                Encoding.UTF8,
                "application/json"
            )
        );
        answer.EnsureSuccessStatusCode();
    }

    private static void WriteFiles(string folder, Databases databases, Uri upstream, Uri silent)
    {
        var flows = Directory.CreateDirectory(Path.Combine(folder, "flows")).FullName;
        Directory.CreateDirectory(Path.Combine(flows, "connectors"));
        foreach (
            var flow in Directory
                .GetFiles(Path.Combine(Repository, "bench/Abuse/flows"))
                .Append(Path.Combine(Repository, "flows/login.flow.json"))
        )
            File.Copy(flow, Path.Combine(flows, Path.GetFileName(flow)));
        var people = new NpgsqlConnectionStringBuilder(databases.ConnectionTo("people"));
        Write(
            "users-db",
            "sql",
            new JsonObject
            {
                ["engine"] = "postgres",
                ["host"] = people.Host,
                ["port"] = people.Port,
                ["database"] = people.Database,
                ["username"] = people.Username,
                ["password"] = people.Password,
                ["ssl"] = "disable",
            }
        );
        // An empty file is an empty database.
        File.WriteAllBytes(Path.Combine(flows, "connectors", "slow.db"), []);
        Write("slow-db", "sql", new JsonObject { ["engine"] = "sqlite", ["file"] = "slow.db" });
        Write("silent-api", "http", new JsonObject { ["baseUrl"] = silent.ToString() });
        Write("profile-api", "http", new JsonObject { ["baseUrl"] = upstream.ToString().TrimEnd('/'), ["includeHeadersInContext"] = true });

        void Write(string id, string type, JsonObject configuration) =>
            File.WriteAllText(
                Path.Combine(flows, "connectors", $"{id}.connector.json"),
                new JsonObject
                {
                    ["id"] = id,
                    ["type"] = type,
                    ["configuration"] = configuration,
                }.ToJsonString()
            );
    }

    private static void Keep(List<string> lines, string? line)
    {
        if (string.IsNullOrWhiteSpace(line))
            return;
        lock (lines)
        {
            lines.Add(line);
            if (lines.Count > 200)
                lines.RemoveAt(0);
        }
    }

    private static string Metadata(string key) =>
        typeof(Target).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(attribute => attribute.Key == key).Value!;
}
