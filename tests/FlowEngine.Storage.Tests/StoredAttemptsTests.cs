using FlowEngine.Attempts;
using FlowEngine.TestServers;

namespace FlowEngine.Storage.Tests;

/// <summary>Tries in the database: the same state machine as in memory, for all nodes.</summary>
public sealed class StoredAttemptsTests(PostgresFixture postgres)
{
    private static readonly AttemptLimit Limit = new(3, TimeSpan.FromMinutes(15));
    private static readonly AttemptKey Ada = AttemptKey.Of("password", "verify", "ada@example.com");

    private static CancellationToken Stop => TestStorage.Stop;

    [Theory]
    [ClassData(typeof(BothEngines))]
    public async Task TryCount_OnTwoNodes_CountsTogetherUntilTheLockIsOver(StoreEngine engine)
    {
        await using var test = await TestStorage.CreateAsync(engine, postgres);
        var other = await test.OpenAsync();
        Assert.True(await TryAsync(test.Storage.Attempts, test));
        Assert.True(await TryAsync(other.Attempts, test));
        Assert.True(await TryAsync(test.Storage.Attempts, test));
        Assert.False(await TryAsync(other.Attempts, test));
        Assert.True(
            await other.Attempts.TryCountAsync([AttemptKey.Of("password", "verify", "nobody")], Limit, test.Time.GetUtcNow(), Stop)
        );

        test.Time.Advance(Limit.Window - TimeSpan.FromMilliseconds(1));
        Assert.False(await TryAsync(test.Storage.Attempts, test));
        test.Time.Advance(TimeSpan.FromMilliseconds(1));
        for (var i = 0; i < Limit.Tries; i++)
            Assert.True(await TryAsync(test.Storage.Attempts, test));
        test.Time.Advance(Limit.Window * 2 - TimeSpan.FromMilliseconds(1));
        Assert.False(await TryAsync(other.Attempts, test));
    }

    [Theory]
    [ClassData(typeof(BothEngines))]
    public async Task TryCount_ManyAtOnce_AllowsNoMoreThanTheLimit(StoreEngine engine)
    {
        await using var test = await TestStorage.CreateAsync(engine, postgres);
        var other = await test.OpenAsync();
        var allowed = await Task.WhenAll(
            Enumerable.Range(0, 30).Select(i => Task.Run(() => TryAsync((i % 2 == 0 ? test.Storage : other).Attempts, test), Stop))
        );

        Assert.Equal(Limit.Tries, allowed.Count(isAllowed => isAllowed));
    }

    [Theory]
    [ClassData(typeof(BothEngines))]
    public async Task ForgetAndTakeBack_MakeRoomForMore(StoreEngine engine)
    {
        await using var test = await TestStorage.CreateAsync(engine, postgres);
        var attempts = test.Storage.Attempts;
        await attempts.TakeBackAsync([Ada], Stop);
        for (var i = 0; i < Limit.Tries; i++)
            Assert.True(await TryAsync(attempts, test));

        await attempts.TakeBackAsync([Ada], Stop);
        Assert.True(await TryAsync(attempts, test));
        Assert.False(await TryAsync(attempts, test));
        await attempts.ForgetAsync([Ada], Stop);
        for (var i = 0; i < Limit.Tries; i++)
            Assert.True(await TryAsync(attempts, test));
    }

    /// <summary>What VerifyPassword counts under: two spellings that the database took for one account, and the account.</summary>
    [Theory]
    [ClassData(typeof(BothEngines))]
    public async Task TryCount_SeveralKeys_AreCountedTogetherOrNotAtAll(StoreEngine engine)
    {
        await using var test = await TestStorage.CreateAsync(engine, postgres);
        var (attempts, account) = (test.Storage.Attempts, AttemptKey.OfAccount("password", "verify", "hash"));
        var other = AttemptKey.OfText("password", "verify", "ad\u00e1@example.com");
        Assert.True(await CountAsync(Ada, account));
        Assert.True(await CountAsync(Ada, account));
        Assert.True(await CountAsync(other, account));
        // The account is locked, whichever spelling; and what is refused is not counted under the other key.
        Assert.False(await CountAsync(other, account));
        Assert.False(await CountAsync(Ada, account));
        Assert.True(await CountAsync(other));
        Assert.True(await CountAsync(other));
        Assert.False(await CountAsync(other));

        await attempts.TakeBackAsync([Ada, account], Stop);
        Assert.True(await CountAsync(Ada, account));
        Assert.False(await CountAsync(account));
        await attempts.ForgetAsync([Ada, account], Stop);
        Assert.False(await CountAsync(other));
        for (var i = 0; i < Limit.Tries; i++)
            Assert.True(await CountAsync(Ada, account));
        Assert.False(await CountAsync(Ada));

        Task<bool> CountAsync(params AttemptKey[] keys) => attempts.TryCountAsync(keys, Limit, test.Time.GetUtcNow(), Stop).AsTask();
    }

    /// <summary>In whatever order they are named: rows are locked in one, so that no two transactions wait for each other.</summary>
    [Theory]
    [ClassData(typeof(BothEngines))]
    public async Task TryCount_SeveralKeysManyAtOnce_AllowsNoMoreThanTheLimit(StoreEngine engine)
    {
        await using var test = await TestStorage.CreateAsync(engine, postgres);
        var other = await test.OpenAsync();
        AttemptKey[] keys = [Ada, AttemptKey.OfAccount("password", "verify", "hash")];
        AttemptKey[] reversed = [keys[1], keys[0]];
        var allowed = await Task.WhenAll(
            Enumerable
                .Range(0, 30)
                .Select(i =>
                    Task.Run(
                        () =>
                            (i % 2 == 0 ? test.Storage : other)
                                .Attempts.TryCountAsync(i % 3 == 0 ? keys : reversed, Limit, test.Time.GetUtcNow(), Stop)
                                .AsTask(),
                        Stop
                    )
                )
        );

        Assert.Equal(Limit.Tries, allowed.Count(isAllowed => isAllowed));
    }

    /// <summary>Neither the account nor a hash that anybody can make of it: the table does not tell who signs in.</summary>
    [Theory]
    [ClassData(typeof(BothEngines))]
    public async Task TryCount_WhatIsStored_IsAKeyedHash(StoreEngine engine)
    {
        await using var test = await TestStorage.CreateAsync(engine, postgres);
        await using var elsewhere = await TestStorage.CreateAsync(engine, postgres);
        await TryAsync(test.Storage.Attempts, test);
        await TryAsync(elsewhere.Storage.Attempts, elsewhere);

        var (here, there) = (await KeyAsync(test), await KeyAsync(elsewhere));
        Assert.DoesNotContain("ada", here, StringComparison.OrdinalIgnoreCase);
        Assert.Equal(43, here.Length);
        Assert.NotEqual(here, there);

        static async Task<string> KeyAsync(TestStorage storage) =>
            (await storage.Storage.Database.FirstAsync<string>("select key from attempts", null, Stop))!;
    }

    [Theory]
    [ClassData(typeof(BothEngines))]
    public async Task Clean_AttemptsThatAreOver_AreRemoved(StoreEngine engine)
    {
        await using var test = await TestStorage.CreateAsync(engine, postgres);
        await TryAsync(test.Storage.Attempts, test);
        await test.Storage.Cleaner.CleanBatchAsync(Stop);
        Assert.Equal(1, await CountAsync());

        test.Time.Advance(Limit.Window + TimeSpan.FromSeconds(1));
        await test.Storage.Cleaner.CleanBatchAsync(Stop);
        Assert.Equal(0, await CountAsync());

        Task<int> CountAsync() => test.Storage.Database.FirstAsync<int>("select count(*) from attempts", null, Stop);
    }

    private static Task<bool> TryAsync(AttemptCounter attempts, TestStorage test) =>
        attempts.TryCountAsync([Ada], Limit, test.Time.GetUtcNow(), Stop).AsTask();
}
