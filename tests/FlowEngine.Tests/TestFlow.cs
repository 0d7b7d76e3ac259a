using FlowEngine.Compilation;
using FlowEngine.Context;
using FlowEngine.Errors;
using FlowEngine.Execution;
using FlowEngine.Tracing;

namespace FlowEngine.Tests;

/// <summary>A flow of one activity, "it", each of whose outcomes leads to an End of its own.</summary>
internal static class TestFlow
{
    public static CompilationResult Compile(string activity, params string[] outcomes)
    {
        var ends = string.Concat(
            outcomes.Select((outcome, i) => $$""", { "id": "end{{i}}", "type": "End", "name": {{FlowValue.From(outcome).ToJson()}} }""")
        );
        var connections = string.Join(
            ",",
            outcomes.Select((outcome, i) => $$"""{ "source": "it", "port": {{FlowValue.From(outcome).ToJson()}}, "target": "end{{i}}" }""")
        );
        return FlowCompiler.Compile(
            FlowValue.Parse(
                $$"""{ "id": "f", "start": "it", {{DeclaredInputs.In(activity)}}, "activities": [ {{activity}}{{ends}} ],"""
                    + $$""" "connections": [ {{connections}} ] }"""
            ),
            new CompilationEnvironment()
        );
    }

    public static FlowPlan Plan(string activity, params string[] outcomes)
    {
        var result = Compile(activity, outcomes);
        Assert.True(result.Plan is not null, string.Join("\n", result.Diagnostics));
        return result.Plan;
    }

    public static async Task<FlowRun> RunAsync(
        FlowPlan plan,
        FlowValue client,
        RunServices? services = null,
        CancellationToken cancellationToken = default
    )
    {
        var run = FlowRun.Start(plan, new RunStart { Client = client }, services ?? RunServices.Default with { Trace = true });
        await FlowExecutor.AdvanceAsync(run, cancellationToken);
        return SecretSweep.Checked(run);
    }

    public static Task<FlowRun> RunAsync(FlowPlan plan, string client = "{}") => RunAsync(plan, FlowValue.Parse(client));

    /// <summary>A context with these inputs, as activities see it.</summary>
    public static RunContext Context(string client = "{}", bool trace = true)
    {
        var inputs = FlowValue.Parse(client);
        var plan = FlowCompiler
            .Compile(
                FlowValue.Parse(
                    $$"""{ "id": "f", "start": "it", {{DeclaredInputs.Of(inputs)}}, "activities": [ { "id": "it", "type": "Restart" } ] }"""
                ),
                new CompilationEnvironment()
            )
            .Plan!;
        var run = FlowRun.Start(plan, new RunStart { Client = inputs }, RunServices.Default);
        if (trace)
            run.Context.Step = new TraceStep("it", "Test", TimeProvider.System);
        return run.Context;
    }

    public static Diagnostic OnlyError(CompilationResult result) => Assert.Single(result.Diagnostics, d => d.Severity == Severity.Error);
}
