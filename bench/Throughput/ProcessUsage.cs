using System.Globalization;

namespace FlowEngine.Bench.Throughput;

/// <summary>Stateless: what a process and its children used, from Linux' <c>/proc</c>.</summary>
internal static class ProcessUsage
{
    /// <summary>Linux counts in hundredths of a second wherever it matters here (<c>USER_HZ</c>).</summary>
    private const double TicksPerSecond = 100;

    /// <summary>CPU seconds, user and system, of a process, of its children, and of children that ended.</summary>
    public static double CpuSeconds(int process) => Family(process).Sum(id => Ticks(id, id == process)) / TicksPerSecond;

    /// <summary>The memory that a process holds, in MB.</summary>
    public static double ResidentMegabytes(int process)
    {
        var line = File.ReadLines($"/proc/{process}/status").First(line => line.StartsWith("VmRSS:", StringComparison.Ordinal));
        return long.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture) / 1024.0;
    }

    private static IEnumerable<int> Family(int process) =>
        [
            process,
            .. Directory
                .EnumerateDirectories("/proc")
                .Select(Path.GetFileName)
                .Where(name => int.TryParse(name, out _))
                .Select(name => int.Parse(name!, CultureInfo.InvariantCulture))
                .Where(id => Fields(id) is { } fields && fields[1] == process.ToString(CultureInfo.InvariantCulture)),
        ];

    private static long Ticks(int process, bool withEnded)
    {
        if (Fields(process) is not { } fields)
            return 0;
        // proc(5): utime, stime, cutime, cstime are fields 14 to 17; fields[0] is field 3.
        return fields[11..(withEnded ? 15 : 13)].Sum(field => long.Parse(field, CultureInfo.InvariantCulture));
    }

    /// <summary>The fields of <c>stat</c> after the command's name, which may hold spaces; null when the process is gone.</summary>
    private static string[]? Fields(int process)
    {
        try
        {
            var stat = File.ReadAllText($"/proc/{process}/stat");
            return stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
        }
        catch (IOException)
        {
            return null;
        }
    }
}
