using FlowEngine.Execution;
using FlowEngine.Storage;
using FlowEngine.TestServers;

namespace FlowEngine.Server.Tests.Storage;

public sealed class RunSearchTests(PostgresFixture postgres)
{
    private static CancellationToken Stop => TestStorage.Stop;

    [Theory]
    [ClassData(typeof(BothEngines))]
    public async Task List_Filters_FindWhatTheyAskFor(StoreEngine engine)
    {
        await using var test = await TestStorage.CreateAsync(engine, postgres);
        await AddAsync(test, "a", 0, run => run);
        await AddAsync(test, "b", 1, run => run with { FlowId = "other", Status = RunStatus.Completed, Person = "u-1" });
        await AddAsync(test, "c", 2, run => run with { Status = RunStatus.Failed, ErrorCode = "user.no_id" });
        await AddAsync(test, "d", 3, run => run with { Status = RunStatus.Running, Person = "u-1" });

        Assert.Equal("d c b a", await IdsAsync(new RunFilter()));
        Assert.Equal("d c a", await IdsAsync(new RunFilter { FlowId = "login" }));
        Assert.Equal("a", await IdsAsync(new RunFilter { Status = RunStatus.Waiting }));
        Assert.Equal("d", await IdsAsync(new RunFilter { Status = RunStatus.Running }));
        Assert.Equal("b", await IdsAsync(new RunFilter { Status = RunStatus.Completed }));
        Assert.Equal("c", await IdsAsync(new RunFilter { Status = RunStatus.Failed }));
        Assert.Equal("c", await IdsAsync(new RunFilter { ErrorCode = "user.no_id" }));
        Assert.Equal("d b", await IdsAsync(new RunFilter { Person = "u-1" }));
        Assert.Equal(
            "c b",
            await IdsAsync(new RunFilter { From = TestStorage.Start.AddMinutes(1), Until = TestStorage.Start.AddMinutes(3) })
        );
        Assert.Equal(
            "d",
            await IdsAsync(
                new RunFilter
                {
                    Person = "u-1",
                    FlowId = "login",
                    Status = RunStatus.Running,
                }
            )
        );
        Assert.Equal("", await IdsAsync(new RunFilter { FlowId = "' or 1=1 --" }));

        async Task<string> IdsAsync(RunFilter filter) =>
            string.Join(' ', (await test.Storage.Search.ListAsync(filter, Stop)).Runs.Select(run => run.Id));
    }

    [Theory]
    [ClassData(typeof(BothEngines))]
    public async Task List_PageByPage_GivesEveryRunOnceThoughNewOnesCome(StoreEngine engine)
    {
        await using var test = await TestStorage.CreateAsync(engine, postgres);
        // Several in the same millisecond: the number tells them apart.
        for (var i = 0; i < 7; i++)
            await AddAsync(test, $"r{i}", i / 3, run => run);

        var seen = new List<string>();
        string? cursor = null;
        do
        {
            var page = await test.Storage.Search.ListAsync(new RunFilter { Limit = 2, Cursor = cursor }, Stop);
            seen.AddRange(page.Runs.Select(run => run.Id));
            cursor = page.Next;
            await AddAsync(test, $"new{seen.Count}", 100, run => run);
        } while (cursor is not null);

        Assert.Equal(["r6", "r5", "r4", "r3", "r2", "r1", "r0"], seen);
    }

    [Theory]
    [InlineData("")]
    [InlineData("x")]
    [InlineData("1.2.3")]
    [InlineData("99999999999999999999.1")]
    [InlineData("-1.1")]
    public async Task List_CursorThatIsNone_GivesAnEmptyPage(string cursor)
    {
        await using var test = await TestStorage.CreateAsync(StoreEngine.Sqlite, postgres);
        await AddAsync(test, "a", 0, run => run);

        var page = await test.Storage.Search.ListAsync(new RunFilter { Cursor = cursor }, Stop);

        Assert.Empty(page.Runs);
        Assert.Null(page.Next);
    }

    private static Task<long?> AddAsync(TestStorage test, string id, int minute, Func<RunRecord, RunRecord> change) =>
        test.Storage.Runs.AddAsync(change(SampleRuns.Waiting(id, TestStorage.Start.AddMinutes(minute))), RunExtras.None, Stop);
}
