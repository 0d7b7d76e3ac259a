using System.Globalization;
using System.Net;

namespace FlowEngine.Bench.Faults;

/// <summary>Stateless: people who refresh their tokens all the time, while the server is killed and stays down for longer than any
/// client's first tries.</summary>
internal static class RefreshScenarios
{
    private const int People = 65;
    private const int Outages = 5;

    private static readonly TimeSpan Down = TimeSpan.FromSeconds(13);

    public static IEnumerable<Scenario> All { get; } =
    [new("refresh", "65 people refresh all the time; the server is killed and down for 13 s, five times.", RunAsync)];

    private static async Task RunAsync(Stage stage)
    {
        var node = stage.Embedded();
        await node.StartAsync();
        using var door = new Door(stage, node);
        using var stop = new CancellationTokenSource();
        var (rotations, outside) = (0, People);
        var allAreIn = new TaskCompletionSource();
        var people = Task.WhenAll(Enumerable.Range(0, People).Select(_ => Task.Run(() => Crowd.ComeAsync(stage, door, StayAsync))));
        // Who is put out must have been in.
        await Task.WhenAny(allAreIn.Task, people);
        for (var i = 0; i < Outages; i++)
        {
            await Task.Delay(1000 + stage.Random.Next(1000));
            await stage.KillAsync(node);
            await Task.Delay(Down);
            await node.StartAsync();
        }
        await Task.Delay(TimeSpan.FromSeconds(2));
        await stop.CancelAsync();
        await people;
        stage.Note(string.Create(CultureInfo.InvariantCulture, $"{rotations:#,0} rotations"));
        stage.Claim(stage.Ledger.Lost == 0, $"{People - stage.Ledger.Lost} of {People} people are still in");

        async Task StayAsync(Stage stage, Door door, Login login)
        {
            var token = (await Visits.EnterAsync(stage, door, login))["authInfo", "refreshJwt"];
            if (Interlocked.Decrement(ref outside) == 0)
                allAreIn.SetResult();
            while (!stop.IsCancellationRequested)
            {
                var reply = await door.AskAsync(login, new Call(HttpMethod.Post, "/v1/auth/refresh") { Json = "{}", Bearer = token });
                if (reply.Status != (int)HttpStatusCode.OK)
                    throw new LostException($"put out: {reply.Status} {reply["errorCode"]}");
                if (await stage.Tokens.ProblemOfAsync(reply["sessionJwt"], login, RunOf(reply)) is { } problem)
                    stage.Ledger.Mistake(problem);
                token = reply["refreshJwt"];
                Interlocked.Increment(ref rotations);
                await Crowd.PauseAsync();
            }
        }
    }

    private static string RunOf(Reply reply) =>
        reply.Json.TryGetProperty("claims", out var claims) && claims.TryGetProperty("run", out var run) ? run.GetString()! : "";
}
