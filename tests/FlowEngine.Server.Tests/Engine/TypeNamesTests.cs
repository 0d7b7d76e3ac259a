using System.Text.RegularExpressions;
using FlowEngine.Screens;
using FlowEngine.Tests;

namespace FlowEngine.Server.Tests.Engine;

/// <summary>What a type is stands at the type: nothing else in the source knows one by name.</summary>
public sealed class TypeNamesTests
{
    /// <summary>Where types are registered, each by one line.</summary>
    private static readonly string[] Registrations = ["ComponentCatalog.cs", "ScreenRenderer.cs"];

    private static readonly Lazy<IReadOnlyList<(string File, string[] Lines)>> Source = new(Read);

    public static TheoryData<string> Components => [.. ComponentCatalog.BuiltIn.Types.Select(type => type.Name)];

    [Theory]
    [MemberData(nameof(Components))]
    public void Component_IsNamedByItselfAndItsRendererAlone(string name)
    {
        var record = ComponentCatalog.BuiltIn.Find(name)!.Record.Name;
        string[] own = [$"{record}.cs", $"{record}Renderer.cs", .. Registrations];
        // As a text in any language; as an identifier where the word means nothing else.
        var text = new Regex($"""(?<!label"?: |name=)["'`]{name}["'`]""");
        var identifier = name.EndsWith("Input", StringComparison.Ordinal) ? new Regex($@"\b{name}(Renderer)?\b") : text;

        var named =
            from file in Source.Value
            where !own.Contains(Path.GetFileName(file.File))
            from line in file.Lines
            where !line.TrimStart().StartsWith("//", StringComparison.Ordinal) && (text.IsMatch(line) || identifier.IsMatch(line))
            select $"{file.File}: {line.Trim()}";
        Assert.Empty(named);
    }

    [Fact]
    public void Source_IsAllOfIt()
    {
        // Else the greps above would find nothing because they look nowhere.
        foreach (var file in new[] { "PasswordInput.cs", "ScreenTexts.cs", "flow-engine.js", "screens.js", "ScreensArea.tsx", "ports.ts" })
            Assert.Contains(Source.Value, item => Path.GetFileName(item.File) == file);
        Assert.Contains(Source.Value, item => item.Lines.Any(line => line.Contains("[Component(\"Text\"", StringComparison.Ordinal)));
    }

    private static List<(string, string[])> Read()
    {
        var root = Path.Combine(Repository.Root, "src");
        string[] skipped = ["node_modules", "bin", "obj", "dist", "test"];
        string[] kinds = [".cs", ".js", ".ts", ".tsx"];
        var found = new List<(string, string[])>();
        Look(root);
        return found;

        void Look(string folder)
        {
            foreach (var file in Directory.EnumerateFiles(folder))
            {
                if (kinds.Contains(Path.GetExtension(file)) && !file.Contains(".test.", StringComparison.Ordinal))
                    found.Add((Path.GetRelativePath(root, file), File.ReadAllLines(file)));
            }
            foreach (var inner in Directory.EnumerateDirectories(folder).Where(inner => !skipped.Contains(Path.GetFileName(inner))))
                Look(inner);
        }
    }
}
