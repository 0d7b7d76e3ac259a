using System.Diagnostics;
using System.Globalization;

namespace FlowEngine.Bench.Faults;

/// <summary>Stateless: what is sent again after a kill is done once: starts under an Idempotency-Key, and calls that nobody waits
/// for.</summary>
internal static class RepeatScenarios
{
    private const int AtOnce = 20;
    private const int Notes = 50;
    private const int Kills = 3;

    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    public static IEnumerable<Scenario> All { get; } =
    [
        new(
            "starts-sent-again",
            "20 starts and managed runs are cut off in their first call and sent again under their key, three times.",
            StartsAsync
        ),
        new("async-durable", "A kill right after 50 logins whose durable call was refused at first, three times.", NotesAsync),
    ];

    private static async Task StartsAsync(Stage stage)
    {
        var node = stage.Embedded();
        await node.StartAsync();
        using var door = new Door(stage, [node], Limit);
        for (var i = 0; i < Kills; i++)
        {
            stage.Upstream.Hold();
            var visits = Enumerable
                .Range(0, AtOnce)
                .Select(number => Task.Run(() => Crowd.ComeAsync(stage, door, number % 2 == 0 ? Visits.ManagedAsync : Visits.StartedAsync)))
                .ToList();
            var begun = Stopwatch.GetTimestamp();
            while (stage.Upstream.Waiting < AtOnce && Stopwatch.GetElapsedTime(begun) < Limit)
                await Task.Delay(20);
            await stage.KillAsync(node);
            stage.Upstream.LetGo();
            await node.StartAsync();
            await Task.WhenAll(visits);
        }
        stage.Claim(stage.Upstream.Doubled == 0, $"each of {Kills * AtOnce} starts calls under one key");
    }

    private static async Task NotesAsync(Stage stage)
    {
        if (!stage.HasDurableCalls)
        {
            stage.Note("not done: this build knows no \"async\": \"durable\"");
            return;
        }
        var node = stage.Embedded();
        await node.StartAsync();
        using var door = new Door(stage, node);
        List<string> attempts = [];
        var longest = TimeSpan.Zero;
        for (var i = 0; i < Kills; i++)
        {
            await Task.WhenAll(Enumerable.Range(0, Notes).Select(_ => Task.Run(() => Crowd.ComeAsync(stage, door, NotifyAsync))));
            await stage.KillAsync(node);
            await node.StartAsync();
            var begun = Stopwatch.GetTimestamp();
            while (!attempts.TrueForAll(stage.Upstream.HasNoteOf) && Stopwatch.GetElapsedTime(begun) < Limit)
                await Task.Delay(50);
            var took = Stopwatch.GetElapsedTime(begun);
            longest = took > longest ? took : longest;
        }
        foreach (var attempt in attempts.Where(attempt => !stage.Upstream.HasNoteOf(attempt)))
            stage.Ledger.Lose("a durable call that never came");
        stage.Claim(
            stage.Ledger.Lost == 0,
            string.Create(
                CultureInfo.InvariantCulture,
                $"{attempts.Count(stage.Upstream.HasNoteOf)} of {attempts.Count} calls came, "
                    + $"within {longest.TotalSeconds:0.0} s of the start"
            )
        );

        async Task NotifyAsync(Stage stage, Door door, Login login)
        {
            await Visits.NotifyAsync(stage, door, login);
            lock (attempts)
                attempts.Add(login.Attempt);
        }
    }
}
