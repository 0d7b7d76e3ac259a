using System.Text.Json;
using BenchmarkDotNet.Attributes;
using FlowEngine.Compilation;
using FlowEngine.Context;
using FlowEngine.Execution;

namespace FlowEngine.Bench;

/// <summary>Saving and loading a suspended run with 100 rows of 3 columns in its context,
/// against System.Text.Json with the same data. Target: at most twice its time.</summary>
[MemoryDiagnoser]
public class StateBenchmarks
{
    private static readonly Row[] Rows =
    [
        .. Enumerable
            .Range(0, 100)
            .Select(i => new Row
            {
                Id = i,
                Email = $"person{i}@example.com",
                Tier = i % 3 == 0 ? "gold" : "standard",
            }),
    ];

    private readonly RunData _data = new() { Id = "q3v9Jm2mC5yB1w0kT7hRzA8x", Rows = Rows };
    private readonly FlowRun _run = Suspended();

    [Benchmark(Baseline = true)]
    public object SystemTextJson() => JsonSerializer.Deserialize<RunData>(JsonSerializer.SerializeToUtf8Bytes(_data))!;

    [Benchmark]
    public object SaveAndLoad() => RunState.Load(RunState.Save(_run), _run.Plan, RunServices.Default);

    private static FlowRun Suspended()
    {
        var plan = Flows.Compile(
            FlowValue.Parse(
                """
                { "id": "wait", "start": "ask", "activities": [ { "id": "ask", "type": "Screen", "screen": "ask" },
                  { "id": "end", "type": "End" } ],
                  "connections": [ { "source": "ask", "port": "go", "target": "end" } ],
                  "screens": [ { "id": "ask", "components": [ { "type": "Button", "id": "go", "text": "Go" } ] } ] }
                """
            ),
            new CompilationEnvironment()
        );
        var run = FlowRun.Start(plan, new RunStart(), RunServices.Default);
        FlowExecutor.AdvanceAsync(run).AsTask().GetAwaiter().GetResult();
        var rows = FlowValue.Parse(JsonSerializer.Serialize(Rows));
        run.Context.SetConnector("db", FlowValue.From(FlowShape.Of("rows", "rowCount").With(rows, FlowValue.From(100))));
        return run.Status == RunStatus.Waiting ? run : throw new InvalidOperationException("The run does not wait.");
    }

    public sealed class RunData
    {
        public string Id { get; set; } = "";

        public Row[] Rows { get; set; } = [];
    }

    public sealed class Row
    {
        public int Id { get; set; }

        public string Email { get; set; } = "";

        public string Tier { get; set; } = "";
    }
}
