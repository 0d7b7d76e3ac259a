using FlowEngine.Storage;
using FlowEngine.TestServers;

namespace FlowEngine.Storage.Tests.Engines.Postgres;

public sealed class PostgresDatabaseRestartTests(PostgresFixture postgres)
{
    private static CancellationToken Stop => TestStorage.Stop;

    [Fact]
    public async Task Calls_AfterARestart_WorkAtOnceAndWhileItIsDownSaySo()
    {
        Assert.SkipWhen(LocalPostgres.FindPrograms() is null, "Needs a PostgreSQL that the test may stop.");
        await using var server = await LocalPostgres.StartNewAsync();
        var folder = Directory.CreateTempSubdirectory("flowengine-restart-");
        await using var storage = await ServerStorage.OpenAsync(
            new StorageSetup { DataFolder = folder.FullName, Postgres = server.ConnectionString + ";Timeout=5" },
            _ => null,
            TimeProvider.System,
            Stop
        );
        var run = SampleRuns.Waiting("r1", TestStorage.Start);
        var stamp = (await storage.Runs.AddAsync(run, RunExtras.None, Stop))!.Value;
        await FillPoolAsync(storage);

        await server.RestartAsync();

        // The very next calls: pooled connections are dead, and nobody notices.
        stamp = (await storage.Runs.SaveAsync(run with { StepToken = "after" }, stamp, RunExtras.None, Stop))!.Value;
        await FillPoolAsync(storage);
        Assert.Equal("after", (await storage.Runs.FindAsync("r1", Stop))!.StepToken);

        await server.StopAsync();
        var error = await Assert.ThrowsAsync<StorageException>(() => storage.Runs.SaveAsync(run, stamp, RunExtras.None, Stop));
        Assert.Equal(StorageErrors.Unavailable, error.Code);
        Assert.Equal(StorageErrors.Unavailable, (await Assert.ThrowsAsync<StorageException>(() => storage.Database.PingAsync(Stop))).Code);
        Assert.Equal(
            StorageErrors.Unavailable,
            (await Assert.ThrowsAsync<StorageException>(() => storage.Flows.DeleteAsync("x", TestStorage.Note, Stop))).Code
        );

        await server.StartAsync();
        await storage.Database.PingAsync(Stop);
        Assert.NotNull(await storage.Runs.SaveAsync(run with { StepToken = "again" }, stamp, RunExtras.None, Stop));
        folder.Delete(recursive: true);
    }

    [Fact]
    public async Task Save_RepeatedBecauseItsAnswerWasLost_IsKnownAsItsOwn()
    {
        await using var test = await TestStorage.EmptyAsync(StoreEngine.Postgres, postgres);
        using var line = new CutLine(test.Options.Postgres!);
        var storage = await test.OpenAsync(test.Options with { Postgres = line.ConnectionString });
        var run = SampleRuns.Waiting("r1", TestStorage.Start);
        var extras = new RunExtras { TraceSteps = "[1]"u8.ToArray(), Login = SampleRuns.Family("f1", TestStorage.Start) };

        line.CutNextAnswer();
        var added = await storage.Runs.AddAsync(run, RunExtras.None, Stop);
        line.CutNextAnswer();
        var saved = await storage.Runs.SaveAsync(run with { StepToken = "cut" }, added!.Value, extras, Stop);

        Assert.Equal(2, line.Cuts);
        var found = (await storage.Runs.FindAsync("r1", Stop))!;
        Assert.Equal(("cut", saved), (found.StepToken, found.Stamp));
        Assert.Single(await storage.Search.TraceAsync("r1", Stop));
        Assert.NotNull(await storage.Runs.SaveAsync(run, saved!.Value, RunExtras.None, Stop));
    }

    [Fact]
    public async Task Append_WhoseAnswerWasLost_IsNotRepeated()
    {
        await using var test = await TestStorage.EmptyAsync(StoreEngine.Postgres, postgres);
        using var line = new CutLine(test.Options.Postgres!);
        var storage = await test.OpenAsync(test.Options with { Postgres = line.ConnectionString });

        line.CutNextAnswer();
        var error = await Assert.ThrowsAsync<StorageException>(() =>
            storage.Audit.WriteAsync(new AuditNote("ada", AuditAction.FlowPublish, "flow:login"), Stop)
        );

        Assert.Equal(StorageErrors.Unavailable, error.Code);
        // What was not committed is not there.
        Assert.Empty(await storage.Audit.ListAsync(null, null, null, 10, Stop));
    }

    /// <summary>Several connections at once, so that more than one is dead after a restart.</summary>
    private static Task<StoredRun?[]> FillPoolAsync(ServerStorage storage) =>
        Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(() => storage.Runs.FindAsync("r1", Stop))));
}
