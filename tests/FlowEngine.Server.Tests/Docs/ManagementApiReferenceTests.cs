using System.Text;
using FlowEngine.Context;
using FlowEngine.Tests;

namespace FlowEngine.Server.Tests.Docs;

/// <summary>docs/management-api.md says of runs and steps what the API's document does, which is made of the code.
/// FLOWENGINE_UPDATE_DOCS=1 writes it anew.</summary>
public sealed class ManagementApiReferenceTests
{
    private static readonly FlowValue Schemas = FlowValue
        .Parse(File.ReadAllText(Path.Combine(Repository.Root, "src", "console", "api", "openapi.json")))
        .Get("components")
        .Get("schemas");

    [Theory]
    [InlineData("Run")]
    [InlineData("Step")]
    public void Members_AreThoseOfTheDocument(string name)
    {
        var page = Path.Combine(Repository.Root, "docs", "management-api.md");
        var text = File.ReadAllText(page);
        var (opening, closing) = ($"<!-- {name} -->\n", $"<!-- /{name} -->\n");
        var table = new StringBuilder($"| member of a {name} | what |\n|---|---|\n");
        foreach (var (member, schema) in Members(name))
            table.Append($"| `{member}{(IsNeeded(name, member) ? "" : "?")}`{ShapeOf(schema)} | {DescriptionOf(schema)} |\n");
        var begin = text.IndexOf(opening, StringComparison.Ordinal) + opening.Length;
        if (Environment.GetEnvironmentVariable("FLOWENGINE_UPDATE_DOCS") == "1")
            File.WriteAllText(page, text = text[..begin] + table + text[text.IndexOf(closing, StringComparison.Ordinal)..]);

        Assert.Equal(table.ToString(), text[begin..text.IndexOf(closing, StringComparison.Ordinal)]);
    }

    private static FlowObject Members(string schema) =>
        Schemas.Get(schema).Get("properties").TryGetObject(out var members) ? members : throw new InvalidOperationException(schema);

    private static bool IsNeeded(string schema, string member) =>
        Schemas.Get(schema).Get("required").TryGetArray(out var needed) && needed.Any(name => name.ToText() == member);

    /// <summary>What a member consists of, where it is a record of its own.</summary>
    private static string ShapeOf(FlowValue schema)
    {
        var one = Concrete(schema);
        var isList = !one.Get("items").IsMissing;
        var name = (isList ? one.Get("items") : one).Get("$ref").ToText().Split('/')[^1];
        if (name is "" or "JsonNode" or "Step")
            return "";
        var members = string.Join(", ", Members(name).Select(member => member.Key + (IsNeeded(name, member.Key) ? "" : "?")));
        return isList ? $" `[ {{ {members} }} ]`" : $" `{{ {members} }}`";
    }

    private static string DescriptionOf(FlowValue schema) =>
        schema.Get("description") is { IsMissing: false } text ? text.ToText() : Concrete(schema).Get("description").ToText();

    /// <summary>What a member is unless it is null.</summary>
    private static FlowValue Concrete(FlowValue schema) =>
        schema.Get("oneOf").TryGetArray(out var either) ? either.First(one => one.Get("type").ToText() != "null") : schema;
}
