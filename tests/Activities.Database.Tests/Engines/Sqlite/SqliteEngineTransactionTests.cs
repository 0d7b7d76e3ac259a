using FlowEngine.Database.Tests.Queries;
using Microsoft.Data.Sqlite;

namespace FlowEngine.Database.Tests.Engines.Sqlite;

/// <summary>Statements of one transaction on SQLite.</summary>
public sealed class SqliteEngineTransactionTests : TransactionExecutionTests, IAsyncLifetime
{
    private readonly string _folder = Directory.CreateTempSubdirectory("flowengine-transaction-").FullName;
    private DatabaseFlow _flow = null!;

    private protected override DatabaseFlow Flow => _flow;

    protected override string SlowQuery =>
        "with recursive c(x) as (select 1 union all select x + 1 from c where x < 4000000000) select count(*) as n from c";

    private string File => Path.Combine(_folder, "people.db");

    public async ValueTask InitializeAsync()
    {
        await using var connection = await OpenAsync("ReadWriteCreate");
        await ExecuteAsync(
            connection,
            """
            create table t (id integer primary key, name text unique, n integer);
            create table child (t_id integer, note text);
            insert into t values (1, 'one', 1);
            """
        );
        _flow = new DatabaseFlow("""{ "engine": "sqlite", "file": "people.db" }""", Path.Combine(_folder, "db.connector.json"));
    }

    public async ValueTask DisposeAsync()
    {
        await _flow.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    /// <summary>SQLite knows that it has not committed, so that nothing is unknown.</summary>
    [Fact]
    public async Task Run_CommitWaitsForAReaderTooLong_IsTimeoutAndRolledBack()
    {
        await using (var reader = await OpenAsync("ReadOnly"))
        {
            await ExecuteAsync(reader, "begin");
            await ExecuteAsync(reader, "select * from t");
            var error = await _flow.StatementErrorAsync(["insert into t values (90, 'new', 1)"], settings: """, "timeout": 1""");
            Assert.Equal("db.timeout", error.Get("code").ToText());
            Assert.Contains("could not commit within 1 s, and it was rolled back", error.Get("message").ToText(), StringComparison.Ordinal);
        }
        Assert.Equal("""[{"id":1}]""", await _flow.RowsAsync("select id from t"));
    }

    /// <summary>SQLite's own words for a transaction, in the middle of a statement.</summary>
    [Fact]
    public async Task Run_StatementRollsBackByItself_EndsTheTransaction()
    {
        var error = await _flow.StatementErrorAsync([
            "insert into t values (91, 'new', 1)",
            "insert or rollback into t values (1, 'again', 1)",
            "insert into t values (92, 'never', 1)",
        ]);
        Assert.Equal(("db.query", "1"), (error.Get("code").ToText(), error.Get("statement").ToText()));
        Assert.Equal("""[{"id":1}]""", await _flow.RowsAsync("select id from t"));
    }

    private async Task<SqliteConnection> OpenAsync(string mode)
    {
        var connection = new SqliteConnection($"Data Source={File};Pooling=false;Mode={mode}");
        await connection.OpenAsync();
        return connection;
    }

    private static async Task ExecuteAsync(SqliteConnection connection, string sql)
    {
        await using var command = connection.CreateCommand();
        command.CommandText = sql;
        await command.ExecuteNonQueryAsync();
    }
}
