using FlowEngine.Context;
using FlowEngine.Errors;

namespace FlowEngine.ElsaFormat.Tests;

/// <summary>Outputs that activities set on the way, given back by the Ends behind them.</summary>
public sealed class ElsaOutputsTests
{
    /// <summary>Every output is set at the beginning of a long chain from which every End is reached.</summary>
    [Theory]
    [InlineData(1_000)]
    [InlineData(8_000)]
    public void Read_ManyOutputsAndManyEnds_TakesStepsInProportionToTheFlow(int length)
    {
        var (reading, flow, problems) = Read(Enumerable.Range(0, length).Select(i => $"out {i}"), ends: length);
        Assert.InRange(reading.Outputs.Steps, length, ElsaOutputs.Most * 6L * length);
        Assert.Equal(ElsaOutputs.Most, Members(flow.Get("activities").Get(2 * length - 1).Get("outputs")));
        var tooMany = Assert.Single(problems, problem => problem.Code == "flow.too_large");
        Assert.Equal($"/root/activities/{ElsaOutputs.Most}", tooMany.Pointer);
        Assert.Contains("'out 100' and those after it", tooMany.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Read_AsManyOutputsAsMayBe_AreAllGivenBack()
    {
        var (_, flow, problems) = Read(Enumerable.Range(0, ElsaOutputs.Most).Select(i => $"{i}"), ends: 1);
        Assert.Empty(problems);
        Assert.Equal(ElsaOutputs.Most, Members(flow.Get("activities").Get(ElsaOutputs.Most).Get("outputs")));
    }

    [Fact]
    public void Read_OutputsWhoseNamesGiveOneKey_AreToldApart()
    {
        var (_, flow, problems) = Read(["a b", "a-b", "a b"], ends: 1);
        Assert.Empty(problems);
        Assert.Equal(
            """{"a b":"{{scripts.output-a-b}}","a-b":"{{scripts.output-a-b2}}"}""",
            flow.Get("activities").Get(3).Get("outputs").ToJson()
        );
        Assert.Equal("output-a-b", flow.Get("activities").Get(2).Get("contextKey").ToText());
    }

    private static int Members(FlowValue value) => value.TryGetObject(out var members) ? members.Count : -1;

    /// <summary>A chain of SetOutputs, the last of which leads to each End.</summary>
    private static (ElsaReading Reading, FlowValue Flow, IReadOnlyList<Diagnostic> Problems) Read(IEnumerable<string> outputs, int ends)
    {
        var setters = outputs.Select(
            (name, i) =>
                $$"""
                    { "id": "s{{i}}", "type": "Elsa.SetOutput", "outputValue": { "expression": { "type": "Literal", "value": 1 } },
                      "outputName": { "expression": { "type": "Literal", "value": "{{name}}" } } }
                    """
        );
        string[] activities = [.. setters, .. Enumerable.Range(0, ends).Select(i => $$"""{ "id": "e{{i}}", "type": "Elsa.End" }""")];
        var chain = Enumerable.Range(1, activities.Length - ends - 1).Select(i => Connection($"s{i - 1}", $"s{i}"));
        var last = Enumerable.Range(0, ends).Select(i => Connection($"s{activities.Length - ends - 1}", $"e{i}"));
        var definition = $$"""
            { "definitionId": "f", "root": { "type": "Elsa.Flowchart",
              "activities": [ {{string.Join(", ", activities)}} ], "connections": [ {{string.Join(", ", chain.Concat(last))}} ] } }
            """;
        var problems = new DiagnosticBag();
        var reading = new ElsaReading(FlowValue.Parse(definition), new ElsaPointers(), SourceLocation.Root(null), problems);
        return (reading, reading.Read(), problems.Items);
    }

    private static string Connection(string source, string target) =>
        $$"""{ "source": { "activity": "{{source}}", "port": "Done" }, "target": { "activity": "{{target}}" } }""";
}
