using FlowEngine.Context;
using FlowEngine.Errors;
using FlowEngine.Model;
using FlowEngine.Tests;

namespace FlowEngine.ElsaFormat.Tests;

/// <summary>What Elsa adds to our activities, and what our End is called there.</summary>
public sealed class ElsaActivityWriterTests
{
    [Fact]
    public void Write_EndWithName_HasItAsAnInput()
    {
        var flow = Corpus.Read(
            FlowValue.Parse("""{ "id": "f", "name": "f", "start": "a", "activities": [ { "id": "a", "type": "End", "name": "Offer" } ] }""")
        );
        var end = ElsaWriter.Write(flow, 1).Get("root").Get("activities").Get(0);
        Assert.Equal("""{"typeName":"String","expression":{"type":"Literal","value":"Offer"}}""", end.Get("endName").ToJson());
        Assert.Equal(FlowValue.Null, end.Get("name"));
        Assert.Equal("Offer", end.Get("metadata").Get("displayText").ToText());
    }

    [Theory]
    [InlineData(""", "name": "Old" """, "Old", "")]
    [InlineData(""", "name": null, "endName": { "typeName": "String", "expression": { "type": "Literal", "value": "New" } }""", "New", "")]
    [InlineData(""", "name": "Old", "endName": null""", "Old", "")]
    [InlineData(
        """, "name": "Label", "endName": { "typeName": "String", "expression": { "type": "Literal", "value": "New" } }""",
        "New",
        "elsa.unsupported_setting /root/activities/0/endName"
    )]
    public void Read_EndName_IsThatOfTheInputElseOfTheActivity(string members, string expected, string report)
    {
        var (flow, problems) = Read($$"""{ "id": "a", "type": "FlowEngine.End"{{members}} }""");
        Assert.Equal(expected, flow.Activities[0].Json.Get("name").ToText());
        Assert.True(flow.Activities[0].Json.Get("endName").IsMissing);
        Assert.Equal(report, string.Join(' ', problems.Select(problem => $"{problem.Code} {problem.Pointer}")));
    }

    [Theory]
    [InlineData("\"commitStrategyName\": \"Periodic\"")]
    [InlineData("\"logPersistenceMode\": { \"default\": \"Exclude\" }, \"commitStrategyName\": \"x\"")]
    [InlineData("\"logPersistenceConfig\": { \"default\": { \"mode\": 1 } }")]
    [InlineData("\"runAsynchronously\": true, \"canStartWorkflow\": true, \"owner\": \"me\"")]
    public void Read_WhatElsaSaysOfOurActivity_IsKeptAndGivenBack(string properties)
    {
        var (flow, problems) = Read($$"""{ "id": "a", "type": "FlowEngine.End", "customProperties": { {{properties}} } }""");
        Assert.Empty(problems);
        var activity = ElsaWriter.Write(flow, 1).Get("root").Get("activities").Get(0);
        activity.Get("customProperties").TryGetObject(out var back);
        Assert.Equal(FlowValue.Parse($$"""{ {{properties}} }"""), FlowValue.From(ElsaWriter.Without(back!, name => name == "flowEngine")));
        Assert.True(activity.Get("elsa").IsMissing);
    }

    [Fact]
    public void Read_WhatElsaAddsByItself_IsNotKept()
    {
        var (flow, _) = Read(
            """
            { "id": "a", "type": "FlowEngine.End", "customProperties": { "canStartWorkflow": false, "runAsynchronously": false,
              "commitStrategyName": null, "logPersistenceConfig": {} } }
            """
        );
        Assert.Equal("""{"id":"a","type":"End"}""", FlowValue.From(flow.Activities[0].Json).ToJson());
    }

    private static (FlowDefinition Flow, IReadOnlyList<Diagnostic> Problems) Read(string activity)
    {
        var problems = new DiagnosticBag();
        var json = $$"""{ "definitionId": "f", "root": { "type": "Elsa.Flowchart", "activities": [ {{activity}} ], "connections": [] } }""";
        return (ElsaReader.Read(FlowValue.Parse(json), null, problems)!, problems.Items);
    }
}
