using System.Globalization;

namespace FlowEngine.Bench.Faults;

/// <summary>Stateless: what everything else is to be read against.</summary>
internal static class QuietScenario
{
    private static readonly TimeSpan Time = TimeSpan.FromSeconds(8);

    public static async Task RunAsync(Stage stage)
    {
        var node = stage.Embedded();
        var start = await node.StartAsync();
        using var door = new Door(stage, node);
        using var stop = new CancellationTokenSource(Time);
        await Crowd.ComeAsync(stage, door, stop.Token, Visits.ApiAsync, Visits.HostedAsync);
        var (half, most) = (stage.Ledger.Percentile(0.5) * 1000, stage.Ledger.Percentile(0.99) * 1000);
        stage.Note(
            string.Create(
                CultureInfo.InvariantCulture,
                $"a start takes {start.TotalSeconds:0.0} s, a call {half:0} ms, 99 of 100 less than {most:0} ms"
            )
        );
    }
}
