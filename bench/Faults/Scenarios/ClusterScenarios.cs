using System.Globalization;

namespace FlowEngine.Bench.Faults;

/// <summary>Stateless: a cluster of three, behind a load balancer that asks <c>/readyz</c> twice a second; one of them is lost.</summary>
internal static class ClusterScenarios
{
    /// <summary>Clients give up on a call after this time, and try another node.</summary>
    private static readonly TimeSpan TryTime = TimeSpan.FromSeconds(4);

    private static readonly Visit[] Kinds = [Visits.ApiAsync, Visits.HostedAsync, Visits.StepsAsync, Visits.ComposedAsync];

    public static IEnumerable<Scenario> All { get; } =
    [
        Freeze(60),
        Freeze(20),
        Freeze(5),
        new("cluster-kill", "A cluster of three: one is killed, and started again, four times.", stage => RunAsync(stage, KillAsync)),
        new("cluster-rolling", "A cluster of three: one after the other is stopped and started.", stage => RunAsync(stage, RollAsync)),
    ];

    private static Scenario Freeze(int seconds) =>
        new(
            $"cluster-freeze-{seconds}",
            $"A cluster of three: one stands still for {seconds} s and wakes up.",
            stage => RunAsync(stage, (stage, nodes) => FreezeAsync(stage, nodes, TimeSpan.FromSeconds(seconds)))
        );

    private static async Task RunAsync(Stage stage, Func<Stage, IReadOnlyList<Node>, Task> breakIt)
    {
        var database = await stage.DatabaseAsync();
        List<Node> nodes = [];
        foreach (var name in (string[])["a", "b", "c"])
            nodes.Add(stage.Clustered(name, database));
        await nodes[0].StartAsync();
        await Task.WhenAll(nodes.Skip(1).Select(node => node.StartAsync()));

        using var door = new Door(stage, nodes, TryTime);
        using var stop = new CancellationTokenSource();
        using var end = new CancellationTokenSource();
        var balance = Task.WhenAll(nodes.Select(node => BalanceAsync(node, end.Token)));
        var visits = Crowd.ComeAsync(stage, door, stop.Token, Kinds);
        await Task.Delay(TimeSpan.FromSeconds(2));
        await breakIt(stage, nodes);
        await Task.Delay(TimeSpan.FromSeconds(2));
        await stop.CancelAsync();
        await visits;
        await end.CancelAsync();
        await balance;
    }

    private static async Task KillAsync(Stage stage, IReadOnlyList<Node> nodes)
    {
        for (var i = 0; i < 4; i++)
        {
            await Task.Delay(stage.Random.Next(1500));
            nodes[2].IsLost = true;
            await stage.KillAsync(nodes[2]);
            await Task.Delay(TimeSpan.FromSeconds(4));
            await nodes[2].StartAsync();
        }
        ClaimOthers(stage, 3);
    }

    private static async Task FreezeAsync(Stage stage, IReadOnlyList<Node> nodes, TimeSpan time)
    {
        var node = nodes[2];
        node.IsLost = true;
        stage.CountFault();
        node.Send("STOP");
        await Task.Delay(time);
        node.Send("CONT");
        // It ends itself when the others went on without it; a supervisor starts it again.
        var code = await node.EndAsync(TimeSpan.FromSeconds(20));
        if (code is not null)
            await node.StartAsync();
        stage.Note(code is null ? "the others kept it" : $"when it woke up it ended itself ({code})");
        ClaimOthers(stage, 3);
    }

    private static async Task RollAsync(Stage stage, IReadOnlyList<Node> nodes)
    {
        foreach (var node in nodes)
        {
            stage.CountFault();
            node.Send("TERM");
            var code = await node.EndAsync(TimeSpan.FromSeconds(40));
            stage.Claim(code == 0, string.Create(CultureInfo.InvariantCulture, $"it ends with 0 ({code})"));
            await node.StartAsync();
        }
        stage.Claim(stage.Ledger.Cut == 0 && stage.Ledger.Odd == 0, "no call is cut off");
    }

    /// <summary>Who has nothing to do with the lost node does not notice.</summary>
    private static void ClaimOthers(Stage stage, int seconds)
    {
        var longest = stage.Ledger.LongestOfOthers;
        var isShort = longest.Seconds < seconds;
        stage.Claim(isShort, $"the others wait for less than {seconds} s{(isShort ? "" : $" ({longest.Seconds:0.0} s: {longest.What})")}");
    }

    private static async Task BalanceAsync(Node node, CancellationToken end)
    {
        while (!end.IsCancellationRequested)
        {
            node.IsIn = await node.IsReadyAsync(TimeSpan.FromSeconds(1));
            await Task.Delay(500, CancellationToken.None);
        }
    }
}
