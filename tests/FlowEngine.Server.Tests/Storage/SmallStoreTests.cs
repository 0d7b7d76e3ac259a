using FlowEngine.Storage;
using FlowEngine.TestServers;

namespace FlowEngine.Server.Tests.Storage;

public sealed class SmallStoreTests(PostgresFixture postgres)
{
    private static CancellationToken Stop => TestStorage.Stop;

    [Theory]
    [ClassData(typeof(BothEngines))]
    public async Task Code_RedeemedByManyAtOnce_IsGivenOnce(StoreEngine engine)
    {
        await using var test = await TestStorage.CreateAsync(engine, postgres);
        var other = await test.OpenAsync();
        var code = await SampleRuns.CodeAsync(test.Storage, [7, 8], TestStorage.Start);

        var contents = await Task.WhenAll(
            Enumerable.Range(0, 12).Select(i => Task.Run(() => (i % 2 == 0 ? test.Storage : other).Codes.RedeemAsync(code, Stop)))
        );

        Assert.Equal(new byte[] { 7, 8 }, Assert.Single(contents, content => content is not null));
    }

    [Theory]
    [ClassData(typeof(BothEngines))]
    public async Task Code_After60Seconds_IsWorthNothing(StoreEngine engine)
    {
        await using var test = await TestStorage.CreateAsync(engine, postgres);
        var (early, late) = (
            await SampleRuns.CodeAsync(test.Storage, [1], TestStorage.Start),
            await SampleRuns.CodeAsync(test.Storage, [2], TestStorage.Start)
        );

        test.Time.Advance(TimeSpan.FromSeconds(59));
        Assert.NotNull(await test.Storage.Codes.RedeemAsync(early, Stop));
        test.Time.Advance(TimeSpan.FromSeconds(1));
        Assert.Null(await test.Storage.Codes.RedeemAsync(late, Stop));
        Assert.Null(await test.Storage.Codes.RedeemAsync("unknown", Stop));
    }

    [Theory]
    [ClassData(typeof(BothEngines))]
    public async Task ManagementKey_FirstOfSeveral_Counts(StoreEngine engine)
    {
        await using var test = await TestStorage.CreateAsync(engine, postgres);
        var key = test.Storage.ManagementKey;
        var keys = Enumerable.Range(0, 5).Select(i => $"key-{i}-{new string('k', 32)}").ToList();
        Assert.False(await key.ExistsAsync(Stop));
        Assert.False(await key.IsValidAsync(keys[0], Stop));

        var counts = await Task.WhenAll(keys.Select(text => Task.Run(() => key.TrySetFirstAsync(text, Stop))));

        var winner = Assert.Single(keys.Zip(counts), pair => pair.Second).First;
        Assert.True(await key.IsValidAsync(winner, Stop));
        Assert.False(await key.IsValidAsync(winner + "x", Stop));
        await key.SetAsync(new string('n', 32), Stop);
        Assert.False(await key.IsValidAsync(winner, Stop));
        Assert.True(await key.IsValidAsync(new string('n', 32), Stop));
        await Assert.ThrowsAsync<ArgumentException>(() => key.SetAsync(new string('s', 31), Stop));
    }

    [Theory]
    [ClassData(typeof(BothEngines))]
    public async Task Users_NamesRolesAndTheLastAdmin(StoreEngine engine)
    {
        await using var test = await TestStorage.CreateAsync(engine, postgres);
        var users = test.Storage.Users;

        Assert.True(await users.AddAsync("Ada", "$argon2id$1", "admin", TestStorage.Note, Stop));
        Assert.False(await users.AddAsync("ADA", "$argon2id$2", "viewer", TestStorage.Note, Stop));
        Assert.True(await users.AddAsync("bob", "$argon2id$3", "viewer", TestStorage.Note, Stop));
        Assert.Equal(["ada", "bob"], (await users.ListAsync(Stop)).Select(user => user.Name));

        // Nobody locks everybody out.
        Assert.False(await users.DeleteAsync("ada", TestStorage.Note, Stop));
        Assert.False(await users.ChangeAsync("ada", null, "designer", [TestStorage.Note], Stop));
        var before = (await users.FindAsync("ada", Stop))!;
        Assert.True(await users.ChangeAsync("ada", "$argon2id$4", null, [TestStorage.Note], Stop));
        var after = (await users.FindAsync("ada", Stop))!;
        Assert.Equal(("$argon2id$4", "admin"), (after.PasswordHash, after.Role));
        Assert.NotEqual(before.SecurityStamp, after.SecurityStamp);

        Assert.True(await users.ChangeAsync("bob", null, "admin", [TestStorage.Note], Stop));
        Assert.True(await users.DeleteAsync("ada", TestStorage.Note, Stop));
        Assert.False(await users.ChangeAsync("ada", null, "admin", [TestStorage.Note], Stop));
        Assert.Null(await users.FindAsync("ada", Stop));
    }

    [Theory]
    [ClassData(typeof(BothEngines))]
    public async Task Audit_Entries_AreReadNewestFirstInPages(StoreEngine engine)
    {
        await using var test = await TestStorage.CreateAsync(engine, postgres);
        var audit = test.Storage.Audit;
        AuditAction[] actions =
        [
            AuditAction.FlowDraft,
            AuditAction.UserAdd,
            AuditAction.FlowPublish,
            AuditAction.UserRole,
            AuditAction.FlowDelete,
        ];
        for (var i = 0; i < 5; i++)
            await audit.WriteAsync(new AuditNote("ada", actions[i], i % 2 == 0 ? "flow:login" : "user:bob", i == 0 ? "{}" : null), Stop);

        var page = await audit.ListAsync(null, null, null, 2, Stop);
        var rest = await audit.ListAsync(null, null, page[^1].Number, 10, Stop);

        Assert.Equal(["flow.delete", "user.role"], page.Select(entry => entry.Action));
        Assert.Equal(["flow.publish", "user.add", "flow.draft"], rest.Select(entry => entry.Action));
        Assert.Equal(
            ["flow.delete", "flow.publish", "flow.draft"],
            (await audit.ListAsync("flow:login", null, null, 10, Stop)).Select(entry => entry.Action)
        );
        Assert.Equal(("ada", "{}", TestStorage.Start), (rest[^1].Actor, rest[^1].Detail, (DateTimeOffset)rest[^1].At));
    }
}
