using FlowEngine.Activities;
using FlowEngine.Compilation;
using FlowEngine.Connectors;
using FlowEngine.Context;
using FlowEngine.Errors;
using FlowEngine.Model;

namespace FlowEngine.Tests;

/// <summary>The flows of the folder of this name, and an environment in which each compiles.</summary>
public static class Corpus
{
    public static readonly IReadOnlyDictionary<string, FlowValue> Flows = Directory
        .EnumerateFiles(Path.Combine(AppContext.BaseDirectory, "Corpus"), "*.flow.json")
        .Order(StringComparer.Ordinal)
        .ToDictionary(file => Path.GetFileName(file)[..^".flow.json".Length], file => FlowValue.Parse(File.ReadAllText(file)));

    public static readonly CompilationEnvironment Environment = MakeEnvironment();

    public static TheoryData<string> Names => [.. Flows.Keys];

    public static FlowDefinition Read(FlowValue json)
    {
        var problems = new DiagnosticBag();
        var flow = FlowReader.Read(json, null, problems);
        Assert.Empty(problems.Items);
        return flow!;
    }

    private static CompilationEnvironment MakeEnvironment()
    {
        var connectors = new ConnectorSet(StandIns.Connectors);
        foreach (
            var json in new[]
            {
                """{ "id": "profile-api", "type": "http", "configuration": { "baseUrl": "https://api.example.com" } }""",
                """{ "id": "users-db", "type": "sql", "configuration": { "engine": "sqlite" } }""",
            }
        )
        {
            connectors.Set(ConnectorDefinition.Read(FlowValue.Parse(json), null, new DiagnosticBag())!);
        }
        return new CompilationEnvironment
        {
            Activities = new ActivityCatalog(StandIns.Activities),
            Connectors = connectors,
            FindFlow = id => id is "confirm" or "loop" ? (Read(Flows[id]), 1) : null,
        };
    }
}
