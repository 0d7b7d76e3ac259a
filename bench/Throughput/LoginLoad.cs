using System.Diagnostics;
using System.Text;

namespace FlowEngine.Bench.Throughput;

/// <summary>Shared and immutable: what a turn brought.</summary>
/// <param name="Seconds">How long it took.</param>
/// <param name="Milliseconds">How long each login took, both requests together.</param>
internal sealed record Turn(double Seconds, double[] Milliseconds)
{
    /// <summary>Complete logins.</summary>
    public int Logins => Milliseconds.Length;
}

/// <summary>Stateless: people who sign in one after another on a number of connections.</summary>
internal static class LoginLoad
{
    private const string StartBody = """{"flowId":"login","options":{"client":{}}}""";

    /// <summary>Signs people in for a while, or until there were <paramref name="most"/> logins. Every
    /// answer is looked at: a login that does not end in its tokens ends the measurement.</summary>
    /// <param name="onFailure">Told of a login that did not, instead of ending the measurement.</param>
    public static async Task<Turn> RunAsync(
        Uri address,
        int connections,
        TimeSpan duration,
        int most = int.MaxValue,
        Action<string>? onFailure = null
    )
    {
        var clients = await Task.WhenAll(Enumerable.Range(0, connections).Select(_ => LoopbackClient.ConnectAsync(address)));
        try
        {
            var started = Stopwatch.GetTimestamp();
            var times = await Task.WhenAll(
                clients.Select((client, i) => Task.Run(() => SignInAsync(client, i, started, duration, most / connections, onFailure)))
            );
            return new Turn(Stopwatch.GetElapsedTime(started).TotalSeconds, [.. times.SelectMany(time => time)]);
        }
        finally
        {
            foreach (var client in clients)
                client.Dispose();
        }
    }

    /// <summary>Waits until a server that listens takes a login: some listen before they know their flows.</summary>
    public static async Task AwaitFirstAsync(Uri address, TimeSpan limit)
    {
        for (var begun = Stopwatch.GetTimestamp(); ; )
        {
            try
            {
                await RunAsync(address, 1, TimeSpan.FromMilliseconds(1));
                return;
            }
            catch (InvalidDataException) when (Stopwatch.GetElapsedTime(begun) < limit)
            {
                await Task.Delay(200);
            }
        }
    }

    private static async Task<List<double>> SignInAsync(
        LoopbackClient client,
        int seed,
        long started,
        TimeSpan duration,
        int most,
        Action<string>? onFailure
    )
    {
        var times = new List<double>();
        var random = new Random(seed);
        while (times.Count < most && Stopwatch.GetElapsedTime(started) < duration)
        {
            var begun = Stopwatch.GetTimestamp();
            var screen = await client.PostAsync("/v1/flow/start", StartBody);
            var (execution, step) = (Member(screen.Span, "executionId"u8), Member(screen.Span, "stepId"u8));
            var answer = await client.PostAsync(
                "/v1/flow/next",
                $$$"""{"executionId":"{{{execution}}}","stepId":"{{{step}}}","interactionId":"submit","input":"""
                    + $$$"""{"email":"person{{{random.Next(Databases.People)}}}@example.com"}}"""
            );
            if (
                Member(answer.Span, "status"u8) != "completed"
                || Member(answer.Span, "sessionJwt"u8).Length < 100
                || Member(answer.Span, "refreshJwt"u8).Length < 80
                || Member(answer.Span, "region"u8) != "eu-west-1"
            )
            {
                var failure = $"The login did not end in its tokens: {Encoding.UTF8.GetString(answer.Span)}";
                (onFailure ?? (static text => throw new InvalidDataException(text)))(failure);
                continue;
            }
            times.Add(Stopwatch.GetElapsedTime(begun).TotalMilliseconds);
        }
        return times;
    }

    /// <summary>The text of the first member of that name. The servers' answers hold no escapes there.</summary>
    private static string Member(ReadOnlySpan<byte> json, ReadOnlySpan<byte> name)
    {
        Span<byte> start = stackalloc byte[name.Length + 4];
        "\""u8.CopyTo(start);
        name.CopyTo(start[1..]);
        "\":\""u8.CopyTo(start[(name.Length + 1)..]);
        var at = json.IndexOf(start);
        if (at < 0)
            throw new InvalidDataException($"The answer has no {Encoding.UTF8.GetString(name)}: {Encoding.UTF8.GetString(json)}");
        var value = json[(at + start.Length)..];
        return Encoding.UTF8.GetString(value[..value.IndexOf((byte)'"')]);
    }
}
