using System.Runtime.InteropServices;
using FlowEngine.Storage;

namespace FlowEngine.Server.Hosting;

/// <summary>
/// Per process: gives memory back once a rush is over. .NET keeps what its heap once had until it needs to look again, which on a quiet
/// server is never; so what a rush
/// at noon took would be missing to others on the machine all night.
/// </summary>
/// <remarks>
/// The rate of allocation tells a rush from quiet. The collection that gives back stops the process for about as long as reading what is
/// alive takes (some tenths of a second),
/// so there is one after a rush, and none while there is one. What little a quiet server allocates from then on would take back, page by
/// page, what was given: as much as .NET allows itself before it collects. So the youngest generation is collected now and then, which
/// takes a few milliseconds, until the next rush.
/// </remarks>
internal sealed class MemoryTrim(TimeProvider time, ILogger<MemoryTrim> log, Func<long> allocated, Action collect, Action tidy)
    : RepeatingService(Period, time, log)
{
    /// <summary>How often it looks.</summary>
    public static readonly TimeSpan Period = TimeSpan.FromSeconds(5);

    /// <summary>For how many looks it has to be quiet: a minute, so that pauses in a rush are none.</summary>
    public const int QuietLooks = 12;

    /// <summary>Quiet is as many times less than in the busiest time since the last collection. Not an amount: a rush leaves work behind,
    /// such as the cleaning of what it stored, that goes on for long after it.</summary>
    public const int Quieter = 4;

    /// <summary>What a rush allocates at least.</summary>
    public const long RushBytes = 512 * 1024 * 1024;

    /// <summary>What a quiet server allocates, once it was trimmed, before it is tidied.</summary>
    public const long TidyBytes = 4 * 1024 * 1024;

    private long _before;
    private long _sinceTrim;
    private long _busiest;
    private int _quiet;
    private bool _isTrimmed;
    private long _sinceTidy;

    /// <summary>Makes that of this process.</summary>
    public MemoryTrim(TimeProvider time, ILogger<MemoryTrim> log)
        : this(time, log, static () => GC.GetTotalAllocatedBytes(), Collect, Tidy) { }

    /// <summary>Looks how much was allocated since the last look, collects when a rush is over, and tidies from then on.</summary>
    internal void Look()
    {
        var now = allocated();
        var since = now - _before;
        _before = now;
        _sinceTrim += since;
        _busiest = Math.Max(_busiest, since);
        _quiet = since <= _busiest / Quieter ? _quiet + 1 : 0;
        if (_sinceTrim >= RushBytes)
        {
            _isTrimmed = false;
            if (_quiet < QuietLooks)
                return;
            collect();
            (_sinceTrim, _busiest, _quiet, _isTrimmed, _sinceTidy) = (0, 0, 0, true, 0);
            return;
        }

        _sinceTidy += since;
        if (!_isTrimmed || _sinceTidy < TidyBytes)
            return;
        tidy();
        _sinceTidy = 0;
    }

    /// <inheritdoc/>
    protected override Task RepeatAsync(CancellationToken stoppingToken)
    {
        Look();
        return Task.CompletedTask;
    }

    private static void Collect()
    {
        GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
        if (!OperatingSystem.IsLinux())
            return;
        try
        {
            // What SQLite and TLS had of the C library's heap.
            _ = TrimNativeHeap(0);
        }
        catch (EntryPointNotFoundException)
        {
            // Not glibc: musl gives back by itself.
        }
    }

    private static void Tidy() => GC.Collect(0, GCCollectionMode.Forced, blocking: true);

    [DllImport("libc", EntryPoint = "malloc_trim")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int TrimNativeHeap(nuint keep);
}
