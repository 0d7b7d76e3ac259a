using Dapper;
using FlowEngine.Errors;
using FlowEngine.Execution;
using FlowEngine.Storage;
using FlowEngine.TestServers;

namespace FlowEngine.Storage.Tests;

public sealed class StorageCleanerTests(PostgresFixture postgres)
{
    private static CancellationToken Stop => TestStorage.Stop;

    [Theory]
    [ClassData(typeof(BothEngines))]
    public async Task Clean_ExpiredRuns_LoseTheirStateAndKeepTheirTrace(StoreEngine engine)
    {
        await using var test = await TestStorage.CreateAsync(
            engine,
            postgres,
            options =>
                options with
                {
                    CleaningBatch = 4,
                    Runs = new() { UnstartedRetention = TimeSpan.FromDays(1) },
                }
        );
        var storage = test.Storage;
        for (var i = 0; i < 10; i++)
            await storage.Runs.AddAsync(
                SampleRuns.Waiting($"r{i}", TestStorage.Start),
                new RunExtras { TraceSteps = "[]"u8.ToArray() },
                Stop
            );
        await storage.Runs.AddAsync(
            SampleRuns.Waiting("done", TestStorage.Start) with
            {
                Status = RunStatus.Completed,
            },
            RunExtras.None,
            Stop
        );
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
        await using var test = await TestStorage.CreateAsync(
            engine,
            postgres,
            options =>
                options with
                {
                    CleaningBatch = 3,
                    Trace = new() { Retention = TimeSpan.FromDays(2) },
                    Runs = new() { UnstartedRetention = TimeSpan.FromDays(9) },
                }
        );
        var other = await test.OpenAsync();
        var storage = test.Storage;
        for (var i = 0; i < 10; i++)
        {
            await storage.Runs.AddAsync(
                SampleRuns.Waiting($"r{i}", TestStorage.Start),
                new RunExtras
                {
                    TraceSteps = "[]"u8.ToArray(),
                    Login = SampleRuns.Family($"f{i}", TestStorage.Start),
                    Code = i == 0 ? storage.Codes.New([1]) : null,
                },
                Stop
            );
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

    [Theory]
    [ClassData(typeof(BothEngines))]
    public async Task Clean_RunsThatNobodyWentOnWith_GoAfterMinutes(StoreEngine engine)
    {
        await using var test = await TestStorage.CreateAsync(engine, postgres, options => options with { CleaningBatch = 4 });
        var storage = test.Storage;
        var trace = new RunExtras { TraceSteps = "[]"u8.ToArray() };
        for (var i = 0; i < 10; i++)
            await storage.Runs.AddAsync(SampleRuns.Waiting($"r{i}", TestStorage.Start), trace, Stop);
        await storage.Runs.AddAsync(
            SampleRuns.Waiting("brief", TestStorage.Start) with
            {
                ExpiresAt = TestStorage.Start.AddMinutes(1),
            },
            trace,
            Stop
        );
        var stamp = await storage.Runs.AddAsync(SampleRuns.Waiting("went-on", TestStorage.Start), trace, Stop);
        await storage.Runs.SaveAsync(SampleRuns.Waiting("went-on", TestStorage.Start), stamp!.Value, trace, Stop);
        await storage.Runs.AddAsync(SampleRuns.Waiting("no-screen", TestStorage.Start) with { Status = RunStatus.Completed }, trace, Stop);
        await storage.Runs.AddAsync(
            SampleRuns.Waiting("failed", TestStorage.Start) with
            {
                Status = RunStatus.Failed,
                ErrorCode = "user.no_id",
            },
            trace,
            Stop
        );
        await storage.Runs.AddAsync(SampleRuns.Waiting("later", TestStorage.Start.AddMinutes(2)), trace, Stop);

        test.Time.Advance(TimeSpan.FromMinutes(29));
        await CleanAsync(storage);
        Assert.Equal((15, 16, 0, 0), await CountAsync(storage));

        test.Time.Advance(TimeSpan.FromMinutes(2));
        Assert.Equal(4, await storage.Cleaner.CleanBatchAsync(Stop));
        await CleanAsync(storage);

        Assert.Equal((4, 5, 0, 0), await CountAsync(storage));
        foreach (var id in new[] { "went-on", "no-screen", "failed", "later" })
            Assert.True(await storage.Runs.ExistsAsync(id, Stop), id);
    }

    /// <summary>Where each activity is stored, a run is saved more than once before its first screen.</summary>
    [Theory]
    [ClassData(typeof(BothEngines))]
    public async Task Clean_RunsSavedOftenThatNobodyWentOnWith_GoAfterMinutes(StoreEngine engine)
    {
        await using var test = await TestStorage.CreateAsync(engine, postgres);
        var storage = test.Storage;
        // At once, so that some of them travel together.
        await Task.WhenAll(
            Enumerable
                .Range(0, 12)
                .Select(async i =>
                {
                    var run = SampleRuns.Waiting($"r{i}", TestStorage.Start) with { IsUntouched = true };
                    var stamp = await storage.Runs.AddAsync(run with { Status = RunStatus.Running }, RunExtras.None, Stop);
                    stamp = await storage.Runs.SaveAsync(run with { Status = RunStatus.Running }, stamp!.Value, RunExtras.None, Stop);
                    stamp = await storage.Runs.SaveAsync(run, stamp!.Value, RunExtras.None, Stop);
                    if (i < 3)
                        Assert.NotNull(await storage.Runs.SaveAsync(run with { IsUntouched = false }, stamp!.Value, RunExtras.None, Stop));
                })
        );

        test.Time.Advance(TimeSpan.FromMinutes(31));
        await CleanAsync(storage);

        var left = await storage.Database.ListAsync<string>("select id from runs order by id", null, Stop);
        Assert.Equal(["r0", "r1", "r2"], left);
    }

    [Theory]
    [ClassData(typeof(BothEngines))]
    public async Task Clean_MoreTracesThanTheBudget_RemovesTheOldest(StoreEngine engine)
    {
        await using var test = await TestStorage.CreateAsync(
            engine,
            postgres,
            options =>
                options with
                {
                    CleaningBatch = 100,
                    Trace = new() { MaxBytes = 1_500_000 },
                }
        );
        var storage = test.Storage;
        await FillAsync(storage, 0, 2_500);

        await CleanAsync(storage);

        var (first, bytes) = await TracesAsync(storage);
        Assert.InRange(bytes, 1_200_000, 1_600_000);
        Assert.InRange(first, 900, 1_300);
        Assert.Equal(2_500, (await CountAsync(storage)).Runs);

        // And so on, whichever node does it; what a second look finds counts too.
        var other = await test.OpenAsync();
        await FillAsync(storage, 2_500, 2_500);
        await Task.WhenAll(Task.Run(() => CleanAsync(storage)), Task.Run(() => CleanAsync(other)));
        test.Time.Advance(TimeSpan.FromMinutes(61));
        await CleanAsync(other);
        (first, bytes) = await TracesAsync(storage);
        Assert.InRange(bytes, 1_000_000, 1_600_000);
        Assert.InRange(first, 3_200, 4_100);

        // Without runs there is nothing to keep an account of.
        test.Time.Advance(TimeSpan.FromDays(31));
        await CleanAsync(storage);
        Assert.Equal(0, await storage.Cleaner.CleanBatchAsync(Stop));
        Assert.Equal(0, await storage.Database.FirstAsync<int>("select count(*) from run_traces", null, Stop));
    }

    [Theory]
    [ClassData(typeof(BothEngines))]
    public async Task Clean_WithoutABudget_KeepsAllTraces(StoreEngine engine)
    {
        await using var test = await TestStorage.CreateAsync(engine, postgres, options => options with { Trace = new() { MaxBytes = 0 } });
        await FillAsync(test.Storage, 0, 1_200);
        Assert.Equal(0, await CleanAsync(test.Storage));
        Assert.Equal(1_200, (await CountAsync(test.Storage)).Traces);
    }

    /// <summary>Completed runs, each with a trace of 1,000 bytes that no database compresses:
    /// every other one sealed, and as text as earlier releases wrote it.</summary>
    private static Task<int> FillAsync(ServerStorage storage, int first, int count) =>
        storage.Database.TransactAsync(
            async (connection, transaction) =>
            {
                var (start, text) = (
                    TestStorage.Start.ToUnixTimeMilliseconds(),
                    Convert.ToHexString(System.Security.Cryptography.RandomNumberGenerator.GetBytes(500))
                );
                await connection.ExecuteAsync(
                    new CommandDefinition(
                        $"""
                        with recursive n(i) as (select {first} + 1 union all select i + 1 from n where i < {first} + {count})
                        insert into runs (id, flow_id, flow_version, status, step_token, stamp, saves, created_at, updated_at, expires_at)
                        select 'run-' || i, 'f', 1, 2, '', i, 1, @start, @start, @start + 3600000 from n order by i;
                        """,
                        new { start },
                        transaction
                    )
                );
                return await connection.ExecuteAsync(
                    new CommandDefinition(
                        """
                        insert into run_traces (run_number, part, steps, sealed_steps)
                        select number, 1, case when number % 2 = 0 then @text else '[]' end, case when number % 2 = 0 then null
                          else @sealedText end
                        from runs where not exists (select 1 from run_traces where run_number = number) and number > @first
                        """,
                        new
                        {
                            text,
                            first,
                            sealedText = System.Text.Encoding.ASCII.GetBytes(text),
                        },
                        transaction
                    )
                );
            },
            Stop
        );

    private static async Task<(long First, long Bytes)> TracesAsync(ServerStorage storage) =>
        (
            await storage.Database.FirstAsync<long>("select min(run_number) from run_traces", null, Stop),
            await storage.Database.FirstAsync<long>(
                "select sum(length(steps) + coalesce(length(sealed_steps), 0)) from run_traces",
                null,
                Stop
            )
        );

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
