using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace FlowEngine.Bench.Faults;

/// <summary>Per scenario: the real server in a process of its own, which can be killed, frozen and started again at the same
/// address.</summary>
internal sealed class Node : IAsyncDisposable
{
    private static readonly TimeSpan StartTime = TimeSpan.FromSeconds(90);
    private static readonly ConcurrentDictionary<Process, byte> Living = new();

    private readonly string _program;
    private readonly string[] _arguments;
    private readonly IReadOnlyDictionary<string, string> _environment;
    private readonly Queue<string> _words = new();
    private Process? _process;

    /// <summary>Whoever ends this program ends the servers too.</summary>
    static Node() =>
        AppDomain.CurrentDomain.ProcessExit += (_, _) =>
        {
            foreach (var process in Living.Keys)
                process.Kill();
        };

    /// <summary>Nothing runs yet.</summary>
    /// <param name="command">The program and its arguments, up to the address.</param>
    /// <param name="environment">What it gets beside this process' environment.</param>
    public Node(IReadOnlyList<string> command, IReadOnlyDictionary<string, string>? environment = null)
    {
        Address = new Uri($"http://127.0.0.1:{FreePort()}");
        (_program, _arguments) = (command[0], [.. command.Skip(1), "--urls", Address.GetLeftPart(UriPartial.Authority)]);
        _environment = environment ?? new Dictionary<string, string>();
    }

    public Uri Address { get; }

    /// <summary>Whether a load balancer that asks <c>/readyz</c> would send it anything.</summary>
    public bool IsIn { get; set; } = true;

    /// <summary>Whether it was lost once: calls to it, and for its runs, are told apart.</summary>
    public bool IsLost { get; set; }

    /// <summary>The process.</summary>
    public int ProcessId => _process!.Id;

    /// <summary>Whether it has ended.</summary>
    public bool HasEnded => _process is not { HasExited: false };

    /// <summary>What the process said last.</summary>
    public string LastWords
    {
        get
        {
            lock (_words)
                return _words.LastOrDefault("");
        }
    }

    /// <summary>Everything that it said lately.</summary>
    public string Words
    {
        get
        {
            lock (_words)
                return string.Join('\n', _words);
        }
    }

    /// <summary>Starts it and waits until it is ready.</summary>
    /// <returns>How long that took.</returns>
    public async Task<TimeSpan> StartAsync()
    {
        var begun = Stopwatch.GetTimestamp();
        Launch();
        while (!await IsReadyAsync(TimeSpan.FromSeconds(5)))
        {
            if (_process!.HasExited || Stopwatch.GetElapsedTime(begun) > StartTime)
                throw new InvalidOperationException($"The server did not start: {LastWords}");
            await Task.Delay(50);
        }
        IsIn = true;
        return Stopwatch.GetElapsedTime(begun);
    }

    /// <summary>Starts it where it is expected to refuse.</summary>
    /// <returns>Its exit code, null when it still runs after the time; and how long it took.</returns>
    public async Task<(int? Code, TimeSpan Took)> TryAsync(TimeSpan most)
    {
        var begun = Stopwatch.GetTimestamp();
        Launch();
        var code = await EndAsync(most);
        return (code, Stopwatch.GetElapsedTime(begun));
    }

    /// <summary>Whether <c>/readyz</c> says 200.</summary>
    public async Task<bool> IsReadyAsync(TimeSpan most) => await StatusAsync("/readyz", most) == 200;

    /// <summary>The status of an address; 0 without an answer.</summary>
    public async Task<int> StatusAsync(string path, TimeSpan most)
    {
        try
        {
            using var http = new HttpClient { Timeout = most, BaseAddress = Address };
            using var answer = await http.GetAsync(path);
            return (int)answer.StatusCode;
        }
        catch (Exception error) when (error is HttpRequestException or TaskCanceledException)
        {
            return 0;
        }
    }

    /// <summary>Kills it, as the machine does that loses its power.</summary>
    public async Task KillAsync()
    {
        _process!.Kill();
        await _process.WaitForExitAsync();
    }

    /// <summary>Sends the process a signal, such as STOP.</summary>
    public void Send(string signal)
    {
        using var kill = Process.Start("kill", [$"-{signal}", ProcessId.ToString(CultureInfo.InvariantCulture)]);
        kill.WaitForExit();
    }

    /// <summary>Waits until it has ended by itself.</summary>
    /// <returns>Its exit code; null when it still runs.</returns>
    public async Task<int?> EndAsync(TimeSpan most)
    {
        using var limit = new CancellationTokenSource(most);
        try
        {
            await _process!.WaitForExitAsync(limit.Token);
            return _process.ExitCode;
        }
        catch (OperationCanceledException)
        {
            return null;
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_process is not { } process)
            return;
        _process = null;
        Living.TryRemove(process, out _);
        if (!process.HasExited)
            process.Kill();
        await process.WaitForExitAsync();
        process.Dispose();
    }

    private void Launch()
    {
        if (_process is { } former)
        {
            Living.TryRemove(former, out _);
            former.Dispose();
        }
        var start = new ProcessStartInfo(_program, _arguments)
        {
            WorkingDirectory = Path.GetTempPath(),
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment.Remove("DOTNET_ENVIRONMENT");
        start.Environment.Remove("ASPNETCORE_ENVIRONMENT");
        foreach (var (name, value) in _environment)
            start.Environment[name] = value;
        _process = Process.Start(start)!;
        Living.TryAdd(_process, 0);
        _process.OutputDataReceived += Keep;
        _process.ErrorDataReceived += Keep;
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    private void Keep(object sender, DataReceivedEventArgs line)
    {
        if (string.IsNullOrWhiteSpace(line.Data))
            return;
        lock (_words)
        {
            _words.Enqueue(line.Data);
            if (_words.Count > 100)
                _words.Dequeue();
        }
    }

    /// <summary>A port below those that the system gives to clients: while the server is down, nobody takes it by chance.</summary>
    private static int FreePort()
    {
        while (true)
        {
            try
            {
                using var listener = new TcpListener(IPAddress.Loopback, Random.Shared.Next(20_000, 32_000));
                listener.Start();
                return ((IPEndPoint)listener.LocalEndpoint).Port;
            }
            catch (SocketException)
            {
                // Taken: another one.
            }
        }
    }
}
