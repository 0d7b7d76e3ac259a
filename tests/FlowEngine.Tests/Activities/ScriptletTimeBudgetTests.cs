using FlowEngine.Context;
using FlowEngine.Errors;
using FlowEngine.Execution;
using FlowEngine.Model;
using FlowEngine.Templates;
using FlowEngine.Tests.Execution;
using Microsoft.Extensions.Time.Testing;

namespace FlowEngine.Tests.Activities;

/// <summary>SPEC 6.2: a script gets what is left of the flow's time budget.</summary>
public sealed class ScriptletTimeBudgetTests
{
    [Theory]
    [InlineData("return 1")]
    [InlineData("for (var i = 0; i < 3; i++) {} return i")]
    public async Task Budget_IsOver_TheScriptDoesNotBegin(string code)
    {
        var time = new FakeTimeProvider();
        var run = await RunAsync(Flow("PT1S", code), time, () => time.Advance(TimeSpan.FromSeconds(1)));
        Assert.Equal(("flow.budget", "Scriptlet Failed"), (run.Failure?.Code, run.Failure?.Event));
    }

    [Fact]
    public async Task Budget_EndsInTheScript_ItIsStopped()
    {
        var time = new LookedAtTime(TimeSpan.FromSeconds(30));
        // From a thread of the pool, so that the script's own is told apart.
        var run = await Task.Run(() => RunAsync(Flow("PT30S", "Date.now(); for (;;) {}"), time, () => { }));
        Assert.Equal("script.limit", run.Failure?.Code);
        Assert.Contains("within 30 s, the rest of the flow's time budget", run.Failure?.Message);
    }

    /// <summary>A clock that goes on when a script looks at it, on its own thread.</summary>
    private sealed class LookedAtTime(TimeSpan step) : FakeTimeProvider
    {
        public override DateTimeOffset GetUtcNow()
        {
            var now = base.GetUtcNow();
            if (!Thread.CurrentThread.IsThreadPoolThread)
                _ = Task.Run(() => Advance(step));
            return now;
        }
    }

    [Fact]
    public async Task Budget_IsLongEnough_TheScriptRuns()
    {
        var run = await RunAsync(Flow("PT1M", "for (var i = 0; i < 3; i++) {} return i"), new FakeTimeProvider(), () => { });
        Assert.Equal((RunStatus.Completed, "3"), (run.Status, run.Context.Get(ContextRoot.Scripts).Get("s").ToText()));
    }

    [Fact]
    public async Task Budget_OfAFlowThatIsEntered_IsThatOfItsCaller()
    {
        var time = new FakeTimeProvider();
        var sub = Flow("PT10M", "return 1").Replace("\"id\": \"f\"", "\"id\": \"sub\"", StringComparison.Ordinal);
        var caller = """
            { "id": "f", "start": "x", "timeBudget": "PT1S",
              "activities": [ { "id": "x", "type": "Subflow", "flow": "sub" }, { "id": "e", "type": "End" } ],
              "connections": [ { "source": "x", "port": "Done", "target": "e" } ] }
            """;
        var run = await RunAsync(caller, time, () => time.Advance(TimeSpan.FromSeconds(1)), sub);
        Assert.Equal("flow.budget", run.Failure?.Code);
    }

    /// <summary>A flow that first lets time go by.</summary>
    private static string Flow(string budget, string code) =>
        $$"""
            { "id": "f", "start": "w", "timeBudget": "{{budget}}",
              "activities": [ { "id": "w", "type": "Wait" }, { "id": "s", "type": "Scriptlet", "code": "{{code}}" }, { "id": "e", "type": "End" } ],
              "connections": [ { "source": "w", "port": "Success", "target": "s" }, { "source": "s", "port": "Success", "target": "e" } ] }
            """;

    private static async Task<FlowRun> RunAsync(string json, TimeProvider time, Action wait, params string[] others)
    {
        var catalog = new FlowEngine.Activities.ActivityCatalog(
            FlowEngine.Activities.ActivityType.Of<WaitActivity, WaitSettings>((_, _) => new WaitActivity(wait))
        );
        var flows = others
            .Select(other => FlowReader.Read(FlowValue.Parse(other), null, new DiagnosticBag())!)
            .ToDictionary(flow => flow.Id);
        var result = FlowEngine.Compilation.FlowCompiler.Compile(
            FlowValue.Parse(json),
            new FlowEngine.Compilation.CompilationEnvironment
            {
                Activities = catalog,
                FindFlow = id => flows.TryGetValue(id, out var flow) ? (flow, 1) : null,
            }
        );
        Assert.True(result.Plan is not null, string.Join('\n', result.Diagnostics));
        return await ProbeFlow.RunAsync(result.Plan, services: RunServices.Default with { Trace = true, Time = time });
    }
}

/// <summary>Has no settings.</summary>
public sealed class WaitSettings;

/// <summary>Shared and immutable: lets time go by.</summary>
[FlowEngine.Activities.Activity("Wait", "Lets time go by.", Category = "Test", Outcomes = ["Success"], Stem = "wait")]
public sealed class WaitActivity(Action wait) : FlowEngine.Activities.FlowActivity
{
    /// <inheritdoc/>
    public override ValueTask<Outcome> ExecuteAsync(RunContext context, CancellationToken cancellationToken)
    {
        wait();
        return new(Outcome.Success);
    }
}
