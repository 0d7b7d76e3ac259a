using FlowEngine.Context;
using FlowEngine.Execution;
using FlowEngine.Execution.Lineage;
using FlowEngine.Tracing;

namespace FlowEngine.Database.Tests;

/// <summary>Each parameter of a query is a value of its own in lineage, by the name that it has in the trace.</summary>
public sealed class DatabaseActivityLineageTests
{
    private const string Connector = """{ "engine": "sqlite", "file": "people.db" }""";

    [Fact]
    public async Task Query_EachParameterIsMadeOfItsPath()
    {
        await using var flow = new DatabaseFlow(Connector);

        var step = await RunAsync(
            flow.Compile(
                "select id from users where email = {{client.a | lower}} and tier = {{client.b ?? \"none\"}} or email = {{client.a}}"
            ).Plan!,
            """{ "rows": [] }"""
        );

        Assert.Equal(["parameters.@p0 <- client.a", "parameters.@p1 <- client.b", "parameters.@p2 <- client.a"], LinesOf(step));
        Assert.Equal("{{client.a | lower}}", step.Get("lineage").Get(0).Get("expression").ToText());
        // The same names as in what the step was given.
        step.Get("input").Get("parameters").TryGetObject(out var parameters);
        Assert.Equal(["@p0", "@p1", "@p2"], parameters!.Shape.Names.ToArray());
    }

    [Fact]
    public async Task Statements_EachHasParametersAndReadsThoseBefore()
    {
        await using var flow = new DatabaseFlow(Connector);

        var step = await RunAsync(
            flow.Compile([
                "insert into orders (customer) values ({{client.a}}) returning id",
                "insert into lines (note, order_id) values ({{client.b}}, {{statements[0].first.id}})",
            ]).Plan!,
            """{ "statements": [ { "rows": [ { "id": 7 } ] }, { "rows": [] } ] }"""
        );

        Assert.Equal(
            [
                "statements[0].parameters.@p0 <- client.a",
                "statements[1].parameters.@p0 <- client.b",
                "statements[1].parameters.@p1 <- statements[0].first.id@1",
            ],
            LinesOf(step)
        );
    }

    private static async Task<FlowValue> RunAsync(FlowPlan plan, string reply)
    {
        var services = RunServices.Default with
        {
            Trace = true,
            Replies = new ScriptedReplies(FlowValue.Parse($$"""{ "q": [ {{reply}} ] }""")),
        };
        var run = FlowRun.Start(plan, new RunStart { Client = FlowValue.Parse("""{ "a": "1", "b": "2" }""") }, services);
        await FlowExecutor.AdvanceAsync(run, TestContext.Current.CancellationToken);
        return TraceLineage.Join(plan, TraceWriter.ToValue(run.Trace!, new Redactor([]))).Get(0);
    }

    private static IEnumerable<string> LinesOf(FlowValue step)
    {
        step.Get("lineage").TryGetArray(out var lineage);
        return lineage!.Select(entry =>
        {
            entry.Get("from").TryGetArray(out var from);
            var sources = from!.Select(source =>
                source.Get("step") is { IsMissing: false } number
                    ? $"{source.Get("path").ToText()}@{number.ToText()}"
                    : source.Get("path").ToText()
            );
            return $"{entry.Get("to").ToText()} <- {string.Join(", ", sources)}";
        });
    }
}
