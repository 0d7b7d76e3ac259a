using System.Diagnostics;
using System.Globalization;
using FlowEngine.Database.Tests.Queries;
using MySqlConnector;

namespace FlowEngine.Database.Tests.Engines.MySql;

/// <summary>Statements of one transaction on MariaDB.</summary>
public sealed class MySqlEngineTransactionTests(MariaDbFixture server)
    : TransactionExecutionTests,
        IClassFixture<MariaDbFixture>,
        IAsyncLifetime
{
    private DatabaseFlow _flow = null!;

    private protected override DatabaseFlow Flow => _flow;

    protected override string SlowQuery => "select sleep(30)";

    public async ValueTask InitializeAsync()
    {
        await server.ExecuteAsync(
            """
            drop table if exists child;
            drop table if exists t;
            create table t (id int primary key, name varchar(50) unique, n int);
            create table child (t_id int, note varchar(50));
            insert into t values (1, 'one', 1);
            """
        );
        _flow = new DatabaseFlow(server.Configuration());
    }

    public ValueTask DisposeAsync() => _flow.DisposeAsync();

    [Theory]
    [InlineData(false, false)]
    [InlineData(false, true)]
    [InlineData(true, false)]
    [InlineData(true, true)]
    public async Task Run_ConnectionDiesBeforeTheCommitsAnswer_IsUnknownAndNotRepeated(bool arrives, bool isQuery)
    {
        await using var proxy = new CuttingProxy(server.Port, "commit", arrives);
        var port = proxy.Port.ToString(CultureInfo.InvariantCulture);
        await using var flow = new DatabaseFlow(
            server
                .Configuration(""", "ssl": "disable" """)
                .Replace(server.Port.ToString(CultureInfo.InvariantCulture), port, StringComparison.Ordinal)
        );

        const string Insert = "insert into t (id, name, n) values (70, 'seventy', 1)";
        var error = isQuery
            ? DatabaseFlow.ResultOf(await flow.RunAsync(Insert, settings: """, "readOnly": false""")).Get("error")
            : await flow.StatementErrorAsync([Insert, "update t set n = 2 where id = 70"]);

        Assert.Equal("db.outcome_unknown", error.Get("code").ToText());
        Assert.Equal(1, proxy.Seen);
        Assert.Equal(arrives ? """[{"c":1}]""" : """[{"c":0}]""", await _flow.RowsAsync("select count(*) as c from t where id = 70"));
    }

    [Fact]
    public async Task Run_Deadlock_SaysThatItCanBeTriedAgainAndWritesNothing()
    {
        await server.ExecuteAsync("insert into t values (2, 'two', 1), (3, 'three', 1), (4, 'four', 1)");
        await using var other = new MySqlConnection(server.ConnectionString + ";Pooling=false");
        await other.OpenAsync();
        // It has written more, so that the server ends the one that has written less.
        await ExecuteAsync(other, "start transaction");
        // One by one: what reads the whole table locks all of it.
        foreach (var id in new[] { 2, 3, 4 })
            await ExecuteAsync(other, $"update t set n = 7 where id = {id}");

        var failing = _flow.StatementErrorAsync(["update t set n = n + 1 where id = 1", "update t set n = n + 1 where id = 2"]);
        await WaitForAsync("select count(*) from information_schema.innodb_trx where trx_state = 'LOCK WAIT'");
        await ExecuteAsync(other, "update t set n = 7 where id = 1");
        await ExecuteAsync(other, "rollback");

        var error = await failing;
        Assert.Equal(("db.query", "1"), (error.Get("code").ToText(), error.Get("statement").ToText()));
        Assert.Contains("1213", error.Get("message").ToText(), StringComparison.Ordinal);
        Assert.Contains("can be tried again", error.Get("message").ToText(), StringComparison.Ordinal);
        Assert.Equal("""[{"n":1}]""", await _flow.RowsAsync("select n from t where id = 1"));
    }

    private static async Task ExecuteAsync(MySqlConnection connection, string sql)
    {
        await using var command = new MySqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync();
    }

    private async Task WaitForAsync(string count)
    {
        await using var connection = new MySqlConnection(server.ConnectionString + ";Pooling=false");
        await connection.OpenAsync();
        await using var command = new MySqlCommand(count, connection);
        for (var started = Stopwatch.GetTimestamp(); await command.ExecuteScalarAsync() is not > 0L; )
        {
            Assert.True(Stopwatch.GetElapsedTime(started).TotalSeconds < 10, count);
            // Nobody tells when a session begins to wait for a lock; and who looks more often than every 100 ms is shown what was before.
            await Task.Delay(150);
        }
    }
}
