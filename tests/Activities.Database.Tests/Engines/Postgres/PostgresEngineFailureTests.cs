using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using FlowEngine.Context;
using FlowEngine.Execution;
using FlowEngine.TestServers;
using Npgsql;

namespace FlowEngine.Database.Tests.Engines.Postgres;

/// <summary>What becomes of a query when PostgreSQL is slow, away, full or refuses.</summary>
[Collection(nameof(PostgresCollection))]
public sealed class PostgresEngineFailureTests(PostgresDatabase database) : IClassFixture<PostgresDatabase>, IAsyncLifetime
{
    private const string OneSecond = """, "timeout": 1""";
    private const string Writing = """, "readOnly": false""";
    private string _database = "";
    private DatabaseFlow _flow = null!;

    public async ValueTask InitializeAsync()
    {
        _database = database.ConnectionString;
        await database.ExecuteAsync(
            """
            drop table if exists t;
            drop function if exists tell, shout;
            create table t (id int primary key, email text unique, secret_number int check (secret_number < 100));
            insert into t values (1, 'ada@example.com', 1);
            """
        );
        _flow = DatabaseFlow.Postgres(_database);
    }

    public async ValueTask DisposeAsync()
    {
        await _flow.DisposeAsync();
        NpgsqlConnection.ClearAllPools();
    }

    [Fact]
    public async Task Query_SlowerThanTheTimeout_IsTimeoutAndTheConnectionStaysGood()
    {
        var started = Stopwatch.GetTimestamp();
        var (code, message) = await _flow.ErrorAsync("select pg_sleep(30)", "{}", OneSecond);
        Assert.Equal("db.timeout", code);
        Assert.Contains("within 1 s", message, StringComparison.Ordinal);
        Assert.InRange(Stopwatch.GetElapsedTime(started).TotalSeconds, 0.9, 3);
        Assert.Equal("""[{"v":1}]""", await _flow.RowsAsync("select 1 as v"));
        await AssertIdleAsync();
    }

    [Fact]
    public async Task Query_WaitsForALock_IsTimeout()
    {
        await using var other = new NpgsqlConnection(_database);
        await other.OpenAsync();
        await using var transaction = await other.BeginTransactionAsync();
        await using (var command = new NpgsqlCommand("update t set secret_number = 2", other, transaction))
            await command.ExecuteNonQueryAsync();

        Assert.Equal("db.timeout", (await _flow.ErrorAsync("update t set secret_number = 3", "{}", OneSecond + Writing)).Code);
        await transaction.RollbackAsync();
        Assert.Equal("""[{"secret_number":1}]""", await _flow.RowsAsync("select secret_number from t"));
    }

    [Fact]
    public async Task Query_PoolExhausted_IsTimeoutAndNeverAHang()
    {
        await using var flow = DatabaseFlow.Postgres(_database, """, "maxPoolSize": 1""");
        using var cancellation = new CancellationTokenSource();
        var slow = flow.ResultAsync("select pg_sleep(30)", default, """, "timeout": 60""", cancellation.Token);
        await WaitForAsync(
            "select count(*) = 1 from pg_stat_activity where datname = current_database() "
                + "and query like '%pg_sleep%' and state = 'active' and pid <> pg_backend_pid()"
        );

        var (code, message) = await flow.ErrorAsync("select 1", "{}", OneSecond);
        Assert.Equal("db.timeout", code);
        Assert.Contains("All 1 connections", message, StringComparison.Ordinal);

        await cancellation.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => slow);
        Assert.Equal("""[{"v":1}]""", await flow.RowsAsync("select 1 as v"));
    }

    [Fact]
    public async Task Query_CallerCancels_IsNeitherErrorNorOutcome()
    {
        using var cancellation = new CancellationTokenSource();
        var query = _flow.ResultAsync("select pg_sleep(30)", default, "", cancellation.Token);
        await WaitForAsync(
            "select count(*) = 1 from pg_stat_activity where datname = current_database() "
                + "and query like '%pg_sleep%' and state = 'active' and pid <> pg_backend_pid()"
        );
        await cancellation.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => query);
        await AssertIdleAsync();
    }

    [Fact]
    public async Task Query_ConnectionsCutByTheServer_TheNextReadWorks()
    {
        // Several connections lie in the pool, and all of them are dead.
        await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => _flow.RowsAsync("select pg_sleep(0.2)")));
        await TerminateAsync();
        Assert.Equal("""[{"v":1}]""", await _flow.RowsAsync("select 1 as v"));
    }

    [Fact]
    public async Task Query_ConnectionsCutByTheServer_TheNextWriteHappensOnce()
    {
        await _flow.RowsAsync("select 1");
        await TerminateAsync();
        await _flow.RowsAsync("update t set secret_number = secret_number + 1", "{}", Writing);
        Assert.Equal("""[{"secret_number":2}]""", await _flow.RowsAsync("select secret_number from t"));
    }

    [Fact]
    public async Task Query_ServerRestartsBetweenTwoQueries_TheNextOneWorks()
    {
        Assert.SkipWhen(
            LocalPostgres.FindPrograms() is null,
            "A real restart needs a server of this machine's own; the tests with cut connections run anywhere."
        );
        await using var own = await LocalPostgres.StartNewAsync();
        await using var flow = DatabaseFlow.Postgres(own.ConnectionString);
        Assert.Equal("""[{"v":1}]""", await flow.RowsAsync("select 1 as v"));

        await own.RestartAsync();
        Assert.Equal("""[{"v":2}]""", await flow.RowsAsync("select 2 as v"));

        await own.StopAsync();
        var (code, message) = await flow.ErrorAsync("select 3 as v");
        Assert.Equal("db.connect", code);
        AssertNoSecret(message, own.ConnectionString);

        await own.StartAsync();
        Assert.Equal("""[{"v":4}]""", await flow.RowsAsync("select 4 as v"));
    }

    [Fact]
    public async Task Query_WriteCutWhileItRuns_IsNotRepeated()
    {
        var write = _flow.ErrorAsync(
            "with w as (update t set secret_number = secret_number + 1 returning 1) select pg_sleep(20) from w",
            "{}",
            Writing
        );
        await WaitForAsync(
            "select count(*) = 1 from pg_stat_activity where datname = current_database() "
                + "and query like '%pg_sleep%' and state = 'active' and pid <> pg_backend_pid()"
        );
        await TerminateAsync();
        var (code, message) = await write;
        Assert.Equal("db.connect", code);
        Assert.Contains("57P01", message, StringComparison.Ordinal);
        Assert.Equal("""[{"secret_number":1}]""", await _flow.RowsAsync("select secret_number from t"));
    }

    [Fact]
    public async Task Query_NobodyListens_IsConnect()
    {
        await using var flow = new DatabaseFlow(
            $$"""{ "engine": "postgres", "host": "127.0.0.1", "port": {{FreePort()}}, "database": "d", "username": "u","""
                + """ "password": "hunter2-secret" }"""
        );
        var (code, message) = await flow.ErrorAsync("select 1");
        Assert.Equal("db.connect", code);
        Assert.Contains("d on 127.0.0.1", message, StringComparison.Ordinal);
        Assert.DoesNotContain("hunter2", message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Query_ServerAcceptsAndSaysNothing_IsTimeoutWithinTheActivitysTime()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        await using var flow = new DatabaseFlow(
            $$"""{ "engine": "postgres", "host": "127.0.0.1", "port": {{((IPEndPoint)listener.LocalEndpoint).Port}},"""
                + """ "database": "d", "username": "u" }"""
        );
        var started = Stopwatch.GetTimestamp();
        Assert.Equal("db.timeout", (await flow.ErrorAsync("select 1", "{}", OneSecond)).Code);
        Assert.InRange(Stopwatch.GetElapsedTime(started).TotalSeconds, 0.9, 3);
    }

    [Theory]
    [InlineData("Password", "wrong-password-1", "28P01")]
    [InlineData("Database", "no_such_database", "3D000")]
    public async Task Query_LoginRefused_IsConnectWithTheServersCode(string key, string value, string state)
    {
        var connection = new NpgsqlConnectionStringBuilder(_database) { [key] = value };
        await using var flow = DatabaseFlow.Postgres(connection.ConnectionString);
        var (code, message) = await flow.ErrorAsync("select 1");
        Assert.Equal("db.connect", code);
        Assert.Contains(state, message, StringComparison.Ordinal);
        AssertNoSecret(message, connection.ConnectionString);
    }

    [Theory]
    [InlineData("select * from no_such_table", "42P01")]
    [InlineData("selec 1", "42601")]
    [InlineData("select 1/0", "22012")]
    [InlineData("select no_such_column from t", "42703")]
    public async Task Query_Refused_NamesTheSqlState(string query, string state)
    {
        var (code, message) = await _flow.ErrorAsync(query);
        Assert.Equal("db.query", code);
        Assert.Contains($"SQLSTATE {state}", message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Query_RefusedForItsText_SaysWhatTheServerSays() =>
        Assert.Contains(
            "relation \"no_such_table\" does not exist",
            (await _flow.ErrorAsync("select * from no_such_table where id = {{client.v}}", """{ "v": 1 }""")).Message,
            StringComparison.Ordinal
        );

    [Theory]
    [InlineData("select * from t where id = {{client.v}}", "\"hunter2-value\"")]
    [InlineData("insert into t values (2, {{client.v}}, 1)", "\"ada@example.com\"")]
    [InlineData("insert into t values (2, {{client.v}}, 5000)", "\"hunter2-value\"")]
    [InlineData("select {{client.v}}::timestamptz", "\"hunter2-value\"")]
    [InlineData("select jsonb({{client.v}})", "\"hunter2-value\"")]
    [InlineData("select email::int from t where email = {{client.v}}", "\"ada@example.com\"")]
    [InlineData("select email::int from t", "\"not the row's\"")]
    public async Task Query_Refused_MessageHoldsNoValue(string query, string value)
    {
        var (code, message) = await _flow.ErrorAsync(query, $$"""{ "v": {{value}} }""", Writing);
        Assert.Equal("db.query", code);
        Assert.DoesNotContain("hunter2", message, StringComparison.Ordinal);
        Assert.DoesNotContain("ada@", message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Query_RefusedWithASensitiveParameter_SaysNothingOfTheServers()
    {
        await PostgresFixture.ExecuteAsync(
            _database,
            "create function tell(x text) returns int language plpgsql as $$ begin raise exception 'reversed: %', reverse(x); end $$"
        );
        var client = FlowValue.From(FlowShape.Of("v").With(FlowValue.From("hunter2-value").AsSensitive()));
        var (code, message) = await _flow.ErrorAsync("select tell({{client.v}})", client);
        Assert.Equal("db.query", code);
        Assert.Contains("P0001", message, StringComparison.Ordinal);
        Assert.DoesNotContain("reversed", message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Query_RaisesAParameter_ItIsMasked()
    {
        await PostgresFixture.ExecuteAsync(
            _database,
            "create function shout(x text) returns int language plpgsql as $$ "
                + "begin raise exception 'no such person: % (%)', x, upper(x); end $$"
        );
        var message = (await _flow.ErrorAsync("select shout({{client.v}})", """{ "v": "hunter2-value" }""")).Message;
        Assert.Contains("no such person: *** (***)", message, StringComparison.Ordinal);
    }

    /// <summary>More rows than could be fetched in the time.</summary>
    [Fact]
    public async Task Query_ResultWithoutEnd_EndsAtItsLimitAndTheConnectionStaysGood()
    {
        Assert.Equal("db.too_large", (await _flow.ErrorAsync("select repeat('x', 1000000) as t from generate_series(1, 1000000)")).Code);
        Assert.Equal("""[{"v":1}]""", await _flow.RowsAsync("select 1 as v"));
    }

    [Fact]
    public async Task Query_MillionsOfRows_ReadsFewAndCancelsTheRest()
    {
        var started = Stopwatch.GetTimestamp();
        var allocated = GC.GetTotalAllocatedBytes();
        var result = await _flow.ResultAsync("select generate_series(1, 200000000) as id, repeat('x', 100) as filler");
        Assert.Equal("100 true", $"{result.Get("rowCount").ToText()} {result.Get("truncated").ToText()}");
        Assert.InRange(Stopwatch.GetElapsedTime(started).TotalSeconds, 0, 4.9);
        Assert.InRange(GC.GetTotalAllocatedBytes() - allocated, 0, 20_000_000);
        Assert.Equal("""[{"v":1}]""", await _flow.RowsAsync("select 1 as v"));
        await AssertIdleAsync();
    }

    [Fact]
    public async Task Query_ErrorHandledByTheFlow_LeavesByItsOwnOutcome()
    {
        var compiled = _flow.Compile("select 1/0", """, "errorHandling": { "Connector Execution": "ignore" }""");
        Assert.NotNull(compiled.Plan);
        var run = FlowRun.Start(compiled.Plan, new RunStart(), RunServices.Default);
        await FlowExecutor.AdvanceAsync(run);
        Assert.Equal(RunStatus.Completed, run.Status);
        Assert.Equal("db.query", run.Context.Error.Get("code").ToText());
        var result = run.Context.Get(Templates.ContextRoot.Connectors).Get("db");
        Assert.Equal("db.query", result.Get("error").Get("code").ToText());
        Assert.True(result.Get("rows").IsMissing);
    }

    [Fact]
    public async Task Query_ManyAtOnceOnAFullPool_AllSucceed()
    {
        await using var flow = DatabaseFlow.Postgres(_database, """, "maxPoolSize": 3""");
        var rows = await Task.WhenAll(
            Enumerable.Range(0, 60).Select(i => flow.RowsAsync("select {{client.i}} as i", $$"""{ "i": {{i}} }"""))
        );
        Assert.Equal(Enumerable.Range(0, 60).Select(i => $$"""[{"i":{{i}}}]"""), rows);
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private static void AssertNoSecret(string message, string connectionString)
    {
        var password = new NpgsqlConnectionStringBuilder(connectionString).Password!;
        Assert.DoesNotContain(password, message, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("Password=", message, StringComparison.OrdinalIgnoreCase);
    }

    private Task TerminateAsync() =>
        PostgresFixture.ExecuteAsync(
            _database,
            "select pg_terminate_backend(pid, 1000) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()"
        );

    /// <summary>No connection of ours still works or lies in a transaction.</summary>
    private Task AssertIdleAsync() =>
        WaitForAsync(
            "select count(*) = 0 from pg_stat_activity where datname = current_database() and state <> 'idle' and pid <> pg_backend_pid()"
        );

    private async Task WaitForAsync(string condition)
    {
        await using var connection = new NpgsqlConnection(_database);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(condition, connection);
        for (var started = Stopwatch.GetTimestamp(); ; )
        {
            if (await command.ExecuteScalarAsync() is true)
                return;
            Assert.True(Stopwatch.GetElapsedTime(started).TotalSeconds < 5, condition);
            await Task.Delay(20);
        }
    }
}
