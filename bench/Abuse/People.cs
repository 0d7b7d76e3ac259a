using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using System.Text;
using System.Text.Json;

namespace FlowEngine.Bench.Abuse;

/// <summary>Shared and immutable: what one kind of people met.</summary>
/// <param name="Milliseconds">How long each of those took who got in, from when they came.</param>
/// <param name="Failures">How many did not get in.</param>
internal sealed record Met(double[] Milliseconds, int Failures)
{
    /// <summary>How many came.</summary>
    public int Count => Milliseconds.Length + Failures;

    /// <summary>The time that this share of those who got in stays below.</summary>
    public double Percentile(double share) =>
        Milliseconds.Length == 0 ? 0 : Milliseconds[Math.Min(Milliseconds.Length - 1, (int)(Milliseconds.Length * share))];
}

/// <summary>
/// Per siege: other people, who come at their own times however slow the server is, each from an address and with a connection of their
/// own: twenty a second who look at <c>/healthz</c>, ten who sign in with <c>login</c>, one a second with a password, one every two seconds
/// at the console. All from networks other than the attackers'.
internal sealed class People(Uri server, int networks)
{
    private readonly ConcurrentBag<(string Kind, double Milliseconds, string? Failure)> _visits = [];
    private int _count;

    /// <summary>Lets people come until told to stop, and waits for those who are on their way.</summary>
    public async Task ComeAsync(CancellationToken stop)
    {
        var visits = new ConcurrentBag<Task>();
        await Task.WhenAll(
            EveryAsync(TimeSpan.FromMilliseconds(100), "login", SignInAsync),
            EveryAsync(TimeSpan.FromSeconds(1), "password", SignInByPasswordAsync),
            EveryAsync(TimeSpan.FromSeconds(2), "console", SignInToConsoleAsync),
            EveryAsync(TimeSpan.FromMilliseconds(50), "health", LookAsync)
        );
        await Task.WhenAll(visits);

        async Task EveryAsync(TimeSpan time, string kind, Func<HttpClient, int, Task<string?>> visit)
        {
            var begun = Stopwatch.GetTimestamp();
            for (var i = 0; !stop.IsCancellationRequested; i++)
            {
                var wait = time * i - Stopwatch.GetElapsedTime(begun);
                if (wait > TimeSpan.Zero)
                {
                    try
                    {
                        await Task.Delay(wait, stop);
                    }
                    catch (OperationCanceledException)
                    {
                        return;
                    }
                }
                // From when the person came, not from when there was time to look after them.
                var came = begun + (long)(time.TotalSeconds * i * Stopwatch.Frequency);
                visits.Add(Task.Run(() => VisitAsync(kind, came, visit), CancellationToken.None));
            }
        }
    }

    /// <summary>What those of a kind met until now.</summary>
    public Met Of(string kind)
    {
        var visits = _visits.Where(visit => visit.Kind == kind).ToList();
        return new Met(
            [.. visits.Where(visit => visit.Failure is null).Select(visit => visit.Milliseconds).Order()],
            visits.Count(visit => visit.Failure is not null)
        );
    }

    /// <summary>Why most of those failed who did; "" when nobody did.</summary>
    public string CommonFailure() =>
        _visits
            .Where(visit => visit.Failure is not null)
            .GroupBy(visit => $"{visit.Kind}: {visit.Failure}")
            .OrderByDescending(group => group.Count())
            .Select(group => group.Key)
            .FirstOrDefault("");

    /// <summary>A login from start to tokens.</summary>
    /// <returns>Why it failed; null when it did not.</returns>
    public static Task<string?> SignInAsync(HttpClient http, int person) =>
        SignInAsync(http, "login", $$"""{ "email": "person{{person % 10_000}}@example.com" }""");

    private static Task<string?> SignInByPasswordAsync(HttpClient http, int person) =>
        SignInAsync(http, "password", $$"""{ "email": "person{{person % 10_000}}@example.com", "password": "{{Target.Password}}" }""");

    private static async Task<string?> SignInAsync(HttpClient http, string flow, string input)
    {
        var (status, screen) = await PostAsync(http, "/v1/flow/start", $$$"""{ "flowId": "{{{flow}}}", "options": { "client": {} } }""");
        if (status != HttpStatusCode.OK)
            return $"start {(int)status}";
        var (execution, step) = (screen.GetProperty("executionId").GetString(), screen.GetProperty("stepId").GetString());
        (status, var answer) = await PostAsync(
            http,
            "/v1/flow/next",
            $$"""{ "executionId": "{{execution}}", "stepId": "{{step}}", "interactionId": "submit", "input": {{input}} }"""
        );
        return status != HttpStatusCode.OK ? $"next {(int)status}"
            : answer.TryGetProperty("authInfo", out _) ? null
            : $"next ended {answer.GetProperty("status").GetString()}";
    }

    private static async Task<string?> LookAsync(HttpClient http, int person)
    {
        using var answer = await http.GetAsync("/healthz");
        return answer.IsSuccessStatusCode ? null : $"healthz {(int)answer.StatusCode}";
    }

    private static async Task<string?> SignInToConsoleAsync(HttpClient http, int person)
    {
        var (status, _) = await PostAsync(http, "/api/session", $$"""{ "name": "{{Target.Admin}}", "password": "{{Target.Password}}" }""");
        return status == HttpStatusCode.OK ? null : $"session {(int)status}";
    }

    private static async Task<(HttpStatusCode Status, JsonElement Body)> PostAsync(HttpClient http, string path, string json)
    {
        using var answer = await http.PostAsync(path, new StringContent(json, Encoding.UTF8, "application/json"));
        return answer.StatusCode == HttpStatusCode.OK
            ? (answer.StatusCode, JsonSerializer.Deserialize<JsonElement>(await answer.Content.ReadAsStringAsync()))
            : (answer.StatusCode, default);
    }

    private async Task VisitAsync(string kind, long came, Func<HttpClient, int, Task<string?>> visit)
    {
        var person = Interlocked.Increment(ref _count);
        using var http = LoopbackAddress.Client(IPAddress.Parse($"127.1.{person % networks}.50"), server);
        string? failure;
        try
        {
            failure = await visit(http, person);
        }
        catch (Exception error) when (error is HttpRequestException or IOException or TaskCanceledException or JsonException)
        {
            failure = error is TaskCanceledException ? "no answer within 30 s" : error.GetBaseException().Message;
        }
        _visits.Add((kind, Stopwatch.GetElapsedTime(came).TotalMilliseconds, failure));
    }
}
