using FlowEngine.Activities;
using FlowEngine.Compilation;
using FlowEngine.Connectors;
using FlowEngine.Context;
using FlowEngine.Errors;
using FlowEngine.Execution;
using FlowEngine.HttpConnector.Connectors;
using FlowEngine.Templates;
using FlowEngine.Tests;
using FlowEngine.Tracing;
using static FlowEngine.HttpConnector.Tests.Transports;

namespace FlowEngine.HttpConnector.Tests.Flows;

/// <summary>
/// Per test. A flow around one GenericHttp activity <c>call</c> on the connector <c>api</c>: each of its outcomes leads to an End of that
/// name. Error events are custom unless the activity says otherwise.
/// </summary>
internal sealed class TestFlow : IAsyncDisposable
{
    private TestFlow(ConnectorSet connectors, CompilationResult result) => (Connectors, Result) = (connectors, result);

    public ConnectorSet Connectors { get; }

    public CompilationResult Result { get; }

    public FlowPlan Plan => Result.Plan ?? throw new InvalidOperationException(string.Join('\n', Result.Diagnostics));

    public IEnumerable<string> Codes => Result.Diagnostics.Select(problem => problem.Code);

    /// <summary>Compiles the flow.</summary>
    /// <param name="baseUrl">The connector's base URL.</param>
    /// <param name="activity">Further settings of the activity.</param>
    /// <param name="connector">Further configuration of the connector.</param>
    /// <param name="options">The operator's settings; loopback may be reached by default.</param>
    /// <param name="startsWithScreen">Whether a sign-in screen comes before the call.</param>
    public static TestFlow Compile(
        string baseUrl,
        string activity = "{}",
        string connector = "{}",
        HttpModuleOptions? options = null,
        bool startsWithScreen = false
    )
    {
        var settings = Merge(
            """{ "id": "call", "type": "GenericHttp", "connector": "api", "errorHandling": { "Generic HTTP Error": "custom","""
                + """ "Connector Execution": "custom" } }""",
            activity
        );
        List<string> outcomes =
        [
            "Success",
            .. Entries(settings.Get("outcomes")).Select(entry => entry.Key),
            .. Entries(settings.Get("errorHandling")).Where(entry => entry.Value == FlowValue.From("custom")).Select(entry => entry.Key),
        ];
        var call = outcomes.Select((outcome, i) => (Outcome: outcome, End: $"end{i}")).ToList();
        var flow = $$"""
            { "id": "f", "start": "{{(startsWithScreen ? "signIn" : "call")}}", {{DeclaredInputs.In(activity, connector)}},
              "activities": [ {{(startsWithScreen ? """{ "id": "signIn", "type": "Screen", "screen": "sign-in" },""" : "")}}
                {{settings.ToJson()}}, {{string.Join(
                ',',
                call.Select(c => $$"""{ "id": "{{c.End}}", "type": "End", "name": "{{c.Outcome}}" }""")
            )}} ],
              "connections": [ {{(startsWithScreen ? """{ "source": "signIn", "port": "submit", "target": "call" },""" : "")}}
                {{string.Join(',', call.Select(c => $$"""{ "source": "call", "port": "{{c.Outcome}}", "target": "{{c.End}}" }"""))}} ],
              "screens": [ { "id": "sign-in", "components": [
                { "type": "TextInput", "name": "email" }, { "type": "PasswordInput", "name": "password" }, { "type": "ErrorMessage" },
                  { "type": "Button", "id": "submit" } ] } ] }
            """;
        return Compile(flow, [("api", Merge($$"""{ "baseUrl": {{FlowValue.From(baseUrl).ToJson()}} }""", connector).ToJson())], options);
    }

    /// <summary>Compiles any flow with connectors of type <c>http</c>.</summary>
    public static TestFlow Compile(
        string flow,
        IEnumerable<(string Id, string Configuration)> connectors,
        HttpModuleOptions? options = null,
        params ConnectorType[] more
    )
    {
        var set = new ConnectorSet([.. HttpModule.ConnectorTypes(options ?? new HttpModuleOptions { Egress = Loopback }), .. more]);
        foreach (var (id, configuration) in connectors)
            set.Set(Definition(id, "http", configuration));
        return new TestFlow(set, FlowCompiler.Compile(FlowValue.Parse(flow), Environment(set)));
    }

    public static ConnectorDefinition Definition(string id, string type, string configuration) =>
        ConnectorDefinition.Read(
            FlowValue.Parse($$"""{ "id": "{{id}}", "type": "{{type}}", "configuration": {{configuration}} }"""),
            $"{id}.connector.json",
            new DiagnosticBag()
        )!;

    public static CompilationEnvironment Environment(ConnectorSet connectors) =>
        new() { Activities = new ActivityCatalog(HttpModule.ActivityTypes), Connectors = connectors };

    /// <summary>A run before its first step, traced.</summary>
    public FlowRun Start(string client = "{}", RunServices? services = null) =>
        FlowRun.Start(Plan, new RunStart { Client = FlowValue.Parse(client) }, services ?? RunServices.Default with { Trace = true });

    public async Task<FlowRun> RunAsync(string client = "{}", RunServices? services = null)
    {
        var run = Start(client, services);
        await FlowExecutor.AdvanceAsync(run, TestContext.Current.CancellationToken);
        return SecretSweep.Checked(run, Connectors.SecretValues);
    }

    /// <summary>The run's redacted trace as JSON.</summary>
    public string Trace(FlowRun run) => TraceWriter.ToValue(run.Trace!, run.RedactorFor(Connectors.SecretValues)).ToJson();

    public ValueTask DisposeAsync() => Connectors.DisposeAsync();

    private static FlowValue Merge(string json, string over)
    {
        FlowValue.Parse(json).TryGetObject(out var merged);
        foreach (var (name, value) in Entries(FlowValue.Parse(over)))
            merged = merged!.With(name, value);
        return FlowValue.From(merged!);
    }

    private static FlowObject Entries(FlowValue json) => json.TryGetObject(out var obj) ? obj : FlowObject.Empty;
}

/// <summary>Stateless. What most tests ask a run.</summary>
internal static class FlowRuns
{
    /// <summary><c>connectors.call</c>.</summary>
    public static FlowValue Call(this FlowRun run) => run.Context.Get(ContextRoot.Connectors).Get("call");

    /// <summary>The same, as JSON, without what a call took: that is different each time.</summary>
    public static string Answer(this FlowRun run)
    {
        Assert.True(run.Call().TryGetObject(out var result));
        Assert.InRange(result.Get("attempts").TryGetInteger(out var attempts) ? attempts : -1, 0, 11);
        Assert.InRange(result.Get("durationMs").TryGetInteger(out var duration) ? duration : -1, 0, 600_000);
        return FlowValue
            .Object([
                .. result.Where(member => member.Key is not ("attempts" or "durationMs")).Select(member => (member.Key, member.Value)),
            ])
            .ToJson();
    }

    public static FlowValue Error(this FlowRun run) => run.Context.Get(ContextRoot.Error);

    /// <summary>Asserts that the run left by Connector Execution with this code, in the context and in the error root.</summary>
    public static void AssertExecutionError(this FlowRun run, string code)
    {
        Assert.Equal(("Connector Execution", code), (run.EndName, run.Call().Get("error").Get("code").ToText()));
        Assert.Equal(("Connector Execution", code), (run.Error().Get("event").ToText(), run.Error().Get("code").ToText()));
        Assert.True(run.Call().Get("statusCode").IsMissing);
    }
}
