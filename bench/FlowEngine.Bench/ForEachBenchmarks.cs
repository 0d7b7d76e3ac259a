using BenchmarkDotNet.Attributes;
using FlowEngine.Activities;
using FlowEngine.Compilation;
using FlowEngine.Connectors;
using FlowEngine.Context;
using FlowEngine.Errors;
using FlowEngine.Execution;
using FlowEngine.HttpConnector;

namespace FlowEngine.Bench;

/// <summary>One HTTP call for each of 100 items, with stubbed I/O, against 100 activities that each make the same call. Target: at most 1.5
/// times the time and bytes.</summary>
[MemoryDiagnoser]
public class ForEachBenchmarks
{
    private const int Items = 100;

    private static readonly FlowValue Client = FlowValue.Object(
        ("ids", FlowValue.Array(Enumerable.Range(0, Items).Select(i => FlowValue.From($"u-{i}"))))
    );

    private static readonly FlowValue Reply = FlowValue.Parse(
        """
        { "statusCode": 200, "headers": { "content-type": "application/json", "x-region": "eu-central" },
          "body": { "name": "Ada Lovelace", "plan": "gold" } }
        """
    );

    private readonly FlowPlan _alone = Compile(
        string.Join(",", Enumerable.Range(0, Items).Select(i => Call($"call{i}", $"{{{{client.ids[{i}]}}}}"))),
        string.Join(",", Enumerable.Range(0, Items).Select(i => Connection($"call{i}", i + 1 < Items ? $"call{i + 1}" : "end"))),
        "call0"
    );

    private readonly FlowPlan _forEach = Compile(
        $$$"""{ "id": "each", "type": "ForEach", "items": "{{client.ids}}", "activity": {{{Call("call", "{{item}}")}}} }""",
        Connection("each", "end"),
        "each"
    );

    private readonly RunServices _services = RunServices.Default with
    {
        Replies = new RepeatedReplies(FlowValue.Object([("call", Reply), .. Enumerable.Range(0, Items).Select(i => ($"call{i}", Reply))])),
    };

    [Benchmark(Baseline = true, OperationsPerInvoke = Items)]
    public ValueTask<FlowRun> Alone() => RunAsync(_alone);

    [Benchmark(OperationsPerInvoke = Items)]
    public ValueTask<FlowRun> ForEach() => RunAsync(_forEach);

    private async ValueTask<FlowRun> RunAsync(FlowPlan plan)
    {
        var run = FlowRun.Start(plan, new RunStart { Client = Client }, _services);
        await FlowExecutor.AdvanceAsync(run);
        return run.Status == RunStatus.Completed
            ? run
            : throw new InvalidOperationException($"The run is {run.Status}: {run.Failure?.Message}");
    }

    private static string Call(string id, string user) =>
        $$"""
            { "id": "{{id}}", "type": "GenericHttp", "connector": "api", "contextKey": "call", "endpoint": "/users/{{user}}",
              "headers": { "x-user": "{{user}}" } }
            """;

    private static string Connection(string source, string target) =>
        $$"""{ "source": "{{source}}", "port": "Success", "target": "{{target}}" }""";

    private static FlowPlan Compile(string activities, string connections, string start)
    {
        var connectors = new ConnectorSet(HttpModule.ConnectorTypes(new HttpModuleOptions()));
        connectors.Set(
            ConnectorDefinition.Read(
                FlowValue.Parse("""{ "id": "api", "type": "http", "configuration": { "baseUrl": "https://api.example.com" } }"""),
                "api.connector.json",
                new DiagnosticBag()
            )!
        );
        return Flows.Compile(
            FlowValue.Parse(
                $$"""
                { "id": "f", "start": "{{start}}", "inputs": { "ids": { "type": "array" } },
                  "activities": [ {{activities}}, { "id": "end", "type": "End" } ], "connections": [ {{connections}} ] }
                """
            ),
            new CompilationEnvironment { Activities = new ActivityCatalog(HttpModule.ActivityTypes), Connectors = connectors }
        );
    }
}
