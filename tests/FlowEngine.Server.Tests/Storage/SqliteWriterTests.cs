using Dapper;
using FlowEngine.Storage;
using FlowEngine.TestServers;
using Microsoft.Data.Sqlite;

namespace FlowEngine.Server.Tests.Storage;

public sealed class SqliteWriterTests(PostgresFixture postgres)
{
    private static CancellationToken Stop => TestStorage.Stop;

    [Fact]
    public async Task Write_ThatFails_TakesNoneOfItsNeighboursWithIt()
    {
        await using var test = await TestStorage.CreateAsync(StoreEngine.Sqlite, postgres);
        var database = test.Storage.Database;

        var writes = Enumerable
            .Range(0, 100)
            .Select(i =>
                i % 3 == 0
                    ? database.TransactAsync<int>(
                        async (connection, transaction) =>
                        {
                            await connection.ExecuteAsync(
                                $"insert into settings (name, value, updated_at) values ('half{i}', '', 0)",
                                transaction: transaction
                            );
                            throw new InvalidOperationException("on purpose");
                        },
                        Stop
                    )
                    : database.WriteAsync($"insert into settings (name, value, updated_at) values ('whole{i}', '', 0)", null, Stop)
            )
            .ToList();
        await Task.WhenAll(
            writes.Select((write, i) => i % 3 == 0 ? Assert.ThrowsAsync<InvalidOperationException>(() => write) : (Task)write)
        );

        Assert.Equal(0, await database.FirstAsync<int>("select count(*) from settings where name like 'half%'", null, Stop));
        Assert.Equal(66, await database.FirstAsync<int>("select count(*) from settings where name like 'whole%'", null, Stop));
    }

    [Fact]
    public async Task Write_WithABrokenStatement_TellsItsCallerAlone()
    {
        await using var test = await TestStorage.CreateAsync(StoreEngine.Sqlite, postgres);

        await Assert.ThrowsAsync<SqliteException>(() => test.Storage.Database.WriteAsync("insert into nowhere values (1)", null, Stop));

        await test.Storage.Settings.SetAsync("a", "b", Stop);
        Assert.Equal("b", await test.Storage.Settings.FindAsync("a", Stop));
    }

    /// <summary>The disk may take long, and so may another process that holds the lock:
    /// whoever waits for these must not be a thread that requests need.</summary>
    [Fact]
    public async Task ReadAndWrite_TakeNoThreadOfThePool()
    {
        await using var test = await TestStorage.CreateAsync(StoreEngine.Sqlite, postgres);
        var database = test.Storage.Database;

        var isWriterOfThePool = await database.TransactAsync((_, _) => Task.FromResult(Thread.CurrentThread.IsThreadPoolThread), Stop);
        var first = await database.FirstAsync<ReadingThread>("select 1 as Value", null, Stop);
        var list = await database.ListAsync<ReadingThread>("select 1 as Value", null, Stop);
        var written = await database.WriteFirstAsync<ReadingThread>("select 1 as Value", null, Stop);

        Assert.Equal((false, false, false, false), (isWriterOfThePool, first!.IsOfThePool, list[0].IsOfThePool, written!.IsOfThePool));
    }

    [Fact]
    public async Task Read_WhileListsTakeLong_DoesNotWaitForThem()
    {
        await using var test = await TestStorage.CreateAsync(StoreEngine.Sqlite, postgres);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Stop);
        // Longer than the test may take, unless they are stopped: more than there are threads.
        using var gate = new ManualResetEventSlim();
        Gated.Gate = gate;
        var lists = Enumerable
            .Range(0, 20)
            .Select(_ => test.Storage.Database.ListAsync<Gated>("select 1 as Value", null, stop.Token))
            .ToList();

        Assert.Null(await test.Storage.Settings.FindAsync("a", Stop));
        Assert.DoesNotContain(lists, list => list.IsCompleted);

        gate.Set();
        await Task.WhenAll(lists);
    }

    [Fact]
    public async Task Write_CancelledBeforeItsTurn_IsNotDone()
    {
        await using var test = await TestStorage.CreateAsync(StoreEngine.Sqlite, postgres);
        using var cancelled = new CancellationTokenSource();
        await cancelled.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => test.Storage.Settings.SetAsync("a", "b", cancelled.Token));

        Assert.Null(await test.Storage.Settings.FindAsync("a", Stop));
    }

    [Fact]
    public async Task Write_WhileAnotherProcessWrites_WaitsForIt()
    {
        await using var test = await TestStorage.CreateAsync(StoreEngine.Sqlite, postgres);
        await using var other = new SqliteConnection($"Data Source={Path.Combine(test.Folder, "flowengine.db")};Pooling=false");
        await other.OpenAsync(Stop);
        var transaction = other.BeginTransaction();
        var write = test.Storage.Settings.SetAsync("a", "b", Stop);
        // Readers do not wait for writers.
        Assert.Null(await test.Storage.Settings.FindAsync("a", Stop));
        Assert.False(write.IsCompleted);

        await transaction.RollbackAsync(Stop);

        await write;
        Assert.Equal("b", await test.Storage.Settings.FindAsync("a", Stop));
    }

    /// <summary>A row that knows which thread read it.</summary>
    private sealed class ReadingThread
    {
        public bool IsOfThePool { get; private set; }

        public long Value
        {
            get;
            set
            {
                field = value;
                IsOfThePool = Thread.CurrentThread.IsThreadPoolThread;
            }
        }
    }

    /// <summary>A row that takes as long to read as the test likes.</summary>
    private sealed class Gated
    {
        public static ManualResetEventSlim Gate { get; set; } = null!;

        public long Value
        {
            get;
            set
            {
                field = value;
                Gate.Wait();
            }
        }
    }
}
