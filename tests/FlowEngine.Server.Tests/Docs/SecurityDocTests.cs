using System.Text.RegularExpressions;
using FlowEngine.Tests;

namespace FlowEngine.Server.Tests.Docs;

/// <summary>docs/security.md promises nothing that no test holds: each row
/// of its threat table names tests, and each of them is there.</summary>
public sealed partial class SecurityDocTests
{
    private const string Begin = "<!-- threats -->";
    private const string End = "<!-- /threats -->";

    [Fact]
    public void Threats_EachNameTestsThatExist()
    {
        var tests = Tests();
        var rows = Rows();

        Assert.True(rows.Count >= 40, $"The table has {rows.Count} rows.");
        Assert.All(
            rows,
            row =>
            {
                var named = TestName().Matches(row[^1]).Select(match => match.Groups[1].Value).ToList();
                Assert.True(named.Count > 0, $"'{row[0]}' names no test.");
                Assert.All(named, name => Assert.True(tests.Contains(name), $"'{row[0]}' names {name}, which is no test."));
            }
        );
    }

    [Fact]
    public void Threats_AreEachSaidOnce() =>
        Assert.Equal(Rows().Count, Rows().Select(row => row[0]).Distinct(StringComparer.Ordinal).Count());

    private static List<string[]> Rows()
    {
        var text = File.ReadAllText(Path.Combine(Repository.Root, "docs", "security.md"));
        var table = text[text.IndexOf(Begin, StringComparison.Ordinal)..text.IndexOf(End, StringComparison.Ordinal)];
        return
        [
            .. table
                .Split('\n')
                .Where(line => line.StartsWith("| ", StringComparison.Ordinal) && !line.StartsWith("| threat |", StringComparison.Ordinal))
                .Select(line => line.Trim('|', ' ').Split(" | ")),
        ];
    }

    /// <summary>All test methods of all suites, as <c>Class.Method</c>.</summary>
    private static HashSet<string> Tests()
    {
        var names = new HashSet<string>(StringComparer.Ordinal);
        var root = Path.Combine(Repository.Root, "tests");
        foreach (var file in Directory.EnumerateFiles(root, "*.cs", SearchOption.AllDirectories))
        {
            var below = Path.GetRelativePath(root, file).Split(Path.DirectorySeparatorChar);
            if (below.Contains("obj") || below.Contains("bin") || below.Contains("node_modules"))
                continue;
            var type = Path.GetFileNameWithoutExtension(file);
            foreach (Match test in TestMethod().Matches(File.ReadAllText(file)))
                names.Add($"{type}.{test.Groups[1].Value}");
        }
        return names;
    }

    [GeneratedRegex(@"`(\w+\.\w+)`")]
    private static partial Regex TestName();

    [GeneratedRegex(@"\[(?:Fact|Theory)\b[\s\S]*?\bpublic (?:static )?(?:async )?[\w<>]+ (\w+)\(")]
    private static partial Regex TestMethod();
}
