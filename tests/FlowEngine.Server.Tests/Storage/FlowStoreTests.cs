using FlowEngine.Storage;
using FlowEngine.TestServers;

namespace FlowEngine.Server.Tests.Storage;

public sealed class FlowStoreTests(PostgresFixture postgres)
{
    private static CancellationToken Stop => TestStorage.Stop;

    [Theory]
    [ClassData(typeof(BothEngines))]
    public async Task Publish_Versions_CountFromOneAndNeverChange(StoreEngine engine)
    {
        await using var test = await TestStorage.CreateAsync(engine, postgres);
        var flows = test.Storage.Flows;
        var revision = await test.Storage.Settings.CatalogueRevisionAsync(Stop);

        Assert.Equal(
            new PublishResult(1, true),
            await flows.PublishAsync(Publication("{\"a\":1}") with { Note = "first", Author = "ada" }, Stop)
        );
        Assert.Equal(new PublishResult(2, true), await flows.PublishAsync(Publication("{\"a\":2}"), Stop));

        Assert.Equal("{\"a\":2}", (await flows.FindPublishedAsync("login", Stop))!.Definition);
        var first = (await flows.FindVersionAsync("login", 1, Stop))!;
        Assert.Equal(
            ("{\"a\":1}", "first", "ada", TestStorage.Start),
            (first.Definition, first.Note, first.Author, (DateTimeOffset)first.PublishedAt)
        );
        Assert.Equal([2, 1], (await flows.ListVersionsAsync("login", null, 10, Stop)).Select(version => version.Version));
        Assert.Equal([1], (await flows.ListVersionsAsync("login", 2, 10, Stop)).Select(version => version.Version));
        Assert.Equal(2, Assert.Single(await flows.ListAsync(Stop)).PublishedVersion);
        Assert.Equal(revision + 2, await test.Storage.Settings.CatalogueRevisionAsync(Stop));
        Assert.Null(await flows.FindPublishedAsync("other", Stop));
        Assert.Null(await flows.FindVersionAsync("login", 3, Stop));
    }

    [Theory]
    [ClassData(typeof(BothEngines))]
    public async Task Publish_ByManyNodesAtOnce_GivesEachItsNumber(StoreEngine engine)
    {
        await using var test = await TestStorage.CreateAsync(engine, postgres);
        var other = await test.OpenAsync();

        var results = await Task.WhenAll(
            Enumerable
                .Range(0, 20)
                .Select(i => Task.Run(() => (i % 2 == 0 ? test.Storage : other).Flows.PublishAsync(Publication($"{{\"a\":{i}}}"), Stop)))
        );

        Assert.Equal(Enumerable.Range(1, 20), results.Select(result => result!.Value.Version).Order());
    }

    [Theory]
    [ClassData(typeof(BothEngines))]
    public async Task Publish_TheSameFileByManyNodes_MakesOneVersion(StoreEngine engine)
    {
        await using var test = await TestStorage.CreateAsync(engine, postgres);
        var other = await test.OpenAsync();
        await test.Storage.Flows.PublishAsync(Publication("{\"a\":0}"), Stop);

        var results = await Task.WhenAll(
            Enumerable
                .Range(0, 10)
                .Select(i =>
                    Task.Run(() =>
                        (i % 2 == 0 ? test.Storage : other).Flows.PublishAsync(Publication("{\"a\":1}") with { OnlyIfChanged = true }, Stop)
                    )
                )
        );

        Assert.All(results, result => Assert.Equal(2, result!.Value.Version));
        Assert.Single(results, result => result!.Value.IsNew);
    }

    [Theory]
    [ClassData(typeof(BothEngines))]
    public async Task SaveDraft_WithAnOldRevision_IsRefused(StoreEngine engine)
    {
        await using var test = await TestStorage.CreateAsync(engine, postgres);
        var flows = test.Storage.Flows;

        var first = await flows.SaveDraftAsync("login", "{1}", null, "ada", Stop);
        var second = await flows.SaveDraftAsync("login", "{2}", first, "bob", Stop);

        Assert.NotNull(second);
        Assert.Null(await flows.SaveDraftAsync("login", "{3}", first, "ada", Stop));
        Assert.Null(await flows.SaveDraftAsync("login", "{3}", null, "ada", Stop));
        Assert.Null(await flows.SaveDraftAsync("unknown", "{3}", first, "ada", Stop));
        var draft = (await flows.FindDraftAsync("login", Stop))!;
        Assert.Equal(("{2}", second, "bob"), (draft.Definition, draft.Revision, draft.Author));
        var head = Assert.Single(await flows.ListAsync(Stop));
        Assert.Equal((null, second), (head.PublishedVersion, head.DraftRevision));
        Assert.True(second < 1L << 53, "fits a JavaScript number");
    }

    [Theory]
    [ClassData(typeof(BothEngines))]
    public async Task Publish_Draft_TakesItOnlyWhenNobodySavedMeanwhile(StoreEngine engine)
    {
        await using var test = await TestStorage.CreateAsync(engine, postgres);
        var flows = test.Storage.Flows;
        var first = await flows.SaveDraftAsync("login", "{1}", null, "ada", Stop);
        var second = await flows.SaveDraftAsync("login", "{2}", first, "bob", Stop);

        Assert.Null(await flows.PublishAsync(Publication("{1}") with { DraftRevision = first }, Stop));
        Assert.Null(await flows.FindPublishedAsync("login", Stop));
        Assert.Equal(new PublishResult(1, true), await flows.PublishAsync(Publication("{2}") with { DraftRevision = second }, Stop));

        Assert.Null(await flows.FindDraftAsync("login", Stop));
        test.Time.Advance(TimeSpan.FromSeconds(1));
        Assert.NotEqual(first, await flows.SaveDraftAsync("login", "{3}", null, "ada", Stop));
    }

    [Theory]
    [ClassData(typeof(BothEngines))]
    public async Task Delete_Flow_KeepsItsVersionsAndNumbers(StoreEngine engine)
    {
        await using var test = await TestStorage.CreateAsync(engine, postgres);
        var flows = test.Storage.Flows;
        await flows.PublishAsync(Publication("{1}"), Stop);
        await flows.SaveDraftAsync("login", "{2}", null, "ada", Stop);

        Assert.True(await flows.DeleteAsync("login", TestStorage.Note, Stop));
        Assert.False(await flows.DeleteAsync("login", TestStorage.Note, Stop));

        Assert.Null(await flows.FindPublishedAsync("login", Stop));
        Assert.Empty(await flows.ListAsync(Stop));
        Assert.Null(await flows.FindDraftAsync("login", Stop));
        Assert.NotNull(await flows.FindVersionAsync("login", 1, Stop));
        Assert.Equal(2, (await flows.PublishAsync(Publication("{1}") with { OnlyIfChanged = true }, Stop))!.Value.Version);
        Assert.Single(await flows.ListAsync(Stop));
    }

    private static FlowPublication Publication(string definition) =>
        new()
        {
            FlowId = "login",
            Definition = definition,
            Author = "test",
            Tells = null,
        };
}
