using FlowEngine.Compilation;
using FlowEngine.Context;
using FlowEngine.Errors;
using FlowEngine.Execution;
using FlowEngine.Model;
using FlowEngine.Tests;

namespace FlowEngine.ElsaFormat.Tests;

public sealed class ElsaSequencesTests
{
    [Fact]
    public async Task Read_SequenceAsRoot_RunsOneAfterTheOther()
    {
        var (flow, problems) = Read(
            $$"""
            { "definitionId": "f", "root": { "id": "s", "type": "Elsa.Sequence", "name": "All", "activities": [
              {{Line("a")}},
              { "id": "d", "type": "Elsa.FlowDecision", "condition": { "expression": { "type": "Literal", "value": false } } },
              { "id": "inner", "type": "Elsa.Sequence", "activities": { "$values": [ {{Line("b")}}, {{Line("c")}} ] } },
              {{Line("e")}} ] } }
            """
        );
        Assert.Empty(problems);
        Assert.Equal("a", flow.Start);
        Assert.Equal("a d b c e end", await RunAsync(flow));
        Assert.Equal("All", flow.Json.Get("elsa").Get("sequences").Get(0).Get("name").ToText());
    }

    [Fact]
    public async Task Read_SequenceInAFlowchart_IsConnectedAtItsEnds()
    {
        var (flow, problems) = Read(
            $$"""
            { "definitionId": "f", "root": { "type": "Elsa.Flowchart", "activities": [
              { "id": "s", "type": "Elsa.Sequence", "activities": [ {{Line("b")}}, {{Line("c")}} ] },
              {{Line("z")}}, {{Line("a")}}, { "id": "go", "type": "Elsa.Start" } ],
              "connections": [ { "source": { "activity": "a", "port": "Done" }, "target": { "activity": "s" } },
              { "source": { "activity": "go", "port": "Done" }, "target": { "activity": "a" } },
              { "source": { "activity": "s", "port": "Done" }, "target": { "activity": "z" } } ] } }
            """
        );
        Assert.Empty(problems);
        Assert.Equal("a b c z end", await RunAsync(flow));
    }

    [Fact]
    public void Read_ActivityOfOursInASequence_IsReported()
    {
        var (_, problems) = Read(
            $$"""
            { "definitionId": "f", "root": { "id": "s", "type": "Elsa.Sequence", "activities": [
              { "id": "a", "type": "FlowEngine.VerifyPassword" }, {{Line("b")}} ] } }
            """
        );
        Assert.Equal("elsa.unsupported_connection /root/activities/1", Assert.Single(problems.Select(p => $"{p.Code} {p.Pointer}")));
    }

    [Fact]
    public void Read_WrappedSequence_IsReportedAtItsWrapper()
    {
        const string Inner =
            """{ "id": "s", "type": "Elsa.Sequence", "activities": [ { "id": "a", "type": "X" }, { "id": "b", "type": "X" } ] }""";
        var (_, problems) = Read(
            $$"""
            { "definitionId": "f", "root": { "type": "Elsa.Flowchart", "connections": [], "activities": [
              { "id": "s", "type": "Elsa.NotFoundActivity", "originalActivityJson": {{FlowValue.From(Inner).ToJson()}} } ] } }
            """
        );
        Assert.Equal(3, problems.Count);
        Assert.All(problems, problem => Assert.Equal("/root/activities/0", problem.Pointer));
    }

    [Fact]
    public void Read_SequenceInADefinitionOfOurs_IsKeptBesideTheFlow()
    {
        var (flow, problems) = Read(
            $$"""
            { "definitionId": "f", "customProperties": { "start": "b", "flowEngine": {} }, "root": { "type": "Elsa.Flowchart", "activities": [
              { "id": "s", "type": "Elsa.Sequence", "name": "Two lines", "metadata": { "displayText": "2" },
                "activities": [ {{Line("b")}}, {{Line("c")}} ] } ] } }
            """
        );
        Assert.Empty(problems);
        Assert.Equal(
            """{"sequences":[{"id":"s","type":"Elsa.Sequence","name":"Two lines","metadata":{"displayText":"2"}}]}""",
            flow.Json.Get("elsa").ToJson()
        );
    }

    private static string Line(string id) =>
        $$"""{ "id": "{{id}}", "type": "Elsa.WriteLine", "text": { "expression": { "type": "Literal", "value": "{{id}}" } } }""";

    private static async Task<string> RunAsync(FlowDefinition flow)
    {
        var result = FlowCompiler.Compile(flow, Corpus.Environment);
        Assert.True(result.Plan is not null, string.Join("\n", result.Diagnostics));
        var run = FlowRun.Start(result.Plan, new RunStart(), RunServices.Default with { Trace = true });
        await FlowExecutor.AdvanceAsync(run, TestContext.Current.CancellationToken);
        Assert.Null(run.Failure);
        return string.Join(' ', run.Trace!.Select(step => step.Activity));
    }

    private static (FlowDefinition Flow, IReadOnlyList<Diagnostic> Problems) Read(string json)
    {
        var problems = new DiagnosticBag();
        return (ElsaReader.Read(FlowValue.Parse(json), null, problems)!, problems.Items);
    }
}
