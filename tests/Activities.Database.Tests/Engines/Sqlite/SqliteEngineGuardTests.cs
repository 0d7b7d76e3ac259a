using FlowEngine.Context;
using FlowEngine.Database.Engines;
using FlowEngine.Database.Engines.Sqlite;
using Microsoft.Data.Sqlite;

namespace FlowEngine.Database.Tests.Engines.Sqlite;

/// <summary>What SQLite itself refuses to a flow's SQL, and that nothing of a query is left for the next one.</summary>
public sealed class SqliteEngineGuardTests : IAsyncLifetime
{
    private const string Writing = """, "readOnly": false""";
    private readonly string _folder = Directory.CreateTempSubdirectory("flowengine-sqlite-").FullName;
    private DatabaseFlow _flow = null!;

    private string Other => Path.Combine(_folder, "other.db");

    public async ValueTask InitializeAsync()
    {
        await ExecuteAsync("people.db", "create table people (id integer primary key, token text); insert into people values (1, 'abc')");
        await ExecuteAsync("other.db", "create table users (name text, role text); insert into users values ('eve', 'designer')");
        _flow = new DatabaseFlow(
            """{ "engine": "sqlite", "file": "people.db", "maxPoolSize": 1 }""",
            Path.Combine(_folder, "db.connector.json")
        );
    }

    public async ValueTask DisposeAsync()
    {
        await _flow.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    [Theory]
    [InlineData("attach '{0}' as other")]
    [InlineData("detach main")]
    [InlineData("commit")]
    [InlineData("rollback")]
    [InlineData("end")]
    [InlineData("savepoint s")]
    [InlineData("pragma writable_schema = on")]
    [InlineData("pragma journal_mode = delete")]
    [InlineData("pragma query_only = off")]
    [InlineData("pragma temp_store_directory = '/tmp'")]
    [InlineData("pragma user_version = 7")]
    [InlineData("pragma recursive_triggers = on")]
    [InlineData("select load_extension('x')")]
    [InlineData("select * from pragma_database_list")]
    public async Task Query_StatementThatIsNoQuery_IsRefusedBySqlite(string query)
    {
        foreach (var settings in new[] { "", Writing })
        {
            var (code, message) = await _flow.ErrorAsync(query.Replace("{0}", Other, StringComparison.Ordinal), "{}", settings);
            Assert.Equal("db.query", code);
            Assert.Contains("SQLite error ", message, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("commit; attach '{0}' as other; update other.users set role = 'admin'")]
    [InlineData("insert into people (token) values ('x'); commit; attach '{0}' as other; update other.users set role = 'admin'; begin")]
    [InlineData("commit; vacuum into '{0}.copy'")]
    [InlineData("vacuum into '{0}.copy'")]
    public async Task Query_WayToAnotherFile_IsClosed(string query)
    {
        await _flow.ErrorAsync(query.Replace("{0}", Other, StringComparison.Ordinal), "{}", Writing);

        Assert.False(File.Exists(Other + ".copy"));
        await using var other = new DatabaseFlow(
            """{ "engine": "sqlite", "file": "other.db" }""",
            Path.Combine(_folder, "db.connector.json")
        );
        Assert.Equal("""[{"role":"designer"}]""", await other.RowsAsync("select role from users"));
        Assert.Equal("""[{"n":1}]""", await _flow.RowsAsync("select count(*) as n from people"));
    }

    [Theory]
    [InlineData("pragma table_info(people)")]
    [InlineData("select name from pragma_table_info('people')")]
    [InlineData("pragma user_version")]
    [InlineData("pragma data_version")]
    [InlineData("with recursive n(i) as (select 1 union all select i + 1 from n limit 3) select i, upper('x') from n")]
    public async Task Query_StatementThatReads_IsTaken(string query) => Assert.NotEqual("[]", await _flow.RowsAsync(query));

    [Fact]
    public async Task ReadOnly_TemporaryTable_CannotBeMade() =>
        Assert.Equal("db.query", (await _flow.ErrorAsync("create temp table people as select 1 as id, 'mine' as token")).Code);

    [Theory]
    [InlineData("create temp table people as select 9 as id, 'mine' as token")]
    [InlineData("create temp view people as select 9 as id, 'mine' as token")]
    [InlineData("create temp trigger tr after insert on people begin delete from people; end")]
    public async Task Writing_TemporaryThings_AreGoneBeforeTheNextQuery(string query)
    {
        await _flow.ResultAsync(query, "{}", Writing);

        Assert.Equal("""[{"id":1}]""", await _flow.RowsAsync("select id from people"));
        await _flow.ResultAsync("insert into people values (2, 'x')", "{}", Writing);
        Assert.Equal("""[{"n":2}]""", await _flow.RowsAsync("select count(*) as n from people"));
        Assert.Equal("""[{"n":0}]""", await _flow.RowsAsync("select count(*) as n from sqlite_temp_schema"));
    }

    [Fact]
    public async Task ReadOnly_ConnectionIsUsedAgain_AndStillGuarded()
    {
        for (var i = 0; i < 3; i++)
        {
            Assert.Equal("""[{"n":1}]""", await _flow.RowsAsync("select count(*) as n from people"));
            Assert.Equal("db.query", (await _flow.ErrorAsync($"attach '{Other}' as other")).Code);
        }
    }

    [Theory]
    [InlineData("select 1; delete from people", true)]
    [InlineData("select 1; select 2", true)]
    [InlineData("select 1; nonsense", true)]
    [InlineData("select ';'; -- done; really", false)]
    [InlineData(" ; select 1", false)]
    public async Task RefuseSeveral_Text_IsReadAsSqliteReadsIt(string sql, bool refused)
    {
        await using var connection = new SqliteConnection($"Data Source={Path.Combine(_folder, "people.db")};Pooling=false");
        await connection.OpenAsync();
        var error = Record.Exception(() => SqliteEngine.RefuseSeveral(connection.Handle!, sql, "A read-only query"));
        Assert.Equal(refused, error is DatabaseRefusal);
    }

    [Theory]
    [InlineData("token = {{client.v}}", "0")]
    [InlineData("token = {{client.v}}", "false")]
    [InlineData("lower(token) = {{client.v}}", "0")]
    [InlineData("token in ({{client.v}})", "0")]
    [InlineData("+token = {{client.v}}", "true")]
    public async Task Query_NumberAgainstText_DoesNotMatchByCoercion(string condition, string value) =>
        Assert.Equal(
            """[{"n":0}]""",
            await _flow.RowsAsync($"select count(*) as n from people where {condition}", $$"""{ "v": {{value}} }""")
        );

    private async Task ExecuteAsync(string file, string sql)
    {
        await using var connection = new SqliteConnection($"Data Source={Path.Combine(_folder, file)};Pooling=false");
        await connection.OpenAsync();
        await using var command = new SqliteCommand(sql, connection);
        await command.ExecuteNonQueryAsync();
    }
}
