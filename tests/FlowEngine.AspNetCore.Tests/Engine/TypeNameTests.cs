using System.Text.RegularExpressions;
using FlowEngine.AspNetCore.Engine;
using FlowEngine.Connectors;
using FlowEngine.Screens;
using FlowEngine.Settings;
using FlowEngine.Tests;

namespace FlowEngine.AspNetCore.Tests.Engine;

/// <summary>
/// Nobody but an activity or a component itself knows its type by name: no source of server or console has one as a text or asks for its
/// class, whatever types there are. Elsa's mapping translates names; that is its work.
/// </summary>
public sealed class TypeNameTests
{
    /// <summary>Words that are also a type's name, in places that speak of something else.</summary>
    private static readonly string[] Homonyms =
    [
        // The key of a keyboard.
        "case 'End':",
        "End: entries.length - 1",
        // A parameter or a record of that name.
        "<param name=",
        "<see cref=",
        // The argument of an attribute of System.Text.Json.
        "JsonIgnore(Condition",
        // The heading of a form, and what a connector of that kind is called.
        "Section = \"Database\"",
        "Label = \"Database\"",
    ];

    /// <summary>Words that are also the name of a connector's type, in places that speak of a protocol or a language.</summary>
    private static readonly string[] Elsewhere =
    [
        "scheme",
        "Scheme",
        "tone",
        // SQL as a language, which a setting is written in.
        "editor",
        "settingFor(",
        "language",
        "case 'sql':",
        "const string Sql = ",
        "api/contract.ts",
        "OneOf(",
    ];

    public static TheoryData<string> Types => [.. FlowEngineHost.ActivitiesOf().Types.Select(type => type.Name)];

    [Theory]
    [MemberData(nameof(Types))]
    public void Sources_KnowNoTypeByName(string type)
    {
        var quoted = new Regex($"""["'`]{type}["'`]|^\s*{type}: """, RegexOptions.Multiline);

        Assert.Equal([], Places(quoted, Sources().Where(file => !IsItself(file, type))));
    }

    public static TheoryData<string> Components => [.. ComponentCatalog.BuiltIn.Types.Select(type => type.Name)];

    /// <summary>A component has its record and its renderer, and a line where both are registered.</summary>
    [Theory]
    [MemberData(nameof(Components))]
    public void Sources_KnowNoComponentByName(string type)
    {
        var record = ComponentCatalog.BuiltIn.Find(type)!.Record.Name;
        string[] own = [$"{record}.cs", $"{record}Renderer.cs", "ComponentCatalog.cs", "ScreenRenderer.cs"];
        // As a text in any language; as an identifier where the word means nothing else.
        var quoted = $"""(?<!label"?: )["'`]{type}["'`]""";
        var wanted = new Regex(type.EndsWith("Input", StringComparison.Ordinal) ? $@"\b{type}(Renderer)?\b" : quoted);

        Assert.Equal([], Places(wanted, Sources().Where(file => !own.Contains(Path.GetFileName(file)))));
    }

    public static TheoryData<string> Connections =>
        [
            .. ConnectorTypes.Select(type => type.Name),
            // "None" is a word of too many things to be looked for.
            .. Variants(ConnectorTypes.SelectMany(type => type.Settings.Settings)).Where(name => name != "none"),
        ];

    /// <summary>Types of connectors, kinds of authentication and SQL engines: each has its own files.</summary>
    [Theory]
    [MemberData(nameof(Connections))]
    public void Sources_KnowNoConnectorByName(string name)
    {
        var itself = new Regex($"""\[(Authentication|SqlEngine)\(\s*"{name}"|const string (Connector)?TypeName = "{name}";""");

        Assert.Equal(
            [],
            Places(new Regex($"""["'`]{name}["'`]"""), Sources().Where(file => !itself.IsMatch(File.ReadAllText(file))))
                .Where(place => !Elsewhere.Any(word => place.Contains(word, StringComparison.Ordinal)))
        );
    }

    /// <summary>The console asks for a connector's setting by its role.</summary>
    [Fact]
    public void Console_KnowsNoSettingOfAConnectorByName()
    {
        var roles = ConnectorTypes.SelectMany(type => type.Settings.Settings).Where(setting => setting.Attribute.Role is not null).ToList();
        Assert.True(roles.Count >= 7);
        // Some are called what they are.
        var names = roles.Where(setting => setting.Name != setting.Attribute.Role).Select(setting => setting.Name);

        Assert.Equal(
            [],
            Places(
                    new Regex($"""["'`/]({string.Join('|', names)})["'`/]"""),
                    Sources().Where(file => file.Contains("/src/console/", StringComparison.Ordinal))
                )
                // What the server's schema says, as TypeScript.
                .Where(place => !place.Contains("api/contract.ts", StringComparison.Ordinal))
        );
        Assert.All(
            ConnectorTypes,
            type => Assert.Distinct(type.Settings.Settings.Select(setting => setting.Attribute.Role).OfType<string>())
        );
    }

    private static readonly IReadOnlyList<ConnectorType> ConnectorTypes = [.. new FlowEngineOptions().Modules().NewConnectors().Types];

    /// <summary>The names of variants that settings choose between, at any depth.</summary>
    private static IEnumerable<string> Variants(IEnumerable<SettingDescriptor> settings) =>
        settings.SelectMany(setting =>
            setting
                .Options.Select(option => option.Value.ToText())
                .Concat(setting.Nested is { } nested ? Variants(nested.Value.Settings) : [])
        );

    /// <summary>In the engine a type could be asked for by its class as well.</summary>
    [Fact]
    public void Engine_AsksForNoClassOfAnActivity()
    {
        var classes = Directory
            .EnumerateFiles(Path.Combine(Repository.Root, "src", "FlowEngine", "Activities"), "*.cs")
            .SelectMany(file => Regex.Matches(File.ReadAllText(file), @"class (\w+)(?:\([^)]*\))? : FlowActivity"))
            .Select(match => match.Groups[1].Value)
            .ToList();
        Assert.True(classes.Count >= 10);
        var asked = new Regex($@"\b(is|is not|as|or|case|OfType<|typeof\(|\()\s*(Activities\.)?({string.Join('|', classes)})\b[^.:(""]");

        Assert.Equal(
            [],
            Places(asked, Sources().Where(file => file.EndsWith(".cs", StringComparison.Ordinal) && !file.Contains("/Activities/")))
        );
    }

    [Fact]
    public void Sources_AreThoseOfServerAndConsole()
    {
        var files = Sources().ToList();

        Assert.Contains(files, file => file.EndsWith("graph/create.ts", StringComparison.Ordinal));
        Assert.Contains(files, file => file.EndsWith("RecordedCase.cs", StringComparison.Ordinal));
        Assert.Contains(files, file => file.EndsWith("flow-engine.js", StringComparison.Ordinal));
        Assert.All(
            ComponentCatalog.BuiltIn.Types,
            type => Assert.Contains(files, file => Path.GetFileName(file) == $"{type.Record.Name}Renderer.cs")
        );
        Assert.Equal(
            FlowEngineHost.ActivitiesOf().Types.Count,
            files.Sum(file => FlowEngineHost.ActivitiesOf().Types.Count(type => IsItself(file, type.Name)))
        );
    }

    private static IEnumerable<string> Places(Regex wanted, IEnumerable<string> files) =>
        from file in files
        from line in File.ReadLines(file).Select((text, index) => (Text: text, Number: index + 1))
        where
            wanted.IsMatch(line.Text) && !Homonyms.Any(word => line.Text.Contains(word, StringComparison.Ordinal)) && !IsComment(line.Text)
        select $"{Path.GetRelativePath(Repository.Root, file)}:{line.Number} {line.Text.Trim()}";

    private static bool IsComment(string line) => Regex.IsMatch(line, @"^\s*(//|\*|/\*)");

    /// <summary>The file in which the type is declared.</summary>
    private static bool IsItself(string file, string type) =>
        Regex.IsMatch(File.ReadAllText(file), $"""\[Activity\(\s*"{type}"|const string TypeName = "{type}";""");

    private static IEnumerable<string> Sources() =>
        Directory
            .EnumerateFiles(Path.Combine(Repository.Root, "src"), "*", SearchOption.AllDirectories)
            .Where(file =>
                Regex.IsMatch(file, @"\.(cs|js|ts|tsx)$")
                && !Regex.IsMatch(file, @"/(bin|obj|node_modules|dist|test)/|\.test\.tsx?$|\.d\.ts$|/FlowEngine\.ElsaFormat/")
            );
}
