using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace FlowEngine.TestServers;

/// <summary>Per fixture: a database server of this machine's own binaries, with its data in a temporary folder and a port of its own.
/// Database servers refuse to run as root, so a privileged process hands the folder and
/// the server to an ordinary user. The server is stopped by its own process id.</summary>
internal sealed class PrivateServer : IAsyncDisposable
{
    private static readonly TimeSpan StartTime = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan StopTime = TimeSpan.FromSeconds(20);

    private readonly (string Name, string User, string Group)? _account;
    private readonly StringBuilder _log = new();
    private Process? _process;

    /// <summary>Makes the folder and chooses a port; nothing runs yet.</summary>
    /// <param name="name">What it is, for the folder and messages.</param>
    /// <param name="accounts">The accounts to run as when this process is privileged; the first that exists is taken.</param>
    public PrivateServer(string name, params string[] accounts)
    {
        Name = name;
        Folder = Directory.CreateTempSubdirectory($"flowengine-{name}-").FullName;
        using (var listener = new TcpListener(IPAddress.Loopback, 0))
        {
            listener.Start();
            Port = ((IPEndPoint)listener.LocalEndpoint).Port;
        }
        if (Environment.IsPrivilegedProcess)
            _account = FindAccount([.. accounts, "nobody"]);
    }

    /// <summary>What it is.</summary>
    public string Name { get; }

    /// <summary>The temporary folder.</summary>
    public string Folder { get; }

    /// <summary>The loopback port.</summary>
    public int Port { get; }

    /// <summary>The process of the server that runs.</summary>
    public int ProcessId => _process?.Id ?? throw new InvalidOperationException($"No {Name} server runs.");

    /// <summary>The first folder that holds this program: of PATH, then of these; null when there is none.</summary>
    public static string? FindProgram(string program, params IEnumerable<string> folders) =>
        (Environment.GetEnvironmentVariable("PATH") ?? "")
            .Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
            .Concat(folders)
            .Select(folder => Path.Combine(folder, program))
            .FirstOrDefault(File.Exists);

    /// <summary>Writes a file into the folder.</summary>
    public string Write(string file, string content)
    {
        var path = Path.Combine(Folder, file);
        File.WriteAllText(path, content);
        return path;
    }

    /// <summary>Runs a program to its end, as the server's user.</summary>
    public async Task RunAsync(string program, params string[] arguments)
    {
        await OwnFolderAsync();
        using var process = Start(program, arguments);
        await process.WaitForExitAsync();
        if (process.ExitCode != 0)
            throw new InvalidOperationException($"{program} ended with {process.ExitCode}:\n{Log}");
    }

    /// <summary>Starts the server and waits until it answers.</summary>
    /// <param name="answers">Connects once; throws while the server does not answer.</param>
    /// <param name="program">The server's program.</param>
    /// <param name="arguments">Its arguments.</param>
    public async Task StartAsync(Func<Task> answers, string program, params string[] arguments)
    {
        await OwnFolderAsync();
        _process = Start(program, arguments);
        for (var started = Stopwatch.GetTimestamp(); ; )
        {
            try
            {
                await answers();
                return;
            }
            catch (Exception error) when (error is not OutOfMemoryException)
            {
                if (_process.HasExited || Stopwatch.GetElapsedTime(started) > StartTime)
                    throw new InvalidOperationException($"The private {Name} server did not start: {error.Message}\n{Log}", error);
                await Task.Delay(50);
            }
        }
    }

    /// <summary>Asks the server to end, by its own process id, and waits for it.</summary>
    /// <param name="signal">The signal it ends cleanly on.</param>
    public async Task StopAsync(string signal)
    {
        if (_process is not { } process)
            return;
        _process = null;
        using (process)
        {
            if (!process.HasExited)
                await CallAsync("kill", $"-{signal}", process.Id.ToString(CultureInfo.InvariantCulture));
            using var time = new CancellationTokenSource(StopTime);
            try
            {
                await process.WaitForExitAsync(time.Token);
            }
            catch (OperationCanceledException)
            {
                process.Kill();
                await process.WaitForExitAsync();
            }
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await StopAsync("TERM");
        try
        {
            Directory.Delete(Folder, recursive: true);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            // A temporary folder that stays behind fails no test.
        }
    }

    private string Log
    {
        get
        {
            lock (_log)
                return _log.ToString();
        }
    }

    private Process Start(string program, string[] arguments)
    {
        // setpriv becomes the program itself, so that the process id is the server's.
        string[] command = _account is { } account
            ? ["setpriv", $"--reuid={account.User}", $"--regid={account.Group}", "--clear-groups", "--", program, .. arguments]
            : [program, .. arguments];
        var start = new ProcessStartInfo(command[0], command[1..])
        {
            WorkingDirectory = Folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["HOME"] = Folder;
        start.Environment["LC_ALL"] = "C";
        var process = Process.Start(start)!;
        process.OutputDataReceived += Append;
        process.ErrorDataReceived += Append;
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        return process;
    }

    private void Append(object sender, DataReceivedEventArgs line)
    {
        lock (_log)
        {
            _log.AppendLine(line.Data);
            if (_log.Length > 20_000)
                _log.Remove(0, 10_000);
        }
    }

    private async Task OwnFolderAsync()
    {
        if (_account is { } account)
            await CallAsync("chown", "-R", $"{account.User}:{account.Group}", Folder);
    }

    private static async Task CallAsync(params string[] command)
    {
        using var process = Process.Start(command[0], command[1..]);
        await process.WaitForExitAsync();
    }

    private static (string Name, string User, string Group)? FindAccount(string[] names)
    {
        var accounts = File.ReadLines("/etc/passwd")
            .Select(line => line.Split(':'))
            .Where(fields => fields.Length > 3)
            .ToDictionary(fields => fields[0]);
        foreach (var name in names)
        {
            if (accounts.TryGetValue(name, out var fields))
                return (name, fields[2], fields[3]);
        }
        return null;
    }
}
