using System.Globalization;

namespace FlowEngine.Bench.Faults;

/// <summary>Stateless: a server under load is killed at random moments and started again, by each kind of run, on each store.</summary>
internal static class KillScenarios
{
    private const int MostMilliseconds = 1500;

    private static readonly (string Name, string What, Visit Visit)[] Kinds =
    [
        ("hosted", "people at hosted screens", Visits.HostedAsync),
        ("api", "people at the flow API", Visits.ApiAsync),
        ("steps", "the same with step durability", Visits.StepsAsync),
        ("compose", "runs with a subflow and parallel calls", Visits.ComposedAsync),
        ("managed", "runs without screens, by the management API", Visits.ManagedAsync),
        ("async", "runs with a call that nobody waits for", Visits.NotifyAsync),
    ];

    public static IEnumerable<Scenario> All { get; } =
    [
        .. from kind in Kinds
        from store in (string[])["sqlite", "postgres"]
        select new Scenario(
            $"kill-{store}-{kind.Name}",
            $"kill -9 at random moments under load: {kind.What}.",
            stage => RunAsync(stage, kind.Visit, store)
        ),
    ];

    private static async Task RunAsync(Stage stage, Visit visit, string store)
    {
        var node = store == "sqlite" ? stage.Embedded() : stage.Stored(await stage.DatabaseAsync());
        var start = await node.StartAsync();
        using var door = new Door(stage, node);
        using var stop = new CancellationTokenSource();
        var visits = Crowd.ComeAsync(stage, door, stop.Token, visit);
        for (var i = 0; i < stage.Settings.Kills; i++)
        {
            await Task.Delay(100 + stage.Random.Next(MostMilliseconds));
            await stage.KillAsync(node);
            var again = await node.StartAsync();
            start = again > start ? again : start;
        }
        await Task.Delay(500);
        await stop.CancelAsync();
        await visits;
        stage.Note(string.Create(CultureInfo.InvariantCulture, $"down for {start.TotalSeconds:0.0} s at most"));
        if (visit == Visits.NotifyAsync && !stage.HasDurableCalls)
            stage.Note("async calls are not durable in this build");
    }
}
