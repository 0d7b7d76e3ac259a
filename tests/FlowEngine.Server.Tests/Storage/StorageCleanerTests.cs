using FlowEngine.Errors;
using FlowEngine.Execution;
using FlowEngine.Server.Storage;
using FlowEngine.TestServers;

namespace FlowEngine.Server.Tests.Storage;

public sealed class StorageCleanerTests(PostgresFixture postgres)
{
    private static CancellationToken Stop => TestStorage.Stop;

    [Theory]
    [ClassData(typeof(BothEngines))]
    public async Task Clean_ExpiredRuns_LoseTheirStateAndKeepTheirTrace(StoreEngine engine)
    {
        await using var test = await TestStorage.CreateAsync(engine, postgres, options => options with { CleaningBatch = 4 });
        var storage = test.Storage;
        for (var i = 0; i < 10; i++)
            await storage.Runs.AddAsync(SampleRuns.Waiting($"r{i}", TestStorage.Start), new RunExtras { TraceSteps = "[]"u8.ToArray() }, Stop);
        await storage.Runs.AddAsync(SampleRuns.Waiting("done", TestStorage.Start) with { Status = RunStatus.Completed }, RunExtras.None, Stop);
        await storage.Runs.AddAsync(SampleRuns.Waiting("later", TestStorage.Start.AddMinutes(30)), RunExtras.None, Stop);
        test.Time.Advance(TimeSpan.FromMinutes(61));

        Assert.Equal(4, await storage.Cleaner.CleanBatchAsync(Stop));
        Assert.Equal(7, await CleanAsync(storage));

        var expired = (await storage.Runs.FindAsync("r3", Stop))!;
        Assert.Equal((RunStatus.Failed, FlowErrors.Expired.Code, null), (expired.Status, expired.ErrorCode, expired.State));
        Assert.Single(await storage.Search.TraceAsync("r3", Stop));
        var done = (await storage.Runs.FindAsync("done", Stop))!;
        Assert.Equal((RunStatus.Completed, null, null), (done.Status, done.ErrorCode, done.State));
        Assert.NotNull((await storage.Runs.FindAsync("later", Stop))!.State);
    }

    [Theory]
    [ClassData(typeof(BothEngines))]
    public async Task Clean_AfterTheRetention_NothingIsLeft(StoreEngine engine)
    {
        await using var test = await TestStorage.CreateAsync(engine, postgres, options => options with { CleaningBatch = 3, TraceRetention = TimeSpan.FromDays(2) });
        var other = await test.OpenAsync();
        var storage = test.Storage;
        for (var i = 0; i < 10; i++)
        {
            await storage.Runs.AddAsync(SampleRuns.Waiting($"r{i}", TestStorage.Start), new RunExtras
            {
                TraceSteps = "[]"u8.ToArray(), Login = SampleRuns.Family($"f{i}", TestStorage.Start), Code = i == 0 ? storage.Codes.New([1]) : null,
            }, Stop);
        }
        Assert.Equal((10, 10, 10, 1), await CountAsync(storage));
        test.Time.Advance(TimeSpan.FromDays(1));
        await CleanAsync(storage);
        Assert.Equal((10, 10, 10, 0), await CountAsync(storage));

        test.Time.Advance(TimeSpan.FromDays(28));
        await Task.WhenAll(Task.Run(() => CleanAsync(storage)), Task.Run(() => CleanAsync(other)));

        Assert.Equal((0, 0, 0, 0), await CountAsync(storage));
        Assert.Equal(0, await storage.Cleaner.CleanBatchAsync(Stop));
    }

    private static async Task<int> CleanAsync(ServerStorage storage)
    {
        var total = 0;
        while (await storage.Cleaner.CleanBatchAsync(Stop) is > 0 and var changed)
            total += changed;
        return total;
    }

    private static async Task<(int Runs, int Traces, int Families, int Codes)> CountAsync(ServerStorage storage)
    {
        return (await Of("runs"), await Of("run_traces"), await Of("refresh_families"), await Of("one_time_codes"));

        Task<int> Of(string table) => storage.Database.FirstAsync<int>($"select count(*) from {table}", null, Stop);
    }
}
