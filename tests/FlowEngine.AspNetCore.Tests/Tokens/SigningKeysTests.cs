using FlowEngine.AspNetCore.Tokens;
using FlowEngine.Context;
using FlowEngine.Json;
using FlowEngine.Storage;
using FlowEngine.TestServers;

namespace FlowEngine.AspNetCore.Tests.Tokens;

public sealed class SigningKeysTests(PostgresFixture postgres)
{
    private static CancellationToken Stop => TestStorage.Stop;

    [Theory]
    [ClassData(typeof(BothEngines))]
    public async Task Open_ByManyNodesAtOnce_MakesOneKey(StoreEngine engine)
    {
        await using var test = await TestStorage.CreateAsync(engine, postgres);
        var other = await test.OpenAsync();

        var nodes = await Task.WhenAll(
            Enumerable
                .Range(0, 8)
                .Select(i => Task.Run(() => SigningKeys.OpenAsync((i % 2 == 0 ? test.Storage : other).SigningKeys, test.Time, Stop)))
        );

        Assert.Single(nodes.Select(node => node.Current.Id).Distinct());
        Assert.Single(await test.Storage.SigningKeys.ListAsync(test.Time.GetUtcNow(), Stop));
    }

    [Fact]
    public async Task KeySet_HasThePublicHalfAlone()
    {
        await using var test = await TestStorage.CreateAsync(StoreEngine.Sqlite, postgres);
        using var keys = await SigningKeys.OpenAsync(test.Storage.SigningKeys, test.Time, Stop);

        var set = JsonReading.Parse(await keys.KeySetAsync(Stop));

        Assert.True(set.Get("keys").TryGetArray(out var array));
        var key = Assert.Single(array);
        Assert.Equal(
            ("EC", "P-256", "sig", "ES256", keys.Current.Id),
            (key.Get("kty").ToText(), key.Get("crv").ToText(), key.Get("use").ToText(), key.Get("alg").ToText(), key.Get("kid").ToText())
        );
        Assert.Equal((43, 43), (key.Get("x").ToText().Length, key.Get("y").ToText().Length));
        Assert.True(key.Get("d").IsMissing);
    }

    [Fact]
    public async Task Rotate_AtOnce_OvertakesTheKeyThatWaits()
    {
        await using var test = await TestStorage.CreateAsync(StoreEngine.Sqlite, postgres);
        using var keys = await SigningKeys.OpenAsync(test.Storage.SigningKeys, test.Time, Stop);
        var waiting = await keys.RotateAsync(atOnce: false, "tests", Stop);
        test.Time.Advance(TimeSpan.FromSeconds(1));

        var atOnce = await keys.RotateAsync(atOnce: true, "tests", Stop);

        Assert.Equal(atOnce, keys.Current.Id);
        // Neither the first key, which was to sign until the waiting one takes over, nor that one signs from here on.
        var now = test.Time.GetUtcNow();
        Assert.All(
            (await test.Storage.SigningKeys.ListAsync(now, Stop)).Where(key => key.Id != atOnce),
            key => Assert.Equal(((UnixTime)now).Milliseconds, key.RetiredAt!.Value.Milliseconds)
        );
        test.Time.Advance(SigningKeys.Lead + SigningKeys.RefreshPeriod);
        await keys.RefreshAsync(Stop);
        Assert.Equal(atOnce, keys.Current.Id);
        Assert.Contains(waiting, await IdsAsync(keys));
    }

    [Theory]
    [ClassData(typeof(BothEngines))]
    public async Task Rotate_NewKey_IsPublishedAtOnceAndSignsWhenAllNodesKnowIt(StoreEngine engine)
    {
        await using var test = await TestStorage.CreateAsync(engine, postgres);
        var (first, second) = await TwoNodesAsync(test);
        var old = first.Current.Id;

        var fresh = await first.RotateAsync(atOnce: false, "tests", Stop);

        Assert.Equal(old, first.Current.Id);
        Assert.Equal([old, fresh], await IdsAsync(first));
        test.Time.Advance(TimeSpan.FromSeconds(60));
        Assert.Equal([old, fresh], await IdsAsync(second));
        Assert.Equal(old, second.Current.Id);
        test.Time.Advance(TimeSpan.FromSeconds(60));
        // No reading needed any more: both knew it beforehand.
        Assert.Equal((fresh, fresh), (first.Current.Id, second.Current.Id));
    }

    [Theory]
    [ClassData(typeof(BothEngines))]
    public async Task Rotate_AtOnce_SignsAtOnceAndOthersFindTheKeyByItsId(StoreEngine engine)
    {
        await using var test = await TestStorage.CreateAsync(engine, postgres);
        var (first, second) = await TwoNodesAsync(test);
        test.Time.Advance(TimeSpan.FromSeconds(3));

        var fresh = await first.RotateAsync(atOnce: true, "tests", Stop);

        Assert.Equal(fresh, first.Current.Id);
        Assert.NotNull(await second.FindAsync(fresh, Stop));
        Assert.Equal(fresh, second.Current.Id);
        Assert.Null(await second.FindAsync("unknown", Stop));
    }

    [Theory]
    [ClassData(typeof(BothEngines))]
    public async Task Revoke_OldKey_VerifiesNothingAnyMore(StoreEngine engine)
    {
        await using var test = await TestStorage.CreateAsync(engine, postgres);
        using var keys = await SigningKeys.OpenAsync(test.Storage.SigningKeys, test.Time, Stop);
        var old = keys.Current.Id;
        Assert.False(await test.Storage.SigningKeys.RevokeAsync(old, test.Time.GetUtcNow(), TestStorage.Note, Stop));
        var next = await keys.RotateAsync(atOnce: true, "tests", Stop);

        Assert.True(await test.Storage.SigningKeys.RevokeAsync(old, test.Time.GetUtcNow(), TestStorage.Note, Stop));

        test.Time.Advance(SigningKeys.RefreshPeriod);
        await keys.RefreshAsync(Stop);
        Assert.Equal([next], await IdsAsync(keys));
        Assert.Null(await keys.FindAsync(old, Stop));
    }

    [Theory]
    [ClassData(typeof(BothEngines))]
    public async Task OldKey_WithRefreshTokensOut_StaysForTheLongestSessionAlone(StoreEngine engine)
    {
        await using var test = await TestStorage.CreateAsync(engine, postgres);
        using var keys = await SigningKeys.OpenAsync(test.Storage.SigningKeys, test.Time, Stop);
        var old = keys.Current.Id;
        await test.Storage.RefreshFamilies.AddAsync(SampleRuns.Family("f1", TestStorage.Start), Stop);
        await keys.RotateAsync(atOnce: false, "tests", Stop);

        // Refresh tokens are not signed: an operator who rotates the key ends what the release before signed for 28 days.
        test.Time.Advance(TimeSpan.FromHours(24));
        Assert.Contains(old, await IdsAsync(keys));
        test.Time.Advance(TimeSpan.FromMinutes(10));
        Assert.DoesNotContain(old, await IdsAsync(keys));
        Assert.Null(await keys.FindAsync(old, Stop));
    }

    [Theory]
    [ClassData(typeof(BothEngines))]
    public async Task OldKey_WithoutRefreshTokens_StaysForTheLongestSession(StoreEngine engine)
    {
        await using var test = await TestStorage.CreateAsync(engine, postgres);
        using var keys = await SigningKeys.OpenAsync(test.Storage.SigningKeys, test.Time, Stop);
        var old = keys.Current.Id;
        await keys.RotateAsync(atOnce: false, "tests", Stop);

        test.Time.Advance(TimeSpan.FromHours(24));
        Assert.Contains(old, await IdsAsync(keys));
        test.Time.Advance(TimeSpan.FromMinutes(10));
        Assert.DoesNotContain(old, await IdsAsync(keys));
    }

    [Fact]
    public async Task DatabaseGone_KeysKnownLastGoOn()
    {
        Assert.SkipWhen(LocalPostgres.FindPrograms() is null, "Needs a PostgreSQL that the test may stop.");
        await using var server = await LocalPostgres.StartNewAsync();
        var folder = Directory.CreateTempSubdirectory("flowengine-keys-");
        var time = new Microsoft.Extensions.Time.Testing.FakeTimeProvider(TestStorage.Start);
        await using var storage = await ServerStorage.OpenAsync(
            new StorageSetup { DataFolder = folder.FullName, Postgres = server.ConnectionString },
            _ => null,
            time,
            Stop
        );
        using var keys = await SigningKeys.OpenAsync(storage.SigningKeys, time, Stop);
        var id = keys.Current.Id;
        await server.StopAsync();
        time.Advance(TimeSpan.FromHours(1));

        Assert.Equal([id], await IdsAsync(keys));
        Assert.Equal(id, keys.Current.Id);
        Assert.Null(await keys.FindAsync("unknown", Stop));
        Assert.Equal(StorageErrors.Unavailable, (await Assert.ThrowsAsync<StorageException>(() => keys.RefreshAsync(Stop))).Code);
        folder.Delete(recursive: true);
    }

    private static async Task<(SigningKeys First, SigningKeys Second)> TwoNodesAsync(TestStorage test)
    {
        var other = await test.OpenAsync();
        return (
            await SigningKeys.OpenAsync(test.Storage.SigningKeys, test.Time, Stop),
            await SigningKeys.OpenAsync(other.SigningKeys, test.Time, Stop)
        );
    }

    private static async Task<List<string>> IdsAsync(SigningKeys keys)
    {
        Assert.True(JsonReading.Parse(await keys.KeySetAsync(Stop)).Get("keys").TryGetArray(out var array));
        return [.. array.Select(key => key.Get("kid").ToText())];
    }
}
