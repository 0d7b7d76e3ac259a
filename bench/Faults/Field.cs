using System.Diagnostics;
using System.Globalization;
using System.Reflection;
using FlowEngine.TestServers;
using Microsoft.Data.Sqlite;

namespace FlowEngine.Bench.Faults;

/// <summary>Per run of the program: what the scenarios share, and the order in which they come.</summary>
internal sealed class Field : IAsyncDisposable
{
    private readonly SemaphoreSlim _gate = new(1);
    private LocalPostgres? _postgres;

    private Field(Settings settings)
    {
        Settings = settings;
        Folder = Directory.CreateTempSubdirectory("flowengine-faults-").FullName;
        PeopleFile = Path.Combine(Folder, "people.db");
        Program = settings.Server ?? Path.Combine(Repository, "src/FlowEngine.Server", Metadata("Output"), "flowengine");
    }

    public static string Repository { get; } = Metadata("Repository");

    public Settings Settings { get; }

    public string Folder { get; }

    /// <summary>The people's database, which no fault touches.</summary>
    public string PeopleFile { get; }

    /// <summary>The server.</summary>
    public string Program { get; }

    /// <summary>Whether this build knows <c>"async": "durable"</c>.</summary>
    public bool HasDurableCalls { get; private set; }

    /// <summary>Runs the scenarios and prints a row for each.</summary>
    /// <returns>0 when nothing was lost, doubled or wrong and each showed what it must.</returns>
    public static async Task<int> RunAsync(Settings settings)
    {
        await using var field = new Field(settings);
        await field.PrepareAsync();
        var begun = Stopwatch.GetTimestamp();
        var table = new Table(Console.Out, settings);
        using (var places = new SemaphoreSlim(settings.AtOnce))
        {
            await Task.WhenAll(
                settings
                    .Scenarios.Where(scenario => !scenario.IsAlone)
                    .Select(async scenario =>
                    {
                        await places.WaitAsync();
                        try
                        {
                            table.Write(await field.PlayAsync(scenario));
                        }
                        finally
                        {
                            places.Release();
                        }
                    })
            );
        }
        foreach (var scenario in settings.Scenarios.Where(scenario => scenario.IsAlone))
            table.Write(await field.PlayAsync(scenario));
        return table.WriteSum(Stopwatch.GetElapsedTime(begun)) ? 0 : 1;
    }

    /// <summary>The PostgreSQL that the scenarios share, with commits on the disk; started when it is first asked for.</summary>
    public async Task<LocalPostgres> PostgresAsync()
    {
        await _gate.WaitAsync();
        try
        {
            return _postgres ??= await LocalPostgres.StartNewAsync("fsync=on", "shared_buffers=128MB");
        }
        finally
        {
            _gate.Release();
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_postgres is { } postgres)
            await postgres.DisposeAsync();
        _gate.Dispose();
        Directory.Delete(Folder, recursive: true);
    }

    private async Task PrepareAsync()
    {
        await using (var connection = new SqliteConnection($"Data Source={PeopleFile};Pooling=false"))
        {
            await connection.OpenAsync();
            await using var command = connection.CreateCommand();
            command.CommandText = "create table people (id text primary key, email text not null unique)";
            await command.ExecuteNonQueryAsync();
            command.CommandText = string.Create(
                CultureInfo.InvariantCulture,
                $"""
                with recursive n(i) as (select 0 union all select i + 1 from n where i + 1 < {Ledger.People})
                insert into people select 'u-' || i, 'u-' || i || '@example.com' from n
                """
            );
            await command.ExecuteNonQueryAsync();
        }
        var flow = await File.ReadAllTextAsync(Path.Combine(Repository, "bench/Faults/flows/notify.flow.json"));
        var durable = Path.Combine(Folder, "notify.flow.json");
        await File.WriteAllTextAsync(durable, flow.Replace("\"async\": true", "\"async\": \"durable\"", StringComparison.Ordinal));
        HasDurableCalls = !(await ValidateAsync(durable)).Contains("/async ", StringComparison.Ordinal);
    }

    private async Task<string> ValidateAsync(string file)
    {
        using var process = Process.Start(
            new ProcessStartInfo(Program, ["validate", file]) { RedirectStandardOutput = true, RedirectStandardError = true }
        )!;
        var errors = process.StandardError.ReadToEndAsync();
        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        return output + await errors;
    }

    private async Task<Row> PlayAsync(Scenario scenario)
    {
        await using var stage = await Stage.SetAsync(this, scenario);
        var begun = Stopwatch.GetTimestamp();
        try
        {
            await scenario.RunAsync(stage).WaitAsync(Settings.Limit);
        }
        // Whatever breaks is a finding of this scenario; the others still have their turn.
        catch (Exception error) when (error is not OutOfMemoryException)
        {
            stage.Claim(false, error is TimeoutException ? "it ends in time" : $"it ends ({error.GetType().Name}: {error.Message})");
        }
        return new Row(stage, Stopwatch.GetElapsedTime(begun));
    }

    private static string Metadata(string key) =>
        typeof(Field).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(attribute => attribute.Key == key).Value!;
}
