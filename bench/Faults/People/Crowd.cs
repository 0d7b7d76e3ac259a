namespace FlowEngine.Bench.Faults;

/// <summary>Shared and immutable: one way to sign in.</summary>
internal delegate Task Visit(Stage stage, Door door, Login login);

/// <summary>Stateless: people who sign in one after another, each going on whatever happens to the servers.</summary>
internal static class Crowd
{
    /// <summary>Lets them come until told to stop, and waits for those who are on their way.</summary>
    public static Task ComeAsync(Stage stage, Door door, CancellationToken stop, params Visit[] visits) =>
        Task.WhenAll(
            Enumerable
                .Range(0, stage.Settings.People)
                .Select(place =>
                    Task.Run(
                        async () =>
                        {
                            for (var i = place; !stop.IsCancellationRequested; i++)
                            {
                                await ComeAsync(stage, door, visits[i % visits.Length]);
                                await PauseAsync();
                            }
                        },
                        CancellationToken.None
                    )
                )
        );

    /// <summary>One of them.</summary>
    public static async Task ComeAsync(Stage stage, Door door, Visit visit)
    {
        var login = stage.Ledger.Begin();
        try
        {
            await visit(stage, door, login);
        }
        catch (LostException lost)
        {
            stage.Ledger.Lose(lost.Message);
        }
    }

    /// <summary>People look at a screen before they go on.</summary>
    public static Task PauseAsync() => Task.Delay(Random.Shared.Next(60));
}
