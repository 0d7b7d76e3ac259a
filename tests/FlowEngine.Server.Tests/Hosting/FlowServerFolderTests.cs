using System.Diagnostics;
using System.Globalization;
using FlowEngine.TestServers;
using Microsoft.Data.Sqlite;

namespace FlowEngine.Server.Tests.Hosting;

/// <summary>The data folder of a server: it has one server, it can be written,
/// and its database is whole; or the start says so in one line.</summary>
[Trait("Category", "cluster")]
public sealed class FlowServerFolderTests
{
    private static CancellationToken Stop => TestStorage.Stop;

    [Fact]
    public async Task SecondServer_WhileTheFirstLives_IsRefusedWithItsProcessId()
    {
        await using var first = await ServeProcess.DemoAsync();
        var id = first.ProcessId.ToString(CultureInfo.InvariantCulture);

        for (var i = 0; i < 2; i++)
        {
            var second = await FlowEngineProcess.RunAsync("serve", "--demo", "--data", first.Data, "--urls", "http://127.0.0.1:0");

            Assert.Equal(1, second.ExitCode);
            var line = Assert.Single(second.Error.TrimEnd().Split('\n'));
            Assert.StartsWith("error storage.in_use: ", line, StringComparison.Ordinal);
            Assert.Contains($"another server, process {id}.", line, StringComparison.Ordinal);
        }

        // What belongs beside a server still works, and the first has noticed nothing.
        Assert.Equal(0, (await FlowEngineProcess.RunAsync("users", "list", "--data", first.Data)).ExitCode);
        Assert.Equal("completed", (await first.SignInAsync("ada@example.com")).Get("status").ToText());

        // However the first ends, the folder is free: no file has to be removed by hand.
        await first.KillAsync();
        Assert.True(File.Exists(Path.Combine(first.Data, "server.pid")));
        await first.StartAsync();
        Assert.Equal("completed", (await first.SignInAsync("ada@example.com")).Get("status").ToText());
        Assert.Equal(0, await first.TerminateAsync());
        Assert.False(File.Exists(Path.Combine(first.Data, "server.pid")));
    }

    /// <summary>In another container a process id says nothing by itself.</summary>
    [Fact]
    public async Task SecondServer_InAnotherContainer_IsToldWhereTheFirstIs()
    {
        await using var first = await ServeProcess.DemoAsync();

        var second = await InNamespaceAsync("hostname elsewhere", "serve", "--demo", "--data", first.Data, "--urls", "http://127.0.0.1:0");

        Assert.Equal(1, second.ExitCode);
        Assert.Contains("error storage.in_use: ", second.Error, StringComparison.Ordinal);
        Assert.Contains(
            $"process {first.ProcessId.ToString(CultureInfo.InvariantCulture)} "
                + $"on the machine or in the container {Environment.MachineName}.",
            second.Error,
            StringComparison.Ordinal
        );
    }

    [Theory]
    [InlineData("serve", "--demo", "--urls", "http://127.0.0.1:0")]
    [InlineData("users", "list")]
    public async Task ReadOnlyFileSystem_IsToldInOneLine(params string[] command)
    {
        await using var server = await ServeProcess.DemoAsync();
        Assert.Equal(0, await server.TerminateAsync());

        var refused = await InNamespaceAsync(
            $"mount --bind '{server.Data}' '{server.Data}' && mount -o remount,bind,ro '{server.Data}'",
            [.. command, "--data", server.Data]
        );

        Assert.Equal(1, refused.ExitCode);
        var line = Assert.Single(refused.Error.TrimEnd().Split('\n'));
        Assert.StartsWith("error storage.unavailable: ", line, StringComparison.Ordinal);
        Assert.Contains("Read-only file system", line, StringComparison.Ordinal);
    }

    [Fact]
    public async Task BrokenPages_AtTheStart_AreRefused()
    {
        await using var server = await ServeProcess.DemoAsync();
        Assert.Equal("completed", (await server.SignInAsync("ada@example.com")).Get("status").ToText());
        Assert.Equal(0, await server.TerminateAsync());

        Break(Path.Combine(server.Data, "flowengine.db"), "run_traces");
        var refused = await FlowEngineProcess.RunAsync("serve", "--demo", "--data", server.Data, "--urls", "http://127.0.0.1:0");

        Assert.Equal(1, refused.ExitCode);
        Assert.StartsWith("error storage.damaged: ", Assert.Single(refused.Error.TrimEnd().Split('\n')), StringComparison.Ordinal);
    }

    [Fact]
    public async Task BrokenPages_OfAServerThatRuns_AreTold()
    {
        await using var server = await ServeProcess.StartAsync(_ => ["--demo", "--set", "Storage:CheckEvery=PT1S"]);
        Assert.Equal("completed", (await server.SignInAsync("ada@example.com")).Get("status").ToText());
        // Everything is in the file, and nothing of it beside it.
        Assert.Equal(0, await server.TerminateAsync());
        await server.StartAsync();
        Assert.Equal("ok", await server.Http.GetStringAsync("/readyz", Stop));

        Break(Path.Combine(server.Data, "flowengine.db"), "run_traces");

        var since = Stopwatch.GetTimestamp();
        string ready;
        while (!(ready = await server.Http.GetStringAsync("/readyz", Stop)).StartsWith("ok\nstorage.damaged: ", StringComparison.Ordinal))
        {
            Assert.True(Stopwatch.GetElapsedTime(since) < TimeSpan.FromSeconds(60), $"Nothing is told: {ready}");
            await Task.Delay(100, Stop);
        }
        while (!server.Output.Contains("storage.damaged: The embedded database is damaged: ", StringComparison.Ordinal))
        {
            Assert.True(Stopwatch.GetElapsedTime(since) < TimeSpan.FromSeconds(90), server.Output);
            await Task.Delay(100, Stop);
        }
    }

    /// <summary>Overwrites the first page of a table.</summary>
    private static void Break(string file, string table)
    {
        long page,
            size;
        using (
            var connection = new SqliteConnection(
                new SqliteConnectionStringBuilder
                {
                    DataSource = file,
                    Mode = SqliteOpenMode.ReadOnly,
                    Pooling = false,
                }.ConnectionString
            )
        )
        {
            connection.Open();
            using var command = connection.CreateCommand();
            command.CommandText = $"select rootpage from sqlite_master where name = '{table}'";
            page = (long)command.ExecuteScalar()!;
            command.CommandText = "pragma page_size";
            size = (long)command.ExecuteScalar()!;
        }
        using var stream = new FileStream(file, FileMode.Open, FileAccess.Write, FileShare.ReadWrite);
        stream.Seek((page - 1) * size, SeekOrigin.Begin);
        stream.Write(Enumerable.Repeat((byte)0xAB, (int)size).ToArray());
    }

    /// <summary>Runs the command where mounts and the name of the machine are its own.</summary>
    private static async Task<FlowEngineProcess.Finished> InNamespaceAsync(string first, params string[] arguments)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Linux has namespaces.");
        var start = new ProcessStartInfo(
            "unshare",
            [
                "--user",
                "--map-root-user",
                "--mount",
                "--uts",
                "sh",
                "-c",
                $"{{ {first}; }} || exit 99; exec \"$@\"",
                "sh",
                FlowEngineProcess.Command,
                .. arguments,
            ]
        )
        {
            WorkingDirectory = FlowEngineProcess.Repository,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync(Stop);
        var error = process.StandardError.ReadToEndAsync(Stop);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(Stop);
        limit.CancelAfter(TimeSpan.FromSeconds(60));
        try
        {
            await process.WaitForExitAsync(limit.Token);
        }
        catch (OperationCanceledException) when (!Stop.IsCancellationRequested)
        {
            process.Kill(entireProcessTree: true);
            Assert.Fail("It hangs.");
        }
        Assert.SkipWhen(
            process.ExitCode == 99 || (await error).StartsWith("unshare:", StringComparison.Ordinal),
            $"Namespaces are not allowed here: {await error}"
        );
        return new FlowEngineProcess.Finished(process.ExitCode, await output, await error);
    }
}
