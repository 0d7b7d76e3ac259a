using Dapper;
using FlowEngine.Server.Storage;
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

        var writes = Enumerable.Range(0, 100).Select(i => i % 3 == 0
            ? database.TransactAsync<int>(
                async (connection, transaction) =>
                {
                    await connection.ExecuteAsync($"insert into settings (name, value, updated_at) values ('half{i}', '', 0)", transaction: transaction);
                    throw new InvalidOperationException("on purpose");
                },
                Stop)
            : database.WriteAsync($"insert into settings (name, value, updated_at) values ('whole{i}', '', 0)", null, Stop)).ToList();
        await Task.WhenAll(writes.Select((write, i) => i % 3 == 0 ? Assert.ThrowsAsync<InvalidOperationException>(() => write) : (Task)write));

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
}
