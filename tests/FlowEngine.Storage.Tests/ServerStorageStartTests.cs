using System.Diagnostics;
using FlowEngine.Connectors;
using FlowEngine.Settings;
using FlowEngine.Storage;
using FlowEngine.TestServers;

namespace FlowEngine.Storage.Tests;

public sealed class ServerStorageStartTests(PostgresFixture postgres)
{
    private const string ChildFolder = "FLOWENGINE_TEST_CHILD_FOLDER";
    private const string ChildPostgres = "FLOWENGINE_TEST_CHILD_POSTGRES";

    private static CancellationToken Stop => TestStorage.Stop;

    [Theory]
    [ClassData(typeof(BothEngines))]
    public async Task Open_ByManyThreadsOnAnEmptyDatabase_AllAgree(StoreEngine engine)
    {
        await using var test = await TestStorage.EmptyAsync(engine, postgres);

        var nodes = await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => Task.Run(() => test.OpenAsync())));

        foreach (var (i, node) in nodes.Index())
        {
            await node.Runs.AddAsync(SampleRuns.Waiting($"r{i}", TestStorage.Start), RunExtras.None, Stop);
            foreach (var reader in nodes)
                Assert.NotNull((await reader.Runs.FindAsync($"r{i}", Stop))!.State);
        }
        Assert.Equal(1, await test.Storage.Database.FirstAsync<int>("select count(*) from key_ring", null, Stop));
    }

    [Theory]
    [ClassData(typeof(BothEngines))]
    public async Task Open_BySeveralProcessesOnAnEmptyDatabase_AllAgree(StoreEngine engine)
    {
        await using var test = await TestStorage.EmptyAsync(engine, postgres);

        var exits = await Task.WhenAll(Enumerable.Range(0, 3).Select(i => RunChildAsync(test.Options)));

        Assert.All(exits, exit => Assert.True(exit.Code == 0, exit.Output));
        var storage = await test.OpenAsync();
        var runs = await storage.Search.ListAsync(new RunFilter(), Stop);
        Assert.Equal(3, runs.Runs.Count);
        foreach (var run in runs.Runs)
            Assert.NotNull((await storage.Runs.FindAsync(run.Id, Stop))!.State);
        Assert.Equal(1, await storage.Database.FirstAsync<int>("select count(*) from key_ring", null, Stop));
    }

    /// <summary>What the processes of the test above do.</summary>
    [Fact(Explicit = true)]
    public async Task Child_OpensAndStoresARun()
    {
        var folder = Environment.GetEnvironmentVariable(ChildFolder);
        Assert.SkipWhen(folder is null, "Runs in a process of another test.");

        var options = new StorageSetup
        {
            DataFolder = folder!,
            Postgres = Environment.GetEnvironmentVariable(ChildPostgres) is { Length: > 0 } connection ? connection : null,
        };
        await using var storage = await ServerStorage.OpenAsync(options, _ => null, TimeProvider.System, Stop);
        Assert.NotNull(
            await storage.Runs.AddAsync(SampleRuns.Waiting($"child-{Environment.ProcessId}", TestStorage.Start), RunExtras.None, Stop)
        );
    }

    [Theory]
    [ClassData(typeof(BothEngines))]
    public async Task Open_CurrentSchema_ChangesNothing(StoreEngine engine)
    {
        await using var test = await TestStorage.CreateAsync(engine, postgres);
        await test.Storage.Runs.AddAsync(SampleRuns.Waiting("r1", TestStorage.Start), RunExtras.None, Stop);
        var before = await test.Storage.Database.ListAsync<string>("select scriptname from schemaversions", null, Stop);

        var again = await test.OpenAsync();

        Assert.NotNull(await again.Runs.FindAsync("r1", Stop));
        Assert.Equal(before, await again.Database.ListAsync<string>("select scriptname from schemaversions", null, Stop));
        Assert.NotEmpty(before);
    }

    [Theory]
    [ClassData(typeof(BothEngines))]
    public async Task Open_SchemaOfALaterRelease_IsRefused(StoreEngine engine)
    {
        await using var test = await TestStorage.CreateAsync(engine, postgres);
        await test.Storage.Database.WriteAsync(
            "insert into schemaversions (scriptname, applied) values ('Storage/Migrations/9999-future.sql', current_timestamp)",
            null,
            Stop
        );

        var error = await Assert.ThrowsAsync<StorageException>(() => test.OpenAsync());

        Assert.Equal(StorageErrors.Newer, error.Code);
        Assert.Contains("9999-future.sql", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [ClassData(typeof(BothEngines))]
    public async Task Open_AnotherRootKey_IsRefused(StoreEngine engine)
    {
        await using var test = await TestStorage.CreateAsync(engine, postgres);

        var error = await Assert.ThrowsAsync<StorageException>(() =>
            test.OpenAsync(test.Options with { Storage = new() { RootKey = new Secret(new string('x', 40)) } })
        );

        Assert.Equal(StorageErrors.RootKey, error.Code);
    }

    [Fact]
    public async Task Open_RootKeyFileGone_IsRefusedAndNoneIsMade()
    {
        await using var test = await TestStorage.CreateAsync(StoreEngine.Sqlite, postgres);
        var file = Path.Combine(test.Folder, "root.key");
        File.Delete(file);

        var error = await Assert.ThrowsAsync<StorageException>(() => test.OpenAsync());

        Assert.Equal(StorageErrors.RootKey, error.Code);
        Assert.False(File.Exists(file));
    }

    [Fact]
    public async Task Open_ClusterWithoutRootKey_SaysWhatIsMissing()
    {
        await using var test = await TestStorage.EmptyAsync(StoreEngine.Postgres, postgres);

        var error = await Assert.ThrowsAsync<StorageException>(() => test.OpenAsync(test.Options with { IsCluster = true }));

        Assert.Equal(StorageErrors.RootKey, error.Code);
        Assert.Contains("Storage:RootKey", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Open_ShortRootKey_IsRefusedWithoutShowingIt()
    {
        await using var test = await TestStorage.EmptyAsync(StoreEngine.Sqlite, postgres);

        var error = await Assert.ThrowsAsync<StorageException>(() =>
            test.OpenAsync(test.Options with { Storage = new() { RootKey = new Secret("too-short-secret") } })
        );

        Assert.Equal(StorageErrors.RootKey, error.Code);
        Assert.DoesNotContain("too-short-secret", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Open_Sqlite_FilesAreTheirOwnersAlone()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has no file modes.");
        await using var test = await TestStorage.CreateAsync(StoreEngine.Sqlite, postgres);
        await test.Storage.Runs.AddAsync(SampleRuns.Waiting("r1", TestStorage.Start), RunExtras.None, Stop);

        var files = Directory.GetFiles(test.Folder);

        Assert.Contains(files, file => file.EndsWith("root.key", StringComparison.Ordinal));
        Assert.Contains(files, file => file.EndsWith("-wal", StringComparison.Ordinal));
        foreach (var file in files)
        {
            if (!OperatingSystem.IsWindows())
                Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(file));
        }
    }

    [Fact]
    public async Task Open_FileThatIsNoDatabase_SaysSo()
    {
        await using var test = await TestStorage.EmptyAsync(StoreEngine.Sqlite, postgres);
        await File.WriteAllTextAsync(Path.Combine(test.Folder, "flowengine.db"), new string('x', 8192), Stop);

        var error = await Assert.ThrowsAsync<StorageException>(() => test.OpenAsync());

        Assert.Equal(StorageErrors.Unavailable, error.Code);
        Assert.Contains("no database", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Host=127.0.0.1;Port=1;Username=u;Password=pass-in-plain;Database=d;Timeout=2")]
    [InlineData("Host=name.invalid;Username=u;Password=pass-in-plain;Database=d;Timeout=2")]
    public async Task Open_PostgresOutOfReach_SaysSoWithoutThePassword(string connection)
    {
        await using var test = await TestStorage.EmptyAsync(StoreEngine.Sqlite, postgres);

        var error = await Assert.ThrowsAsync<StorageException>(() => test.OpenAsync(test.Options with { Postgres = connection }));

        Assert.Equal(StorageErrors.Unavailable, error.Code);
        Assert.DoesNotContain("pass-in-plain", error.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Database=does_not_exist")]
    [InlineData("Password=wrong-in-plain")]
    public async Task Open_PostgresRefuses_SaysSo(string change)
    {
        await using var test = await TestStorage.EmptyAsync(StoreEngine.Postgres, postgres);

        var error = await Assert.ThrowsAsync<StorageException>(() =>
            test.OpenAsync(test.Options with { Postgres = $"{test.Options.Postgres};{change}" })
        );

        Assert.Equal(StorageErrors.Unavailable, error.Code);
        Assert.DoesNotContain("wrong-in-plain", error.ToString(), StringComparison.Ordinal);
    }

    private static async Task<(int Code, string Output)> RunChildAsync(StorageSetup options)
    {
        var program = Path.Combine(
            AppContext.BaseDirectory,
            typeof(ServerStorageStartTests).Assembly.GetName().Name + (OperatingSystem.IsWindows() ? ".exe" : "")
        );
        var start = new ProcessStartInfo(
            program,
            ["-method", $"{typeof(ServerStorageStartTests).FullName}.{nameof(Child_OpensAndStoresARun)}", "-explicit", "only", "-noColor"]
        )
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment[ChildFolder] = options.DataFolder;
        start.Environment[ChildPostgres] = options.Postgres ?? "";
        // The child's own fixture needs no server.
        start.Environment[PostgresFixture.Variable] = "Host=none";
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync(Stop);
        var errors = process.StandardError.ReadToEndAsync(Stop);
        await process.WaitForExitAsync(Stop);
        return (process.ExitCode, await output + await errors);
    }
}
