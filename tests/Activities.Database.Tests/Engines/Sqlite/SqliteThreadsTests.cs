using FlowEngine.Database.Engines;
using FlowEngine.Database.Engines.Sqlite;
using FlowEngine.Execution;
using FlowEngine.Workers;
using Microsoft.Data.Sqlite;

namespace FlowEngine.Database.Tests.Engines.Sqlite;

/// <summary>SQLite's queries run on threads of their own, few and with a bounded queue, and end there when their time is over.</summary>
public sealed class SqliteThreadsTests : IDisposable
{
    private const string Endless = "with recursive n(i) as (select 1 union all select i + 1 from n) select count(*) as n from n";
    private const string Long = """, "timeout": 60""";

    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(40);

    private readonly string _folder = Directory.CreateTempSubdirectory("flowengine-sqlite-").FullName;
    private readonly CancellationTokenSource _end = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);

    public void Dispose()
    {
        _end.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public async Task Query_MoreThanThreadsAndPlaces_IsBusyAtOnce()
    {
        var workers = SqliteThreads.Of(1, maxQueued: 1);
        await using var flow = Flow(workers);
        var running = flow.ResultAsync(Endless, default, Long, _end.Token);
        var waiting = flow.ResultAsync(Endless, default, Long, _end.Token);
        Assert.Equal((1, 1), (workers.Running, workers.Queued));

        var (code, message) = await flow.ErrorAsync("select 1", "{}", Long).WaitAsync(Limit, TestContext.Current.CancellationToken);

        Assert.Equal("db.busy", code);
        Assert.Contains("wait for SQLite already", message, StringComparison.Ordinal);
        Assert.False(running.IsCompleted || waiting.IsCompleted);
        var test = (await flow.Connector.TestAsync().AsTask().WaitAsync(Limit, TestContext.Current.CancellationToken)).Get("error");
        Assert.Equal("db.busy", test.Get("code").ToText());

        // Who cancels ends both, the one in SQLite and the one in the queue.
        await _end.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => running.WaitAsync(Limit, TestContext.Current.CancellationToken));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting.WaitAsync(Limit, TestContext.Current.CancellationToken));
        Assert.Equal((0, 0), (workers.Running, workers.Queued));
        Assert.Equal("""[{"v":1}]""", await flow.RowsAsync("select 1 as v"));
    }

    [Fact]
    public async Task Query_WhoseTimeIsOverInTheQueue_IsBusy()
    {
        var workers = SqliteThreads.Of(1);
        await using var flow = Flow(workers);
        var running = flow.ResultAsync(Endless, default, Long, _end.Token);

        var (code, message) = await flow.ErrorAsync("select 1", "{}", """, "timeout": 1""")
            .WaitAsync(Limit, TestContext.Current.CancellationToken);

        Assert.Equal("db.busy", code);
        Assert.Contains("was not begun", message, StringComparison.Ordinal);
        Assert.Equal((1, 0), (workers.Running, workers.Queued));
        await _end.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => running.WaitAsync(Limit, TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Query_OfAnotherFile_HasItsShare()
    {
        await using var slow = Flow(SqliteThreads.Shared, "slow.db");
        await using var other = Flow(SqliteThreads.Shared, "other.db");
        var running = Enumerable
            .Range(0, SqliteThreads.Shared.MaxThreads * 3)
            .Select(_ => slow.ResultAsync(Endless, default, Long, _end.Token))
            .ToList();

        Assert.Equal("""[{"v":1}]""", await other.RowsAsync("select 1 as v").WaitAsync(Limit, TestContext.Current.CancellationToken));
        Assert.DoesNotContain(running, query => query.IsCompleted);

        await _end.CancelAsync();
        foreach (var query in running)
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => query.WaitAsync(Limit, TestContext.Current.CancellationToken));
    }

    /// <summary>A slow query of one activity must not keep people waiting who are looked up in the same file.</summary>
    [Fact]
    public async Task Query_OfAnotherText_HasItsShareOfTheSameFile()
    {
        await using var flow = Flow(SqliteThreads.Shared, "same.db");
        var running = Enumerable
            .Range(0, SqliteThreads.Shared.MaxThreads * 3)
            .Select(_ => flow.ResultAsync(Endless, default, Long, _end.Token))
            .ToList();

        Assert.Equal("""[{"v":2}]""", await flow.RowsAsync("select 2 as v").WaitAsync(Limit, TestContext.Current.CancellationToken));
        Assert.DoesNotContain(running, query => query.IsCompleted);

        await _end.CancelAsync();
        foreach (var query in running)
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => query.WaitAsync(Limit, TestContext.Current.CancellationToken));
    }

    [Theory]
    [InlineData("select count(*) as n from people", "")]
    [InlineData("delete from people", """, "readOnly": false""")]
    public async Task Query_CancelledWhileItWaitsForALock_Ends(string query, string more)
    {
        var workers = SqliteThreads.Of(1);
        await using var flow = Flow(workers);
        await using var other = new SqliteConnection($"Data Source={Path.Combine(_folder, "people.db")};Pooling=false");
        await other.OpenAsync(TestContext.Current.CancellationToken);
        await using var command = new SqliteCommand("create table people (id); begin exclusive", other);
        await command.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
        _end.CancelAfter(TimeSpan.FromMilliseconds(500));

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() =>
            flow.ResultAsync(query, default, Long + more, _end.Token).WaitAsync(Limit, TestContext.Current.CancellationToken)
        );

        Assert.Equal(0, workers.Running);
    }

    /// <summary>Nothing but the query's own thread is needed to end it.</summary>
    [Fact]
    public void Watch_WithoutATimer_EndsTheQuery()
    {
        using var connection = new SqliteConnection("Data Source=:memory:");
        connection.Open();
        using var deadline = new QueryDeadline(TimeSpan.Zero, TimeProvider.System, CancellationToken.None);
        using (new SqliteWatch(connection.Handle!, deadline))
        using (var endless = new SqliteCommand(Endless, connection))
            Assert.Equal(SQLitePCL.raw.SQLITE_INTERRUPT, Assert.Throws<SqliteException>(endless.ExecuteScalar).SqliteErrorCode);

        // And what cleans up afterwards is not ended.
        using var count = new SqliteCommand(
            "with recursive n(i) as (select 1 union all select i + 1 from n where i < 100000) select count(*) from n",
            connection
        );
        Assert.Equal(100_000L, count.ExecuteScalar());
    }

    private DatabaseFlow Flow(FairWorkers workers, string file = "people.db")
    {
        var path = Path.Combine(_folder, file);
        if (!File.Exists(path))
            File.WriteAllBytes(path, []);
        return new DatabaseFlow(
            $$"""{ "engine": "sqlite", "file": "{{file}}", "maxPoolSize": 100 }""",
            Path.Combine(_folder, "db.connector.json"),
            DatabaseFlow.Open with
            {
                SqliteWorkers = workers,
            }
        );
    }
}
