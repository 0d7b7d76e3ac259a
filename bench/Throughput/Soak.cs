using System.Diagnostics;
using System.Globalization;

namespace FlowEngine.Bench.Throughput;

/// <summary>Stateless: signs people in at full rate, tells every minute how much memory the server holds, and for some minutes more once
/// nobody comes any more.</summary>
internal static class Soak
{
    /// <summary>From here on memory has to be flat.</summary>
    private const int FlatFrom = 10;

    private static int _failures;

    private static readonly TimeSpan FirstLogin = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Sample = TimeSpan.FromSeconds(1);

    /// <summary>Runs it.</summary>
    /// <returns>0 when memory was flat and came back.</returns>
    public static async Task<int> RunAsync(SoakSettings settings)
    {
        var folder = Directory.CreateTempSubdirectory("flowengine-soak-").FullName;
        await using var databases = await Databases.StartAsync();
        await using var upstream = await Contender.UpstreamAsync();
        var environment = new Dictionary<string, string>(settings.Environment);
        if (settings.HeapMegabytes > 0)
            environment["DOTNET_GCHeapHardLimit"] = (settings.HeapMegabytes * 1024L * 1024L).ToString("x", CultureInfo.InvariantCulture);
        try
        {
            await using var server = await Contender.EngineAsync(
                "engine",
                folder,
                settings.IsPostgres ? await databases.CreateAsync("soak") : null,
                databases.ConnectionTo("people"),
                upstream.Address,
                environment
            );
            await LoginLoad.AwaitFirstAsync(server.Address, FirstLogin);
            var start = Megabytes(server);
            Console.WriteLine(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"{Environment.ProcessorCount} cores, {(settings.IsPostgres ? "PostgreSQL" : "SQLite")}, "
                        + $"heap of {settings.HeapMegabytes} MB (0: the machine's), {settings.Connections} connections."
                )
            );
            Console.WriteLine($"After the first login: {start:0} MB.\n\n| minute | logins | logins/s | MB | most |\n|--:|--:|--:|--:|--:|");

            var minutes = await RushAsync(server, settings);
            var idle = await IdleAsync(server, settings.IdleMinutes);

            var flat = minutes.Count > FlatFrom ? minutes[FlatFrom..] : [];
            var spread = flat.Count == 0 ? double.NaN : flat.Max() / flat[0];
            Console.WriteLine(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"\n{_failures} logins failed. From minute {FlatFrom} on {spread:0.00} times the tenth at most (1.10 "
                        + $"is the target); {settings.IdleMinutes} minutes after: {idle / start:0.00} times the start (1.50)."
                )
            );
            return (double.IsNaN(spread) || spread <= 1.1) && idle <= start * 1.5 ? 0 : 1;
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    /// <summary>All logins, a minute at a time.</summary>
    /// <returns>The mean of each whole minute, in MB.</returns>
    private static async Task<List<double>> RushAsync(Contender server, SoakSettings settings)
    {
        var means = new List<double>();
        var left = settings.Logins;
        while (left > 0)
        {
            var samples = new List<double>();
            var load = LoginLoad.RunAsync(
                server.Address,
                settings.Connections,
                TimeSpan.FromMinutes(1),
                Math.Max(left, settings.Connections),
                _ => Interlocked.Increment(ref _failures)
            );
            while (await Task.WhenAny(load, Task.Delay(Sample)) != load)
                samples.Add(Megabytes(server));
            var turn = await load;
            samples.Add(Megabytes(server));
            left -= turn.Logins;
            means.Add(samples.Average());
            Write($"{means.Count}", settings.Logins - left, turn.Logins / turn.Seconds, samples);
        }
        return means;
    }

    private static async Task<double> IdleAsync(Contender server, int minutes)
    {
        var last = Megabytes(server);
        for (var minute = 1; minute <= minutes; minute++)
        {
            var samples = new List<double>();
            for (var begun = Stopwatch.GetTimestamp(); Stopwatch.GetElapsedTime(begun) < TimeSpan.FromMinutes(1); await Task.Delay(Sample))
                samples.Add(Megabytes(server));
            last = samples[^1];
            Write($"idle {minute}", 0, 0, [last]);
        }
        return last;
    }

    private static void Write(string minute, int logins, double rate, List<double> samples)
    {
        Console.WriteLine(
            string.Create(
                CultureInfo.InvariantCulture,
                $"| {minute} | {logins:#,0} | {rate:0} | {samples.Average():0} | {samples.Max():0} |"
            )
        );
        Console.Out.Flush();
    }

    private static double Megabytes(Contender server) => ProcessUsage.ResidentMegabytes(server.ProcessId);
}
