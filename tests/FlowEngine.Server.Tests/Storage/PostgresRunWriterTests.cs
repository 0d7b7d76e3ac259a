using System.Text;
using FlowEngine.Execution;
using FlowEngine.Storage;
using FlowEngine.TestServers;
using Npgsql;

namespace FlowEngine.Server.Tests.Storage;

/// <summary>Saves that arrive at the same time travel to PostgreSQL together, and each of them is what it would have been alone.</summary>
public sealed class PostgresRunWriterTests(PostgresFixture postgres)
{
    private static CancellationToken Stop => TestStorage.Stop;

    [Fact]
    public async Task Saves_AtOnce_ShareCommitsAndAreEachAsAlone()
    {
        await using var test = await TestStorage.CreateAsync(StoreEngine.Postgres, postgres);
        var storage = test.Storage;

        var stamps = await AddAsync(storage, 200);
        Assert.All(stamps, stamp => Assert.NotNull(stamp));
        // Starts and ends mixed, with and without a trace, a login, a person, an error.
        var ends = Enumerable.Range(0, 200).Select(i => storage.Runs.SaveAsync(Ended(i), stamps[i]!.Value, Extras(i), Stop));
        var more = Enumerable
            .Range(200, 50)
            .Select(i => storage.Runs.AddAsync(Run(i), new RunExtras { TraceSteps = Encoding.UTF8.GetBytes($"[{i}]") }, Stop));
        var saved = await Task.WhenAll([.. ends, .. more]);
        Assert.All(saved, stamp => Assert.NotNull(stamp));

        for (var i = 0; i < 200; i++)
        {
            var found = (await storage.Runs.FindAsync($"r{i}", Stop))!;
            Assert.Equal(
                (Ended(i).Status, "", saved[i], Ended(i).Person, Ended(i).ErrorCode),
                (found.Status, found.StepToken, found.Stamp!, found.Person, found.ErrorCode)
            );
            Assert.Equal(Ended(i).State, found.State);
            string[] parts = i % 2 == 0 ? [$"[\"start {i}\"]", $"[\"end {i}\"]"] : [$"[\"start {i}\"]"];
            Assert.Equal(parts, await storage.Search.TraceAsync($"r{i}", Stop));
            Assert.Equal(i % 3 == 0 ? SecretHash.Of($"f{i}") : null, (await storage.RefreshFamilies.FindAsync($"f{i}", Stop))?.CurrentHash);
        }
        Assert.Equal(250L, await ScalarAsync(test, "select count(*) from runs"));
        // A row knows the transaction that wrote it.
        Assert.InRange(await ScalarAsync(test, "select count(distinct xmin::text) from runs"), 1, 60);
    }

    [Fact]
    public async Task Saves_Together_LeaveTheSameRowsAsOneByOne()
    {
        var rows = new List<string>();
        foreach (var together in new[] { true, false })
        {
            await using var test = await TestStorage.CreateAsync(StoreEngine.Postgres, postgres);
            var stamps = new Dictionary<int, long?>();
            await EachAsync(i =>
                test.Storage.Runs.AddAsync(
                    Run(i),
                    i % 3 == 1
                        ? RunExtras.None
                        : new RunExtras
                        {
                            TraceSteps = Encoding.UTF8.GetBytes($"[\"start {i}\"]"),
                            Login = i % 7 == 0 ? Extras(0).Login! with { Id = $"early {i}" } : null,
                        },
                    Stop
                )
            );
            await EachAsync(i =>
                test.Storage.Runs.SaveAsync(
                    Ended(i),
                    stamps[i]!.Value,
                    Extras(i) with
                    {
                        Code = i % 10 == 0 ? test.Storage.Codes.New([(byte)i]) : null,
                    },
                    Stop
                )
            );
            await EachAsync(i =>
                test.Storage.Runs.SaveAsync(
                    Run(i) with
                    {
                        StepToken = "stale",
                    },
                    i % 2 == 0 ? stamps[i]!.Value : 5,
                    new RunExtras { TraceSteps = "[\"third\"]"u8.ToArray(), Code = i % 20 == 1 ? test.Storage.Codes.New([1, 2]) : null },
                    Stop
                )
            );
            rows.Add(
                string.Join(
                    '\n',
                    await test.Storage.Database.ListAsync<string>(
                        """
                        select concat_ws(' | ', r.id, flow_id, flow_version, status, step_token, sealed_state is null, saves,
                          browser_key_hash, person is null, length(sealed_person), error_code, created_at,
                            updated_at, expires_at, short_ref, length(reference_key), length(sealed_reference), length(email_key),
                              length(login_key), screen, worked, errors,
                            (select string_agg(mark || '@' || m.created_at, ', ' order by mark) from run_marks m
                              where m.run_number = r.number),
                            (select string_agg(part || ': ' || steps || length(sealed_steps), ', ' order by part) from run_traces
                              where run_number = r.number))
                        from runs r
                        union all select concat_ws(' | ', id, subject, encode(sealed_content, 'hex'), current_hash, previous_hash,
                          created_at, rotated_at, expires_at, revoked_at) from refresh_families
                        union all select concat_ws(' | ', length(hash), length(sealed_content), expires_at) from one_time_codes
                        order by 1
                        """,
                        null,
                        Stop
                    )
                )
            );
            // What is sealed differs each time; what it holds does not.
            for (var i = 0; i < 60; i++)
                rows[^1] +=
                    $"\n{(await test.Storage.Runs.FindAsync($"r{i}", Stop))!.Person}: "
                    + $"{string.Join(", ", await test.Storage.Search.TraceAsync($"r{i}", Stop))}";

            async Task EachAsync(Func<int, Task<long?>> save)
            {
                var saves = new List<(int I, Task<long?> Save)>();
                for (var i = 0; i < 60; i++)
                {
                    saves.Add((i, save(i)));
                    if (!together)
                        await saves[^1].Save;
                }
                foreach (var (i, stamp) in saves)
                    stamps[i] = await stamp;
            }
        }

        // The codes of saves that went through, and no others.
        Assert.Equal(60 + 20 + 6 + 6 + 60, rows[0].Split('\n').Length);
        Assert.Equal(rows[1], rows[0]);
    }

    /// <summary>PostgreSQL takes no NUL; the driver sends no half of a character.</summary>
    [Theory]
    [InlineData(0)]
    [InlineData(0xD83D)]
    public async Task Saves_OneOfThemCannotBeStored_OthersAreAndTheWriterGoesOn(int character)
    {
        var step = ((char)character).ToString();
        await using var test = await TestStorage.CreateAsync(StoreEngine.Postgres, postgres);
        for (var round = 0; round < 5; round++)
        {
            var saves = Enumerable
                .Range(round * 40, 40)
                .Select(i => test.Storage.Runs.AddAsync(i % 40 == 20 ? Run(i) with { StepToken = step } : Run(i), RunExtras.None, Stop))
                .ToArray();

            await Assert.ThrowsAnyAsync<Exception>(() => saves[20].WaitAsync(TimeSpan.FromSeconds(20), Stop));
            Assert.True(saves[20].IsFaulted);
            for (var i = 0; i < saves.Length; i++)
            {
                if (i != 20)
                    Assert.NotNull(await saves[i].WaitAsync(TimeSpan.FromSeconds(20), Stop));
            }
            Assert.Equal(39L * (round + 1), await ScalarAsync(test, "select count(*) from runs"));
        }
    }

    [Fact]
    public async Task Saves_ThatWeighMuch_TravelInSmallGroups()
    {
        await using var test = await TestStorage.CreateAsync(StoreEngine.Postgres, postgres);

        await Task.WhenAll(
            Enumerable
                .Range(0, 12)
                .Select(i => test.Storage.Runs.AddAsync(Run(i) with { State = new byte[(i == 5 ? 9 : 1) << 20] }, RunExtras.None, Stop))
        );

        Assert.InRange(await ScalarAsync(test, "select count(distinct xmin::text) from runs"), 4, 12);
        Assert.Equal(9 << 20, (await test.Storage.Runs.FindAsync("r5", Stop))!.State!.Length);
    }

    [Fact]
    public async Task Saves_StaleOnesAmongThem_AreRefusedAlone()
    {
        await using var test = await TestStorage.CreateAsync(StoreEngine.Postgres, postgres);
        var stamps = await AddAsync(test.Storage, 40);

        var saved = await Task.WhenAll(
            Enumerable
                .Range(0, 40)
                .Select(i => test.Storage.Runs.SaveAsync(Ended(i), stamps[i]!.Value + (i % 4 == 0 ? 1 : 0), Extras(i), Stop))
        );
        var added = await Task.WhenAll(
            Enumerable
                .Range(0, 40)
                .Select(i => test.Storage.Runs.AddAsync(Run(i), new RunExtras { TraceSteps = "[\"forged\"]"u8.ToArray() }, Stop))
        );

        Assert.All(added, Assert.Null);
        for (var i = 0; i < 40; i++)
        {
            Assert.Equal(i % 4 == 0, saved[i] is null);
            Assert.Equal(i % 4 == 0 ? "step-1" : "", (await test.Storage.Runs.FindAsync($"r{i}", Stop))!.StepToken);
            Assert.Equal(i % 4 != 0 && i % 3 == 0, await test.Storage.RefreshFamilies.FindAsync($"f{i}", Stop) is not null);
            Assert.DoesNotContain("[\"forged\"]", await test.Storage.Search.TraceAsync($"r{i}", Stop));
        }
    }

    [Fact]
    public async Task Saves_WhoseAnswerWasLost_AreKnownAsTheirOwn()
    {
        await using var test = await TestStorage.EmptyAsync(StoreEngine.Postgres, postgres);
        using var line = new CutLine(test.Options.Postgres!);
        var storage = await test.OpenAsync(test.Options with { Postgres = line.ConnectionString });
        var stamps = await AddAsync(storage, 40);

        line.CutNextAnswer();
        var saved = await Task.WhenAll(
            Enumerable.Range(0, 40).Select(i => storage.Runs.SaveAsync(Ended(i), stamps[i]!.Value, Extras(i), Stop))
        );

        Assert.Equal(1, line.Cuts);
        Assert.All(saved, stamp => Assert.NotNull(stamp));
        Assert.Equal(2, (await storage.Search.TraceAsync("r0", Stop)).Count);
        Assert.NotNull(await storage.Runs.SaveAsync(Run(0), saved[0]!.Value, RunExtras.None, Stop));
    }

    [Fact]
    public async Task Storage_BehindAPoolerThatSharesSessions_WorksForTwoNodes()
    {
        await using var test = await TestStorage.EmptyAsync(StoreEngine.Postgres, postgres);
        await using var pooler = await PgBouncer.StartAsync(test.Options.Postgres!, sessions: 4);
        var options = test.Options with { Postgres = pooler.ConnectionString };
        // Both migrate at once, under one lock, which nobody holds afterwards.
        var nodes = await Task.WhenAll(test.OpenAsync(options), test.OpenAsync(options));

        await Task.WhenAll(
            Enumerable
                .Range(0, 200)
                .Select(async i =>
                {
                    var (here, there) = (nodes[i % 2], nodes[(i + 1) % 2]);
                    var stamp = await here.Runs.AddAsync(
                        Run(i),
                        new RunExtras { TraceSteps = Encoding.UTF8.GetBytes($"[\"start {i}\"]") },
                        Stop
                    );
                    Assert.Equal(stamp, (await there.Runs.FindAsync($"r{i}", Stop))!.Stamp);
                    Assert.NotNull(await there.Runs.SaveAsync(Ended(i), stamp!.Value, Extras(i), Stop));
                    Assert.Equal(Ended(i).Person, (await here.Runs.FindAsync($"r{i}", Stop))!.Person);
                })
        );
        Assert.Equal(0L, await ScalarAsync(test, "select count(*) from pg_prepared_statements where name <> ''"));
        Assert.Equal(
            0L,
            await ScalarAsync(
                test,
                "select count(*) from pg_locks where locktype = 'advisory' and database "
                    + "= (select oid from pg_database where datname = current_database())"
            )
        );
    }

    [Fact]
    public async Task Saves_AfterTheTableHasGrown_StillFindTheirRowsByIndex()
    {
        await using var test = await TestStorage.CreateAsync(StoreEngine.Postgres, postgres);
        // The first groups are planned over an empty table, where reading it whole would be cheapest.
        var stamps = await AddAsync(test.Storage, 300);
        stamps = await Task.WhenAll(stamps.Select((stamp, i) => test.Storage.Runs.SaveAsync(Run(i), stamp!.Value, RunExtras.None, Stop)));
        await Task.WhenAll(stamps.Select((stamp, i) => test.Storage.Runs.SaveAsync(Ended(i), stamp!.Value, Extras(i), Stop)));

        for (var tries = 0; ; tries++)
        {
            // A backend tells its counts within a second or so.
            var (readWhole, byIndex) = (
                await ScalarAsync(test, "select seq_tup_read from pg_stat_user_tables where relname = 'runs'"),
                await ScalarAsync(test, "select idx_scan from pg_stat_user_tables where relname = 'runs'")
            );
            Assert.Equal(0L, readWhole);
            if (byIndex >= 600)
                return;
            Assert.True(tries < 100, $"Only {byIndex} scans of an index were counted.");
            await Task.Delay(100, Stop);
        }
    }

    private static Task<long?[]> AddAsync(ServerStorage storage, int count) =>
        Task.WhenAll(
            Enumerable
                .Range(0, count)
                .Select(i => storage.Runs.AddAsync(Run(i), new RunExtras { TraceSteps = Encoding.UTF8.GetBytes($"[\"start {i}\"]") }, Stop))
        );

    private static RunRecord Run(int i) =>
        SampleRuns.Waiting($"r{i}", TestStorage.Start) with
        {
            BrowserKeyHash = i % 2 == 0 ? null : "hash",
        };

    private static RunRecord Ended(int i) =>
        Run(i) with
        {
            Status = i % 5 == 0 ? RunStatus.Failed : RunStatus.Completed,
            StepToken = "",
            State = i % 7 == 0 ? null : [(byte)i, 1, 2],
            Person = i % 4 == 0 ? null : $"person {i}",
            ErrorCode = i % 5 == 0 ? "http.timeout" : null,
            Errors =
                i % 5 == 0
                    ? $$"""{"count":1,"kinds":[{"code":"http.timeout","activity":"a{{i}}","connector":"c","handled":"failed","count":1}]}"""
                    : null,
            Reference = i % 4 == 0 ? $"person {i}" : null,
            Email = i % 6 == 0 ? $"{i}@example.com" : null,
            LoginId = i % 9 == 0 ? $"login {i}" : null,
            Worked = i,
        };

    private static RunExtras Extras(int i) =>
        new()
        {
            TraceSteps = i % 2 == 0 ? Encoding.UTF8.GetBytes($"[\"end {i}\"]") : null,
            Login = i % 3 == 0 ? SampleRuns.Family($"f{i}", TestStorage.Start) : null,
        };

    private static Task<long> ScalarAsync(TestStorage test, string sql) => test.Storage.Database.FirstAsync<long>(sql, null, Stop);
}
