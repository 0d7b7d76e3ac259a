using FlowEngine.TestServers;

namespace FlowEngine.Database.Tests.Engines.Postgres;

/// <summary>Sessions of PostgreSQL are used again: what a query did to one never
/// shows in the next, and what was prepared in one is never stale.</summary>
[Collection(nameof(PostgresCollection))]
public sealed class PostgresEngineSessionTests(PostgresDatabase database) : IClassFixture<PostgresDatabase>, IAsyncLifetime
{
    private const string Writing = """, "readOnly": false""";

    /// <summary>All that the queries below could leave behind, of a session.</summary>
    private const string Session = """
        select current_setting('search_path') as path, coalesce(current_setting('app.tenant', true), '') as tenant,
          current_user::text as who,
            (select count(*) from pg_class where relname = 'leftover') as tables, (select count(*) from pg_cursors) as cursors,
              (select count(*) from pg_listening_channels()) as channels,
            (select count(*) from pg_locks where locktype = 'advisory') as locks
        """;

    private DatabaseFlow _flow = null!;

    public async ValueTask InitializeAsync()
    {
        await database.ExecuteAsync(
            """
            drop table if exists t;
            create table t (id int primary key, name text);
            insert into t values (1, 'one');
            create or replace function lock_somebody(text) returns boolean language sql as
              'select pg_advisory_lock(hashtext($1)); select true';
            """
        );
        // One session, so that the next query gets that of the one before.
        _flow = DatabaseFlow.Postgres(database.ConnectionString, """, "maxPoolSize": 1""");
    }

    public ValueTask DisposeAsync() => _flow.DisposeAsync();

    [Theory]
    [InlineData("set search_path to nowhere", Writing)]
    [InlineData("set search_path to nowhere", "")]
    [InlineData("select set_config('app.tenant', 'a', false)", Writing)]
    [InlineData("select set_config('app.tenant', 'a', false)", "")]
    [InlineData("create temp table leftover (id int)", Writing)]
    [InlineData("declare c cursor with hold for select 1", Writing)]
    [InlineData("declare c cursor with hold for select 1", "")]
    [InlineData("listen x", Writing)]
    [InlineData("set session authorization pg_monitor", Writing)]
    [InlineData("select pg_advisory_lock(7)", Writing)]
    [InlineData("select pg_advisory_lock(7)", "")]
    [InlineData("select PG_TRY_ADVISORY_LOCK(7)", "")]
    [InlineData("select lock_somebody('ada')", "")]
    [InlineData("select public . lock_somebody('ada'), count(*) from t", "")]
    [InlineData("select \"lock_somebody\"('ada')", "")]
    [InlineData("select pg_advisory_lock(7), 1 / 0", Writing)]
    public async Task Query_ThatChangesItsSession_LeavesNothingForTheNext(string query, string settings)
    {
        var fresh = await _flow.RowsAsync(Session);
        var process = await _flow.RowsAsync("select pg_backend_pid() as pid");

        await _flow.ResultAsync(query, default(Context.FlowValue), settings);

        Assert.Equal(fresh, await _flow.RowsAsync(Session));
        Assert.Equal(process, await _flow.RowsAsync("select pg_backend_pid() as pid"));
    }

    [Fact]
    public async Task Query_SeenAgain_IsPrepared()
    {
        for (var i = 0; i < 4; i++)
            Assert.Equal(
                """[{"name":"one"}]""",
                await _flow.RowsAsync("select name from t where id = {{client.id}} /* seen again */", """{ "id": 1 }""")
            );

        Assert.Equal(
            """[{"n":1}]""",
            await _flow.RowsAsync(
                "select count(*) as n from pg_prepared_statements where statement "
                    + "like '%seen again%' and statement not like '%pg_prepared%'"
            )
        );
    }

    [Theory]
    [InlineData("")]
    [InlineData(Writing)]
    public async Task Query_ColumnsThatChangedUnderIt_IsPreparedAnew(string settings)
    {
        for (var i = 0; i < 4; i++)
            Assert.Equal("""[{"id":1,"name":"one"}]""", await _flow.RowsAsync("select * from t", "{}", settings));

        await database.ExecuteAsync("alter table t add column age int default 36");

        for (var i = 0; i < 4; i++)
            Assert.Equal("""[{"id":1,"name":"one","age":36}]""", await _flow.RowsAsync("select * from t", "{}", settings));
    }

    [Fact]
    public async Task Query_BehindAPoolerThatSharesSessions_IsNeverAnothers()
    {
        await using var pooler = await PgBouncer.StartAsync(database.ConnectionString, sessions: 2);
        // Two processes of ours: each would give its statements the names that the other gives to its own.
        await using var one = DatabaseFlow.Postgres(pooler.ConnectionString);
        await using var other = DatabaseFlow.Postgres(pooler.ConnectionString);
        var queries = Enumerable
            .Range(0, 400)
            .Select(async i =>
            {
                var (flow, text) = i % 2 == 0 ? (one, "one") : (other, "other");
                Assert.Equal(
                    $$"""[{"mine":"{{text}} {{i}}"}]""",
                    await flow.RowsAsync($"select '{text} ' || {{{{client.i}}}}::text as mine", $$"""{ "i": {{i}} }""")
                );
            });
        await Task.WhenAll(queries);

        Assert.Equal("""[{"n":0}]""", await one.RowsAsync("select count(*) as n from pg_prepared_statements where name <> ''"));
        var test = await one.Connector.Connector.TestAsync(default, TestContext.Current.CancellationToken);
        Assert.Equal("true", test.Get("ok").ToText());
    }
}
