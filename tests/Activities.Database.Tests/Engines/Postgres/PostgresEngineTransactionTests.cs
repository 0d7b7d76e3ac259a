using System.Diagnostics;
using System.Text.RegularExpressions;
using FlowEngine.Context;
using FlowEngine.Database.Tests.Queries;
using FlowEngine.Execution;
using FlowEngine.TestServers;
using Npgsql;

namespace FlowEngine.Database.Tests.Engines.Postgres;

/// <summary>Statements of one transaction on PostgreSQL.</summary>
[Collection(nameof(PostgresCollection))]
public sealed class PostgresEngineTransactionTests(PostgresDatabase database)
    : TransactionExecutionTests,
        IClassFixture<PostgresDatabase>,
        IAsyncLifetime
{
    private DatabaseFlow _flow = null!;

    private protected override DatabaseFlow Flow => _flow;

    protected override string SlowQuery => "select pg_sleep(30)";

    public async ValueTask InitializeAsync()
    {
        await database.ExecuteAsync(
            """
            drop table if exists child, t, deferred;
            create table t (id int primary key, name text unique, n int);
            create table child (t_id int, note text);
            create table deferred (id int primary key, t_id int references t initially deferred);
            insert into t values (1, 'one', 1);
            """
        );
        _flow = DatabaseFlow.Postgres(database.ConnectionString);
    }

    public async ValueTask DisposeAsync()
    {
        await _flow.DisposeAsync();
        NpgsqlConnection.ClearAllPools();
    }

    [Theory]
    [InlineData(false, false)]
    [InlineData(false, true)]
    [InlineData(true, false)]
    [InlineData(true, true)]
    public async Task Run_ConnectionDiesBeforeTheCommitsAnswer_IsUnknownAndNotRepeated(bool arrives, bool isQuery)
    {
        await using var proxy = new CuttingProxy(new NpgsqlConnectionStringBuilder(database.ConnectionString).Port, "commit", arrives);
        var through = new NpgsqlConnectionStringBuilder(database.ConnectionString) { Host = "127.0.0.1", Port = proxy.Port };
        await using var flow = DatabaseFlow.Postgres(through.ConnectionString, """, "ssl": "disable" """);

        const string Insert = "insert into t (id, name, n) values (70, 'seventy', 1)";
        var error = isQuery
            ? DatabaseFlow.ResultOf(await flow.RunAsync(Insert, settings: """, "readOnly": false""")).Get("error")
            : await flow.StatementErrorAsync([Insert, "update t set n = 2 where id = 70"]);

        Assert.Equal("db.outcome_unknown", error.Get("code").ToText());
        Assert.Equal(1, proxy.Seen);
        Assert.Equal(arrives ? """[{"c":1}]""" : """[{"c":0}]""", await _flow.RowsAsync("select count(*) as c from t where id = 70"));
    }

    /// <summary>The server has said no: nothing is unknown.</summary>
    [Fact]
    public async Task Run_CommitIsRefused_IsToldAsTheServersAnswer()
    {
        var error = await _flow.StatementErrorAsync(["insert into deferred values (1, 999)", "select 1 as v"]);
        Assert.Equal(("db.query", FlowValue.Null), (error.Get("code").ToText(), error.Get("statement")));
        Assert.Contains("refused to commit (SQLSTATE 23503)", error.Get("message").ToText(), StringComparison.Ordinal);
        Assert.Equal("[]", await _flow.RowsAsync("select id from deferred"));
    }

    [Fact]
    public async Task Run_SerializationFailure_SaysThatItCanBeTriedAgain()
    {
        await using var other = new NpgsqlConnection(database.ConnectionString);
        await other.OpenAsync();
        await using var transaction = await other.BeginTransactionAsync();
        await using (var command = new NpgsqlCommand("update t set n = 7 where id = 1", other, transaction))
            await command.ExecuteNonQueryAsync();

        var failing = _flow.StatementErrorAsync([
            "set transaction isolation level repeatable read",
            "select n from t",
            "update t set n = n + 1 where id = 1",
        ]);
        await WaitForAsync("select count(*) = 1 from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'");
        await transaction.CommitAsync();

        var error = await failing;
        Assert.Equal(("db.query", "2"), (error.Get("code").ToText(), error.Get("statement").ToText()));
        Assert.Contains("40001", error.Get("message").ToText(), StringComparison.Ordinal);
        Assert.Contains("can be tried again", error.Get("message").ToText(), StringComparison.Ordinal);
    }

    /// <summary>What the engine learns of a parameter has the transaction begin anew: it is written once, and warned of once.</summary>
    [Fact]
    public async Task Run_TypeIsLearnedInTheSecondStatement_AllIsDoneOnce()
    {
        var run = await _flow.TransactAsync(
            [
                "insert into t (id, name, n) values (80, {{client.none}}, 1)",
                "select jsonb_build_object('a', {{client.v}}) as v, {{statements[0].affectedRows}} as n",
            ],
            """{ "v": "x" }""",
            services: RunServices.Default with
            {
                Trace = true,
            }
        );

        Assert.Equal("""[{"v":{"a":"x"},"n":1}]""", DatabaseFlow.ResultOf(run).Get("statements").Get(1).Get("rows").ToJson());
        Assert.Single(run.Trace![0].Warnings);
        Assert.Equal("""[{"c":1}]""", await _flow.RowsAsync("select count(*) as c from t where id = 80"));
    }

    /// <summary>The limit is the transaction's, not each statement's.</summary>
    [Fact]
    public async Task Run_RowsOfAllTogetherAreTooLarge_EndsWithTheStatementThatWasTooMuch()
    {
        const string Large = "select repeat('x', 3000000) as t";
        var error = await _flow.StatementErrorAsync([Large, Large]);
        Assert.Equal(("db.too_large", "1"), (error.Get("code").ToText(), error.Get("statement").ToText()));
    }

    /// <summary>What a statement leaves in its session is gone before the next one comes.</summary>
    [Fact]
    public async Task Run_LeavesSettingsAndLocks_TheNextFindsNone()
    {
        await _flow.StatementsAsync(["select set_config('app.who', 'ada', false)", "select pg_advisory_lock(7)"]);
        var rows = await _flow.RowsAsync(
            "select coalesce(current_setting('app.who', true), '') as who, (select count(*) from pg_locks where locktype = 'advisory') as c"
        );
        Assert.Matches(new Regex("""\[\{"who":"","c":0\}\]"""), rows);
    }

    private async Task WaitForAsync(string condition)
    {
        await using var connection = new NpgsqlConnection(database.ConnectionString);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(condition, connection);
        for (var started = Stopwatch.GetTimestamp(); await command.ExecuteScalarAsync() is not true; )
        {
            Assert.True(Stopwatch.GetElapsedTime(started).TotalSeconds < 10, condition);
            // Nobody tells when a session begins to wait for a lock.
            await Task.Delay(20);
        }
    }
}
