using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using FlowEngine.Bench.Throughput;
using FlowEngine.Identity;

namespace FlowEngine.Bench.Abuse;

/// <summary>Stateless: starts everything, lets one attack after another loose while other people sign in, and prints a row for
/// each.</summary>
internal static class Siege
{
    private const int Networks = 20;

    private static readonly TimeSpan WarmUp = TimeSpan.FromSeconds(8);
    private static readonly TimeSpan Aftermath = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan AttackerGrace = TimeSpan.FromSeconds(40);

    /// <summary>Runs it.</summary>
    /// <returns>0 when every attack was withstood.</returns>
    public static async Task<int> RunAsync(Settings settings)
    {
        var folder = Directory.CreateTempSubdirectory("flowengine-abuse-").FullName;
        await using var databases = await Databases.StartAsync();
        // Everybody's hash is the same: what is measured is what it costs to verify.
        await databases.ExecuteAsync(
            "people",
            "alter table users add column password_hash text",
            $"update users set password_hash = '{PasswordHash.Create(Target.Password)}'"
        );
        var upstreamAddress = new Uri($"http://127.0.0.1:{LoopbackAddress.FreePort()}/");
        using var upstream = Process.Start(
            new ProcessStartInfo(Environment.ProcessPath!, ["upstream", upstreamAddress.ToString()]) { RedirectStandardOutput = true }
        )!;
        // It takes connections, and never reads what comes.
        using var silent = new TcpListener(IPAddress.Loopback, 0);
        silent.Start(backlog: 4096);
        var silentAddress = new Uri($"http://{silent.LocalEndpoint}");
        Target? target = null;
        try
        {
            Table.WriteHead(Console.Out, settings);
            var withstood = true;
            for (var i = 0; i < settings.Attacks.Count; i++)
            {
                if (target is null || target.HasDied || !await target.AnswersAsync("/readyz"))
                {
                    if (target is not null)
                        await target.DisposeAsync();
                    target = await Target.StartAsync(settings, folder, i, databases, upstreamAddress, silentAddress);
                    // Much of what a young process does is compile itself.
                    using var warm = new CancellationTokenSource(WarmUp);
                    await new People(target.Address, Networks).ComeAsync(warm.Token);
                }
                var row = await AttackAsync(
                    settings,
                    Attacks.All.Single(attack => attack.Name == settings.Attacks[i]),
                    $"127.0.{i + 1}.9",
                    target
                );
                withstood &= row.Holds;
                Table.Write(Console.Out, row);
            }
            return withstood ? 0 : 1;
        }
        finally
        {
            if (target is not null)
                await target.DisposeAsync();
            upstream.Kill();
            await upstream.WaitForExitAsync();
            Directory.Delete(folder, recursive: true);
        }
    }

    private static async Task<Row> AttackAsync(Settings settings, Attack attack, string from, Target target)
    {
        var people = new People(target.Address, Networks);
        var (before, storedBefore) = (target.Megabytes(), await target.StoredMegabytesAsync());
        using var stop = new CancellationTokenSource();
        var most = SampleAsync(target, stop.Token);
        var visits = people.ComeAsync(stop.Token);
        var answers = await AttackerAsync(settings, attack, from, target.Address);
        await stop.CancelAsync();
        await visits;
        var peak = await most;

        var (cpu, begun) = (target.CpuSeconds(), Stopwatch.GetTimestamp());
        await Task.Delay(Aftermath);
        var cores = target.HasDied ? 0 : (target.CpuSeconds() - cpu) / Stopwatch.GetElapsedTime(begun).TotalSeconds;
        var lives = !target.HasDied && await target.AnswersAsync("/healthz");
        return new Row
        {
            Attack = attack,
            Answers = answers,
            Logins = people.Of("login"),
            Passwords = people.Of("password"),
            Console = people.Of("console"),
            Health = people.Of("health"),
            Failure = people.CommonFailure(),
            Before = before,
            Most = peak,
            After = target.Megabytes(),
            Stored = await target.StoredMegabytesAsync() - storedBefore,
            CoresAfter = cores,
            Lives = lives,
            LastWords = target.HasDied ? target.LastWords : "",
        };
    }

    /// <summary>The most memory that the server held until told to stop.</summary>
    private static async Task<double> SampleAsync(Target target, CancellationToken stop)
    {
        var most = 0.0;
        while (!stop.IsCancellationRequested)
        {
            most = Math.Max(most, target.Megabytes());
            await Task.Delay(100, CancellationToken.None);
        }
        return most;
    }

    /// <summary>Runs the attacker in a process of its own, which yields the cores to the server: an attacker brings their own
    /// machine.</summary>
    private static async Task<string> AttackerAsync(Settings settings, Attack attack, string from, Uri server)
    {
        string[] arguments =
        [
            "-n",
            "10",
            Environment.ProcessPath!,
            "attack",
            attack.Name,
            server.ToString(),
            from,
            ((int)settings.Time.TotalSeconds).ToString(CultureInfo.InvariantCulture),
            settings.Most.ToString(CultureInfo.InvariantCulture),
        ];
        using var process = Process.Start(new ProcessStartInfo("nice", arguments) { RedirectStandardOutput = true })!;
        var output = process.StandardOutput.ReadToEndAsync();
        using var limit = new CancellationTokenSource(settings.Time + AttackerGrace);
        try
        {
            await process.WaitForExitAsync(limit.Token);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            await process.WaitForExitAsync(CancellationToken.None);
        }
        return (await output).Trim();
    }
}
