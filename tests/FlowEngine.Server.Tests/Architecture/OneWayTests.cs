using System.Text.RegularExpressions;
using FlowEngine.AspNetCore;
using FlowEngine.Server.Hosting;
using FlowEngine.Storage;
using FlowEngine.Tests;
using Microsoft.Extensions.Hosting;

namespace FlowEngine.Server.Tests.Architecture;

/// <summary>What there is one way for has no second one: a copy would work, and come back unseen.</summary>
public sealed class OneWayTests
{
    private static readonly Lazy<List<(string File, string Text)>> Sources = new(Read);

    [Fact]
    public void BackgroundServices_OfTheServer_RepeatInOneLoop()
    {
        var loops = new[] { typeof(MemoryTrim), typeof(FlowEngineOptions), typeof(RepeatingService) }
            .SelectMany(type => type.Assembly.GetTypes())
            .Where(type => typeof(BackgroundService).IsAssignableFrom(type))
            .ToList();

        Assert.NotEmpty(loops);
        Assert.All(loops, type => Assert.True(typeof(RepeatingService).IsAssignableFrom(type), type.FullName));
    }

    [Theory]
    [InlineData("cs", "PeriodicTimer", "FlowEngine.Storage/RepeatingService.cs")]
    [InlineData("cs", "\"~[01]\"", "FlowEngine/Json/JsonPointer.cs")]
    [InlineData("ts", "'~[01]'", "console/graph/pointer.ts")]
    [InlineData("cs", """\*\*\*(\\?"|<)""", "FlowEngine/Json/JsonWriting.cs")]
    [InlineData("cs", "\"(running|waiting|completed|refused|cancelled|expired)\"", "FlowEngine/Execution/RunStatus.cs")]
    [InlineData("cs", @"\bstatus (=|<|>|<=|>=|<>) ?[0-9]", "FlowEngine.Storage/RunStatusSql.cs")]
    [InlineData("cs", """Replace\(.\\".,""", "FlowEngine/Context/PathText.cs")]
    [InlineData("cs", @"\(string Name, FlowValue Value\)> members\)\s*\{", "FlowEngine/Context/FlowValue.cs")]
    public void Idiom_StandsInOneFile(string extension, string pattern, string file) =>
        Assert.Equal(
            [file],
            Sources
                .Value.Where(source =>
                    source.File.EndsWith($".{extension}", StringComparison.Ordinal) && Regex.IsMatch(source.Text, pattern)
                )
                .Select(source => source.File)
        );

    /// <summary>Open outcomes leave out the proof that no failure signs people in: nothing here that publishes flows may ask for them.
    /// Inside an Elsa nobody else can know what follows.</summary>
    [Fact]
    public void OpenOutcomes_OfOurOwnHosts_StayClosed() =>
        Assert.Equal(
            [
                "FlowEngine.Elsa/Hosting/HostedFlow.cs",
                "FlowEngine/Compilation/CompilationEnvironment.cs",
                "FlowEngine/Compilation/FlowCompiler.cs",
            ],
            Sources
                .Value.Where(source => source.Text.Contains("OpenOutcomes", StringComparison.Ordinal))
                .Select(source => source.File)
                .Order(StringComparer.Ordinal)
        );

    /// <summary>The C# and TypeScript files below src by their paths there, without comments of documentation and tests.</summary>
    private static List<(string File, string Text)> Read()
    {
        var root = Path.Combine(Repository.Root, "src");
        return
        [
            .. from path in Directory.EnumerateFiles(root, "*", SearchOption.AllDirectories)
            let file = Path.GetRelativePath(root, path).Replace('\\', '/')
            where Path.GetExtension(file) is ".cs" or ".ts" or ".tsx"
            where !file.EndsWith(".test.ts", StringComparison.Ordinal)
            where !file.Split('/').Any(part => part is "obj" or "bin" or "node_modules" or "dist")
            let text = string.Join('\n', File.ReadLines(path).Where(line => !line.TrimStart().StartsWith("///", StringComparison.Ordinal)))
            select (file.Replace(".tsx", ".ts", StringComparison.Ordinal), text),
        ];
    }
}
