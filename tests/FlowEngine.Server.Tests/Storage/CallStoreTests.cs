using FlowEngine.Execution;
using FlowEngine.Storage;
using FlowEngine.TestServers;

namespace FlowEngine.Server.Tests.Storage;

public sealed class CallStoreTests(PostgresFixture postgres)
{
    private static readonly byte[] Step = "[]"u8.ToArray();

    private static CancellationToken Stop => TestStorage.Stop;

    [Theory]
    [ClassData(typeof(BothEngines))]
    public async Task Claim_ByManyAtOnceOnTwoNodes_GivesEachCallToOne(StoreEngine engine)
    {
        await using var test = await TestStorage.CreateAsync(engine, postgres);
        await AddAsync(test, [.. Enumerable.Range(0, 30).Select(i => Call($"call-{i}"))]);
        var second = await test.OpenAsync();

        var claimed = await Task.WhenAll(
            Enumerable.Range(0, 12).Select(i => Task.Run(() => (i % 2 == 0 ? test.Storage : second).Calls.ClaimAsync("up", 5, Stop)))
        );

        var ids = claimed.SelectMany(calls => calls).Select(call => call.Id).ToList();
        Assert.Equal(ids.Count, ids.Distinct().Count());
        // Whoever came while others were at it got fewer; a second look finds the rest.
        while (await test.Storage.Calls.ClaimAsync("up", 5, Stop) is { Count: > 0 } more)
            ids.AddRange(more.Select(call => call.Id));
        Assert.Equal(30, ids.Distinct().Count());
        Assert.Equal(30, ids.Count);
    }

    /// <summary>A node that took a call and was lost.</summary>
    [Theory]
    [ClassData(typeof(BothEngines))]
    public async Task Claim_ThatNobodyAnswersFor_IsAnotherNodesAfterItsTime(StoreEngine engine)
    {
        await using var test = await TestStorage.CreateAsync(engine, postgres);
        await AddAsync(test, [Call("call-1")]);
        var lost = Assert.Single(await test.Storage.Calls.ClaimAsync("up", 5, Stop));
        var second = (await test.OpenAsync()).Calls;
        Assert.Empty(await second.ClaimAsync("up", 5, Stop));
        Assert.Empty(await second.ListDueAsync(Stop));

        test.Time.Advance(TimeSpan.FromSeconds(16));
        Assert.Equal(["up"], await second.ListDueAsync(Stop));
        var taken = Assert.Single(await second.ClaimAsync("up", 5, Stop));

        Assert.Equal([7, 8], taken.Content);
        Assert.Equal((1, 2), (lost.Attempts, taken.Attempts));
        // The node that was lost wakes up and says that it failed: it is not asked any more.
        await test.Storage.Calls.FailedAsync(lost, "http.status", "503", TimeSpan.Zero, Step, Stop);
        Assert.Null(Assert.Single(await second.ListAsync(null, null, null, 10, Stop)).DeadAt);
        await second.DeliveredAsync(taken, Step, Stop);
        Assert.Empty(await second.ListAsync(null, null, null, 10, Stop));
    }

    [Theory]
    [ClassData(typeof(BothEngines))]
    public async Task Failed_ForGood_IsKeptAndCanBeDeliveredAfterAll(StoreEngine engine)
    {
        await using var test = await TestStorage.CreateAsync(engine, postgres);
        var calls = test.Storage.Calls;
        await AddAsync(test, [Call("call-1")]);
        var call = Assert.Single(await calls.ClaimAsync("up", 5, Stop));

        await calls.FailedAsync(call, "http.status", "The API answered 503.", TimeSpan.FromMinutes(1), Step, Stop);

        test.Time.Advance(TimeSpan.FromDays(1));
        Assert.Empty(await calls.ListDueAsync(Stop));
        var dead = Assert.Single(await calls.ListAsync("up", isDead: true, null, 10, Stop));
        Assert.Equal(("http.status", "The API answered 503.", 1), (dead.ErrorCode, dead.ErrorMessage, dead.Attempts));
        Assert.NotNull(dead.RunNumber);
        Assert.Equal((1, 1), await CountAsync(calls));
        Assert.True(await calls.RetryAsync("call-1", TestStorage.Note, Stop));
        Assert.Single(await calls.ClaimAsync("up", 5, Stop));
        Assert.Equal((1, 0), await CountAsync(calls));
        Assert.True(await calls.RemoveAsync("call-1", TestStorage.Note, Stop));
        Assert.False(await calls.RetryAsync("call-1", TestStorage.Note, Stop));
    }

    [Theory]
    [ClassData(typeof(BothEngines))]
    public async Task Clean_RemovesWhatWasGivenUpAndNothingThatWaits(StoreEngine engine)
    {
        await using var test = await TestStorage.CreateAsync(engine, postgres);
        var calls = test.Storage.Calls;
        await AddAsync(test, [Call("waits"), Call("dead")]);
        foreach (var call in await calls.ClaimAsync("up", 5, Stop))
            await calls.FailedAsync(call, "http.status", "503", TimeSpan.FromMinutes(1), call.Id == "dead" ? Step : null, Stop);

        test.Time.Advance(TimeSpan.FromDays(400));
        while (await test.Storage.Cleaner.CleanBatchAsync(Stop) > 0)
        {
            // Until nothing is left.
        }

        Assert.Equal("waits", Assert.Single(await calls.ListAsync(null, null, null, 10, Stop)).Id);
    }

    [Theory]
    [ClassData(typeof(BothEngines))]
    public async Task Failed_ForGoodTooOften_KeepsTheLatestAlone(StoreEngine engine)
    {
        await using var test = await TestStorage.CreateAsync(engine, postgres);
        await AddAsync(test, [.. Enumerable.Range(0, 50).Select(i => Call($"call-{i}"))]);
        var calls = await test.Storage.Calls.ClaimAsync("up", 50, Stop);
        await test.Storage.Database.WriteAsync(
            $"""
            with recursive n(i) as (select 1 union all select i + 1 from n where i < {CallStore.MostDead})
            insert into queued_calls (id, connector, flow_id, run_id, activity, sealed_content, size, timeout_ms, attempts, created_at,
              due_at, dead_at, expires_at)
            select 'dead-' || i, 'up', 'notify', 'gone', 'a', c.sealed_content, 1, 1, 1, i, i, i, 9000000000000 from n, queued_calls c
              where c.id = 'call-0'
            """,
            null,
            Stop
        );

        foreach (var call in calls)
            await test.Storage.Calls.FailedAsync(call, "http.status", "422", TimeSpan.Zero, Step, Stop);

        var count = Assert.Single(await test.Storage.Calls.CountAsync(Stop));
        Assert.Equal((CallStore.MostDead, CallStore.MostDead, 0), (count.Count, count.Dead, count.Bytes));
        Assert.Equal(
            50,
            (await test.Storage.Calls.ListAsync("up", true, null, 200, Stop)).Count(call =>
                call.Id.StartsWith("call-", StringComparison.Ordinal)
            )
        );
    }

    /// <summary>A clock that is set back by a day must not stop deliveries for a day.</summary>
    [Theory]
    [ClassData(typeof(BothEngines))]
    public async Task Due_AfterTheClockWasSetBack_IsNow(StoreEngine engine)
    {
        await using var test = await TestStorage.CreateAsync(engine, postgres);
        var before = test.Time.GetUtcNow();
        test.Time.SetUtcNow(before.AddDays(1));
        await AddAsync(test, [Call("call-1")]);
        test.Time.AdjustTime(before);

        Assert.Equal(["up"], await test.Storage.Calls.ListDueAsync(Stop));
        Assert.Single(await test.Storage.Calls.ClaimAsync("up", 5, Stop));
    }

    /// <summary>Stored twice, as by a run that was repeated after a crash, it is one call; a save that did not go through brings
    /// none.</summary>
    [Theory]
    [ClassData(typeof(BothEngines))]
    public async Task Save_OfTheSameCallTwice_IsOneCall(StoreEngine engine)
    {
        await using var test = await TestStorage.CreateAsync(engine, postgres);
        var stamp = await AddAsync(test, [Call("call-1"), Call("call-2")]);

        Assert.NotNull(
            await test.Storage.Runs.SaveAsync(
                Run,
                stamp!.Value,
                new RunExtras { Calls = [Call("call-1"), Call("call-3")], TraceSteps = Step },
                Stop
            )
        );
        Assert.Null(await test.Storage.Runs.SaveAsync(Run, stamp.Value, new RunExtras { Calls = [Call("call-4")] }, Stop));

        Assert.Equal(
            ["call-1", "call-2", "call-3"],
            (await test.Storage.Calls.ListAsync(null, null, null, 10, Stop)).Select(call => call.Id).Order()
        );
    }

    private static RunRecord Run =>
        new()
        {
            Id = "run-of-the-calls",
            FlowId = "notify",
            FlowVersion = 1,
            Status = RunStatus.Completed,
            State = [1],
            CreatedAt = TestStorage.Start,
            ExpiresAt = TestStorage.Start.AddHours(1),
        };

    private static QueuedCall Call(string id) => new(id, "up", "notify", [7, 8], TimeSpan.FromSeconds(10));

    private static Task<long?> AddAsync(TestStorage test, IReadOnlyList<QueuedCall> calls) =>
        test.Storage.Runs.AddAsync(Run, new RunExtras { Calls = calls }, Stop);

    private static async Task<(long, long)> CountAsync(CallStore calls)
    {
        var count = Assert.Single(await calls.CountAsync(Stop));
        return (count.Count, count.Dead);
    }
}
