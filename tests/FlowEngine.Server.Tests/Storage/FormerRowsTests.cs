using System.Text;
using Dapper;
using FlowEngine.Execution;
using FlowEngine.Storage;
using FlowEngine.Storage.Engines;
using FlowEngine.TestServers;

namespace FlowEngine.Server.Tests.Storage;

/// <summary>Runs that the release before stored, with trace and person in plain:
/// they are read as before, found as before, and sealed in the background.</summary>
public sealed class FormerRowsTests(PostgresFixture postgres)
{
    private static CancellationToken Stop => TestStorage.Stop;

    [Theory]
    [ClassData(typeof(BothEngines))]
    public async Task Rows_InPlain_AreReadAndFoundBeforeAndAfterTheyAreSealed(StoreEngine engine)
    {
        await using var test = await TestStorage.CreateAsync(engine, postgres, options => options with { CleaningBatch = 3 });
        var other = await test.OpenAsync();
        for (var i = 0; i < 10; i++)
            await AddFormerAsync(test, i);
        // One of today's, older than the others: the pages are in order of time all the same.
        await test.Storage.Runs.AddAsync(
            SampleRuns.Waiting("today", TestStorage.Start.AddMinutes(-1)) with
            {
                Person = "person-in-plain",
            },
            RunExtras.None,
            Stop
        );
        await AssertReadAsync(test.Storage);

        var sealedRows = await Task.WhenAll(Task.Run(() => SealAsync(test.Storage)), Task.Run(() => SealAsync(other)));

        Assert.True(sealedRows.Sum() >= 10 + 20, string.Join('+', sealedRows));
        await AssertReadAsync(test.Storage);
        Assert.Equal(0, await test.Storage.FormerRows.SealBatchAsync(Stop));
        Assert.Equal(
            0,
            await test.Storage.Database.FirstAsync<int>(
                "select count(*) from run_traces where steps <> '[]' or sealed_steps is null",
                null,
                Stop
            )
        );
        Assert.Equal(
            0,
            await test.Storage.Database.FirstAsync<int>(
                "select count(*) from runs where person is not null and (sealed_person is null or person like 'person%')",
                null,
                Stop
            )
        );
    }

    [Fact]
    public async Task Rows_Sealed_AreGoneFromTheFile()
    {
        await using var test = await TestStorage.CreateAsync(StoreEngine.Sqlite, postgres);
        for (var i = 0; i < 10; i++)
            await AddFormerAsync(test, i);
        Assert.True(await HoldsAsync("trace-in-plain"));

        await SealAsync(test.Storage);
        await test.Storage.Database.FirstAsync<int>("pragma wal_checkpoint(truncate)", null, Stop);

        Assert.False(await HoldsAsync("trace-in-plain"));
        Assert.False(await HoldsAsync("person-in-plain"));

        async Task<bool> HoldsAsync(string text)
        {
            foreach (var file in Directory.GetFiles(test.Folder, "flowengine.db*"))
            {
                await using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
                using var all = new MemoryStream();
                await stream.CopyToAsync(all, Stop);
                if (all.ToArray().AsSpan().IndexOf(Encoding.UTF8.GetBytes(text)) >= 0)
                    return true;
            }
            return false;
        }
    }

    private static async Task<int> SealAsync(ServerStorage storage)
    {
        var total = 0;
        while (await storage.FormerRows.SealBatchAsync(Stop) is > 0 and var count)
            total += count;
        return total;
    }

    private static async Task AssertReadAsync(ServerStorage storage)
    {
        for (var i = 0; i < 10; i++)
        {
            Assert.Equal([$"[\"trace-in-plain {i} ü\"]", "[2]"], await storage.Search.TraceAsync($"r{i}", Stop));
            Assert.Equal("person-in-plain", (await storage.Search.FindAsync($"r{i}", Stop))!.Person);
            Assert.Equal("person-in-plain", (await storage.Runs.FindAsync($"r{i}", Stop))!.Person);
        }
        var found = new List<string>();
        string? cursor = null;
        do
        {
            var page = await storage.Search.ListAsync(
                new RunFilter
                {
                    Person = "person-in-plain",
                    Cursor = cursor,
                    Limit = 4,
                },
                Stop
            );
            found.AddRange(page.Runs.Select(run => run.Id));
            cursor = page.Next;
        } while (cursor is not null);
        Assert.Equal([.. Enumerable.Range(0, 10).Reverse().Select(i => $"r{i}"), "today"], found);
        Assert.Empty((await storage.Search.ListAsync(new RunFilter { Person = "person-in" }, Stop)).Runs);
        Assert.Equal(5, (await storage.Search.ListAsync(new RunFilter { Person = "person-in-plain", IsEnded = true }, Stop)).Runs.Count);
    }

    private static Task<int> AddFormerAsync(TestStorage test, int i) =>
        test.Storage.Database.TransactAsync(
            (connection, transaction) =>
                connection.ExecuteAsync(
                    StorageDatabase.Command(
                        """
                        insert into runs (id, flow_id, flow_version, status, step_token, stamp, saves, person, created_at, updated_at,
                          expires_at)
                        values (@id, 'login', 1, @status, '', 1, 2, 'person-in-plain', @at, @at, @at);
                        insert into run_traces (run_number, part, steps) select number, 1, @first from runs where id = @id;
                        insert into run_traces (run_number, part, steps) select number, 2, '[2]' from runs where id = @id;
                        """,
                        new
                        {
                            id = $"r{i}",
                            status = (int)(i % 2 == 0 ? RunStatus.Completed : RunStatus.Waiting),
                            first = $"[\"trace-in-plain {i} ü\"]",
                            at = TestStorage.Start.AddMinutes(i).ToUnixTimeMilliseconds(),
                        },
                        transaction,
                        Stop
                    )
                ),
            Stop
        );
}
