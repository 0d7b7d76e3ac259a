using System.Diagnostics;
using FlowEngine.Context;
using FlowEngine.ElsaFormat;
using FlowEngine.Errors;

namespace FlowEngine.Tests.Compilation;

/// <summary>Runs many seeded cases on all cores, and says which seed failed, and with what.</summary>
internal static class Cases
{
    private static readonly HashSet<string> Codes = [.. FlowErrors.All.Concat(ElsaErrors.All).Select(code => code.Code)];

    /// <summary>No case takes this long but one that hangs, however busy the machine is.</summary>
    private static readonly TimeSpan Hang = TimeSpan.FromSeconds(20);

    /// <summary>A fifth of the seeds where nobody asks for all of them, with <c>FLOWENGINE_TEST_CASES=all</c>.</summary>
    private static readonly int Share = Environment.GetEnvironmentVariable("FLOWENGINE_TEST_CASES") == "all" ? 1 : 5;

    /// <param name="count">How many seeds there are.</param>
    /// <param name="run">Runs the case of a seed, and tells the document before it does anything with it.</param>
    public static void Run(int count, Action<int, Action<string>> run) =>
        System.Threading.Tasks.Parallel.For(
            0,
            count / Share,
            seed =>
            {
                var document = "";
                var watch = Stopwatch.StartNew();
                try
                {
                    run(seed, text => document = text);
                }
                catch (Exception error)
                {
                    throw new InvalidOperationException($"Seed {seed}: {error.Message}\n{document}\n{error}", error);
                }
                Assert.True(watch.Elapsed < Hang, $"Seed {seed} took {watch.Elapsed}.\n{document}");
            }
        );

    /// <summary>The same for cases that wait: no thread is blocked meanwhile.</summary>
    public static Task RunAsync(int count, Func<int, Action<string>, ValueTask> run) =>
        System.Threading.Tasks.Parallel.ForAsync(
            0,
            count / Share,
            async (seed, _) =>
            {
                var document = "";
                var watch = Stopwatch.StartNew();
                try
                {
                    await run(seed, text => document = text);
                }
                catch (Exception error)
                {
                    throw new InvalidOperationException($"Seed {seed}: {error.Message}\n{document}\n{error}", error);
                }
                Assert.True(watch.Elapsed < Hang, $"Seed {seed} took {watch.Elapsed}.\n{document}");
            }
        );

    /// <summary>Every diagnostic has a code of the catalogue, a message,
    /// advice, and a pointer whose parts exist, but perhaps the last.</summary>
    public static void AssertSound(IEnumerable<Diagnostic> diagnostics, FlowValue document)
    {
        foreach (var diagnostic in diagnostics)
        {
            Assert.True(Codes.Contains(diagnostic.Code), $"Unknown code {diagnostic.Code}.");
            Assert.False(string.IsNullOrWhiteSpace(diagnostic.Message), diagnostic.Code);
            Assert.False(string.IsNullOrWhiteSpace(diagnostic.Advice), diagnostic.Code);
            if (diagnostic.File is null)
                AssertResolves(diagnostic, document);
        }
    }

    private static void AssertResolves(Diagnostic diagnostic, FlowValue document)
    {
        if (diagnostic.Pointer.Length == 0)
            return;
        Assert.StartsWith("/", diagnostic.Pointer, StringComparison.Ordinal);
        var segments = diagnostic.Pointer[1..].Split('/');
        var place = document;
        foreach (var segment in segments[..^1])
        {
            var name = segment.Replace("~1", "/", StringComparison.Ordinal).Replace("~0", "~", StringComparison.Ordinal);
            place = place.Kind == FlowValueKind.Array && int.TryParse(name, out var index) ? place.Get(index) : place.Get(name);
            Assert.False(place.IsMissing, $"{diagnostic} leads nowhere.");
        }
    }
}
