using Dapper;
using FlowEngine.Execution;
using FlowEngine.Storage;
using FlowEngine.TestServers;

namespace FlowEngine.Storage.Tests.Engines;

/// <summary>With 100,000 runs stored, what a login does is found by index: no statement reads the table from end to end.</summary>
public sealed class StorageDatabaseIndexesTests(PostgresFixture postgres)
{
    private const int Count = 100_000;

    private const string Errors =
        """{"count":1,"kinds":[{"code":"user.no_id","activity":"user","connector":"users","handled":"failed","count":1}]}""";

    private static CancellationToken Stop => TestStorage.Stop;

    [Theory]
    [ClassData(typeof(BothEngines))]
    public async Task Statements_Over100000Runs_UseIndexes(StoreEngine engine)
    {
        await using var test = await TestStorage.CreateAsync(engine, postgres);
        await FillAsync(test.Storage);

        await AssertIndexedAsync(test.Storage, engine, RunStore.Find, new { Id = "run-77777" });
        await AssertIndexedAsync(test.Storage, engine, RunStore.Exists, new { Id = "run-77777" });
        await AssertIndexedAsync(
            test.Storage,
            engine,
            "update runs set status = status where id = @Id and (stamp = @Stamp or stamp = @Next)",
            new
            {
                Id = "run-77777",
                Stamp = 1L,
                Next = 2L,
            }
        );
        await AssertIndexedAsync(test.Storage, engine, RunSearch.Trace, new { runId = "run-77777" });
        var cleaning = new { before = TestStorage.Start.ToUnixTimeMilliseconds() + 5000, batch = 500 };
        await AssertIndexedAsync(test.Storage, engine, test.Storage.Cleaner.ExpirableRuns, cleaning);
        await AssertIndexedAsync(test.Storage, engine, test.Storage.Cleaner.RemovableRuns, cleaning);
        await AssertIndexedAsync(test.Storage, engine, test.Storage.Cleaner.UnstartedRuns, cleaning);
        var budget = new TraceBudget(test.Storage.Database, test.Options, test.Time);
        await AssertIndexedAsync(test.Storage, engine, budget.Measure, new { first = 1_000L, beyond = 2_000L });

        await AssertIndexedAsync(
            test.Storage,
            engine,
            RunStore.Stopped,
            new
            {
                before = 1L,
                later = 9L,
                time = 0L,
                number = 0L,
                now = 0L,
                limit = 32,
            }
        );

        // A minute of a million runs a day is some 700 of them.
        var minute = new
        {
            from = TestStorage.Start.ToUnixTimeMilliseconds() + 50_000,
            until = TestStorage.Start.ToUnixTimeMilliseconds() + 50_700,
        };
        await AssertIndexedAsync(test.Storage, engine, CountStore.Started, minute);
        await AssertIndexedAsync(test.Storage, engine, CountStore.Ended, minute);

        var start = (UnixTime)TestStorage.Start;
        await AssertIndexedAsync(test.Storage, engine, test.Storage.FormerRows.PlainPeople, new { batch = 500 });
        await AssertIndexedAsync(test.Storage, engine, test.Storage.FormerRows.PlainTraces, new { batch = 500 });

        RunFilter[] filters =
        [
            new(),
            new() { Cursor = "1.1" },
            new() { FlowId = "flow-3" },
            new() { FlowId = "flow-3", Cursor = "1.1" },
            new() { Person = "person-77" },
            new() { FailureCode = "user.no_id" },
            new() { ErrorCode = "user.no_id" },
            new() { ErrorCode = "user.no_id", Cursor = "1.1" },
            new() { ErrorConnector = "users" },
            new() { ErrorActivity = "user", ErrorConnector = "users" },
            new()
            {
                ErrorCode = "user.no_id",
                ErrorActivity = "user",
                ErrorConnector = "users",
            },
            new() { HasErrors = true },
            new() { HasErrors = true, Cursor = "1.1" },
            new() { Status = RunStatus.Waiting },
            new() { Status = RunStatus.Failed },
            new() { Status = RunStatus.Failed, IsExpired = true },
            new() { Status = RunStatus.Refused },
            new() { Status = RunStatus.Cancelled },
            new() { From = start, Until = start },
        ];
        foreach (
            var (filter, statement) in filters.SelectMany(filter => RunSearch.Statements(filter).Select(statement => (filter, statement)))
        )
        {
            await AssertIndexedAsync(
                test.Storage,
                engine,
                statement,
                new
                {
                    filter.FlowId,
                    filter.FailureCode,
                    filter.ErrorCode,
                    CodeMark = "code:user.no_id",
                    ActivityMark = "activity:user",
                    ConnectorMark = "connector:users",
                    filter.Person,
                    FormerPerson = filter.Person,
                    Key = new byte[16],
                    Status = (int?)filter.Status,
                    From = start.Milliseconds + 1000,
                    Until = start.Milliseconds + 2000,
                    time = start.Milliseconds + 50_000,
                    number = 5L,
                    count = 51,
                }
            );
        }
        await AssertIndexedAsync(test.Storage, engine, RunSearch.ByShortReference, new { reference = 7L, count = 5 });
        await AssertIndexedAsync(
            test.Storage,
            engine,
            test.Storage.Search.ByPrefix,
            new
            {
                from = "run-7777",
                until = "run-7778",
                count = 5,
            }
        );

        // And the statements themselves, of a run in the middle.
        Assert.NotNull(await test.Storage.Runs.FindAsync("run-77777", Stop));
        Assert.Equal(50, (await test.Storage.Search.ListAsync(new RunFilter { FlowId = "flow-3" }, Stop)).Runs.Count);
    }

    /// <summary>After a long stop what PostgreSQL believes of its tables is long out of date. Whatever it believes, here that reading a
    /// table whole costs next to nothing, the cleaning finds its batch by index.</summary>
    [Theory]
    [ClassData(typeof(BothEngines))]
    public async Task Cleaning_WhateverIsBelievedOfTheTables_UsesIndexes(StoreEngine engine)
    {
        await using var test = await TestStorage.CreateAsync(engine, postgres);
        var cleaner = test.Storage.Cleaner;
        var budget = new TraceBudget(test.Storage.Database, test.Options, test.Time);
        string[] statements =
        [
            cleaner.ExpirableRuns,
            cleaner.ExpireRuns,
            cleaner.UnstartedRuns,
            cleaner.RemovableRuns,
            .. StorageCleaner.Remove([1, 2, 3]),
            budget.RemoveTraces,
            test.Storage.Counts.RemoveCounts,
            test.Storage.Counts.RemoveSeries,
            .. StorageCleaner.Expiring.Select(kind => cleaner.RemoveExpired(kind.Table, kind.Key)),
        ];

        foreach (var sql in statements)
        {
            var plan = await test.Storage.Database.TransactAsync(
                async (connection, transaction) =>
                {
                    if (engine == StoreEngine.Postgres)
                        await connection.ExecuteAsync(
                            "set local random_page_cost = 1000000; set local cpu_index_tuple_cost = 1000",
                            transaction: transaction
                        );
                    await test.Storage.Database.FindByIndexAsync(connection, transaction, Stop);
                    var arguments = new
                    {
                        before = 1L,
                        batch = 500,
                        first = 0L,
                        beyond = 1000L,
                    };
                    return engine == StoreEngine.Postgres
                        ? (await connection.QueryAsync<string>($"explain {sql}", arguments, transaction)).ToList()
                        :
                        [
                            .. (await connection.QueryAsync<Step>($"explain query plan {sql}", arguments, transaction)).Select(step =>
                                step.Detail
                            ),
                        ];
                },
                Stop
            );
            Assert.NotEmpty(plan);
            AssertIndexed(engine, sql, string.Join('\n', plan));
        }
    }

    private static async Task FillAsync(ServerStorage storage)
    {
        // One real run, so that the state of the others can be opened.
        await storage.Runs.AddAsync(SampleRuns.Waiting("run-0", TestStorage.Start), new RunExtras { TraceSteps = "[]"u8.ToArray() }, Stop);
        await storage.Database.TransactAsync(
            (connection, transaction) =>
                connection.ExecuteAsync(
                    StorageCommand(
                        $"""
                        with recursive n(i) as (select 1 union all select i + 1 from n where i < {Count})
                        insert into runs (id, flow_id, flow_version, status, step_token, sealed_state, stamp, saves, person, error_code,
                          created_at, updated_at, expires_at,
                            short_ref, reference_key, errors)
                        select 'run-' || i, 'flow-' || (i % 20), 1, case when i % 50 = 0 then 1 when i % 10 = 0 then 3 else 2 end, '',
                            case when i % 50 = 0 then (select sealed_state from runs where id = 'run-0') else null end, i, 1,
                              'person-' || (i % 1000),
                            case when i % 50 <> 0 and i % 10 = 0 then 'user.no_id' else null end, @start + i, @start + i,
                              @start + i + 3600000,
                            i, cast('' || (i % 1000) as {(storage.Database.SkipLocked.Length == 0 ? "blob" : "bytea")}),
                            case when i % 50 <> 0 and i % 10 = 0 then '{Errors}' else null end
                        from n
                        """,
                        transaction
                    )
                ),
            Stop
        );
        await storage.Database.TransactAsync(
            (connection, transaction) =>
                connection.ExecuteAsync(
                    StorageCommand("insert into run_traces (run_number, part, steps) select number, 2, '[]' from runs", transaction)
                ),
            Stop
        );
        await storage.Database.WriteAsync("analyze runs; analyze run_traces; analyze run_marks", null, Stop);

        static CommandDefinition StorageCommand(string sql, System.Data.Common.DbTransaction transaction) =>
            new(sql, new { start = TestStorage.Start.ToUnixTimeMilliseconds() }, transaction, commandTimeout: 120);
    }

    private static async Task AssertIndexedAsync(ServerStorage storage, StoreEngine engine, string sql, object arguments)
    {
        var plan =
            engine == StoreEngine.Postgres
                ? string.Join('\n', await storage.Database.ListAsync<string>($"explain {sql}", arguments, Stop))
                : string.Join(
                    '\n',
                    (await storage.Database.ListAsync<Step>($"explain query plan {sql}", arguments, Stop)).Select(step => step.Detail)
                );

        Assert.False(string.IsNullOrEmpty(plan));
        AssertIndexed(engine, sql, plan);
    }

    private static void AssertIndexed(StoreEngine engine, string sql, string plan)
    {
        if (engine == StoreEngine.Postgres)
            Assert.False(plan.Contains("Seq Scan", StringComparison.Ordinal), $"{sql}\n{plan}");
        else
            Assert.DoesNotContain(
                plan.Split('\n'),
                step =>
                    step.StartsWith("SCAN", StringComparison.Ordinal)
                    && !step.Contains("USING INDEX", StringComparison.Ordinal)
                    && !step.Contains("USING COVERING INDEX", StringComparison.Ordinal)
            );
        // A page must not be sorted out of all runs that match.
        if (sql.Contains("created_at desc", StringComparison.Ordinal) && engine == StoreEngine.Sqlite)
            Assert.False(plan.Contains("TEMP B-TREE", StringComparison.Ordinal), $"{sql}\n{plan}");
    }

    private sealed record Step
    {
        public string Detail { get; init; } = "";
    }
}
