using System.Diagnostics;
using FlowEngine.Context;
using MySqlConnector;

namespace FlowEngine.Database.Tests.Engines.MySql;

/// <summary>The engine <c>mysql</c> on a MariaDB server whose own time zone is not UTC.</summary>
public sealed class MySqlEngineTests(MariaDbFixture server) : IClassFixture<MariaDbFixture>, IAsyncLifetime
{
    private const string Writing = """, "readOnly": false""";
    private const string OneSecond = """, "timeout": 1""";
    private DatabaseFlow _flow = null!;

    public async ValueTask InitializeAsync()
    {
        await server.ExecuteAsync(
            """
            drop table if exists t;
            drop procedure if exists commit_and_write;
            create table t (id int primary key auto_increment, name varchar(50) unique, n int);
            insert into t values (1, 'one', 1);
            create procedure commit_and_write() begin commit; insert into t values (98, 'x', 1); commit; end;
            """
        );
        _flow = new DatabaseFlow(server.Configuration());
    }

    public ValueTask DisposeAsync() => _flow.DisposeAsync();

    [Theory]
    [InlineData("tinyint(1)", "1", "true")]
    [InlineData("tinyint(4)", "1", "1")]
    [InlineData("bigint unsigned", "18446744073709551615", "18446744073709551615")]
    [InlineData("bigint", "-9223372036854775808", "-9223372036854775808")]
    [InlineData(
        "decimal(65,30)",
        "12345678901234567890123456789012345.123456789012345678901234567890",
        "12345678901234567890123456789012345.123456789012345678901234567890"
    )]
    [InlineData("decimal(10,2)", "1.50", "1.50")]
    [InlineData("double", "0.1", "0.1")]
    [InlineData("float", "1.1", "1.1")]
    [InlineData("date", "'2024-02-29'", "\"2024-02-29\"")]
    [InlineData("datetime", "'2024-02-29 03:04:05'", "\"2024-02-29T03:04:05\"")]
    [InlineData("datetime(6)", "'2024-02-29 03:04:05.678901'", "\"2024-02-29T03:04:05.678901\"")]
    [InlineData("timestamp", "from_unixtime(1709175845)", "\"2024-02-29T03:04:05Z\"")]
    [InlineData("time", "'-101:02:03'", "\"-101:02:03\"")]
    [InlineData("year", "2024", "2024")]
    [InlineData("char(36)", "'A0EEBC99-9C0B-4EF8-BB6D-6BB9BD380A11'", "\"A0EEBC99-9C0B-4EF8-BB6D-6BB9BD380A11\"")]
    [InlineData("binary(3)", "x'00ff10'", "\"AP8Q\"")]
    [InlineData("blob", "x'00ff10'", "\"AP8Q\"")]
    [InlineData("enum('a','b')", "'b'", "\"b\"")]
    [InlineData("varchar(20)", "'Zürich 😀'", "\"Zürich 😀\"")]
    [InlineData("int", "null", "null")]
    [InlineData("json", "'{\"a\": 1}'", "\"{\\\"a\\\": 1}\"")]
    public async Task Query_Column_IsWhatJsonUsersExpect(string type, string value, string json)
    {
        await server.ExecuteAsync($"drop table if exists typed; create table typed (v {type}); insert into typed values ({value});");
        Assert.Equal($"[{{\"v\":{json}}}]", await _flow.RowsAsync("select v from typed"));
        Assert.Equal($"[{{\"v\":{json}}}]", await _flow.RowsAsync("select v from typed where {{client.one}} = 1", """{ "one": 1 }"""));
    }

    [Fact]
    public async Task Query_ZeroDate_IsNull()
    {
        await server.ExecuteAsync(
            "set sql_mode = ''; drop table if exists zero; create table zero (v "
                + "datetime, d date); insert into zero values ('0000-00-00', '0000-00-00');"
        );
        Assert.Equal("""[{"v":null,"d":null}]""", await _flow.RowsAsync("select v, d from zero"));
    }

    [Theory]
    [InlineData("name = {{client.v}}", "\"one\"")]
    [InlineData("id = {{client.v}}", "\"1\"")]
    [InlineData("id = {{client.v}}", "1")]
    [InlineData("id < {{client.v}}", "1.5")]
    [InlineData("n = {{client.v}}", "true")]
    [InlineData("{{client.v}} is null", "null")]
    [InlineData("name like concat({{client.v}}, '%')", "\"on\"")]
    [InlineData("{{client.v}} = 18446744073709551615", "18446744073709551615")]
    [InlineData("json_contains({{client.v}}, concat('\"', name, '\"'))", "[\"one\",2]")]
    [InlineData("json_value({{client.v}}, '$.a') = 1", "{\"a\":1}")]
    public async Task Query_Parameter_IsTypedFromItsValue(string condition, string value) =>
        Assert.Equal(
            """[{"n":1}]""",
            await _flow.RowsAsync($"select count(*) as n from t where {condition} limit 5", $$"""{ "v": {{value}} }""")
        );

    [Theory]
    [MemberData(nameof(HostileTexts))]
    public async Task Query_HostileValue_IsDataAndNeverSql(string text)
    {
        var client = FlowValue.From(FlowShape.Of("v").With(FlowValue.From(text)));
        var result = await _flow.ResultAsync(
            "select {{client.v}} as echo, (select count(*) from t where name = {{client.v}}) as found",
            client
        );
        Assert.Equal(text, result.Get("first").Get("echo").ToText());
        Assert.Equal("0", result.Get("first").Get("found").ToText());
    }

    public static TheoryData<string> HostileTexts => new(Hostile.Texts);

    [Fact]
    public async Task Query_WithParameters_IsPreparedOnTheServer() =>
        Assert.Equal(
            """[{"prepared":1}]""",
            await _flow.RowsAsync(
                "select variable_value > 0 as prepared from information_schema.session_status where variable_name = {{client.v}}",
                """{ "v": "COM_STMT_PREPARE" }"""
            )
        );

    [Fact]
    public async Task Query_ServerWithoutBackslashEscapes_ValuesStillAreParameters()
    {
        await server.ExecuteAsync("set global sql_mode = 'NO_BACKSLASH_ESCAPES'");
        try
        {
            await using var flow = new DatabaseFlow(server.Configuration());
            var client = FlowValue.From(FlowShape.Of("v").With(FlowValue.From("\\' or 1=1 -- ")));
            Assert.Equal(
                "0",
                (await flow.ResultAsync("select count(*) as n from t where name = {{client.v}}", client)).Get("first").Get("n").ToText()
            );
        }
        finally
        {
            await server.ExecuteAsync("set global sql_mode = default");
        }
    }

    [Theory]
    [InlineData("insert into t (name) values ('x')")]
    [InlineData("update t set n = 2")]
    [InlineData("delete from t")]
    [InlineData("truncate table t")]
    [InlineData("call commit_and_write()")]
    public async Task ReadOnly_WritingStatement_Fails(string query)
    {
        var (code, message) = await _flow.ErrorAsync(query);
        Assert.Equal("db.read_only", code);
        Assert.Contains("1792", message, StringComparison.Ordinal);
        Assert.Equal("""[{"id":1,"name":"one","n":1}]""", await _flow.RowsAsync("select * from t"));
    }

    /// <summary>A text that is executed is several statements, in a session that
    /// can be made one that writes: a row was written, and a file.</summary>
    [Theory]
    [InlineData(
        "execute immediate 'begin not atomic commit; set session transaction read write; insert into t (name) values (''x''); commit; end'"
    )]
    [InlineData("begin not atomic commit; set session transaction read write; insert into t (name) values ('x'); end")]
    [InlineData("select 'x' into outfile '/tmp/flowengine-outfile'")]
    [InlineData("select 1 # '\n; commit; insert into t (name) values (1) # '")]
    [InlineData("select '\\'; commit; insert into t (name) values (1); select '1'")]
    [InlineData("commit")]
    [InlineData("set session transaction read write")]
    [InlineData("create table u (id int)")]
    [InlineData("prepare s from 'commit'")]
    public void ReadOnly_StatementThatCouldLiftIt_IsRefusedWhenItIsCompiled(string query) =>
        Assert.Equal(["db.statements"], _flow.Problems(query));

    [Theory]
    [InlineData("(select 1 as v) union (select 2)")]
    [InlineData("select group_concat(id separator '; ') as v from t")]
    [InlineData("show tables")]
    [InlineData("-- what for\nselect 1 as v;")]
    public async Task ReadOnly_StatementThatReads_IsTaken(string query) => Assert.NotEqual("[]", await _flow.RowsAsync(query));

    /// <summary>MySQL makes a number of a text that is compared with one: every token that
    /// does not begin with a digit was equal to 0, and signed somebody else in.</summary>
    [Theory]
    [InlineData("token = {{client.v}}", "0", "")]
    [InlineData("token = {{client.v}}", "false", "")]
    [InlineData("token = {{client.v}}", "1", "")]
    [InlineData("token in ({{client.v}}, {{client.v}})", "0", "")]
    [InlineData("coalesce({{client.v}}, token) = token", "0", "")]
    [InlineData("nullif(token, {{client.v}}) is null", "0", "")]
    [InlineData("case token when {{client.v}} then 1 end = 1", "0", "")]
    [InlineData("(token, id) = ({{client.v}}, 1)", "0", "")]
    [InlineData("exists (select 1 from (select {{client.v}} as v) p where p.v = token)", "0", "")]
    [InlineData("token = {{client.v}}", "\"abc\"", "1")]
    [InlineData("id = {{client.v}}", "2", "2")]
    [InlineData("big = {{client.v}}", "9007199254740993", "1")]
    [InlineData("big = {{client.v}}", "9007199254740992", "")]
    [InlineData("amount = {{client.v}}", "12345678901234567890.5", "1")]
    [InlineData("flag = {{client.v}}", "true", "1")]
    [InlineData("flag = {{client.v}}", "false", "2")]
    [InlineData("bits = {{client.v}}", "true", "1")]
    [InlineData("id < {{client.v}}", "1.5", "1")]
    [InlineData("id = {{client.v}} + 1", "1", "2")]
    public async Task Query_NumberAgainstText_DoesNotMatchByCoercion(string condition, string value, string ids)
    {
        await server.ExecuteAsync(
            """
            drop table if exists holders;
            create table holders (id int primary key, token varchar(50), big bigint, amount decimal(30, 10), flag boolean, bits bit(1));
            insert into holders values (1, 'abc', 9007199254740993, 12345678901234567890.5, true, b'1'), (2, '0e46', 7, 0, false, b'0');
            """
        );
        var result = await _flow.ResultAsync(
            $"select id from holders where {condition} order by id limit {{{{client.most}}}}",
            $$"""{ "v": {{value}}, "most": 5 }"""
        );
        Assert.True(result.Get("error").IsMissing, result.ToJson());
        result.Get("rows").TryGetArray(out var rows);
        Assert.Equal(ids, string.Join(' ', rows!.Select(row => row.Get("id").ToText())));
    }

    [Fact]
    public async Task Query_NumberAsAColumn_StaysANumber() =>
        Assert.Equal("""[{"v":5,"w":6}]""", await _flow.RowsAsync("select {{client.v}} as v, {{client.v}} + 1 as w", """{ "v": 5 }"""));

    [Fact]
    public async Task TestAsync_UserWhoMayReadServerFiles_Warns() =>
        Assert.Contains("FILE", (await _flow.Connector.TestAsync()).Get("warnings").ToJson(), StringComparison.Ordinal);

    [Fact]
    public async Task Writing_AfterAReadOnlyQueryOnTheSameConnection_Writes()
    {
        await using var flow = new DatabaseFlow(server.Configuration(""", "maxPoolSize": 1"""));
        await flow.RowsAsync("select 1");
        var result = await flow.ResultAsync(
            "insert into t (name) values ({{client.v}}); select last_insert_id() > 1 as made",
            """{ "v": "two" }""",
            Writing
        );
        Assert.Equal("""{"rows":[{"made":1}],"first":{"made":1},"rowCount":1,"affectedRows":1,"truncated":false}""", result.ToJson());
        Assert.Equal("""[{"n":2}]""", await flow.RowsAsync("select count(*) as n from t"));
    }

    [Fact]
    public async Task Writing_FailsHalfway_WritesNothing()
    {
        Assert.Equal(
            "db.query",
            (await _flow.ErrorAsync("insert into t (name) values ('two'); insert into t (id) values (1)", "{}", Writing)).Code
        );
        Assert.Equal("""[{"n":1}]""", await _flow.RowsAsync("select count(*) as n from t"));
    }

    [Fact]
    public async Task Query_SlowerThanTheTimeout_IsTimeoutAndTheConnectionStaysGood()
    {
        var started = Stopwatch.GetTimestamp();
        Assert.Equal("db.timeout", (await _flow.ErrorAsync("select benchmark(1000000000000, md5('x'))", "{}", OneSecond)).Code);
        Assert.InRange(Stopwatch.GetElapsedTime(started).TotalSeconds, 0.9, 4);
        Assert.Equal("""[{"v":1}]""", await _flow.RowsAsync("select 1 as v"));
    }

    [Fact]
    public async Task Query_WaitsForALock_IsTimeout()
    {
        await using var other = new MySqlConnection(server.ConnectionString);
        await other.OpenAsync();
        await using var transaction = await other.BeginTransactionAsync();
        await using (var command = new MySqlCommand("update t set n = 2", other, transaction))
            await command.ExecuteNonQueryAsync();
        Assert.Equal("db.timeout", (await _flow.ErrorAsync("update t set n = 3", "{}", OneSecond + Writing)).Code);
        await transaction.RollbackAsync();
        Assert.Equal("""[{"n":1}]""", await _flow.RowsAsync("select n from t"));
    }

    [Fact]
    public async Task Query_CallerCancels_IsNeitherErrorNorOutcome()
    {
        using var cancellation = new CancellationTokenSource(TimeSpan.FromMilliseconds(500));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() =>
            _flow.ResultAsync("select benchmark(1000000000000, md5('x'))", default, "", cancellation.Token)
        );
    }

    [Fact]
    public async Task Query_ConnectionsCutByTheServer_TheNextReadWorks()
    {
        await Task.WhenAll(Enumerable.Range(0, 3).Select(_ => _flow.RowsAsync("select sleep(0.2)")));
        await server.ExecuteAsync(
            "begin not atomic for c in (select id from information_schema.processlist "
                + "where user = 'flow' and id <> connection_id()) do kill c.id; end for; end"
        );
        Assert.Equal("""[{"v":1}]""", await _flow.RowsAsync("select 1 as v"));
    }

    [Fact]
    public async Task Query_ManyRows_ReadsFewAndCancelsTheRest()
    {
        var started = Stopwatch.GetTimestamp();
        var result = await _flow.ResultAsync("select seq as id, repeat('x', 100) as filler from seq_1_to_200000000");
        Assert.Equal("100 true", $"{result.Get("rowCount").ToText()} {result.Get("truncated").ToText()}");
        Assert.InRange(Stopwatch.GetElapsedTime(started).TotalSeconds, 0, 4.9);
        Assert.Equal("""[{"v":1}]""", await _flow.RowsAsync("select 1 as v"));
    }

    [Fact]
    public async Task Query_PasswordWrong_IsConnect()
    {
        await using var flow = new DatabaseFlow(
            $$"""{ "engine": "mysql", "host": "127.0.0.1", "port": {{server.Port}}, "database": "flows", "username": "flow","""
                + """ "password": "hunter2-secret" }"""
        );
        var (code, message) = await flow.ErrorAsync("select 1");
        Assert.Equal("db.connect", code);
        Assert.Contains("1045", message, StringComparison.Ordinal);
        Assert.DoesNotContain("hunter2", message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Query_NobodyListens_IsConnect()
    {
        await using var flow = new DatabaseFlow(
            """{ "engine": "mysql", "host": "127.0.0.1", "port": 1, "database": "flows", "username": "flow" }"""
        );
        Assert.Equal("db.connect", (await flow.ErrorAsync("select 1")).Code);
    }

    [Fact]
    public async Task Query_Refused_NamesMySqlsCodeAndHoldsNoValue()
    {
        var missing = await _flow.ErrorAsync("select * from no_such_table");
        Assert.Equal("db.query", missing.Code);
        Assert.Contains("MySQL error 1146, SQLSTATE 42S02", missing.Message, StringComparison.Ordinal);

        var duplicate = await _flow.ErrorAsync(
            "insert into t (name) select name from t where name = {{client.v}}",
            """{ "v": "one" }""",
            Writing
        );
        Assert.Contains("1062", duplicate.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("one", duplicate.Message.Replace("connection", "", StringComparison.Ordinal), StringComparison.Ordinal);

        var incorrect = await _flow.ErrorAsync("insert into t (n) values ({{client.v}})", """{ "v": "hunter2-value" }""", Writing);
        Assert.Equal("db.query", incorrect.Code);
        Assert.DoesNotContain("hunter2", incorrect.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task TestAsync_ServerAnswers_ReportsItsVersion()
    {
        var report = await _flow.Connector.TestAsync();
        Assert.Equal("true mysql", $"{report.Get("ok").ToText()} {report.Get("engine").ToText()}");
        Assert.Contains("MariaDB", report.Get("serverVersion").ToText(), StringComparison.Ordinal);
    }
}
