using System.Diagnostics;
using System.Globalization;
using System.Reflection;
using System.Text;
using FlowEngine.TestServers;
using static FlowEngine.Server.Tests.Deploy.ComposeFile;

namespace FlowEngine.Server.Tests.Deploy;

/// <summary>Per test: a container of the image <c>flowengine</c> as a process: the program with the service's command and environment,
/// healthy when its health check says so.</summary>
internal sealed class ContainerProcess : IAsyncDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(180);

    private readonly StringBuilder _output = new();
    private readonly Process _process;

    private ContainerProcess(Process process)
    {
        _process = process;
        process.OutputDataReceived += Keep;
        process.ErrorDataReceived += Keep;
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
    }

    /// <summary>What it wrote.</summary>
    public string Output
    {
        get
        {
            lock (_output)
                return _output.ToString();
        }
    }

    private static string Program { get; } =
        typeof(ContainerProcess)
            .Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
            .Single(attribute => attribute.Key == "Command")
            .Value!;

    /// <summary>Starts a service and waits until it is healthy.</summary>
    public static async Task<ContainerProcess> StartAsync(string service, ComposePlaces places)
    {
        places.Mount(service);
        var command = Texts(Services.Get(service).Get("command")).Select(word => places.TextOf(service, word));
        var check = Texts(Services.Get(service).Get("healthcheck").Get("test")).Select(word => places.TextOf(service, word)).ToList();
        Assert.Equal(["CMD", "flowengine"], check[..2]);
        var container = new ContainerProcess(Start(Program, command, places.EnvironmentOf(service), places.PathIn(service, "")));
        for (var started = Stopwatch.GetTimestamp(); (await RunAsync(Program, check[2..], [])).ExitCode != 0; )
        {
            if (container._process.HasExited || Stopwatch.GetElapsedTime(started) > Limit)
            {
                await container.DisposeAsync();
                Assert.Fail($"{service} did not become healthy: {container.Output}");
            }
            await Task.Delay(TimeSpan.FromMilliseconds(500));
        }
        return container;
    }

    /// <summary>Runs a program to its end.</summary>
    public static async Task<Ended> RunAsync(string program, IEnumerable<string> arguments, Dictionary<string, string> environment)
    {
        using var process = Start(program, arguments, environment, Path.GetTempPath());
        var (output, error) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        using var limit = new CancellationTokenSource(Limit);
        await process.WaitForExitAsync(limit.Token);
        return new Ended(process.ExitCode, await output + await error);
    }

    public async ValueTask DisposeAsync()
    {
        using (_process)
        {
            if (!_process.HasExited)
                _process.Kill();
            await _process.WaitForExitAsync();
        }
    }

    /// <summary>How a program ended.</summary>
    internal sealed record Ended(int ExitCode, string Output);

    private static Process Start(string program, IEnumerable<string> arguments, Dictionary<string, string> environment, string folder)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            WorkingDirectory = folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment.Remove("DOTNET_ENVIRONMENT");
        start.Environment.Remove("ASPNETCORE_ENVIRONMENT");
        foreach (var (name, value) in environment)
            start.Environment[name] = value;
        return Process.Start(start)!;
    }

    private void Keep(object sender, DataReceivedEventArgs line)
    {
        lock (_output)
            _output.AppendLine(line.Data);
    }
}
