using System.Diagnostics;
using FlowEngine.Context;
using Microsoft.Data.Sqlite;

namespace FlowEngine.Database.Tests.Engines.Sqlite;

/// <summary>SQLite: types, parameters, read-only, locks and files.</summary>
public sealed class SqliteEngineTests : IAsyncLifetime
{
    private const string Writing = """, "readOnly": false""";
    private const string OneSecond = """, "timeout": 1""";
    private readonly string _folder = Directory.CreateTempSubdirectory("flowengine-sqlite-").FullName;
    private DatabaseFlow _flow = null!;

    private string File => Path.Combine(_folder, "people.db");

    public async ValueTask InitializeAsync()
    {
        await ExecuteAsync(
            """
            create table people (id integer primary key, name text, active boolean, born timestamp, extra json, photo blob, loose);
            insert into people values (1, 'Ada', 1, '2024-01-02 03:04:05.678', '{"a":[1]}', x'00ff10', 9223372036854775807);
            """
        );
        _flow = new DatabaseFlow("""{ "engine": "sqlite", "file": "people.db" }""", Path.Combine(_folder, "db.connector.json"));
    }

    public async ValueTask DisposeAsync()
    {
        await _flow.DisposeAsync();
        SqliteConnection.ClearAllPools();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public async Task Query_DeclaredTypes_AreWhatJsonUsersExpect() =>
        Assert.Equal(
            """[{"id":1,"name":"Ada","active":true,"born":"2024-01-02T03:04:05.678","extra":{"a":"""
                + """[1]},"photo":"AP8Q","loose":9223372036854775807}]""",
            await _flow.RowsAsync("select * from people")
        );

    [Theory]
    [InlineData("1", "1")]
    [InlineData("0.1", "0.1")]
    [InlineData("'text'", "\"text\"")]
    [InlineData("null", "null")]
    [InlineData("x'0102'", "\"AQI=\"")]
    [InlineData("1e999", "null")]
    [InlineData("-9223372036854775807 - 1", "-9223372036854775808")]
    [InlineData("datetime('2024-01-02 03:04:05')", "\"2024-01-02 03:04:05\"")]
    public async Task Query_Expression_HasTheTypeOfItsValue(string expression, string json) =>
        Assert.Equal($"[{{\"v\":{json}}}]", await _flow.RowsAsync($"select {expression} as v"));

    [Fact]
    public async Task Query_ColumnWithoutAType_TakesEachRowsOwn() =>
        Assert.Equal(
            """[{"v":1},{"v":"x"},{"v":null},{"v":1.5}]""",
            await _flow.RowsAsync("select 1 as v union all select 'x' union all select null union all select 1.5")
        );

    [Theory]
    [InlineData("name = {{client.v}}", "\"Ada\"")]
    [InlineData("id = {{client.v}}", "1")]
    [InlineData("id = {{client.v}}", "\"1\"")]
    [InlineData("active = {{client.v}}", "true")]
    [InlineData("loose = {{client.v}}", "9223372036854775807")]
    [InlineData("id < {{client.v}}", "1.5")]
    [InlineData("{{client.v}} is null", "null")]
    [InlineData("name like {{client.v}} || '%'", "\"A\"")]
    [InlineData("name in (select value from json_each({{client.v}}))", "[\"x\",\"Ada\"]")]
    [InlineData("{{client.v}} ->> 'a' = 1", "{\"a\":1}")]
    [InlineData("{{client.v}} = '12345678901234567890.5'", "12345678901234567890.5")]
    [InlineData("typeof({{client.v}}) = 'real'", "1.25")]
    public async Task Query_Parameter_IsTypedFromItsValue(string condition, string value) =>
        Assert.Equal(
            """[{"n":1}]""",
            await _flow.RowsAsync($"select count(*) as n from people where {condition}", $$"""{ "v": {{value}} }""")
        );

    [Theory]
    [MemberData(nameof(HostileTexts))]
    public async Task Query_HostileValue_IsDataAndNeverSql(string text)
    {
        var client = FlowValue.From(FlowShape.Of("v").With(FlowValue.From(text)));
        var result = await _flow.ResultAsync(
            "select {{client.v}} as echo, (select count(*) from people where name = {{client.v}}) as found",
            client
        );
        Assert.Equal(text, result.Get("first").Get("echo").ToText());
        Assert.Equal("0", result.Get("first").Get("found").ToText());
    }

    public static TheoryData<string> HostileTexts => new(Hostile.Texts);

    [Theory]
    [InlineData("insert into people (name) values ('x')")]
    [InlineData("delete from people returning id")]
    [InlineData("create table u (id)")]
    [InlineData("drop table people")]
    public async Task ReadOnly_WritingStatement_Fails(string query)
    {
        var (code, message) = await _flow.ErrorAsync(query);
        Assert.Equal("db.read_only", code);
        Assert.Contains("SQLite error 8", message, StringComparison.Ordinal);
        Assert.Equal("""[{"n":1}]""", await _flow.RowsAsync("select count(*) as n from people"));
    }

    [Theory]
    [InlineData("pragma query_only = off")]
    [InlineData("commit")]
    public async Task ReadOnly_StatementThatLiftsIt_LeavesNothingForTheNextQuery(string query)
    {
        Assert.Equal("db.query", (await _flow.ErrorAsync(query)).Code);
        Assert.Equal("db.read_only", (await _flow.ErrorAsync("insert into people (name) values ('x')")).Code);
    }

    [Fact]
    public async Task ReadOnly_AttachedDatabase_CannotBeMade()
    {
        var other = Path.Combine(_folder, "other.db");
        await _flow.ResultAsync("attach {{client.v}} as other", $$"""{ "v": {{FlowValue.From($"file:{other}?mode=rwc").ToJson()}} }""");
        Assert.False(System.IO.File.Exists(other));
    }

    [Fact]
    public async Task Writing_InsertReturning_WritesAndCounts()
    {
        var result = await _flow.ResultAsync(
            "insert into people (name) values ({{client.v}}), ('Bob') returning id, name",
            """{ "v": "Eve" }""",
            Writing + """, "maxRows": 1"""
        );
        Assert.Equal(
            """{"rows":[{"id":2,"name":"Eve"}],"first":{"id":2,"name":"Eve"},"rowCount":1,"affectedRows":2,"truncated":true}""",
            result.ToJson()
        );
        Assert.Equal("""[{"n":3}]""", await _flow.RowsAsync("select count(*) as n from people"));
    }

    [Fact]
    public async Task Writing_SeveralStatements_AreAllOrNothing()
    {
        Assert.Equal(
            "db.query",
            (await _flow.ErrorAsync("insert into people (name) values ('x'); insert into people (id) values (1)", "{}", Writing)).Code
        );
        Assert.Equal("""[{"n":1}]""", await _flow.RowsAsync("select count(*) as n from people"));
    }

    [Fact]
    public async Task Query_FileDoesNotExist_IsConnectAndCreatesNothing()
    {
        await using var flow = new DatabaseFlow(
            """{ "engine": "sqlite", "file": "missing.db" }""",
            Path.Combine(_folder, "db.connector.json")
        );
        Assert.Equal("db.connect", (await flow.ErrorAsync("select 1")).Code);
        Assert.Equal("db.connect", (await flow.ErrorAsync("create table t (id)", "{}", Writing)).Code);
        Assert.False(System.IO.File.Exists(Path.Combine(_folder, "missing.db")));
    }

    [Fact]
    public async Task Query_FileIsNoDatabase_IsConnect()
    {
        await System.IO.File.WriteAllTextAsync(Path.Combine(_folder, "text.db"), new string('x', 5000));
        await using var flow = new DatabaseFlow(
            """{ "engine": "sqlite", "file": "text.db" }""",
            Path.Combine(_folder, "db.connector.json")
        );
        Assert.Equal("db.connect", (await flow.ErrorAsync("select * from people")).Code);
    }

    [Fact]
    public async Task Query_AbsolutePath_IsTakenAsItIs()
    {
        await using var flow = new DatabaseFlow($$"""{ "engine": "sqlite", "file": {{FlowValue.From(File).ToJson()}} }""");
        Assert.Equal("""[{"name":"Ada"}]""", await flow.RowsAsync("select name from people"));
    }

    [Fact]
    public async Task Query_WaitsForALock_IsTimeout()
    {
        await using var other = new SqliteConnection($"Data Source={File};Pooling=false");
        await other.OpenAsync();
        await using var command = new SqliteCommand("begin exclusive", other);
        await command.ExecuteNonQueryAsync();

        var started = Stopwatch.GetTimestamp();
        Assert.Equal("db.timeout", (await _flow.ErrorAsync("select * from people", "{}", OneSecond)).Code);
        Assert.Equal("db.timeout", (await _flow.ErrorAsync("delete from people", "{}", OneSecond + Writing)).Code);
        Assert.InRange(Stopwatch.GetElapsedTime(started).TotalSeconds, 1.8, 5);

        await using var end = new SqliteCommand("rollback", other);
        await end.ExecuteNonQueryAsync();
        Assert.Equal("""[{"n":1}]""", await _flow.RowsAsync("select count(*) as n from people"));
    }

    [Theory]
    [InlineData("select length(hex(zeroblob(400000000))) as n", "db.too_large")]
    [InlineData("select printf('%.*c', 500000000, 'x') as n", "db.too_large")]
    [InlineData(
        "select group_concat(hex(zeroblob(400000)), '') as n from (select 1 union all select 2 union all select 3)",
        "db.too_large"
    )]
    [InlineData(
        "with recursive n(i) as (select 1 union all select i + 1 from n where i < 20) select hex(zeroblob(400000)) as n from n",
        "db.too_large"
    )]
    [InlineData("select hex(zeroblob(60000)) like '%' || hex(zeroblob(24000)) || '1' as n", "db.query")]
    [InlineData("select hex(zeroblob(60000)) glob '*' || hex(zeroblob(24000)) || '1' as n", "db.query")]
    public async Task Query_ValueThatGrows_EndsBeforeItTakesMemoryOrTime(string query, string code)
    {
        var before = GC.GetTotalAllocatedBytes();
        Assert.Equal(code, (await _flow.ErrorAsync(query)).Code);
        Assert.InRange(GC.GetTotalAllocatedBytes() - before, 0, 100_000_000);
        Assert.Equal("""[{"v":1}]""", await _flow.RowsAsync("select 1 as v"));
    }

    [Fact]
    public async Task Query_EndlessComputation_IsInterrupted()
    {
        var started = Stopwatch.GetTimestamp();
        Assert.Equal(
            "db.timeout",
            (
                await _flow.ErrorAsync(
                    "with recursive n(i) as (select 1 union all select i + 1 from n) select count(*) from n",
                    "{}",
                    OneSecond
                )
            ).Code
        );
        Assert.InRange(Stopwatch.GetElapsedTime(started).TotalSeconds, 0.9, 3);
        Assert.Equal("""[{"v":1}]""", await _flow.RowsAsync("select 1 as v"));
    }

    [Fact]
    public async Task Query_CallerCancels_IsNeitherErrorNorOutcome()
    {
        using var cancellation = new CancellationTokenSource(TimeSpan.FromMilliseconds(200));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() =>
            _flow.ResultAsync(
                "with recursive n(i) as (select 1 union all select i + 1 from n) select count(*) from n",
                default,
                "",
                cancellation.Token
            )
        );
        Assert.Equal("""[{"v":1}]""", await _flow.RowsAsync("select 1 as v"));
    }

    [Fact]
    public async Task Query_EndlessRows_ReadsFew()
    {
        var result = await _flow.ResultAsync(
            "with recursive n(i) as (select 1 union all select i + 1 from n) select i from n",
            "{}",
            """, "maxRows": 5"""
        );
        Assert.Equal("5 true", $"{result.Get("rowCount").ToText()} {result.Get("truncated").ToText()}");
    }

    [Fact]
    public async Task Query_PoolExhausted_IsTimeout()
    {
        await using var flow = new DatabaseFlow(
            """{ "engine": "sqlite", "file": "people.db", "maxPoolSize": 1 }""",
            Path.Combine(_folder, "db.connector.json")
        );
        using var cancellation = new CancellationTokenSource();
        var slow = flow.ResultAsync(
            "with recursive n(i) as (select 1 union all select i + 1 from n) select count(*) from n",
            default,
            """, "timeout": 60""",
            cancellation.Token
        );
        // Refused as soon as the slow one has the connection.
        var limit = TimeSpan.FromMinutes(1);
        for (var started = Stopwatch.GetTimestamp(); ; )
        {
            var run = await flow.RunAsync("select 1", settings: OneSecond);
            if (run.Failure is { } failure)
            {
                Assert.Equal("db.timeout", failure.Code);
                break;
            }
            Assert.True(Stopwatch.GetElapsedTime(started) < limit, "The slow query never got the connection.");
        }
        await cancellation.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => slow);
    }

    [Fact]
    public async Task Query_Refused_NamesSqlitesCode()
    {
        var (code, message) = await _flow.ErrorAsync("select * from no_such_table");
        Assert.Equal("db.query", code);
        Assert.Contains("SQLite error 1): no such table: no_such_table.", message, StringComparison.Ordinal);
    }

    private async Task ExecuteAsync(string sql)
    {
        await using var connection = new SqliteConnection($"Data Source={File};Pooling=false");
        await connection.OpenAsync();
        await using var command = new SqliteCommand(sql, connection);
        await command.ExecuteNonQueryAsync();
    }
}
