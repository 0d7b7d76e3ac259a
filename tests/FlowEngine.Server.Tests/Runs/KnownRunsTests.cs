using FlowEngine.AspNetCore.Runs;
using FlowEngine.Execution;
using FlowEngine.Server.Tests.Api;
using FlowEngine.Server.Tests.Storage;
using FlowEngine.TestServers;
using Microsoft.Extensions.DependencyInjection;
using Orleans;
using Orleans.Runtime;

namespace FlowEngine.Server.Tests.Runs;

/// <summary>Ids that somebody made up cost a look into an index at most: no grain, and those of another form not even that.</summary>
public sealed class KnownRunsTests(PostgresFixture postgres)
{
    private static CancellationToken Stop => TestStorage.Stop;

    public static TheoryData<string> Malformed =>
        new(
            "",
            "x",
            "12345678901234567890123",
            "1234567890123456789012345",
            "12345678901234567890123é",
            "1234567890123456789012 4",
            "../../../../../etc/passwd"
        );

    [Theory]
    [ClassData(typeof(BothEngines))]
    public async Task Exists_AnIdThatIsStored_IsTrueAndRemembered(StoreEngine engine)
    {
        await using var test = await TestStorage.CreateAsync(engine, postgres);
        var (stored, madeUp) = (RunId.New(), RunId.New());
        await test.Storage.Runs.AddAsync(SampleRuns.Waiting(stored, TestStorage.Start), FlowEngine.Storage.RunExtras.None, Stop);
        var known = new KnownRuns(test.Storage.Runs);

        Assert.True(await known.ExistsAsync(stored, Stop));
        Assert.False(await known.ExistsAsync(madeUp, Stop));

        // Known now, and answered without a look: the row is gone.
        await test.Storage.Database.WriteAsync("delete from runs", null, Stop);
        Assert.True(await known.ExistsAsync(stored, Stop));
        Assert.False(await new KnownRuns(test.Storage.Runs).ExistsAsync(stored, Stop));
        // What was not there was not remembered.
        await test.Storage.Runs.AddAsync(SampleRuns.Waiting(madeUp, TestStorage.Start), FlowEngine.Storage.RunExtras.None, Stop);
        Assert.True(await known.ExistsAsync(madeUp, Stop));
    }

    [Fact]
    public async Task Exists_ARunOfThisNode_NeedsNoStorage()
    {
        var known = new KnownRuns(null!);
        var id = RunId.New();
        known.Add(id);
        Assert.True(await known.ExistsAsync(id, Stop));
    }

    [Theory]
    [MemberData(nameof(Malformed))]
    public async Task Exists_AnIdOfAnotherForm_NeverReachesTheStorage(string id) =>
        Assert.False(await new KnownRuns(null!).ExistsAsync(id, Stop));

    [Fact]
    public async Task Add_MoreRunsThanItHolds_ForgetsTheOldest()
    {
        var known = new KnownRuns(null!);
        string[] ids = [.. Enumerable.Range(0, 70_000).Select(_ => RunId.New())];
        foreach (var id in ids)
            known.Add(id);
        Assert.True(await known.ExistsAsync(ids[^1], Stop));
        Assert.True(await known.ExistsAsync(ids[^30_000], Stop));
        await Assert.ThrowsAnyAsync<NullReferenceException>(async () => await known.ExistsAsync(ids[0], Stop));
    }

    [Theory]
    [ClassData(typeof(BothEngines))]
    public async Task EveryDoor_ForIdsThatNobodyGave_MakesNoGrain(StoreEngine engine)
    {
        await using var server = await ApiServer.StartAsync(engine, postgres);
        await server.SignInThroughFlowAsync("a@example.com");
        var before = await GrainsAsync(server);
        Assert.True(before > 0);

        for (var i = 0; i < 25; i++)
        {
            foreach (var id in new[] { RunId.New(), "x", new string('y', 64) })
            {
                var next = await server.PostAsync(
                    "/v1/flow/next",
                    $$"""{ "executionId": "{{id}}", "stepId": "s", "interactionId": "submit" }""",
                    Credential.None
                );
                Assert.Equal((System.Net.HttpStatusCode.NotFound, "api.run"), (next.Status, next.Code));
                var cookie = new Credential(Cookie: $"fe_browser={new string('k', 43)}");
                Assert.NotEqual(System.Net.HttpStatusCode.OK, (await server.GetAsync($"/login/login/{id}", cookie)).Status);
                Assert.Equal(System.Net.HttpStatusCode.NotFound, (await server.GetAsync($"/api/runs/{id}")).Status);
                Assert.Equal(System.Net.HttpStatusCode.NotFound, (await server.PostAsync($"/api/runs/{id}/cancel", "{}")).Status);
            }
        }

        Assert.Equal(before, await GrainsAsync(server));
    }

    private static async Task<int> GrainsAsync(ApiServer server)
    {
        var statistics = await server.Services.GetRequiredService<IGrainFactory>().GetGrain<IManagementGrain>(0).GetSimpleGrainStatistics();
        return statistics
            .Where(grain => grain.GrainType.Contains(nameof(RunGrain), StringComparison.Ordinal))
            .Sum(grain => grain.ActivationCount);
    }
}
