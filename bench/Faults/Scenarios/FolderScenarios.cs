using System.Diagnostics;
using System.Globalization;
using Microsoft.Data.Sqlite;

namespace FlowEngine.Bench.Faults;

/// <summary>Stateless: the data folder is full, read-only, damaged, or has a server already.</summary>
internal static class FolderScenarios
{
    /// <summary>A start that cannot work says so by then.</summary>
    private static readonly TimeSpan Refusal = TimeSpan.FromSeconds(10);

    public static IEnumerable<Scenario> All { get; } =
    [
        new("disk-full", "The disk of the data folder is full for five seconds, twice.", FullAsync),
        new("two-servers", "A second server is started on the data folder, five times.", SecondAsync),
        new("read-only-folder", "The server is started on a data folder that it cannot write.", ReadOnlyAsync),
        new("damaged-page", "The server is started on a database with a broken page.", DamagedAsync),
    ];

    private static async Task FullAsync(Stage stage)
    {
        var data = Directory.CreateDirectory(stage.PathOf("data")).FullName;
        // The file system is seen by that process alone, and goes with it.
        var node = stage.Embedded(before: InNamespace($"mount -t tmpfs -o size=48m,mode=0700 tmpfs '{data}'"));
        if (!await StartedAsync(stage, node))
            return;
        using var door = new Door(stage, node);
        using var stop = new CancellationTokenSource();
        var visits = Crowd.ComeAsync(stage, door, stop.Token, Visits.ApiAsync, Visits.HostedAsync, Visits.StepsAsync);
        var seen = $"/proc/{node.ProcessId}/root{data}/filler";
        var (answers, calls) = (new HashSet<int>(), 0);
        for (var i = 0; i < 2; i++)
        {
            await Task.Delay(TimeSpan.FromSeconds(2));
            stage.CountFault();
            Fill(seen);
            calls -= stage.Upstream.Calls;
            for (var second = 0; second < 5; second++)
            {
                await Task.Delay(TimeSpan.FromSeconds(1));
                Fill(seen);
                answers.Add(await node.StatusAsync("/readyz", TimeSpan.FromSeconds(5)));
            }
            calls += stage.Upstream.Calls;
            File.Delete(seen);
        }
        await Task.Delay(TimeSpan.FromSeconds(2));
        await stop.CancelAsync();
        await visits;
        stage.Note($"/readyz said {string.Join(" and ", answers.Order())} meanwhile, and the upstream got {calls} calls");
    }

    private static async Task SecondAsync(Stage stage)
    {
        var first = stage.Embedded();
        await first.StartAsync();
        using var door = new Door(stage, first);
        using var stop = new CancellationTokenSource();
        var visits = Crowd.ComeAsync(stage, door, stop.Token, Visits.ApiAsync, Visits.HostedAsync);
        var longest = TimeSpan.Zero;
        for (var i = 0; i < 5; i++)
        {
            var second = stage.Embedded();
            stage.CountFault();
            var (code, took) = await second.TryAsync(Refusal);
            longest = took > longest ? took : longest;
            var isTold =
                second.Words.Contains("storage.in_use", StringComparison.Ordinal)
                && second.Words.Contains($"process {first.ProcessId}", StringComparison.Ordinal);
            if (code != 1 || !isTold)
                stage.Claim(false, $"it is refused with the first one's process id ({code}: {second.LastWords})");
        }
        await stop.CancelAsync();
        await visits;
        stage.Claim(
            stage.Ledger.Cut == 0,
            string.Create(CultureInfo.InvariantCulture, $"refused within {longest.TotalSeconds:0.0} s, and the first notices nothing")
        );
    }

    private static async Task ReadOnlyAsync(Stage stage)
    {
        var node = stage.Embedded();
        await node.StartAsync();
        using (var door = new Door(stage, node))
            await Crowd.ComeAsync(stage, door, Visits.ApiAsync);
        await node.DisposeAsync();
        var data = stage.PathOf("data");
        var again = stage.Embedded(before: InNamespace($"mount --bind '{data}' '{data}' && mount -o remount,bind,ro '{data}'"));
        await RefusedAsync(stage, again, "storage.unavailable");
    }

    private static async Task DamagedAsync(Stage stage)
    {
        var node = stage.Embedded();
        await node.StartAsync();
        using (var door = new Door(stage, node))
            await Crowd.ComeAsync(stage, door, Visits.ApiAsync);
        node.Send("TERM");
        await node.EndAsync(TimeSpan.FromSeconds(40));
        await BreakAsync(Path.Combine(stage.PathOf("data"), "flowengine.db"), "run_traces");
        await RefusedAsync(stage, stage.Embedded(), "storage.damaged");
    }

    private static async Task RefusedAsync(Stage stage, Node node, string errorCode)
    {
        stage.CountFault();
        var (code, took) = await node.TryAsync(TimeSpan.FromSeconds(60));
        if (code == 99)
        {
            stage.Note("not done: mounts are not allowed here");
            return;
        }
        var isTold = code == 1 && node.Words.Contains($"error {errorCode}: ", StringComparison.Ordinal);
        stage.Claim(
            isTold && took < Refusal,
            string.Create(
                CultureInfo.InvariantCulture,
                $"refused with {errorCode} within {took.TotalSeconds:0.0} s{(isTold ? "" : $" ({code}: {node.LastWords})")}"
            )
        );
    }

    private static async Task<bool> StartedAsync(Stage stage, Node node)
    {
        try
        {
            await node.StartAsync();
            return true;
        }
        catch (InvalidOperationException) when (node.HasEnded)
        {
            stage.Note($"not done: mounts are not allowed here ({node.LastWords})");
            return false;
        }
    }

    /// <summary>What stands before a command that runs with mounts of its own.</summary>
    private static string[] InNamespace(string mount) =>
        [
            "unshare",
            .. Environment.IsPrivilegedProcess ? (string[])[] : ["--user", "--map-root-user"],
            "--mount",
            "sh",
            "-c",
            $"{{ {mount}; }} || exit 99; exec \"$@\"",
            "sh",
        ];

    /// <summary>Writes until there is no room.</summary>
    private static void Fill(string file)
    {
        using var stream = new FileStream(file, FileMode.Append, FileAccess.Write, FileShare.None, bufferSize: 0);
        var some = new byte[4096];
        try
        {
            while (true)
                stream.Write(some);
        }
        catch (IOException)
        {
            // Full.
        }
    }

    /// <summary>Overwrites the first page of a table.</summary>
    private static async Task BreakAsync(string file, string table)
    {
        long page,
            size;
        await using (var connection = new SqliteConnection($"Data Source={file};Mode=ReadOnly;Pooling=false"))
        {
            await connection.OpenAsync();
            await using var command = connection.CreateCommand();
            command.CommandText = $"select rootpage from sqlite_master where name = '{table}'";
            page = (long)(await command.ExecuteScalarAsync())!;
            command.CommandText = "pragma page_size";
            size = (long)(await command.ExecuteScalarAsync())!;
        }
        await using var stream = new FileStream(file, FileMode.Open, FileAccess.Write, FileShare.ReadWrite);
        stream.Seek((page - 1) * size, SeekOrigin.Begin);
        await stream.WriteAsync(Enumerable.Repeat((byte)0xAB, (int)size).ToArray());
    }
}
