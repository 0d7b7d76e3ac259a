using System.Text.RegularExpressions;
using FlowEngine.Tests;

namespace FlowEngine.Server.Tests.Docs;

/// <summary>docs/extensions.md shows samples/Extension, which is compiled, served and used in a browser: each snippet stands in it, to the
/// letter.</summary>
public sealed partial class ExtensionsDocTests
{
    private static readonly string Sample = Path.Combine(Repository.Root, "samples", "Extension");

    private static readonly string Files = string.Join(
        '\n',
        new[] { "*.cs", "*.csproj" }
            .SelectMany(pattern => Directory.GetFiles(Sample, pattern))
            .Concat(Directory.GetFiles(Path.Combine(Sample, "flows"), "*.json", SearchOption.AllDirectories))
            .Select(File.ReadAllText)
    );

    private static readonly string Doc = File.ReadAllText(Path.Combine(Repository.Root, "docs", "extensions.md"));

    public static TheoryData<string> Snippets => [.. Block().Matches(Doc).Select(match => match.Groups[1].Value)];

    [Theory]
    [MemberData(nameof(Snippets))]
    public void Snippet_StandsInTheSample(string snippet) => Assert.Contains(snippet.TrimEnd('\n'), Files, StringComparison.Ordinal);

    [Fact]
    public void Page_ShowsEveryPart() => Assert.True(Snippets.Count >= 8);

    [GeneratedRegex("^```(?:csharp|json|xml)\n(.*?)^```", RegexOptions.Singleline | RegexOptions.Multiline)]
    private static partial Regex Block();
}
