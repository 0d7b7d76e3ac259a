namespace FlowEngine.Bench.Faults;

/// <summary>Stateless: the machine's clock is set under a server that runs, and put right again. Needs Debian's <c>faketime</c>.</summary>
internal static class ClockScenarios
{
    public static IEnumerable<Scenario> All { get; } =
    [
        new("clock-back", "The clock is set back by six minutes, and put right.", stage => RunAsync(stage, "-6m")),
        new("clock-ahead", "The clock is set ahead by six minutes, and put right.", stage => RunAsync(stage, "+6m")),
        new("clock-400-days-ahead", "The clock is set ahead by 400 days, and put right.", stage => RunAsync(stage, "+400d"))
        {
            MayExpire = true,
        },
        new("clock-400-days-back", "The clock is set back by 400 days, and put right.", stage => RunAsync(stage, "-400d"))
        {
            MayExpire = true,
        },
    ];

    private static async Task RunAsync(Stage stage, string offset)
    {
        var library = Directory
            .EnumerateFiles(
                "/usr/lib",
                "libfaketimeMT.so.1",
                new EnumerationOptions { RecurseSubdirectories = true, IgnoreInaccessible = true }
            )
            .FirstOrDefault();
        if (library is null)
        {
            stage.Note("not done: needs Debian's faketime");
            return;
        }
        var clock = stage.PathOf("clock");
        Set(clock, "+0");
        var node = stage.Embedded(
            new Dictionary<string, string>
            {
                ["LD_PRELOAD"] = library,
                ["FAKETIME_TIMESTAMP_FILE"] = clock,
                ["FAKETIME_CACHE_DURATION"] = "1",
                // Timers go on as they did.
                ["FAKETIME_DONT_FAKE_MONOTONIC"] = "1",
                ["DONT_FAKE_MONOTONIC"] = "1",
            }
        );
        await node.StartAsync();
        using var door = new Door(stage, node);
        using var stop = new CancellationTokenSource();
        var visits = Crowd.ComeAsync(stage, door, stop.Token, Visits.ApiAsync, Visits.HostedAsync, Visits.StepsAsync, Visits.ManagedAsync);
        foreach (var time in (string[])[offset, "+0"])
        {
            await Task.Delay(TimeSpan.FromSeconds(2));
            stage.CountFault();
            Set(clock, time);
            await Task.Delay(TimeSpan.FromSeconds(2));
            // And it starts there.
            await stage.KillAsync(node);
            await node.StartAsync();
        }
        await Task.Delay(TimeSpan.FromSeconds(2));
        await stop.CancelAsync();
        await visits;
        stage.Claim(stage.Ledger.Odd == 0, "no call is answered 500");
    }

    private static void Set(string file, string offset)
    {
        // In one step, so that nobody reads half of it.
        File.WriteAllText(file + ".new", offset);
        File.Move(file + ".new", file, overwrite: true);
    }
}
