using System.Text.RegularExpressions;
using FlowEngine.Tests;

namespace FlowEngine.Browser.Tests.Console;

/// <summary>What a browser loads before anybody sees the console.</summary>
public sealed partial class ScriptSizeTests
{
    private static readonly string Folder = Path.Combine(Repository.Root, "src/console/dist/assets");

    /// <summary>The first page's scripts and all that these import at once; what a page loads when it is opened is not among them, and the
    /// layout of flows is a worker's.</summary>
    [Fact]
    public void FirstLoad_Compressed_IsUnder350KilobytesAndWithoutTheLayout()
    {
        var loaded = new HashSet<string>();
        var pending = new Queue<string>(
            Script().Matches(File.ReadAllText(Path.Combine(Folder, "../index.html"))).Select(match => match.Groups[1].Value)
        );
        while (pending.TryDequeue(out var name))
        {
            if (!loaded.Add(name))
                continue;
            foreach (Match import in Import().Matches(File.ReadAllText(Path.Combine(Folder, name))))
                pending.Enqueue(import.Groups[1].Value);
        }
        Assert.InRange(loaded.Count, 2, 100);
        Assert.InRange(loaded.Sum(name => new FileInfo(Path.Combine(Folder, name + ".gz")).Length), 1, 350_000);
        Assert.DoesNotContain(loaded, name => name.Contains("elk", StringComparison.Ordinal));
        Assert.Contains(Directory.GetFiles(Folder, "elk-worker*.js"), file => new FileInfo(file).Length > 1_000_000);
    }

    /// <summary>All pages together; the layout, a library that only whoever draws flows loads, has a bound of its own.</summary>
    [Fact]
    public void Scripts_Compressed_AreUnder700KilobytesAndTheLayoutUnder500()
    {
        var sizes = Directory.GetFiles(Folder, "*.js.gz").ToLookup(IsLayout, file => new FileInfo(file).Length);

        Assert.InRange(sizes[false].Sum(), 1, 700_000);
        Assert.InRange(sizes[true].Sum(), 1, 500_000);
    }

    private static bool IsLayout(string file) => Path.GetFileName(file).StartsWith("elk-worker", StringComparison.Ordinal);

    [GeneratedRegex("(?:src|href)=\"\\./assets/([\\w.-]+\\.js)\"")]
    private static partial Regex Script();

    // `import a from"./b.js"` and `import"./b.js"`; not `import("./b.js")`, which waits until it is needed.
    [GeneratedRegex("""(?:import|from)\s*["']\./([\w.-]+\.js)["']""")]
    private static partial Regex Import();
}
