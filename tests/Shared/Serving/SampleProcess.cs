using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Reflection;
using System.Text;

namespace FlowEngine.TestServers;

/// <summary>Per test: <c>samples/Embedded</c>, the very program, on a free port, with data of its own and the flows' connectors pointed
/// at it.</summary>
internal sealed class SampleProcess : IAsyncDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    private readonly Workspace _workspace = new();
    private readonly StringBuilder _output = new();
    private readonly Process _process;

    private SampleProcess(string address, Process process) => (Address, _process) = (address, process);

    public string Address { get; }

    public string Data => Path.Combine(_workspace.Folder, "data");

    public string Output
    {
        get
        {
            lock (_output)
                return _output.ToString();
        }
    }

    public static async Task<SampleProcess> StartAsync()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var address = $"http://127.0.0.1:{((IPEndPoint)listener.LocalEndpoint).Port}";
        listener.Stop();
        var program = typeof(SampleProcess)
            .Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
            .Single(attribute => attribute.Key == "Embedded")
            .Value!;
        var process = new Process
        {
            StartInfo = new ProcessStartInfo(program) { RedirectStandardOutput = true, RedirectStandardError = true },
        };
        var sample = new SampleProcess(address, process);
        var built = Path.Combine(Path.GetDirectoryName(program)!, "flows");
        foreach (var file in Directory.EnumerateFiles(built, "*.json", SearchOption.AllDirectories))
            sample._workspace.Write(
                Path.Combine("flows", Path.GetRelativePath(built, file)),
                (await File.ReadAllTextAsync(file)).Replace("http://127.0.0.1:5080", address, StringComparison.Ordinal)
            );
        process.StartInfo.WorkingDirectory = sample._workspace.Folder;
        FlowEngineProcess.SetEnvironment(process.StartInfo, new Dictionary<string, string>());
        foreach (
            var argument in new[]
            {
                $"--urls={address}",
                $"--FlowEngine:Flows={Path.Combine(sample._workspace.Folder, "flows")}",
                $"--FlowEngine:Data={sample.Data}",
            }
        )
            process.StartInfo.ArgumentList.Add(argument);
        process.OutputDataReceived += sample.Keep;
        process.ErrorDataReceived += sample.Keep;
        process.Start();
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        await sample.ReadyAsync();
        return sample;
    }

    /// <summary>Ends the program as an operator does.</summary>
    /// <returns>Its exit code.</returns>
    public async Task<int> TerminateAsync()
    {
        using (var kill = Process.Start("kill", ["-TERM", $"{_process.Id}"]))
            await kill.WaitForExitAsync();
        using var limit = new CancellationTokenSource(Limit);
        await _process.WaitForExitAsync(limit.Token);
        return _process.ExitCode;
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
            await _process.WaitForExitAsync();
        }
        _process.Dispose();
        _workspace.Dispose();
    }

    private async Task ReadyAsync()
    {
        using var http = new HttpClient();
        var started = Stopwatch.GetTimestamp();
        while (true)
        {
            try
            {
                using var answer = await http.GetAsync(Address + "/auth/readyz");
                if (answer.IsSuccessStatusCode)
                    return;
            }
            catch (HttpRequestException)
            {
                // It does not listen yet.
            }
            if (_process.HasExited || Stopwatch.GetElapsedTime(started) > Limit)
                Assert.Fail($"The sample did not start: {Output}");
            await Task.Delay(100);
        }
    }

    private void Keep(object sender, DataReceivedEventArgs line)
    {
        lock (_output)
            _output.AppendLine(line.Data);
    }
}
