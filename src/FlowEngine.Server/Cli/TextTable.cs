using System.Globalization;
using FlowEngine.Storage;

namespace FlowEngine.Server.Cli;

/// <summary>Stateless: rows in columns, as people and <c>awk</c> read them: no
/// cell is empty, and none of ours holds a space but the headings.</summary>
internal static class TextTable
{
    /// <summary>Writes headings and rows to standard output.</summary>
    public static void Write(string[] headings, IEnumerable<string[]> rows)
    {
        string[][] lines = [headings, .. rows];
        foreach (var line in lines)
            Console.Out.WriteLine(
                string.Concat(line.Select((cell, column) => cell.PadRight(lines.Max(row => row[column].Length) + 2))).TrimEnd()
            );
    }

    /// <summary>A moment to the second, in UTC; a dash for none.</summary>
    public static string Time(UnixTime? time) =>
        time is { } known ? ((DateTimeOffset)known).UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture) : "-";
}
