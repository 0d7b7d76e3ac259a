using FlowEngine.Context;
using FlowEngine.ElsaFormat;
using FlowEngine.Errors;
using FlowEngine.Model;

namespace FlowEngine.Tests.Model;

/// <summary>What a file holds: one of another kind is refused in a sentence, not by what it lacks.</summary>
public sealed class FileKindTests
{
    private static readonly Dictionary<string, FileKind> Kinds = new(StringComparer.Ordinal)
    {
        ["flow"] = FileKind.Flow,
        ["elsa"] = ElsaFile.Kind,
        ["connector"] = FileKind.Connector,
        ["case"] = FileKind.Case,
    };

    [Theory]
    [InlineData("flow", """{ "activities": [] }""")]
    [InlineData("flow", """{ "start": "a" }""")]
    [InlineData("elsa", """{ "root": {} }""")]
    [InlineData("connector", """{ "configuration": {} }""")]
    [InlineData("case", """{ "flow": "x.flow.json" }""")]
    [InlineData("flow", "[]")]
    public void Check_OfItsOwnKindOrNoObject_LeavesTheRestToItsReader(string kind, string json)
    {
        var problems = new DiagnosticBag();

        Assert.True(Kinds[kind].Check(FlowValue.Parse(json), "x.json", problems, ElsaFile.Kind));
        Assert.Empty(problems.Items);
    }

    [Theory]
    [InlineData("flow", """{ "type": "http", "configuration": {} }""", "The file holds a connector, not a flow.")]
    [InlineData("flow", """{ "root": {} }""", "The file holds an Elsa 3 workflow definition, not a flow.")]
    [InlineData("connector", """{ "start": "a", "activities": [] }""", "The file holds a flow, not a connector.")]
    [InlineData("case", """{ "configuration": {} }""", "The file holds a connector, not a golden case.")]
    [InlineData("connector", """{ "a": 1 }""", "The file does not hold a connector: it has no 'configuration'.")]
    [InlineData("flow", "{}", "The file does not hold a flow: it has no 'activities', 'connections', 'screens' or 'start'.")]
    public void Check_OfAnotherKind_SaysWhichItIs(string kind, string json, string message)
    {
        var problems = new DiagnosticBag();

        Assert.False(Kinds[kind].Check(FlowValue.Parse(json), "x.json", problems, ElsaFile.Kind));
        var problem = Assert.Single(problems.Items);
        Assert.Equal(("flow.file_kind", message, "x.json"), (problem.Code, problem.Message, problem.File));
    }
}
