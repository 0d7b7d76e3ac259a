using Dapper;
using FlowEngine.Execution;
using FlowEngine.Storage;
using FlowEngine.Storage.Engines;
using FlowEngine.TestServers;
using Microsoft.Data.Sqlite;
using Npgsql;

namespace FlowEngine.Storage.Tests;

/// <summary>Runs are found by their errors, by what people call themselves, and by what they can quote.</summary>
public sealed class RunSearchErrorsTests(PostgresFixture postgres)
{
    private const string Automatic =
        """{"count":2,"kinds":["""
        + """{"code":"http.connect","activity":"sub/profile","connector":"profile-api","handled":"automatic","count":2}]}""";

    private const string Two =
        """{"count":2,"kinds":[{"code":"db.timeout","activity":"lookup","connector":"users","handled":"ignore","count":1},"""
        + """{"code":"user.no_id","activity":"user","connector":null,"handled":"failed","count":1}]}""";

    private static CancellationToken Stop => TestStorage.Stop;

    [Theory]
    [ClassData(typeof(BothEngines))]
    public async Task Runs_WithErrors_AreFoundByCodeActivityAndConnectorHandledOrNot(StoreEngine engine)
    {
        await using var test = await TestStorage.CreateAsync(
            engine,
            postgres,
            options => options with { Trace = new() { Retention = TimeSpan.FromDays(1) } }
        );
        await AddAsync(test, "none", 0, run => run);
        await AddAsync(test, "waits", 1, run => run with { Errors = Automatic });
        await AddAsync(
            test,
            "failed",
            2,
            run => run with { Status = RunStatus.Failed, ErrorCode = "user.no_id", Errors = Two, FlowId = "other", State = null }
        );
        await AddAsync(test, "expired", 3, run => run with { Status = RunStatus.Failed, ErrorCode = "run.expired" });
        // Its second save has one more.
        var stamp = await AddAsync(test, "grows", 4, run => run with { Errors = Automatic });
        await test.Storage.Runs.SaveAsync(
            SampleRuns.Waiting("grows", TestStorage.Start.AddMinutes(4)) with
            {
                Errors = Automatic.Replace("http.connect", "http.tls", StringComparison.Ordinal),
            },
            stamp!.Value,
            RunExtras.None,
            Stop
        );

        Assert.Equal("grows failed waits", await IdsAsync(new RunFilter { HasErrors = true }));
        Assert.Equal("grows waits", await IdsAsync(new RunFilter { ErrorCode = "http.connect" }));
        Assert.Equal("grows", await IdsAsync(new RunFilter { ErrorCode = "http.tls" }));
        Assert.Equal("failed", await IdsAsync(new RunFilter { ErrorCode = "db.timeout" }));
        Assert.Equal("failed", await IdsAsync(new RunFilter { ErrorCode = "user.no_id" }));
        Assert.Equal("expired", await IdsAsync(new RunFilter { ErrorCode = "run.expired" }));
        Assert.Equal("failed", await IdsAsync(new RunFilter { FailureCode = "user.no_id" }));
        Assert.Equal("failed", await IdsAsync(new RunFilter { Status = RunStatus.Failed }));
        Assert.Equal("expired", await IdsAsync(new RunFilter { Status = RunStatus.Failed, IsExpired = true }));
        Assert.Equal("", await IdsAsync(new RunFilter { FailureCode = "db.timeout" }));
        Assert.Equal("grows waits", await IdsAsync(new RunFilter { ErrorConnector = "profile-api" }));
        Assert.Equal("failed", await IdsAsync(new RunFilter { ErrorActivity = "user" }));
        Assert.Equal(
            "grows waits",
            await IdsAsync(
                new RunFilter
                {
                    ErrorActivity = "sub/profile",
                    ErrorConnector = "profile-api",
                    HasErrors = true,
                }
            )
        );
        Assert.Equal("grows", await IdsAsync(new RunFilter { ErrorConnector = "profile-api", ErrorCode = "http.tls" }));
        Assert.Equal("", await IdsAsync(new RunFilter { ErrorConnector = "users", ErrorCode = "http.tls" }));
        Assert.Equal("failed", await IdsAsync(new RunFilter { HasErrors = true, FlowId = "other" }));
        Assert.Equal("waits", await IdsAsync(new RunFilter { ErrorCode = "http.connect", Until = TestStorage.Start.AddMinutes(2) }));
        Assert.Equal("", await IdsAsync(new RunFilter { ErrorCode = "' or 1=1 --", ErrorConnector = "%" }));

        // Page by page, each once.
        var first = await test.Storage.Search.ListAsync(new RunFilter { ErrorCode = "http.connect", Limit = 1 }, Stop);
        Assert.Equal(
            "waits",
            await IdsAsync(
                new RunFilter
                {
                    ErrorCode = "http.connect",
                    Limit = 1,
                    Cursor = first.Next,
                }
            )
        );
        Assert.Equal(Automatic, (await test.Storage.Search.FindAsync("waits", Stop))!.Errors);

        // What runs were found by goes with them.
        test.Time.Advance(TimeSpan.FromDays(3));
        while (await test.Storage.Cleaner.CleanBatchAsync(Stop) > 0) { }
        Assert.Equal(0L, await CountAsync(test, "select count(*) from runs"));
        Assert.Equal(0L, await CountAsync(test, "select count(*) from run_marks"));

        async Task<string> IdsAsync(RunFilter filter) =>
            string.Join(' ', (await test.Storage.Search.ListAsync(filter, Stop)).Runs.Select(run => run.Id));
    }

    [Theory]
    [ClassData(typeof(BothEngines))]
    public async Task Runs_AreFoundByAnyNameOfThePersonWhateverItsCase(StoreEngine engine)
    {
        await using var test = await TestStorage.CreateAsync(engine, postgres);
        await AddAsync(test, "reference", 0, run => run with { Reference = "Ada@Example.com" });
        await AddAsync(test, "email", 1, run => run with { Person = "u-1", Email = "ADA@example.com" });
        await AddAsync(test, "login", 2, run => run with { Person = "u-2", LoginId = " ada@example.com " });
        var stamp = await AddAsync(test, "user", 3, run => run with { Person = "ada@example.com", Reference = "grace@example.com" });
        await AddAsync(test, "none", 4, run => run);

        Assert.Equal("user login email reference", await IdsAsync("ada@example.com"));
        Assert.Equal("login email reference", await IdsAsync(" ADA@EXAMPLE.COM"));
        Assert.Equal("email", await IdsAsync("u-1"));
        Assert.Equal("", await IdsAsync("ada"));
        var page = await test.Storage.Search.ListAsync(new RunFilter { Person = "ada@example.com", Limit = 2 }, Stop);
        Assert.Equal(
            "email reference",
            string.Join(
                ' ',
                (
                    await test.Storage.Search.ListAsync(
                        new RunFilter
                        {
                            Person = "ada@example.com",
                            Limit = 2,
                            Cursor = page.Next,
                        },
                        Stop
                    )
                ).Runs.Select(run => run.Id)
            )
        );

        // What a save does not know any more stays.
        await test.Storage.Runs.SaveAsync(SampleRuns.Waiting("user", TestStorage.Start.AddMinutes(3)), stamp!.Value, RunExtras.None, Stop);
        Assert.Equal("user", await IdsAsync("grace@example.com"));
        Assert.Equal("grace@example.com", (await test.Storage.Search.FindAsync("user", Stop))!.Reference);
        Assert.Null((await test.Storage.Search.FindAsync("none", Stop))!.Reference);
        // Neither name nor reference stands there for whoever reads the database.
        Assert.Equal(
            0L,
            await CountAsync(
                test,
                "select count(*) from runs where cast(sealed_reference as text) like '%grace%' or cast(reference_key as text) like '%ada%'"
            )
        );

        async Task<string> IdsAsync(string person) =>
            string.Join(' ', (await test.Storage.Search.ListAsync(new RunFilter { Person = person }, Stop)).Runs.Select(run => run.Id));
    }

    [Theory]
    [ClassData(typeof(BothEngines))]
    public async Task Runs_AreFoundByTheirReferenceAndTheBeginningOfTheirId(StoreEngine engine)
    {
        await using var test = await TestStorage.CreateAsync(engine, postgres);
        // The order of the characters counts, not that of a language.
        string[] ids =
        [
            "aaaaaaaa-_-_bbbbbbbbbbbb",
            "aaaaaaaaAAAAbbbbbbbbbbbb",
            "aaaaaaab0000bbbbbbbbbbbb",
            "Aaaaaaaa0000bbbbbbbbbbbb",
            "zzzzzzzz____zzzzzzzzzzzz",
        ];
        for (var i = 0; i < ids.Length; i++)
            await AddAsync(test, ids[i], i, run => run);

        foreach (var id in ids)
        {
            Assert.True(RunReference.TryParse(RunReference.Of(id), out var reference));
            Assert.Equal([id], (await test.Storage.Search.FindByReferenceAsync(reference, Stop)).Select(run => run.Id));
        }
        Assert.Equal(
            ids[..2].Order(StringComparer.Ordinal),
            (await test.Storage.Search.FindByPrefixAsync("aaaaaaaa", Stop)).Select(run => run.Id).Order(StringComparer.Ordinal)
        );
        Assert.Equal([ids[0]], (await test.Storage.Search.FindByPrefixAsync("aaaaaaaa-_", Stop)).Select(run => run.Id));
        Assert.Equal([ids[4]], (await test.Storage.Search.FindByPrefixAsync("zzzzzzzz____", Stop)).Select(run => run.Id));
        Assert.Empty(await test.Storage.Search.FindByPrefixAsync("aaaaaaa", Stop));
        Assert.Empty(await test.Storage.Search.FindByPrefixAsync("%%%%%%%%", Stop));
    }

    [Theory]
    [ClassData(typeof(BothEngines))]
    public async Task Saves_AddUpTheTimeThatWasWorkedAndKeepWhereTheRunWaits(StoreEngine engine)
    {
        await using var test = await TestStorage.CreateAsync(engine, postgres);
        var stamp = await AddAsync(
            test,
            "r",
            0,
            run => run with { Worked = 40, Screen = """{"id":"sign-in","title":"Sign in","activity":"signIn"}""" }
        );
        Assert.Equal((40L, """{"id":"sign-in","title":"Sign in","activity":"signIn"}"""), await FoundAsync());

        await test.Storage.Runs.SaveAsync(
            SampleRuns.Waiting("r", TestStorage.Start) with
            {
                Worked = 2,
                Status = RunStatus.Completed,
            },
            stamp!.Value,
            RunExtras.None,
            Stop
        );
        Assert.Equal((42L, null), await FoundAsync());

        async Task<(long?, string?)> FoundAsync()
        {
            var found = (await test.Storage.Search.FindAsync("r", Stop))!;
            return (found.Worked, found.Screen);
        }
    }

    [Theory]
    [ClassData(typeof(BothEngines))]
    public async Task Runs_OfEachStatus_AreFoundByIt(StoreEngine engine)
    {
        await using var test = await TestStorage.CreateAsync(engine, postgres);
        foreach (var status in Enum.GetValues<RunStatus>())
            await AddAsync(
                test,
                status.ToName(),
                (int)status,
                run =>
                    run with
                    {
                        Status = status,
                        ErrorCode =
                            status is RunStatus.Failed ? "user.no_id"
                            : status is RunStatus.Cancelled ? "run.cancelled"
                            : null,
                    }
            );

        foreach (var status in Enum.GetValues<RunStatus>())
        {
            Assert.Equal(
                [status.ToName()],
                (await test.Storage.Search.ListAsync(new RunFilter { Status = status }, Stop)).Runs.Select(run => run.Id)
            );
            Assert.Equal(status, (await test.Storage.Runs.FindAsync(status.ToName(), Stop))!.Status);
        }
        Assert.Equal(4, (await test.Storage.Search.ListAsync(new RunFilter { IsEnded = true }, Stop)).Runs.Count);
    }

    /// <summary>What the release before stored keeps its meaning: a cancelled run was a failed one, with a code.</summary>
    [Theory]
    [ClassData(typeof(BothEngines))]
    public async Task Runs_OfTheReleaseBefore_AreCancelledOrHaveTheErrorThatTheyFailedWith(StoreEngine engine)
    {
        await using var test = await TestStorage.EmptyAsync(engine, postgres);
        var former =
            engine == StoreEngine.Postgres
                ? test.Options.Postgres!
                : $"Data Source={Path.Combine(test.Folder, "flowengine.db")};Pooling=false";
        MigrateTo(engine, former, "0007");
        await using (
            System.Data.Common.DbConnection connection =
                engine == StoreEngine.Postgres ? new NpgsqlConnection(former) : new SqliteConnection(former)
        )
        {
            await connection.OpenAsync(Stop);
            (string Id, int Status, string? Code)[] rows =
            [
                ("cancelled", 3, "run.cancelled"),
                ("failed", 3, "http.connect"),
                ("expired", 3, "run.expired"),
                ("completed", 2, null),
                ("waiting", 1, null),
            ];
            foreach (var row in rows)
            {
                await connection.ExecuteAsync(
                    """
                    insert into runs (id, flow_id, flow_version, status, step_token, stamp, saves, error_code, created_at, updated_at,
                      expires_at)
                    values (@Id, 'login', 1, @Status, '', 1, 2, @Code, @at, @at, @at)
                    """,
                    new
                    {
                        row.Id,
                        row.Status,
                        row.Code,
                        at = TestStorage.Start.ToUnixTimeMilliseconds(),
                    }
                );
            }
        }

        var storage = await test.OpenAsync();
        var search = storage.Search;
        // One that goes on may yet tell its reference. SQLite has no SHA-256: there, its next save says it.
        if (engine == StoreEngine.Postgres)
            Assert.Equal(
                [RunReference.NumberOf("waiting")],
                await storage.Database.ListAsync<long>("select short_ref from runs where short_ref is not null", null, Stop)
            );

        foreach (
            var (id, status, errors) in new[]
            {
                ("cancelled", RunStatus.Cancelled, false),
                ("failed", RunStatus.Failed, true),
                ("expired", RunStatus.Failed, false),
                ("completed", RunStatus.Completed, false),
                ("waiting", RunStatus.Waiting, false),
            }
        )
        {
            var run = (await search.FindAsync(id, Stop))!;
            Assert.Equal((status, errors), (run.Status, run.Errors is not null));
        }
        Assert.Equal(["failed"], (await search.ListAsync(new RunFilter { HasErrors = true }, Stop)).Runs.Select(run => run.Id));
        Assert.Equal(["failed"], (await search.ListAsync(new RunFilter { ErrorCode = "http.connect" }, Stop)).Runs.Select(run => run.Id));
        var error = Assert.Single(
            RunErrors.FromValue(FlowEngine.Json.JsonReading.Parse((await search.FindAsync("failed", Stop))!.Errors!))!.Kinds
        );
        Assert.Equal(new RunError("http.connect", "", null, ErrorHandling.Failed, 1), error);
    }

    /// <summary>What a login is stored with beyond what the release before stored,
    /// measured on both schemas; runs without errors have nothing of errors.</summary>
    [Theory]
    // Longer rows fill SQLite's pages worse.
    [InlineData(StoreEngine.Sqlite, 40, 450)]
    [InlineData(StoreEngine.Postgres, 60, 350)]
    public async Task ARun_TakesFewBytesMoreThanBefore(StoreEngine engine, int most, int mostWithReference)
    {
        const int count = 4_000;
        var bytes = new List<long>();
        foreach (
            var (last, columns, values) in new[]
            {
                ("0007", "", ""),
                ("0008", ", short_ref, worked", ", (i * 2654435761) % 1099511627776, 120"),
                (
                    "0008",
                    ", short_ref, worked, reference_key, sealed_reference",
                    $", (i * 2654435761) % 1099511627776, 120, {Bytes("16")}, {Bytes("110")}"
                ),
            }
        )
        {
            await using var test = await TestStorage.EmptyAsync(engine, postgres);
            var connectionString =
                engine == StoreEngine.Postgres
                    ? test.Options.Postgres!
                    : $"Data Source={Path.Combine(test.Folder, "flowengine.db")};Pooling=false";
            MigrateTo(engine, connectionString, last);
            await using System.Data.Common.DbConnection connection =
                engine == StoreEngine.Postgres ? new NpgsqlConnection(connectionString) : new SqliteConnection(connectionString);
            await connection.OpenAsync(Stop);
            var before = await SizeAsync(connection);
            await connection.ExecuteAsync(
                $"""
                with recursive n(i) as (select 1 union all select cast(i + 1 as bigint) from n where i < {count})
                insert into runs (id, flow_id, flow_version, status, step_token, sealed_state, stamp, saves, person, created_at,
                  updated_at, expires_at{columns})
                select 'id-of-a-run-' || i, 'login', 1, 2, '', {Bytes("900")}, i, 2, 'hash-of-a-person-' || i, i, i, i{values} from n
                """.Replace(
                    "select 1 union",
                    engine == StoreEngine.Postgres ? "select 1::bigint union" : "select 1 union",
                    StringComparison.Ordinal
                )
            );
            bytes.Add((await SizeAsync(connection) - before) / count);
        }

        TestContext.Current.TestOutputHelper!.WriteLine(
            $"{engine}: {bytes[0]} bytes a run before, {bytes[1]} now, {bytes[2]} with a reference"
        );
        Assert.InRange(bytes[1] - bytes[0], 0, most);
        Assert.InRange(bytes[2] - bytes[0], 0, mostWithReference);

        string Bytes(string length) =>
            engine == StoreEngine.Postgres ? $"decode(substr(repeat(md5(i::text), 60), 1, 2 * {length}), 'hex')" : $"randomblob({length})";

        async Task<long> SizeAsync(System.Data.Common.DbConnection connection) =>
            await connection.ExecuteScalarAsync<long>(
                engine == StoreEngine.Postgres
                    ? "select pg_total_relation_size('runs')"
                    : "select (select page_count from pragma_page_count) * (select page_size from pragma_page_size)"
            );
    }

    private static void MigrateTo(StoreEngine engine, string connectionString, string last)
    {
        var upgrade = (engine == StoreEngine.Postgres ? Migration.ToPostgres(connectionString) : Migration.ToSqlite(connectionString))
            .WithScripts(
                Migration.Scripts($"{engine}").Where(script => string.CompareOrdinal(Path.GetFileName(script.Name)[..4], last) <= 0)
            )
            .WithTransactionPerScript()
            .WithVariablesDisabled()
            .LogToNowhere()
            .Build();
        Assert.True(upgrade.PerformUpgrade().Successful);
    }

    private static Task<long> CountAsync(TestStorage test, string sql) => test.Storage.Database.FirstAsync<long>(sql, null, Stop);

    private static Task<long?> AddAsync(TestStorage test, string id, int minute, Func<RunRecord, RunRecord> change) =>
        test.Storage.Runs.AddAsync(change(SampleRuns.Waiting(id, TestStorage.Start.AddMinutes(minute))), RunExtras.None, Stop);
}
