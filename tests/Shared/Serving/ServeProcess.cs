using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Reflection;
using System.Text;

namespace FlowEngine.TestServers;

/// <summary>Per test: the real <c>flowengine serve</c> on a free port, with data of its own. It can be killed and started again.</summary>
internal sealed class ServeProcess : Served
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(180);

    private readonly string[] _arguments;
    private readonly IReadOnlyDictionary<string, string> _environment;
    private readonly string? _mounting;
    private readonly string? _command;
    private readonly StringBuilder _output = new();
    private Process? _process;

    private ServeProcess(
        Func<Workspace, string[]> arguments,
        IReadOnlyDictionary<string, string>? environment,
        string? mounting,
        string? command
    )
    {
        (_mounting, _command) = (mounting, command);
        _environment = environment ?? new Dictionary<string, string>();
        Address = $"http://127.0.0.1:{FreePort()}";
        Http = new HttpClient { BaseAddress = new Uri(Address), Timeout = Limit };
        // All tests come from one address; what limits do is a test of its own, with settings that go before these.
        _arguments =
        [
            "serve",
            "--data",
            Data,
            "--urls",
            Address,
            "--set",
            "RateLimits:StartsPerMinute=0",
            "--set",
            "RateLimits:SubmitsPerMinute=0",
            "--set",
            "RateLimits:TokensPerMinute=0",
            .. arguments(Workspace),
        ];
    }

    public override string Address { get; }

    public override HttpClient Http { get; }

    public string Output
    {
        get
        {
            lock (_output)
                return _output.ToString();
        }
    }

    public static Task<ServeProcess> DemoAsync() => StartAsync(_ => ["--demo"]);

    /// <summary>Starts a server.</summary>
    /// <param name="arguments">What it is started with, beside its address and data.</param>
    /// <param name="environment">Environment variables for it.</param>
    /// <param name="mounting">What a shell mounts for it alone, with the data folder in
    /// <c>$DATA</c>; null for nothing. The test is skipped where that is not allowed.</param>
    /// <param name="command">The program; null for the one that the solution builds.</param>
    public static async Task<ServeProcess> StartAsync(
        Func<Workspace, string[]> arguments,
        IReadOnlyDictionary<string, string>? environment = null,
        string? mounting = null,
        string? command = null
    )
    {
        var server = new ServeProcess(arguments, environment, mounting, command);
        await server.StartAsync();
        return server;
    }

    public async Task StartAsync()
    {
        var command =
            _command
            ?? typeof(ServeProcess)
                .Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
                .Single(attribute => attribute.Key == "Command")
                .Value!;
        string[] own = _mounting is null
            ? []
            : ["--user", "--map-root-user", "--mount", "sh", "-c", $"{{ {_mounting}; }} || exit 99; exec \"$@\"", "sh", command];
        var start = new ProcessStartInfo(_mounting is null ? command : "unshare", [.. own, .. _arguments])
        {
            WorkingDirectory = FlowEngineProcess.Repository,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["DATA"] = Data;
        FlowEngineProcess.SetEnvironment(start, _environment);
        _process = Process.Start(start)!;
        _process.OutputDataReceived += Keep;
        _process.ErrorDataReceived += Keep;
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();

        var started = Stopwatch.GetTimestamp();
        while (!await IsReadyAsync())
        {
            Assert.SkipWhen(
                _mounting is not null
                    && _process.HasExited
                    && (_process.ExitCode == 99 || Output.StartsWith("unshare:", StringComparison.Ordinal)),
                $"Mounts are not allowed here: {Output}"
            );
            if (_process.HasExited || Stopwatch.GetElapsedTime(started) > Limit)
                Assert.Fail($"The server did not start: {Output}");
            await Task.Delay(100);
        }
    }

    public int ProcessId => _process!.Id;

    public async Task KillAsync()
    {
        _process!.Kill();
        await _process.WaitForExitAsync();
        _process.Dispose();
    }

    /// <summary>Ends the server as an operator does.</summary>
    /// <returns>Its exit code.</returns>
    public async Task<int> TerminateAsync()
    {
        Signal();
        using var limit = new CancellationTokenSource(Limit);
        await _process!.WaitForExitAsync(limit.Token);
        return _process.ExitCode;
    }

    /// <summary>Asks the server to end, and does not wait for it.</summary>
    public void Signal() => Send("TERM");

    /// <summary>Sends the process a signal, such as STOP.</summary>
    public void Send(string signal)
    {
        using var kill = Process.Start("kill", ["-" + signal, _process!.Id.ToString(System.Globalization.CultureInfo.InvariantCulture)]);
        kill.WaitForExit();
    }

    /// <summary>Waits until the server has ended by itself.</summary>
    public async Task EndAsync()
    {
        using var limit = new CancellationTokenSource(Limit);
        await _process!.WaitForExitAsync(limit.Token);
    }

    public override async ValueTask DisposeAsync()
    {
        try
        {
            if (_process is { HasExited: false })
                await KillAsync();
        }
        catch (InvalidOperationException)
        {
            // It was killed before.
        }
        await base.DisposeAsync();
    }

    private async Task<bool> IsReadyAsync()
    {
        try
        {
            using var answer = await Http.GetAsync("/readyz");
            return answer.IsSuccessStatusCode;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }

    private void Keep(object sender, DataReceivedEventArgs line)
    {
        lock (_output)
            _output.AppendLine(line.Data);
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
