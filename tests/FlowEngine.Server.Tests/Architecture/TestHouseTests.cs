using System.Text.RegularExpressions;
using FlowEngine.Tests;

namespace FlowEngine.Server.Tests.Architecture;

/// <summary>How the tests stand: where their sources do, and without sleeping.</summary>
public sealed partial class TestHouseTests
{
    /// <summary>Suites of what is no single assembly: the console in a browser, and the pages that people sign in with.</summary>
    private static readonly string[] Browsers = ["FlowEngine.Browser.Tests", "FlowEngine.Console.Tests"];

    [Fact]
    public void Tests_MirrorTheSources()
    {
        var strangers = new List<string>();
        var all = 0;
        foreach (var suite in Suites().Where(suite => !Browsers.Contains(Path.GetFileName(suite))))
        {
            var sources = Path.Combine(Repository.Root, "src", Path.GetFileName(suite)[..^".Tests".Length]);
            Assert.True(Directory.Exists(sources), $"{suite} is the suite of no project.");
            foreach (var file in Files(suite, "*Tests.cs"))
            {
                all++;
                var name = Path.GetFileName(file)[..^"Tests.cs".Length];
                var folder = Path.Combine(sources, Path.GetRelativePath(suite, Path.GetDirectoryName(file)!));
                var tested =
                    Directory.Exists(folder)
                    && Directory
                        .EnumerateFiles(folder, "*.cs")
                        .Any(source => name.StartsWith(Path.GetFileNameWithoutExtension(source), StringComparison.Ordinal));
                if (!tested)
                    strangers.Add(Path.GetRelativePath(Repository.Root, file));
            }
        }
        // What is left tests no source of its own: docs, floors, packages, published clients.
        Assert.True(
            strangers.Count <= all * 0.15,
            $"{strangers.Count} of {all} stand elsewhere than what they test, or are not named for it:\n{string.Join('\n', strangers)}"
        );
    }

    [Fact]
    public void Sleeps_HaveAReasonBesideThem()
    {
        var sleeps = new List<string>();
        foreach (
            var file in Directory.EnumerateDirectories(Path.Combine(Repository.Root, "tests")).SelectMany(folder => Files(folder, "*.cs"))
        )
        {
            var lines = File.ReadAllLines(file);
            for (var i = 0; i < lines.Length; i++)
                if (Sleep().IsMatch(lines[i]) && !HasReason(lines, i) && !IsPolling(lines, i))
                    sleeps.Add($"{Path.GetRelativePath(Repository.Root, file)}:{i + 1}: {lines[i].Trim()}");
        }
        Assert.Empty(sleeps);
    }

    /// <summary>A comment on the line, or right above it.</summary>
    private static bool HasReason(string[] lines, int at) =>
        lines[at].Contains("//", StringComparison.Ordinal)
        || (at > 0 && lines[at - 1].TrimStart().StartsWith("//", StringComparison.Ordinal));

    /// <summary>Something is asked again and again until it is so: a pause between two questions, in a loop around it.</summary>
    private static bool IsPolling(string[] lines, int at)
    {
        var depth = int.MaxValue;
        for (var i = at; i >= 0 && depth > 0; i--)
        {
            // A brace or parenthesis alone belongs to the line that it stands under.
            if (lines[i].Trim() is "" or "{" or ")" || Indent(lines[i]) >= depth)
                continue;
            if (Loop().IsMatch(lines[i]))
                return true;
            depth = Indent(lines[i]);
        }
        return false;
    }

    private static int Indent(string line) => line.Length - line.TrimStart().Length;

    private static IEnumerable<string> Suites() => Directory.EnumerateDirectories(Path.Combine(Repository.Root, "tests"), "*.Tests");

    private static IEnumerable<string> Files(string folder, string pattern) =>
        Directory
            .EnumerateFiles(folder, pattern, SearchOption.AllDirectories)
            .Where(file =>
                !Path.GetRelativePath(folder, file).Split(Path.DirectorySeparatorChar).Any(part => part is "bin" or "obj" or "node_modules")
            );

    [GeneratedRegex(@"(Task\.Delay|Thread\.Sleep)\((?!Timeout\.Infinite)")]
    private static partial Regex Sleep();

    [GeneratedRegex(@"^\s*(while|for|foreach|do)\b")]
    private static partial Regex Loop();
}
