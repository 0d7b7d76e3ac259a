using System.Diagnostics;
using System.Net;
using FlowEngine.Storage;
using FlowEngine.TestServers;

namespace FlowEngine.Server.Tests.Hosting;

/// <summary>A PostgreSQL that stands still, or is merely slow.</summary>
[Trait("Category", "cluster")]
public sealed class FlowServerSilenceTests
{
    private static CancellationToken Stop => TestStorage.Stop;

    [Fact]
    public async Task Server_WhilePostgresStandsStill_SaysSoAndGoesOnAfterwards()
    {
        Assert.SkipUnless(
            OperatingSystem.IsLinux() && LocalPostgres.FindPrograms() is not null,
            "Needs a PostgreSQL that the test may stop."
        );
        await using var postgres = await LocalPostgres.StartNewAsync();
        await using var server = await ServeProcess.StartAsync(_ =>
            ["--demo", "--database", postgres.ConnectionString + ";Maximum Pool Size=10"]
        );
        var at = await server.BeginAsync();

        postgres.Freeze();
        try
        {
            // Twice: those that come later find a pool whose connections all wait.
            for (var i = 0; i < 2; i++)
            {
                var since = Stopwatch.GetTimestamp();
                var answers = await Task.WhenAll(
                    Enumerable
                        .Range(0, 40)
                        .Select(_ => server.PostAsync("/v1/flow/start", """{ "flowId": "login", "options": { "client": {} } }"""))
                );
                var took = Stopwatch.GetElapsedTime(since);

                Assert.All(
                    answers,
                    answer =>
                        Assert.Equal(
                            (HttpStatusCode.ServiceUnavailable, "storage.unavailable"),
                            (answer.Status, answer.Body.Get("errorCode").ToText())
                        )
                );
                // Said within five seconds where there is a free core; PostgreSQL's own time limit is 30.
                Assert.True(took < TimeSpan.FromSeconds(12), $"{took}");
                TestContext.Current.TestOutputHelper!.WriteLine($"told after {took.TotalSeconds:0.0} s");
                using var ready = await server.Http.GetAsync("/readyz", Stop);
                Assert.Equal(HttpStatusCode.ServiceUnavailable, ready.StatusCode);
            }
        }
        finally
        {
            postgres.Thaw();
        }

        // Nothing was lost, and nobody has to do anything.
        while ((await server.Http.GetAsync("/readyz", Stop)).StatusCode != HttpStatusCode.OK)
            await Task.Delay(100, Stop);
        Assert.Equal("completed", (await server.SubmitAsync(at, "ada@example.com")).Body.Get("status").ToText());
        Assert.Equal("completed", (await server.SignInAsync("ada@example.com")).Get("status").ToText());
    }

    [Fact]
    public async Task Statement_ThatIsSlow_IsGivenItsTime()
    {
        Assert.SkipWhen(LocalPostgres.FindPrograms() is null, "Needs a PostgreSQL of its own.");
        await using var postgres = await LocalPostgres.StartNewAsync();
        await using var storage = await OpenAsync(postgres);

        Assert.Equal(1, await storage.Database.FirstAsync<int>("select 1 from pg_sleep(6)", null, Stop));
    }

    private static async Task<ServerStorage> OpenAsync(LocalPostgres postgres) =>
        await ServerStorage.OpenAsync(
            new StorageSetup
            {
                DataFolder = Directory.CreateTempSubdirectory("flowengine-silence-").FullName,
                Postgres = postgres.ConnectionString,
            },
            _ => null,
            TimeProvider.System,
            Stop
        );
}
