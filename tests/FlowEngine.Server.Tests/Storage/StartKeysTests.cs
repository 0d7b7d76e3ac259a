using FlowEngine.Storage;
using FlowEngine.TestServers;

namespace FlowEngine.Server.Tests.Storage;

public sealed class StartKeysTests(PostgresFixture postgres)
{
    private static CancellationToken Stop => TestStorage.Stop;

    [Theory]
    [ClassData(typeof(BothEngines))]
    public async Task Take_SameKey_IsTheSameRunForADay(StoreEngine engine)
    {
        await using var test = await TestStorage.CreateAsync(engine, postgres);
        var keys = test.Storage.StartKeys;

        var first = await keys.TakeAsync("start", "key", [1, 2], "run-1", Stop);
        test.Time.Advance(StartKeys.Lifetime - TimeSpan.FromSeconds(1));
        var again = await keys.TakeAsync("start", "key", [1, 2], "run-2", Stop);
        var otherRequest = await keys.TakeAsync("start", "key", [1, 3], "run-3", Stop);
        var otherScope = await keys.TakeAsync("run", "key", [1, 2], "run-4", Stop);
        test.Time.Advance(TimeSpan.FromSeconds(2));
        var nextDay = await keys.TakeAsync("start", "key", [1, 3], "run-5", Stop);

        Assert.Equal(("run-1", true), (first.RunId, first.IsSameRequest));
        Assert.Equal(("run-1", true), (again.RunId, again.IsSameRequest));
        Assert.Equal(first.ExpiresAt.Milliseconds, again.ExpiresAt.Milliseconds);
        Assert.Equal(("run-1", false), (otherRequest.RunId, otherRequest.IsSameRequest));
        Assert.Equal(("run-4", true), (otherScope.RunId, otherScope.IsSameRequest));
        Assert.Equal(("run-5", true), (nextDay.RunId, nextDay.IsSameRequest));
    }

    [Theory]
    [ClassData(typeof(BothEngines))]
    public async Task Take_ByManyAtOnceOnTwoNodes_GivesOneRun(StoreEngine engine)
    {
        await using var test = await TestStorage.CreateAsync(engine, postgres);
        var second = await test.OpenAsync();

        var taken = await Task.WhenAll(
            Enumerable
                .Range(0, 20)
                .Select(i =>
                    Task.Run(() => (i % 2 == 0 ? test.Storage : second).StartKeys.TakeAsync("start", "key", [1], $"run-{i}", Stop))
                )
        );

        Assert.Single(taken.Select(key => key.RunId).Distinct());
    }

    [Theory]
    [ClassData(typeof(BothEngines))]
    public async Task Clean_AfterADay_RemovesThemAndNeverHeldThemInPlain(StoreEngine engine)
    {
        await using var test = await TestStorage.CreateAsync(engine, postgres);
        await test.Storage.StartKeys.TakeAsync("start", "a-key-in-plain", "a password"u8.ToArray(), "run-1", Stop);
        var row = await test.Storage.Database.FirstAsync<string>("select hash || fingerprint from start_keys", null, Stop);
        Assert.DoesNotContain("key", row!, StringComparison.Ordinal);
        Assert.Equal(0, await test.Storage.Cleaner.CleanBatchAsync(Stop));

        test.Time.Advance(StartKeys.Lifetime + TimeSpan.FromSeconds(1));

        Assert.Equal(1, await test.Storage.Cleaner.CleanBatchAsync(Stop));
        Assert.Equal(0, await test.Storage.Database.FirstAsync<int>("select count(*) from start_keys", null, Stop));
    }
}
