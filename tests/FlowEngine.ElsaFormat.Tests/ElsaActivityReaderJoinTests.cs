using FlowEngine.Compilation;
using FlowEngine.Context;
using FlowEngine.Errors;
using FlowEngine.Model;
using FlowEngine.Tests;

namespace FlowEngine.ElsaFormat.Tests;

/// <summary>Joins: what our Parallel gave, or one branch of several, has nothing to wait for.</summary>
public sealed class ElsaActivityReaderJoinTests
{
    private const string Parallel = """
        { "id": "both", "type": "FlowEngine.Parallel", "activities": { "typeName": "Object", "expression": { "type": "Object", "value": [
          { "id": "x", "type": "Scriptlet", "code": "return 1;" }, { "id": "y", "type": "Scriptlet", "code": "return 2;" } ] } } }
        """;

    [Fact]
    public void Read_JoinAfterOurParallel_LeadsOn()
    {
        var (flow, problems) = Read(
            $$"""{{Parallel}}, { "id": "j", "type": "Elsa.FlowJoin", "mode": "WaitAll" }, """ + """{ "id": "e", "type": "Elsa.End" }""",
            """{ "source": { "activity": "both", "port": "Success" }, "target": { "activity": "j" } }, """
                + """{ "source": { "activity": "j", "port": "Done" }, "target": { "activity": "e" } }"""
        );
        Assert.Empty(problems);
        Assert.Equal(["both.Success>e"], Connections(flow));
        Assert.Equal("both", flow.Start);
        Assert.NotNull(FlowCompiler.Compile(flow, Corpus.Environment).Plan);
    }

    [Fact]
    public void Read_JoinThatNothingFollows_IsAnEnd()
    {
        var (flow, problems) = Read(
            Parallel + """, { "id": "j", "type": "Elsa.FlowJoin" }""",
            """{ "source": { "activity": "both", "port": "Success" }, "target": { "activity": "j" } }"""
        );
        Assert.Empty(problems);
        Assert.Equal("End", flow.Activities[1].Type);
        Assert.NotNull(FlowCompiler.Compile(flow, Corpus.Environment).Plan);
    }

    [Theory]
    [InlineData("WaitAny", "")]
    [InlineData("WaitAllActive", "")]
    [InlineData("WaitAll", "elsa.unsupported_activity /root/activities/1")]
    public void Read_JoinOfTwoBranches_LeadsOnUnlessItWaitsForBoth(string mode, string report)
    {
        var (flow, problems) = Read(
            """{ "id": "d", "type": "Elsa.FlowDecision", "condition": { "expression": { "type": "Literal", "value": true } } }, """
                + $$"""{ "id": "j", "type": "Elsa.FlowJoin", "mode": { "expression": { "type": "Literal", "value": "{{mode}}" } } }, """
                + """{ "id": "e", "type": "Elsa.End" }""",
            """{ "source": { "activity": "d", "port": "True" }, "target": { "activity": "j" } }, """
                + """{ "source": { "activity": "d", "port": "False" }, "target": { "activity": "j" } }, """
                + """{ "source": { "activity": "j", "port": "Done" }, "target": { "activity": "e" } }"""
        );
        Assert.Equal(report, string.Join(' ', problems.Select(problem => $"{problem.Code} {problem.Pointer}")));
        if (report.Length == 0)
            Assert.Equal(["d.True>e", "d.Else>e"], Connections(flow));
        else
            Assert.Equal("j", flow.Activities[1].Json.Get("elsa").Get("id").ToText());
    }

    /// <summary>Names and places of what only leads on stand nowhere in the flow: they are kept beside it.</summary>
    [Fact]
    public void Read_JoinThatLeadsOn_IsKeptBesideTheFlow()
    {
        const string Start = """{ "id": "go", "type": "Elsa.Start", "name": "Here" }""";
        const string Join =
            """{ "id": "j", "type": "Elsa.FlowJoin", "name": "Joined", "metadata": { "designer": { "position": { "x": 4, "y": 2 } } } }""";
        const string Bent =
            """{ "source": { "activity": "j", "port": "Done" }, "target": { "activity": "e" }, "vertices": [ { "x": 1, "y": 1 } ] }""";
        const string Connections =
            """{ "source": { "activity": "go", "port": "Done" }, "target": { "activity": "both" } }, """
            + """{ "source": { "activity": "both", "port": "Success" }, "target": { "activity": "j" } }, """
            + Bent;
        var activities = $$"""{{Start}}, {{Parallel}}, {{Join}}, { "id": "e", "type": "Elsa.End" }""";

        var (foreign, problems) = Read(activities, Connections);
        Assert.Empty(problems);
        var passed = FlowValue.Array(FlowValue.Parse(Start), FlowValue.Parse(Join), FlowValue.Parse(Bent));
        Assert.Equal(passed, foreign.Json.Get("elsa").Get("passed"));
        Assert.True(foreign.Json.Get("designer").IsMissing);

        // In a definition of ours what was kept before stays before it.
        var (ours, _) = Read(activities, Connections, """ "start": "both", "elsa": { "x": 1, "passed": [ 0 ] }, "flowEngine": {} """);
        Assert.Equal(
            FlowValue.Object(
                ("x", FlowValue.From(1)),
                ("passed", FlowValue.Array(FlowValue.From(0), passed.Get(0), passed.Get(1), passed.Get(2)))
            ),
            ours.Json.Get("elsa")
        );
        Assert.Equal(ours.Json, ElsaReader.Read(ElsaWriter.Write(ours, 1), null, new DiagnosticBag())!.Json);
    }

    [Fact]
    public void Read_JoinWithNoPlaceToKeepIt_IsReported()
    {
        var (flow, problems) = Read(
            Parallel + """, { "id": "j", "type": "Elsa.FlowJoin" }, { "id": "e", "type": "Elsa.End" }""",
            """{ "source": { "activity": "both", "port": "Success" }, "target": { "activity": "j" } }, """
                + """{ "source": { "activity": "j", "port": "Done" }, "target": { "activity": "e" } }""",
            """ "start": "both", "elsa": 3, "flowEngine": {} """
        );
        Assert.Equal("elsa.unsupported_setting", Assert.Single(problems).Code);
        Assert.Equal("3", flow.Json.Get("elsa").ToJson());
    }

    private static IEnumerable<string> Connections(FlowDefinition flow) =>
        flow.Connections.Select(connection => $"{connection.Source}.{connection.Port}>{connection.Target}");

    private static (FlowDefinition Flow, IReadOnlyList<Diagnostic> Problems) Read(string activities, string connections, string custom = "")
    {
        var problems = new DiagnosticBag();
        var json = $$"""
            { "definitionId": "f", "customProperties": { {{custom}} }, "root": { "type": "Elsa.Flowchart",
              "activities": [ {{activities}} ], "connections": [ {{connections}} ] } }
            """;
        return (ElsaReader.Read(FlowValue.Parse(json), null, problems)!, problems.Items);
    }
}
