using FlowEngine.Compilation;
using FlowEngine.Context;
using FlowEngine.Errors;
using FlowEngine.Execution;
using FlowEngine.Model;
using FlowEngine.Tests;

namespace FlowEngine.ElsaFormat.Tests;

/// <summary>WriteLine and SetOutput.</summary>
public sealed class ElsaValuesTests
{
    [Fact]
    public async Task Read_WriteLine_WritesToTheTrace()
    {
        var (flow, problems) = Read(
            """
            { "id": "say", "type": "Elsa.WriteLine",
              "text": { "expression": { "type": "JavaScript", "value": "'Hi ' + getInput('who')" } } }
            """,
            ""
        );
        Assert.Empty(problems);
        var run = await RunAsync(flow);
        Assert.Equal("say", run.Trace![0].Activity);
        Assert.Equal("""{"text":"Hi Ann"}""", run.Trace[0].Input.ToJson());
        Assert.Equal("Done", run.EndName);
    }

    [Fact]
    public async Task Read_SetOutput_IsGivenBackByTheEndsBehindIt()
    {
        var (flow, problems) = Read(
            """
            { "id": "d", "type": "Elsa.FlowDecision",
              "condition": { "expression": { "type": "JavaScript", "value": "getInput('who') == 'Ann'" } } },
            { "id": "one", "type": "Elsa.SetOutput", "outputName": { "expression": { "type": "Literal", "value": "who is it" } },
              "outputValue": { "expression": { "type": "Input", "value": "who" } } },
            { "id": "two", "type": "Elsa.SetOutput", "outputName": { "expression": { "type": "Literal", "value": "who is it" } },
              "outputValue": { "expression": { "type": "Literal", "value": "{{nobody}}" } } },
            { "id": "end", "type": "Elsa.Finish" }, { "id": "own", "type": "FlowEngine.End", "outputs": { "typeName": "Object",
              "expression": { "type": "Object", "value": { "a": 1 } } } }
            """,
            """
            { "source": { "activity": "d", "port": "True" }, "target": { "activity": "one" } },
            { "source": { "activity": "d", "port": "False" }, "target": { "activity": "two" } },
            { "source": { "activity": "one", "port": "Done" }, "target": { "activity": "end" } },
            { "source": { "activity": "two", "port": "Done" }, "target": { "activity": "own" } }
            """,
            """ "outputs": [ { "name": "who is it" } ], """
        );
        Assert.Empty(problems);
        Assert.Equal("""{"who is it":"Ann"}""", (await RunAsync(flow)).Outputs.ToJson());
        Assert.Equal("""{"a":1,"who is it":"{{nobody}}"}""", (await RunAsync(flow, "Bob")).Outputs.ToJson());
    }

    [Theory]
    [InlineData(
        """{ "id": "s", "type": "Elsa.SetOutput", "outputName": { "expression": { "type": "JavaScript", "value": "getInput('who')" } } }""",
        "elsa.unsupported_expression /root/activities/0/outputName"
    )]
    [InlineData("""{ "id": "s", "type": "Elsa.SetOutput" }""", "elsa.unsupported_expression /root/activities/0/outputName")]
    [InlineData(
        """{ "id": "s", "type": "Elsa.WriteLine", "text": { "expression": { "type": "JavaScript", "value": "1 + getInput('who')" } } }""",
        "elsa.unsupported_expression /root/activities/0/text"
    )]
    public void Read_ValueWithoutEqual_IsReportedAndKept(string activity, string report)
    {
        var (flow, problems) = Read(activity, "");
        Assert.Equal(report, string.Join(' ', problems.Select(problem => $"{problem.Code} {problem.Pointer}")));
        Assert.Equal("s", flow.Activities[0].Json.Get("elsa").Get("id").ToText());
    }

    [Fact]
    public void Read_OutputsThatNothingSets_AreReported()
    {
        var (_, problems) = Read("""{ "id": "e", "type": "Elsa.End" }""", "", """ "outputs": [ { "name": "x" } ], """);
        Assert.Equal("The workflow's outputs 'x' are not mapped.", Assert.Single(problems).Message);
    }

    private static async Task<FlowRun> RunAsync(FlowDefinition flow, string who = "Ann")
    {
        var result = FlowCompiler.Compile(flow, Corpus.Environment);
        Assert.True(result.Plan is not null, string.Join("\n", result.Diagnostics));
        Assert.Empty(result.Diagnostics.Select(problem => problem.ToString()));
        var start = new RunStart { Client = FlowValue.Object(("who", FlowValue.From(who))) };
        var run = FlowRun.Start(result.Plan, start, RunServices.Default with { Trace = true });
        await FlowExecutor.AdvanceAsync(run, TestContext.Current.CancellationToken);
        Assert.Null(run.Failure);
        return run;
    }

    private static (FlowDefinition Flow, IReadOnlyList<Diagnostic> Problems) Read(string activities, string connections, string more = "")
    {
        var problems = new DiagnosticBag();
        var json = $$"""
            { "definitionId": "f", {{more}} "inputs": [ { "name": "who", "type": "String" } ],
              "root": { "type": "Elsa.Flowchart", "activities": [ {{activities}} ], "connections": [ {{connections}} ] } }
            """;
        return (ElsaReader.Read(FlowValue.Parse(json), null, problems)!, problems.Items);
    }
}
