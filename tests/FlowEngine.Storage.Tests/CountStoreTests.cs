using Dapper;
using FlowEngine.Execution;
using FlowEngine.Storage;
using FlowEngine.TestServers;

namespace FlowEngine.Storage.Tests;

public sealed class CountStoreTests(PostgresFixture postgres)
{
    private static readonly RunStatus[] Ends = [RunStatus.Completed, RunStatus.Refused, RunStatus.Failed, RunStatus.Cancelled];

    private static CancellationToken Stop => TestStorage.Stop;

    /// <summary>Whatever runs do, in whichever order two nodes count and clean, and whichever of them was down meanwhile: the numbers are
    /// those of the runs.</summary>
    [Theory]
    [ClassData(typeof(BothEngines))]
    public async Task Runs_WhateverTheyDo_AreCountedAsTheyAre(StoreEngine engine)
    {
        await using var test = await TestStorage.CreateAsync(engine, postgres, options => options with { CleaningBatch = 5 });
        var nodes = new[] { test.Storage, await test.OpenAsync() };
        for (var seed = 0; seed < 12; seed++)
        {
            var random = new Random(seed);
            var flow = $"flow-{seed}";
            var expected = new Dictionary<RunCountKind, long>();
            var open = new List<(RunRecord Run, long Stamp)>();
            var from = test.Time.GetUtcNow();
            for (var step = 0; step < 120; step++)
            {
                var node = nodes[random.Next(2)];
                switch (random.Next(12))
                {
                    case < 4:
                        var begun = SampleRuns.Waiting(RunId.New(), test.Time.GetUtcNow()) with
                        {
                            FlowId = flow,
                            FlowVersion = random.Next(1, 3),
                            IsUntouched = true,
                        };
                        // Some are over with their first save.
                        if (random.Next(5) == 0)
                            begun = begun with { Status = Ends[random.Next(Ends.Length)], IsUntouched = false };
                        var stamp = (await node.Runs.AddAsync(begun, RunExtras.None, Stop))!.Value;
                        Count(RunCountKind.Started);
                        if (begun.Status == RunStatus.Waiting)
                            open.Add((begun, stamp));
                        else
                            Count(KindOf(begun.Status));
                        break;
                    case < 7 when open.Count > 0:
                        var index = random.Next(open.Count);
                        var (run, before) = open[index];
                        open.RemoveAt(index);
                        var after = run with
                        {
                            IsUntouched = false,
                            Status = random.Next(3) == 0 ? RunStatus.Waiting : Ends[random.Next(4)],
                        };
                        // One that expired meanwhile has nobody who goes on with it.
                        if (run.ExpiresAt <= test.Time.GetUtcNow())
                            open.Add((run, before));
                        else if (await node.Runs.SaveAsync(after, before, RunExtras.None, Stop) is not { } next)
                            Assert.True(run.IsUntouched);
                        else if (after.Status == RunStatus.Waiting)
                            open.Add((after, next));
                        else
                            Count(KindOf(after.Status));
                        break;
                    case < 9:
                        await node.Counts.CountRunsAsync(Stop);
                        break;
                    case 9:
                        await CleanAsync(node);
                        break;
                    default:
                        // Sometimes for so long that nobody has counted what went before.
                        test.Time.Advance(TimeSpan.FromSeconds(random.Next(10) == 0 ? random.Next(7_000) : random.Next(60)));
                        break;
                }

                void Count(RunCountKind kind) => expected[kind] = expected.GetValueOrDefault(kind) + 1;
            }
            test.Time.Advance(TimeSpan.FromHours(2));
            await nodes[1].Counts.CountRunsAsync(Stop);
            await CleanAsync(nodes[0]);
            // Whoever began and did not end has left by now.
            var left =
                expected.GetValueOrDefault(RunCountKind.Started)
                - expected.Where(one => one.Key != RunCountKind.Started).Sum(one => one.Value);
            if (left > 0)
                expected[RunCountKind.Left] = left;

            foreach (var span in new[] { CountStore.Minutes, CountStore.Hours })
            {
                var until = CountStore.HourOf(test.Time.GetUtcNow()) + 3_600_000;
                var sums = await test.Storage.Counts.SumAsync(
                    RunCountKind.Started,
                    RunCountKind.Left,
                    flow,
                    span,
                    CountStore.HourOf(from),
                    until,
                    Stop
                );
                Assert.Equal(
                    expected.OrderBy(one => one.Key).Select(one => $"{one.Key} {one.Value}"),
                    sums.GroupBy(row => row.Kind).OrderBy(row => row.Key).Select(kind => $"{kind.Key} {kind.Sum(row => row.Amount)}")
                );
            }
        }
    }

    /// <summary>The same, minute by minute, against a count of the rows themselves.</summary>
    [Theory]
    [ClassData(typeof(BothEngines))]
    public async Task Runs_MinuteByMinute_AreThoseOfTheTable(StoreEngine engine)
    {
        await using var test = await TestStorage.CreateAsync(engine, postgres);
        var random = new Random(7);
        for (var i = 0; i < 200; i++)
        {
            await test.Storage.Runs.AddAsync(
                SampleRuns.Waiting(RunId.New(), test.Time.GetUtcNow()) with
                {
                    Status = random.Next(3) == 0 ? RunStatus.Waiting : Ends[random.Next(4)],
                },
                RunExtras.None,
                Stop
            );
            test.Time.Advance(TimeSpan.FromSeconds(random.Next(20)));
            if (random.Next(10) == 0)
                await test.Storage.Counts.CountRunsAsync(Stop);
        }
        test.Time.Advance(TimeSpan.FromMinutes(1));
        await test.Storage.Counts.CountRunsAsync(Stop);

        var counted = await test.Storage.Counts.ListAsync(
            RunCountKind.Started,
            RunCountKind.Started,
            "login",
            CountStore.Minutes,
            0,
            long.MaxValue,
            Stop
        );
        var stored = await test.Storage.Database.ListAsync<long>("select created_at from runs", null, Stop);

        Assert.Equal(
            stored.GroupBy(at => at / 60_000).OrderBy(minute => minute.Key).Select(minute => (minute.Key, (long)minute.Count())),
            counted.OrderBy(row => row.At.Milliseconds).Select(row => (row.At.Milliseconds / 60_000, row.Amount))
        );
    }

    /// <summary>A save that bears a time and arrives later, as a slow database or a clock behind would have it, is counted all the
    /// same.</summary>
    [Theory]
    [ClassData(typeof(BothEngines))]
    public async Task Runs_ThatArriveLate_AreCounted(StoreEngine engine)
    {
        await using var test = await TestStorage.CreateAsync(engine, postgres);
        var late = SampleRuns.Waiting("late", test.Time.GetUtcNow());
        test.Time.Advance(TimeSpan.FromMinutes(2));
        await test.Storage.Counts.CountRunsAsync(Stop);
        await test.Storage.Runs.AddAsync(late, RunExtras.None, Stop);
        test.Time.Advance(TimeSpan.FromSeconds(20));
        await test.Storage.Counts.CountRunsAsync(Stop);
        test.Time.Advance(TimeSpan.FromSeconds(20));
        await test.Storage.Counts.CountRunsAsync(Stop);

        Assert.Equal(1, await SumAsync(test.Storage, RunCountKind.Started, "login"));
    }

    /// <summary>An answer that was lost has the report sent again: it counts once. A process that starts anew counts from 1.</summary>
    [Theory]
    [ClassData(typeof(BothEngines))]
    public async Task Reports_ThatAreSentAgain_CountOnce(StoreEngine engine)
    {
        await using var test = await TestStorage.CreateAsync(engine, postgres);
        var other = await test.OpenAsync();
        RunCount[] counts =
        [
            new(RunCountKind.Outcome, "login", 3, "byStatus", "Not found", 2),
            new(RunCountKind.Call, "profile-api", 0, "", "", 5),
            // Of another kind, and yet the same words.
            new(RunCountKind.Shown, "login", 3, "byStatus", "Not found", 1),
        ];

        Assert.True(await test.Storage.Counts.AddAsync("a/1", 1, test.Time.GetUtcNow(), counts, "{}", Stop));
        Assert.False(await test.Storage.Counts.AddAsync("a/1", 1, test.Time.GetUtcNow(), counts, "{}", Stop));
        Assert.True(await other.Counts.AddAsync("b/1", 1, test.Time.GetUtcNow(), counts, "{}", Stop));
        Assert.True(await test.Storage.Counts.AddAsync("a/2", 1, test.Time.GetUtcNow(), counts, "{}", Stop));
        Assert.True(await test.Storage.Counts.AddAsync("a/1", 2, test.Time.GetUtcNow(), counts, "{\"name\":\"a\"}", Stop));

        Assert.Equal(8, await SumAsync(test.Storage, RunCountKind.Outcome, "login"));
        Assert.Equal(4, await SumAsync(test.Storage, RunCountKind.Shown, "login"));
        Assert.Equal(20, await SumAsync(test.Storage, RunCountKind.Call, "profile-api"));
        var nodes = await other.Counts.ListNodesAsync(TimeSpan.FromMinutes(1), Stop);
        Assert.Equal([("a/1", "{\"name\":\"a\"}"), ("a/2", "{}"), ("b/1", "{}")], nodes.Select(node => (node.Name, node.About)));
        test.Time.Advance(TimeSpan.FromMinutes(2));
        Assert.Empty(await other.Counts.ListNodesAsync(TimeSpan.FromMinutes(1), Stop));
    }

    [Theory]
    [ClassData(typeof(BothEngines))]
    public async Task Counts_AfterTheirRetention_AreGone(StoreEngine engine)
    {
        await using var test = await TestStorage.CreateAsync(
            engine,
            postgres,
            options => options with { Counts = new() { Retention = TimeSpan.FromDays(3) } }
        );
        RunCount[] counts = [new(RunCountKind.Call, "profile-api", 0, "", "", 5)];
        await test.Storage.Counts.AddAsync("a", 1, test.Time.GetUtcNow(), counts, "{}", Stop);
        test.Time.Advance(TimeSpan.FromDays(2));
        await test.Storage.Counts.AddAsync("a", 2, test.Time.GetUtcNow(), counts, "{}", Stop);
        await CleanAsync(test.Storage);
        Assert.Equal(10, await SumAsync(test.Storage, RunCountKind.Call, "profile-api"));

        test.Time.Advance(TimeSpan.FromDays(2));
        await CleanAsync(test.Storage);
        Assert.Equal(5, await SumAsync(test.Storage, RunCountKind.Call, "profile-api"));

        test.Time.Advance(TimeSpan.FromDays(10));
        await CleanAsync(test.Storage);
        Assert.Equal(0, await SumAsync(test.Storage, RunCountKind.Call, "profile-api"));
        // What counts the runs goes on.
        foreach (var rest in new[] { "series where subject = 'profile-api'", "counters where name <> 'runs'" })
            Assert.Equal(0, await test.Storage.Database.FirstAsync<long>($"select count(*) from {rest}", null, Stop));
    }

    [Theory]
    [ClassData(typeof(BothEngines))]
    public async Task Size_OfTheDatabase_IsKnownAndItsGrowthCounted(StoreEngine engine)
    {
        await using var test = await TestStorage.CreateAsync(engine, postgres);
        Assert.Null(await test.Storage.Counts.BytesAsync(Stop));
        await test.Storage.Counts.CountRunsAsync(Stop);
        var before = (await test.Storage.Counts.BytesAsync(Stop))!.Value;
        Assert.InRange(before, 10_000, 100_000_000);
        await test.Storage.Database.TransactAsync(
            (connection, transaction) =>
                connection.ExecuteAsync(
                    "with recursive n(i) as (select 1 union all select i + 1 from n where i < 20000) insert into settings (name, value, updated_at) "
                        + "select 'filler-' || i, 'some text to fill pages with', 1 from n",
                    transaction: transaction
                ),
            Stop
        );
        test.Time.Advance(TimeSpan.FromMinutes(1));
        await test.Storage.Counts.CountRunsAsync(Stop);

        var grown = (await test.Storage.Counts.BytesAsync(Stop))!.Value - before;
        Assert.InRange(grown, 500_000, 100_000_000);
        Assert.Equal(grown, await SumAsync(test.Storage, RunCountKind.Growth, "database"));
    }

    private static RunCountKind KindOf(RunStatus status) =>
        status switch
        {
            RunStatus.Completed => RunCountKind.Completed,
            RunStatus.Refused => RunCountKind.Refused,
            RunStatus.Cancelled => RunCountKind.Cancelled,
            _ => RunCountKind.Failed,
        };

    private static async Task<long> SumAsync(ServerStorage storage, RunCountKind kind, string subject) =>
        (await storage.Counts.SumAsync(kind, kind, subject, CountStore.Hours, 0, long.MaxValue, Stop)).Sum(row => row.Amount);

    private static async Task CleanAsync(ServerStorage storage)
    {
        while (await storage.Cleaner.CleanBatchAsync(Stop) > 0)
            Stop.ThrowIfCancellationRequested();
    }
}
