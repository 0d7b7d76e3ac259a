namespace FlowEngine.Database.Tests.Engines.Postgres;

/// <summary>That a read-only query on PostgreSQL writes nothing, and that one that may write does.</summary>
[Collection(nameof(PostgresCollection))]
public sealed class PostgresEngineReadOnlyTests(PostgresDatabase database) : IClassFixture<PostgresDatabase>, IAsyncLifetime
{
    private const string Writing = """, "readOnly": false""";
    private DatabaseFlow _flow = null!;

    public async ValueTask InitializeAsync()
    {
        await database.ExecuteAsync(
            """
            drop table if exists t;
            drop sequence if exists s;
            drop function if exists write_anyway;
            drop procedure if exists commit_and_write;
            create table t (id int primary key, name text);
            insert into t values (1, 'one');
            create sequence s;
            create function write_anyway() returns int language plpgsql as $$ begin insert into t values (99, 'x'); return 1; end $$;
            create procedure commit_and_write() language plpgsql as $$ begin commit; insert into t values (98, 'x'); commit; end $$;
            """
        );
        _flow = DatabaseFlow.Postgres(database.ConnectionString);
    }

    public ValueTask DisposeAsync() => _flow.DisposeAsync();

    [Theory]
    [InlineData("insert into t values (2, 'two')")]
    [InlineData("update t set name = 'x' returning id")]
    [InlineData("delete from t")]
    [InlineData("with w as (delete from t returning id) select count(*) from w")]
    [InlineData("with w as (insert into t values (3, 'x') returning id) select id from w")]
    [InlineData("select write_anyway()")]
    [InlineData("select nextval('s')")]
    [InlineData("select * from t for update")]
    [InlineData("create table u (id int)")]
    [InlineData("truncate t")]
    [InlineData("drop table t")]
    [InlineData("do $$ begin insert into t values (4, 'x'); end $$")]
    public async Task ReadOnly_WritingStatement_Fails(string query)
    {
        var (code, message) = await _flow.ErrorAsync(query);
        Assert.Equal("db.read_only", code);
        Assert.Contains("25006", message, StringComparison.Ordinal);
        await AssertNothingWrittenAsync();
    }

    [Theory]
    [InlineData("do $$ begin commit; insert into t values (5, 'x'); end $$")]
    [InlineData("do $$ begin set transaction read write; insert into t values (5, 'x'); end $$")]
    [InlineData("do $$ begin perform set_config('transaction_read_only', 'off', false); insert into t values (5, 'x'); end $$")]
    [InlineData("call commit_and_write()")]
    public async Task ReadOnly_StatementThatTriesToEscape_Fails(string query)
    {
        await _flow.ErrorAsync(query);
        await AssertNothingWrittenAsync();
    }

    [Theory]
    [InlineData("commit")]
    [InlineData("set transaction read write")]
    [InlineData("set session characteristics as transaction read write")]
    [InlineData("set default_transaction_read_only = off")]
    public async Task ReadOnly_StatementThatLiftsTheTransaction_LeavesNothingForTheNextQuery(string query)
    {
        await _flow.ResultAsync(query);
        Assert.Equal("db.read_only", (await _flow.ErrorAsync("insert into t values (6, 'x')")).Code);
        await AssertNothingWrittenAsync();
    }

    /// <summary>PostgreSQL takes every byte from 0x80 for a letter of a dollar quote's tag:
    /// what stood behind it was hidden from the lexer, and a row was inserted.</summary>
    [Theory]
    [InlineData("select $\u00d7$'$\u00d7$; commit; insert into t values (66, 'x'); begin; select '1'")]
    [InlineData("select $\u00a0$'$\u00a0$; commit; insert into t values (66, 'x'); begin; select '1'")]
    [InlineData("select 1 as \u00d7$x$; commit; insert into t values (66, 'x'); begin; select 1 as \u00d7$x$")]
    public async Task ReadOnly_StatementsBehindAForeignDollarQuote_AreSeen(string query)
    {
        Assert.Equal(["db.statements"], _flow.Problems(query));
        await AssertNothingWrittenAsync();
    }

    /// <summary>Where a backslash escapes, the lexer takes two statements for one. The server does not, and takes one only.</summary>
    [Theory]
    [InlineData("")]
    [InlineData("{{client.one}}, ")]
    public async Task ReadOnly_StatementsThatTheLexerDoesNotSee_AreRefusedByTheProtocol(string column)
    {
        await database.ExecuteAsync(
            "do $$ begin execute format('alter database %I set standard_conforming_strings = off', current_database()); end $$"
        );
        try
        {
            await using var flow = DatabaseFlow.Postgres(database.ConnectionString);
            var query = $"select {column}'a\\''; commit; insert into t values (66, $$x$$); select '1'";
            Assert.Empty(flow.Problems(query));
            foreach (var settings in new[] { "", Writing })
                Assert.Equal("db.query", (await flow.ErrorAsync(query, """{ "one": 1 }""", settings)).Code);
            await AssertNothingWrittenAsync();
        }
        finally
        {
            await database.ExecuteAsync(
                "do $$ begin execute format('alter database %I reset standard_conforming_strings', current_database()); end $$"
            );
        }
    }

    [Fact]
    public async Task Query_NumberAgainstText_IsAnErrorAndNoMatch() =>
        Assert.Equal("db.query", (await _flow.ErrorAsync("select * from t where name = {{client.v}}", """{ "v": 0 }""")).Code);

    [Fact]
    public async Task Writing_InsertReturning_WritesAndCounts()
    {
        var result = await _flow.ResultAsync(
            "insert into t values ({{client.id}}, {{client.name}}), (3, 'three') returning id, name",
            """{ "id": 2, "name": "two" }""",
            Writing
        );
        Assert.Equal(
            """{"rows":[{"id":2,"name":"two"},{"id":3,"name":"three"}],"first":"""
                + """{"id":2,"name":"two"},"rowCount":2,"affectedRows":2,"truncated":false}""",
            result.ToJson()
        );
        Assert.Equal("""[{"n":3}]""", await _flow.RowsAsync("select count(*) as n from t"));
    }

    [Fact]
    public async Task Writing_WithoutReturning_HasNoRows() =>
        Assert.Equal(
            """{"rows":[],"first":null,"rowCount":0,"affectedRows":1,"truncated":false}""",
            (await _flow.ResultAsync("update t set name = 'x'", "{}", Writing)).ToJson()
        );

    [Fact]
    public async Task Writing_MoreRowsThanAreRead_WritesAllOfThem()
    {
        var result = await _flow.ResultAsync(
            "insert into t select i, 'x' from generate_series(10, 2009) i returning id",
            "{}",
            Writing + """, "maxRows": 3"""
        );
        Assert.Equal(
            "3 2000 true",
            $"{result.Get("rowCount").ToText()} {result.Get("affectedRows").ToText()} {result.Get("truncated").ToText()}"
        );
        Assert.Equal("""[{"n":2001}]""", await _flow.RowsAsync("select count(*) as n from t"));
    }

    [Fact]
    public async Task Writing_FailsHalfway_WritesNothing()
    {
        await _flow.ErrorAsync("with w as (insert into t values (2, 'x') returning id) select 1 / (id - 2) from w", "{}", Writing);
        await AssertNothingWrittenAsync();
    }

    private async Task AssertNothingWrittenAsync() =>
        Assert.Equal("""[{"id":1,"name":"one"}]""", await _flow.RowsAsync("select id, name from t"));
}
