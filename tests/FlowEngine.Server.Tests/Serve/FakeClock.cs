using FlowEngine.Server.Tests.Cli;

namespace FlowEngine.Server.Tests.Serve;

/// <summary>Per test: the clock of a process, set as the clock of a machine is, without
/// one. The process's timers go on as they did. Needs Debian's <c>faketime</c>.</summary>
internal sealed class FakeClock : IDisposable
{
    private readonly Workspace _files = new();
    private readonly string _file;

    public FakeClock()
    {
        var library = Directory.Exists("/usr/lib")
            ? Directory
                .EnumerateFiles("/usr/lib", "libfaketimeMT.so.1", new EnumerationOptions { RecurseSubdirectories = true })
                .FirstOrDefault()
            : null;
        Assert.SkipWhen(library is null, "Needs libfaketime, which ./test.sh installs.");
        _file = _files.Write("clock", "+0");
        Environment = new Dictionary<string, string>
        {
            ["LD_PRELOAD"] = library!,
            ["FAKETIME_TIMESTAMP_FILE"] = _file,
            ["FAKETIME_NO_CACHE"] = "1",
            ["FAKETIME_DONT_FAKE_MONOTONIC"] = "1",
            ["DONT_FAKE_MONOTONIC"] = "1",
        };
    }

    /// <summary>What the process needs in its environment.</summary>
    public IReadOnlyDictionary<string, string> Environment { get; }

    /// <summary>Sets the clock of a process that runs.</summary>
    /// <param name="offset">How far it is off the true time, such as <c>-6m</c> or <c>+400d</c>.</param>
    public async Task SetAsync(string offset)
    {
        Set(offset);
        // Whatever looked at the file before it was replaced has its answer by then.
        await Task.Delay(TimeSpan.FromSeconds(1.5), TestContext.Current.CancellationToken);
    }

    /// <summary>Sets the clock of a process that is to start.</summary>
    /// <param name="offset">How far it is off the true time, such as <c>-6m</c> or <c>+400d</c>.</param>
    public void Set(string offset)
    {
        // In one step, so that nobody reads half of it.
        File.WriteAllText(_file + ".new", offset);
        File.Move(_file + ".new", _file, overwrite: true);
    }

    public void Dispose() => _files.Dispose();
}
