using System.Reflection;
using System.Text.RegularExpressions;
using FlowEngine.Activities;
using FlowEngine.Compilation;
using FlowEngine.Context;
using FlowEngine.Execution;
using FlowEngine.Screens;
using FlowEngine.Templates;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace FlowEngine.Tests.Docs;

/// <summary>docs/custom-activity.md: its code is compiled as it stands,
/// registered with its own line, and run in a flow with its own JSON.</summary>
[Trait("Category", "slow")]
public sealed class CustomActivityDocTests
{
    private static readonly string Page = Path.Combine(Repository.Root, "docs", "custom-activity.md");
    private static readonly string Doc = File.ReadAllText(Page);
    private static readonly ActivityCatalog Catalog = CompileDoc();

    [Theory]
    [InlineData("1200", "gold", "Gold")]
    [InlineData("500", "gold", "Gold")]
    [InlineData("499.99", "standard", "Standard")]
    [InlineData("\"much\"", null, "Tier Failed")]
    public async Task Example_InAFlow_TakesTheOutcome(string spent, string? tier, string end)
    {
        var run = await RunAsync(spent);

        Assert.Equal(RunStatus.Completed, run.Status);
        Assert.Equal(end, run.EndName);
        Assert.Equal(tier ?? "", run.Context.Get(ContextRoot.Scripts).Get("tier").ToText());
    }

    [Fact]
    public void Example_SettingOutOfRange_IsRefused()
    {
        var result = Compile(Snippet("json", 0).Replace("500", "0", StringComparison.Ordinal));

        Assert.Equal("flow.range", Assert.Single(result.Diagnostics).Code);
    }

    [Fact]
    public void Example_SaysAllThatADesignerShows()
    {
        var type = Catalog.Find("LoyaltyTier")!;

        Assert.Equal(
            ("star", ActivityTone.Data, "tier", "gold from {goldFrom}"),
            (type.Description.Icon, type.Description.Tone, type.Stem, type.Description.Summary)
        );
        Assert.Equal("scripts.tier", Assert.Single(type.Writes).Path);
        Assert.Equal(["Customer", "Tiers"], type.Settings.Settings.Select(setting => setting.Attribute.Section));
    }

    /// <summary>FLOWENGINE_UPDATE_DOCS=1 writes the page's list anew.</summary>
    [Fact]
    public async Task Icons_AreThoseOfTheConsole()
    {
        var source = File.ReadAllText(Path.Combine(Repository.Root, "src", "console", "canvas", "icons.tsx"));
        var known = Regex
            .Matches(source, @"^  '?([a-z0-9-]+)'?: [A-Z]\w+,$", RegexOptions.Multiline)
            .Select(match => match.Groups[1].Value)
            .ToList();
        var list = string.Join(",\n  ", known.Chunk(8).Select(some => string.Join(", ", some.Select(name => $"`{name}`"))));
        var page = Regex.Replace(Doc, @"(?<=Icons:\n  ).*?(?=; or a path)", list, RegexOptions.Singleline);
        if (Environment.GetEnvironmentVariable("FLOWENGINE_UPDATE_DOCS") == "1")
            await File.WriteAllTextAsync(Page, page, TestContext.Current.CancellationToken);

        Assert.Equal(page, await File.ReadAllTextAsync(Page, TestContext.Current.CancellationToken));
        Assert.All(new ActivityCatalog(StandIns.Activities).Types, type => Assert.Contains(type.Description.Icon, known));
        Assert.All(ComponentCatalog.BuiltIn.Types, type => Assert.Contains(type.Icon ?? "align-left", known));
    }

    [Fact]
    public void Example_FitsAPage()
    {
        Assert.InRange(Snippet("csharp", 0).Split('\n').Length, 30, 50);
    }

    private static async Task<FlowRun> RunAsync(string spent)
    {
        var result = Compile(Snippet("json", 0));
        Assert.Empty(result.Diagnostics);
        var run = FlowRun.Start(
            result.Plan!,
            new RunStart { Client = FlowValue.Parse($$"""{ "spent": {{spent}} }""") },
            RunServices.Default
        );
        await FlowExecutor.AdvanceAsync(run, TestContext.Current.CancellationToken);
        return run;
    }

    private static CompilationResult Compile(string activity) =>
        FlowCompiler.Compile(
            FlowValue.Parse(
                $$"""
                { "id": "loyalty", "start": "tier", {{DeclaredInputs.In(activity)}},
                  "activities": [ {{activity}}, { "id": "gold", "type": "End", "name": "Gold" },
                    { "id": "standard", "type": "End", "name": "Standard" }, { "id": "failed", "type": "End", "name": "Tier Failed" } ],
                  "connections": [
                    { "source": "tier", "port": "Gold", "target": "gold" }, { "source": "tier", "port": "Standard", "target": "standard" },
                    { "source": "tier", "port": "Tier Failed", "target": "failed" } ] }
                """
            ),
            new CompilationEnvironment { Activities = Catalog }
        );

    private static string Snippet(string language, int index) =>
        Regex.Matches(Doc, $"```{language}\n(.*?)```", RegexOptions.Singleline)[index].Groups[1].Value;

    private static ActivityCatalog CompileDoc()
    {
        var source = $$"""
            using System;
            using System.Threading;
            using System.Threading.Tasks;
            {{Snippet("csharp", 0)}}
            public static class Registration
            {
                public static ActivityCatalog Make()
                {
                    {{Snippet("csharp", 1)}}
                    return catalog;
                }
            }
            """;
        var references = ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!)
            .Split(Path.PathSeparator)
            .Select(path => MetadataReference.CreateFromFile(path));
        var compilation = CSharpCompilation.Create(
            "CustomActivityDoc",
            [CSharpSyntaxTree.ParseText(source)],
            references,
            new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary, nullableContextOptions: NullableContextOptions.Enable)
        );

        using var assembly = new MemoryStream();
        var emitted = compilation.Emit(assembly);
        Assert.True(emitted.Success, string.Join('\n', emitted.Diagnostics));
        return (ActivityCatalog)Assembly.Load(assembly.ToArray()).GetType("Registration")!.GetMethod("Make")!.Invoke(null, null)!;
    }
}
