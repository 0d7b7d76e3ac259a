using System.Diagnostics;
using System.Globalization;

namespace FlowEngine.Bench.Faults;

/// <summary>Stateless: plain logins beside work that does not end.</summary>
internal static class BlockingScenarios
{
    private const int AtOnce = 64;

    /// <summary>What 99 of 100 plain calls stay below.</summary>
    private const double MostMilliseconds = 100;

    private static readonly TimeSpan Settling = TimeSpan.FromSeconds(6);

    private static readonly TimeSpan Time = TimeSpan.FromSeconds(15);

    public static IEnumerable<Scenario> All { get; } =
    [
        Beside("slow-queries", "Plain logins beside 64 SQLite queries that do not end.", "slow"),
        Beside("endless-scripts", "Plain logins beside 64 scripts that do not end.", "spin"),
        Beside("queries-and-scripts", "Plain logins beside 64 of each.", "slow", "spin"),
    ];

    private static Scenario Beside(string name, string what, params string[] flows) =>
        new(name, what, stage => RunAsync(stage, flows)) { IsAlone = true };

    private static async Task RunAsync(Stage stage, string[] flows)
    {
        var node = stage.Embedded();
        await node.StartAsync();
        using var stop = new CancellationTokenSource();
        // Much of what a young process does is compile itself.
        using (var first = new Door(stage, node))
        using (var warm = new CancellationTokenSource(Settling))
            await Crowd.ComeAsync(stage, first, warm.Token, Visits.ApiAsync);
        var blockers = flows
            .SelectMany(flow => Enumerable.Range(0, AtOnce).Select(_ => Task.Run(() => BlockAsync(node, flow, stop.Token))))
            .ToList();
        stage.CountFault();
        await Task.Delay(Settling);

        var (healthy, calls) = (new List<double>(), new List<double>());
        using var http = new HttpClient { BaseAddress = node.Address };
        var begun = Stopwatch.GetTimestamp();
        List<Task> visits = [];
        // They come at their own times, however slow the server is.
        while (Stopwatch.GetElapsedTime(begun) < Time)
        {
            visits.Add(Task.Run(() => VisitAsync(stage, http, calls)));
            visits.Add(Task.Run(() => TimeAsync(() => http.GetStringAsync("/healthz"), healthy)));
            await Task.Delay(100);
        }
        await Task.WhenAll(visits);
        Tell(stage, "calls of plain logins", calls);
        Tell(stage, "/healthz", healthy);

        var told = Stopwatch.GetTimestamp();
        node.Send("TERM");
        var code = await node.EndAsync(TimeSpan.FromSeconds(40));
        stage.Claim(
            code == 0,
            string.Create(
                CultureInfo.InvariantCulture,
                $"SIGTERM ends it within {Stopwatch.GetElapsedTime(told).TotalSeconds:0.0} s ({code})"
            )
        );
        await stop.CancelAsync();
        await Task.WhenAll(blockers);
    }

    private static async Task VisitAsync(Stage stage, HttpClient http, List<double> times)
    {
        var login = stage.Ledger.Begin();
        var at = await PostAsync("/v1/flow/start", """{ "flowId": "visit", "options": { "client": {} } }""");
        while (at.Status == 200 && at["status"] == "waiting")
        {
            at = await PostAsync(
                "/v1/flow/next",
                $$"""
                { "executionId": "{{at["executionId"]}}", "stepId": "{{at["stepId"]}}", "interactionId": "submit",
                  "input": { "email": "{{login.Person}}@example.com", "attempt": "{{login.Attempt}}", "turn": "{{++login.Turn}}" } }
                """
            );
        }
        if (at["status"] != "completed")
            stage.Ledger.Lose($"{at.Status} {at["errorCode"]}{at["error", "code"]}");
        else if (await stage.Tokens.ProblemOfAsync(at["authInfo", "sessionJwt"], login, at["executionId"]) is { } problem)
            stage.Ledger.Mistake(problem);
        else
            stage.Ledger.Complete();

        async Task<Reply> PostAsync(string path, string json)
        {
            Reply? reply = null;
            await TimeAsync(
                async () =>
                {
                    using var request = new Call(HttpMethod.Post, path) { Json = json }.To(http.BaseAddress!);
                    using var answer = await http.SendAsync(request);
                    reply = new Reply((int)answer.StatusCode, await answer.Content.ReadAsStringAsync(), null, null);
                },
                times
            );
            return reply!;
        }
    }

    /// <summary>Somebody whose every submission keeps a thread busy until its time is over.</summary>
    private static async Task BlockAsync(Node node, string flow, CancellationToken stop)
    {
        using var http = new HttpClient { Timeout = TimeSpan.FromSeconds(60) };
        while (!stop.IsCancellationRequested)
        {
            try
            {
                var at = await PostAsync("/v1/flow/start", $$"""{ "flowId": "{{flow}}", "options": { "client": {} } }""");
                while (at.Status == 200 && at["status"] == "waiting" && !stop.IsCancellationRequested)
                {
                    at = await PostAsync(
                        "/v1/flow/next",
                        $$"""
                        { "executionId": "{{at["executionId"]}}", "stepId": "{{at["stepId"]}}", "interactionId": "submit", "input": {} }
                        """
                    );
                }
                await Task.Delay(50, stop);
            }
            catch (Exception error) when (error is HttpRequestException or OperationCanceledException)
            {
                // The server stops, or it is over.
                await Task.Delay(50, CancellationToken.None);
            }
        }

        async Task<Reply> PostAsync(string path, string json)
        {
            using var request = new Call(HttpMethod.Post, path) { Json = json }.To(node.Address);
            using var answer = await http.SendAsync(request, stop);
            return new Reply((int)answer.StatusCode, await answer.Content.ReadAsStringAsync(stop), null, null);
        }
    }

    private static async Task TimeAsync(Func<Task> call, List<double> times)
    {
        var begun = Stopwatch.GetTimestamp();
        await call();
        var took = Stopwatch.GetElapsedTime(begun).TotalMilliseconds;
        lock (times)
            times.Add(took);
    }

    private static void Tell(Stage stage, string what, List<double> times)
    {
        var ordered = times.Order().ToArray();
        var (half, most) = (At(0.5), At(0.99));
        stage.Claim(
            most < MostMilliseconds,
            string.Create(
                CultureInfo.InvariantCulture,
                $"99 of 100 {what} take less than {MostMilliseconds:0} ms (p50 {half:0}, p99 {most:0}, {times.Count:#,0} of them)"
            )
        );

        double At(double share) => ordered.Length == 0 ? 0 : ordered[Math.Min(ordered.Length - 1, (int)(ordered.Length * share))];
    }
}
