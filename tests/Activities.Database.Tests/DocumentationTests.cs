using System.Text.RegularExpressions;
using FlowEngine.Compilation;
using FlowEngine.Connectors;
using FlowEngine.Context;
using FlowEngine.Database.Connectors;
using FlowEngine.Errors;
using FlowEngine.Tests;

namespace FlowEngine.Database.Tests;

/// <summary>That docs/database.md says what the code does.</summary>
public sealed class DocumentationTests
{
    private static readonly string Text = File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "database.md"));

    [Fact]
    public void Snippets_Connectors_HaveNoProblems()
    {
        foreach (var json in Snippets("sql"))
            Assert.Empty(Problems(json, out _));
    }

    [Fact]
    public void Snippets_Activities_Compile()
    {
        Assert.NotEmpty(Snippets("Database"));
        Problems(Snippets("sql").First(), out var connectors);
        foreach (var activity in Snippets("Database"))
        {
            string[] ports = activity.Get("outcomes").ToText() == "rows" ? ["No Row", "One Row", "Many Rows"] : ["Success"];
            var left = ports.Select(port => $$""", { "source": "lookup", "port": "{{port}}", "target": "end" }""");
            var flow = $$"""
                { "id": "f", "start": "ask", {{DeclaredInputs.In(activity.ToJson())}},
                  "activities": [ { "id": "ask", "type": "Screen", "screen": "ask" }, {{activity.ToJson()}},
                    { "id": "end", "type": "End" } ],
                  "connections": [ { "source": "ask", "port": "go", "target": "lookup" }{{string.Concat(left)}} ],
                  "screens": [ { "id": "ask", "components": [ { "type": "EmailInput", "name": "email" },
                    { "type": "Button", "id": "go" } ] } ] }
                """;
            Assert.Empty(
                FlowCompiler
                    .Compile(
                        FlowValue.Parse(flow),
                        new CompilationEnvironment { Activities = new(DatabaseModule.ActivityTypes), Connectors = connectors }
                    )
                    .Diagnostics
            );
        }
    }

    [Fact]
    public void Settings_AllOfThem_AreDescribed()
    {
        foreach (
            var setting in DatabaseModule
                .ConnectorTypes(DatabaseFlow.Open)[0]
                .Settings.Settings.Concat(DatabaseModule.ActivityTypes[0].Settings.Settings)
        )
            Assert.Contains($"`{setting.Name}`", Text, StringComparison.Ordinal);
        foreach (var ssl in DatabaseModule.ConnectorTypes(DatabaseFlow.Open)[0].Settings.Find("ssl")!.Choices!)
            Assert.Contains($"`{ssl}`", Text, StringComparison.Ordinal);
    }

    [Fact]
    public void Codes_AllOfThem_AreDescribed()
    {
        Assert.Equal(16, DatabaseErrors.All.Count);
        Assert.All(DatabaseErrors.All, code => Assert.Contains($"`{code.Code}`", Text, StringComparison.Ordinal));
    }

    private static IReadOnlyList<Diagnostic> Problems(FlowValue json, out ConnectorSet connectors)
    {
        connectors = new ConnectorSet(DatabaseModule.ConnectorTypes(DatabaseFlow.Open));
        var problems = new DiagnosticBag();
        var definition = ConnectorDefinition.Read(json, null, problems)!;
        connectors.Set(definition with { Origin = ConnectorOrigin.Operator });
        Assert.IsType<SqlConnector>(connectors.Find(definition.Id, out var more));
        return [.. problems.Items, .. more];
    }

    private static List<FlowValue> Snippets(string type) =>
        [
            .. Regex
                .Matches(Text, "```json\n(.*?)```", RegexOptions.Singleline)
                .Select(match => FlowValue.Parse(match.Groups[1].Value))
                .Where(json => json.Get("type").ToText() == type),
        ];
}
