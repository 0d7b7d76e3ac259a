using System.Text.RegularExpressions;
using FlowEngine.Tests;

namespace FlowEngine.Server.Tests.Architecture;

/// <summary>How the files of the repository stand: tests where their sources do and without sleeping, lines that fit beside another
/// file.</summary>
public sealed partial class RepositoryTests
{
    private const int LongestLine = 160;
    private const string AsItRan = "What has run in the field stays as it ran.";

    /// <summary>The files with a long line in them, by what their paths begin with, and why that is so.</summary>
    private static readonly Dictionary<string, string> WithLongLines = new()
    {
        ["src/console/api/contract.ts"] = "`npm run types` makes it; nobody writes or reads its lines.",
        ["src/FlowEngine.Storage/Engines/Migrations/"] = AsItRan,
        ["src/FlowEngine.Storage/Engines/Postgres/Migrations/"] = AsItRan,
        ["src/FlowEngine.Storage/Engines/Sqlite/Migrations/"] = AsItRan,
    };

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

    /// <summary>Formatters leave texts and comments alone, however long.</summary>
    [Fact]
    public void Lines_FitBesideAnotherFile()
    {
        var (all, excused, tooLong) = (0, new HashSet<string>(), new List<string>());
        foreach (var file in Written())
        {
            all++;
            var path = Path.GetRelativePath(Repository.Root, file).Replace(Path.DirectorySeparatorChar, '/');
            var number = 0;
            foreach (var line in File.ReadLines(file))
            {
                number++;
                if (line.Length <= LongestLine)
                    continue;
                if (WithLongLines.Keys.FirstOrDefault(start => path.StartsWith(start, StringComparison.Ordinal)) is { } start)
                    excused.Add(start);
                else
                    tooLong.Add($"{path}:{number}: {line.Length} columns");
            }
        }
        Assert.True(all > 1000, $"Only {all} files were found.");
        Assert.Empty(tooLong);
        // An exception that is not needed any more goes.
        Assert.Equal(WithLongLines.Keys.Order(), excused.Order());
    }

    /// <summary>What people write line by line; not prose, nor data such as JSON, whose paragraphs and rows are as long as they are.</summary>
    private static IEnumerable<string> Written() =>
        Directory
            .EnumerateFiles(Repository.Root)
            .Concat(
                Directory
                    .EnumerateDirectories(Repository.Root)
                    .Where(folder => Path.GetFileName(folder) is var name && (name is ".ci" || name[0] != '.') && name != "artifacts")
                    .SelectMany(folder => Files(folder, "*"))
            )
            .Where(file =>
                Path.GetExtension(file)
                    is ".cs"
                        or ".csproj"
                        or ".css"
                        or ".html"
                        or ".js"
                        or ".mjs"
                        or ".props"
                        or ".py"
                        or ".sh"
                        or ".slnx"
                        or ".sql"
                        or ".targets"
                        or ".ts"
                        or ".tsx"
                        or ".yml"
                || Path.GetFileName(file) is "Dockerfile" or "Caddyfile" or "run"
            );

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

    /// <summary>The files of a folder and those below it, but for what is built or installed there.</summary>
    private static IEnumerable<string> Files(string folder, string pattern) =>
        Directory
            .EnumerateFiles(folder, pattern)
            .Concat(
                Directory
                    .EnumerateDirectories(folder)
                    .Where(inner =>
                        Path.GetFileName(inner) is not ("bin" or "obj" or "dist" or "node_modules" or "BenchmarkDotNet.Artifacts")
                    )
                    .SelectMany(inner => Files(inner, pattern))
            );

    [GeneratedRegex(@"(Task\.Delay|Thread\.Sleep)\((?!Timeout\.Infinite)")]
    private static partial Regex Sleep();

    [GeneratedRegex(@"^\s*(while|for|foreach|do)\b")]
    private static partial Regex Loop();
}
