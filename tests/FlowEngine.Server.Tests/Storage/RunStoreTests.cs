using System.Text;
using FlowEngine.Execution;
using FlowEngine.Storage;
using FlowEngine.TestServers;

namespace FlowEngine.Server.Tests.Storage;

public sealed class RunStoreTests(PostgresFixture postgres)
{
    private static CancellationToken Stop => TestStorage.Stop;

    [Theory]
    [ClassData(typeof(BothEngines))]
    public async Task Find_AddedRun_GivesItBack(StoreEngine engine)
    {
        await using var test = await TestStorage.CreateAsync(engine, postgres);
        var run = SampleRuns.Waiting("r1", TestStorage.Start) with { Person = "ünï", ErrorCode = null };

        var stamp = await test.Storage.Runs.AddAsync(run, RunExtras.None, Stop);
        var found = (await test.Storage.Runs.FindAsync("r1", Stop))!;

        Assert.Equal(stamp, found.Stamp);
        Assert.Equal(run.State, found.State);
        Assert.Equal(
            run,
            new RunRecord
            {
                Id = found.Id,
                FlowId = found.FlowId,
                FlowVersion = found.FlowVersion,
                Status = found.Status,
                StepToken = found.StepToken,
                State = run.State,
                BrowserKeyHash = found.BrowserKeyHash,
                Person = found.Person,
                ErrorCode = found.ErrorCode,
                CreatedAt = found.CreatedAt,
                ExpiresAt = found.ExpiresAt,
            }
        );
        Assert.Equal(TestStorage.Start, found.UpdatedAt);
        Assert.Null(await test.Storage.Runs.FindAsync("other", Stop));
    }

    [Theory]
    [ClassData(typeof(BothEngines))]
    public async Task Save_WithTheStamp_ReplacesTheRun(StoreEngine engine)
    {
        await using var test = await TestStorage.CreateAsync(engine, postgres);
        var run = SampleRuns.Waiting("r1", TestStorage.Start);
        var first = (await test.Storage.Runs.AddAsync(run, RunExtras.None, Stop))!.Value;
        test.Time.Advance(TimeSpan.FromSeconds(9));

        var second = await test.Storage.Runs.SaveAsync(
            run with
            {
                Status = RunStatus.Failed,
                StepToken = "",
                State = null,
                ErrorCode = "user.no_id",
                Person = "u-1",
            },
            first,
            RunExtras.None,
            Stop
        );

        var found = (await test.Storage.Runs.FindAsync("r1", Stop))!;
        Assert.Equal(second, found.Stamp);
        Assert.NotEqual(first, found.Stamp);
        Assert.Equal(
            (RunStatus.Failed, "", null, "user.no_id", "u-1"),
            (found.Status, found.StepToken, found.State, found.ErrorCode, found.Person)
        );
        Assert.Equal(TestStorage.Start.AddSeconds(9), found.UpdatedAt);
        Assert.Equal(TestStorage.Start, found.CreatedAt);
    }

    [Theory]
    [ClassData(typeof(BothEngines))]
    public async Task Save_WithAnOldStamp_ChangesNothingAtAll(StoreEngine engine)
    {
        await using var test = await TestStorage.CreateAsync(engine, postgres);
        var run = SampleRuns.Waiting("r1", TestStorage.Start);
        var first = (await test.Storage.Runs.AddAsync(run, RunExtras.None, Stop))!.Value;
        var second = await test.Storage.Runs.SaveAsync(run with { StepToken = "step-2" }, first, RunExtras.None, Stop);

        var conflict = await test.Storage.Runs.SaveAsync(
            run with
            {
                StepToken = "lost",
            },
            first,
            new RunExtras { TraceSteps = "[1]"u8.ToArray(), Login = SampleRuns.Family("f1", TestStorage.Start) },
            Stop
        );

        Assert.Null(conflict);
        var found = (await test.Storage.Runs.FindAsync("r1", Stop))!;
        Assert.Equal(("step-2", second), (found.StepToken, found.Stamp));
        Assert.Empty(await test.Storage.Search.TraceAsync("r1", Stop));
        Assert.Null(await test.Storage.RefreshFamilies.FindAsync("f1", Stop));
    }

    [Theory]
    [ClassData(typeof(BothEngines))]
    public async Task Add_SameIdTwice_IsRefused(StoreEngine engine)
    {
        await using var test = await TestStorage.CreateAsync(engine, postgres);
        var run = SampleRuns.Waiting("r1", TestStorage.Start);

        Assert.NotNull(await test.Storage.Runs.AddAsync(run, RunExtras.None, Stop));
        Assert.Null(
            await test.Storage.Runs.AddAsync(run with { StepToken = "forged" }, new RunExtras { TraceSteps = "[]"u8.ToArray() }, Stop)
        );

        Assert.Equal("step-1", (await test.Storage.Runs.FindAsync("r1", Stop))!.StepToken);
        Assert.Empty(await test.Storage.Search.TraceAsync("r1", Stop));
    }

    [Theory]
    [ClassData(typeof(BothEngines))]
    public async Task Save_ByManyAtOnce_GoesThroughOnce(StoreEngine engine)
    {
        await using var test = await TestStorage.CreateAsync(engine, postgres);
        var other = await test.OpenAsync();
        var run = SampleRuns.Waiting("r1", TestStorage.Start);
        var stamp = (await test.Storage.Runs.AddAsync(run, RunExtras.None, Stop))!.Value;

        var saves = await Task.WhenAll(
            Enumerable
                .Range(0, 40)
                .Select(i =>
                    Task.Run(() =>
                        (i % 2 == 0 ? test.Storage : other).Runs.SaveAsync(
                            run with
                            {
                                StepToken = $"s{i}",
                            },
                            stamp,
                            new RunExtras { TraceSteps = Encoding.UTF8.GetBytes($"[{i}]") },
                            Stop
                        )
                    )
                )
        );

        var winner = Assert.Single(saves.Index(), save => save.Item is not null);
        var found = (await test.Storage.Runs.FindAsync("r1", Stop))!;
        Assert.Equal(($"s{winner.Index}", winner.Item), (found.StepToken, found.Stamp));
        Assert.Equal([$"[{winner.Index}]"], await test.Storage.Search.TraceAsync("r1", Stop));
    }

    [Theory]
    [ClassData(typeof(BothEngines))]
    public async Task Save_WithTraceAndLogin_StoresAllOfIt(StoreEngine engine)
    {
        await using var test = await TestStorage.CreateAsync(engine, postgres);
        var run = SampleRuns.Waiting("r1", TestStorage.Start);
        var stamp = (
            await test.Storage.Runs.AddAsync(run, new RunExtras { TraceSteps = "[{\"activity\":\"a\"}]"u8.ToArray() }, Stop)
        )!.Value;
        stamp = (await test.Storage.Runs.SaveAsync(run, stamp, RunExtras.None, Stop))!.Value;

        await test.Storage.Runs.SaveAsync(
            run with
            {
                Status = RunStatus.Completed,
            },
            stamp,
            new RunExtras { TraceSteps = "[{\"activity\":\"b\"}]"u8.ToArray(), Login = SampleRuns.Family("f1", TestStorage.Start) },
            Stop
        );

        Assert.Equal(["[{\"activity\":\"a\"}]", "[{\"activity\":\"b\"}]"], await test.Storage.Search.TraceAsync("r1", Stop));
        var family = (await test.Storage.RefreshFamilies.FindAsync("f1", Stop))!;
        Assert.Equal(SecretHash.Of("f1"), family.CurrentHash);
        Assert.Equal(new byte[] { 1, 2, 3 }, family.SealedContent);
        Assert.Null(family.RevokedAt);
    }

    [Theory]
    [ClassData(typeof(BothEngines))]
    public async Task Find_OnAnotherNode_OpensTheState(StoreEngine engine)
    {
        await using var test = await TestStorage.CreateAsync(engine, postgres);
        var other = await test.OpenAsync();

        await test.Storage.Runs.AddAsync(SampleRuns.Waiting("r1", TestStorage.Start), RunExtras.None, Stop);

        Assert.Equal(SampleRuns.Waiting("r1", TestStorage.Start).State, (await other.Runs.FindAsync("r1", Stop))!.State);
    }
}
