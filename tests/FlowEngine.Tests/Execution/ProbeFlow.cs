using FlowEngine.Activities;
using FlowEngine.Compilation;
using FlowEngine.Context;
using FlowEngine.Errors;
using FlowEngine.Execution;
using FlowEngine.Model;
using FlowEngine.Screens;

namespace FlowEngine.Tests.Execution;

/// <summary>Compiles and runs flows of a test.</summary>
internal static class ProbeFlow
{
    public static readonly ActivityCatalog Catalog = new(ActivityType.Of<Probe, ProbeSettings>((settings, _) => new Probe(settings)));

    /// <summary>A flow from its activities, its connections as <c>source.port>target</c>, and its screens.</summary>
    public static string Json(string start, string activities, string connections, string screens = "", string more = "") =>
        $$"""
            { "id": "test", "start": "{{start}}", {{(
                more.Contains("\"inputs\"", StringComparison.Ordinal) ? "" : DeclaredInputs.In(activities, screens) + ","
            )}} {{more}}
              "activities": [ {{activities}} ],
              "connections": [ {{string.Join(
                ",",
                connections.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Select(Connection)
            )}} ],
              "screens": [ {{screens}} ] }
            """;

    public static CompilationResult Compile(string json, params string[] otherFlows)
    {
        var others = otherFlows
            .Select(other => FlowReader.Read(FlowValue.Parse(other), null, new DiagnosticBag())!)
            .ToDictionary(flow => flow.Id);
        return FlowCompiler.Compile(
            FlowValue.Parse(json),
            new CompilationEnvironment { Activities = Catalog, FindFlow = id => others.TryGetValue(id, out var flow) ? (flow, 3) : null }
        );
    }

    public static FlowPlan Plan(string json, params string[] otherFlows)
    {
        var result = Compile(json, otherFlows);
        Assert.True(result.Plan is not null, string.Join('\n', result.Diagnostics));
        return result.Plan;
    }

    public static async Task<FlowRun> RunAsync(FlowPlan plan, string client = "{}", RunServices? services = null)
    {
        var run = FlowRun.Start(
            plan,
            new RunStart { Client = FlowValue.Parse(client) },
            services ?? RunServices.Default with { Trace = true }
        );
        await FlowExecutor.AdvanceAsync(run, TestContext.Current.CancellationToken);
        return SecretSweep.Checked(run);
    }

    public static async Task<FlowError?> SubmitAsync(FlowRun run, string interaction, string form = "{}")
    {
        var refusal = await FlowExecutor.SubmitAsync(
            run,
            new ScreenSubmission(interaction, FlowValue.Parse(form)),
            TestContext.Current.CancellationToken
        );
        SecretSweep.Checked(run);
        return refusal;
    }

    private static string Connection(string text)
    {
        var arrow = text.Split('>');
        var dot = arrow[0].IndexOf('.', StringComparison.Ordinal);
        return $$"""{ "source": "{{arrow[0][..dot]}}", "port": "{{arrow[0][(dot + 1)..]}}", "target": "{{arrow[1]}}" }""";
    }
}
