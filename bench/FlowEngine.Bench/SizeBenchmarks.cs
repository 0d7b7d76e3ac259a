using BenchmarkDotNet.Attributes;
using FlowEngine.Compilation;
using FlowEngine.Context;
using FlowEngine.Execution;

namespace FlowEngine.Bench;

/// <summary>
/// 1,000 steps through a ring of conditions, of 10 and of 10,000 activities: the large flow must cost per step what the small one does
/// (within 10 %). The ring is visited in a scattered order, and the step limit ends it.
/// </summary>
[MemoryDiagnoser]
public class SizeBenchmarks
{
    private readonly FlowPlan _small = Flows.Compile(Ring(10), new CompilationEnvironment());
    private readonly FlowPlan _large = Flows.Compile(Ring(10_000), new CompilationEnvironment());

    [Benchmark(Baseline = true, OperationsPerInvoke = FlowExecutor.StepLimit)]
    public ValueTask<FlowRun> Step_In10Activities() => RunAsync(_small);

    [Benchmark(OperationsPerInvoke = FlowExecutor.StepLimit)]
    public ValueTask<FlowRun> Step_In10000Activities() => RunAsync(_large);

    internal static FlowValue Ring(int count)
    {
        // 7 and 10^n have no common divisor, so the ring visits every activity, never in the order of the file.
        var activities = Enumerable
            .Range(0, count)
            .Select(i =>
                $$"""
                    { "id": "a{{i:D5}}", "type": "Condition",
                      "branches": [ { "outcome": "Next", "rules": [ { "key": "client.n", "operator": "equal", "value": 1 } ] } ] }
                    """
            );
        var connections = Enumerable
            .Range(0, count)
            .SelectMany(i =>
                new[]
                {
                    $$"""{ "source": "a{{i:D5}}", "port": "Next", "target": "a{{(i + 7) % count:D5}}" }""",
                    $$"""{ "source": "a{{i:D5}}", "port": "Else", "target": "end" }""",
                }
            );
        return FlowValue.Parse(
            $$"""
            { "id": "ring", "start": "a00000", "inputs": { "n": {} },
              "activities": [ {{string.Join(",", activities)}}, { "id": "end", "type": "End" } ],
              "connections": [ {{string.Join(",", connections)}} ] }
            """
        );
    }

    private static async ValueTask<FlowRun> RunAsync(FlowPlan plan)
    {
        var run = FlowRun.Start(plan, new RunStart { Client = FlowValue.Parse("""{ "n": 1 }""") }, RunServices.Default);
        await FlowExecutor.AdvanceAsync(run);
        return run.Sequence == FlowExecutor.StepLimit
            ? run
            : throw new InvalidOperationException($"The run ended after {run.Sequence} steps.");
    }
}

/// <summary>Compiling a flow of 10,000 activities. Target: under a second.</summary>
[MemoryDiagnoser]
public class CompileBenchmarks
{
    private readonly FlowValue _json = SizeBenchmarks.Ring(10_000);

    [Benchmark]
    public object Compile_10000Activities() => Flows.Compile(_json, new CompilationEnvironment());
}
