using System.Diagnostics;
using System.Globalization;
using FlowEngine.TestServers;

namespace FlowEngine.Bench.Faults;

/// <summary>Stateless: PostgreSQL is restarted, killed with all its processes, or stands still, under load.</summary>
internal static class PostgresScenarios
{
    public static IEnumerable<Scenario> All { get; } =
    [
        new("postgres-freeze", "PostgreSQL stands still for 20 s, its connections open.", stage => RunAsync(stage, FreezeAsync)),
        new("postgres-restart", "PostgreSQL is restarted, three times.", stage => RunAsync(stage, RestartAsync)),
        new("postgres-kill", "PostgreSQL is killed with all its processes, three times.", stage => RunAsync(stage, KillAsync)),
    ];

    private static async Task RunAsync(Stage stage, Func<Stage, LocalPostgres, Node, Task> breakIt)
    {
        await using var postgres = await LocalPostgres.StartNewAsync("fsync=on");
        var node = stage.Stored(await Stage.NewDatabaseAsync(postgres.ConnectionString, "runs"));
        await node.StartAsync();
        using var door = new Door(stage, node);
        using var stop = new CancellationTokenSource();
        var visits = Crowd.ComeAsync(stage, door, stop.Token, Visits.ApiAsync, Visits.HostedAsync, Visits.StepsAsync);
        await Task.Delay(TimeSpan.FromSeconds(2));
        await breakIt(stage, postgres, node);
        await Task.Delay(TimeSpan.FromSeconds(2));
        await stop.CancelAsync();
        await visits;
        // Stopped before the database goes.
        await node.DisposeAsync();
    }

    private static async Task RestartAsync(Stage stage, LocalPostgres postgres, Node node)
    {
        for (var i = 0; i < 3; i++)
        {
            stage.CountFault();
            await postgres.RestartAsync();
            await ReadyAsync(stage, node);
            await Task.Delay(500 + stage.Random.Next(1000));
        }
    }

    private static async Task KillAsync(Stage stage, LocalPostgres postgres, Node node)
    {
        for (var i = 0; i < 3; i++)
        {
            stage.CountFault();
            // Not its children alone: their end would have it restart by itself.
            using (var kill = Process.Start("kill", ["-KILL", Number(postgres.ProcessId), .. Children(postgres.ProcessId)]))
                await kill.WaitForExitAsync();
            await postgres.StopAsync();
            await postgres.StartAsync();
            await ReadyAsync(stage, node);
            await Task.Delay(500 + stage.Random.Next(1000));
        }
    }

    private static async Task FreezeAsync(Stage stage, LocalPostgres postgres, Node node)
    {
        stage.CountFault();
        postgres.Freeze();
        var told = Stopwatch.GetTimestamp();
        try
        {
            var status = await node.StatusAsync("/readyz", TimeSpan.FromSeconds(30));
            var took = Stopwatch.GetElapsedTime(told).TotalSeconds;
            stage.Claim(
                status == 503 && took < 6,
                string.Create(CultureInfo.InvariantCulture, $"/readyz says 503 after {took:0.0} s ({status})")
            );
            await Task.Delay(TimeSpan.FromSeconds(15));
        }
        finally
        {
            postgres.Thaw();
        }
        await ReadyAsync(stage, node);
    }

    /// <summary>It goes on by itself.</summary>
    private static async Task ReadyAsync(Stage stage, Node node)
    {
        var begun = Stopwatch.GetTimestamp();
        while (!await node.IsReadyAsync(TimeSpan.FromSeconds(5)))
        {
            if (Stopwatch.GetElapsedTime(begun) > TimeSpan.FromSeconds(60))
            {
                stage.Claim(false, "the server goes on by itself within a minute");
                return;
            }
            await Task.Delay(100);
        }
    }

    private static string[] Children(int process) =>
        File.ReadAllText($"/proc/{process}/task/{process}/children").Split(' ', StringSplitOptions.RemoveEmptyEntries);

    private static string Number(int value) => value.ToString(CultureInfo.InvariantCulture);
}
