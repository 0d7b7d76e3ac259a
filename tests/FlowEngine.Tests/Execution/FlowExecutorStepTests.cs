using FlowEngine.Activities;
using FlowEngine.Compilation;
using FlowEngine.Context;
using FlowEngine.Errors;
using FlowEngine.Execution;
using FlowEngine.Model;
using FlowEngine.Screens;
using FlowEngine.Templates;

namespace FlowEngine.Tests.Execution;

/// <summary>One activity is executed, and a host hears its outcome: no connection is followed.</summary>
public sealed class FlowExecutorStepTests
{
    private const string Ask = """{ "id": "ask", "components": [ { "type": "Button", "id": "go" } ] }""";
    private const string End = """{ "id": "end", "type": "End", "name": "Out" }""";

    [Fact]
    public async Task Step_Unconnected_TellsItsOutcomeAndTheRunGoesOnWhereTheHostSays()
    {
        var run = Start(Open(Probe("a", "ok") + "," + Probe("b", "ok") + "," + End));

        Assert.Equal(new StepResult("Success", null), await StepAsync(run, "b"));
        Assert.Equal((RunStatus.Running, "b"), (run.Status, run.ActivityId));
        Assert.Equal(new StepResult("Success", null), await StepAsync(run, "a"));
        Assert.Equal(new StepResult(null, null), await StepAsync(run, "end"));

        Assert.Equal((RunStatus.Completed, "Out"), (run.Status, run.EndName));
        Assert.Equal(["b", "a", "end"], run.Path);
        Assert.Equal(3, run.Sequence);
    }

    [Fact]
    public async Task Step_ConnectedWithAMessage_StandsBehindItAndTellsTheMessage()
    {
        var plan = Open(
            Probe("a", "ok") + "," + Probe("b", "ok") + ",{ \"id\": \"s\", \"type\": \"Screen\", \"screen\": \"ask\" }",
            """{ "source": "a", "port": "Success", "target": "s", "message": "Once more." }"""
        );
        var run = Start(plan);

        Assert.Equal("Success", (await StepAsync(run, "a")).Outcome);
        Assert.Equal("s", run.ActivityId);
        Assert.Equal(["a"], run.Path);
        Assert.Null((await StepAsync(run, "s")).Outcome);

        Assert.Equal((RunStatus.Waiting, "Once more."), (run.Status, run.ErrorText));
    }

    [Theory]
    [InlineData("custom", "Probe Failed", RunStatus.Running)]
    [InlineData("ignore", "Success", RunStatus.Running)]
    [InlineData("automatic", null, RunStatus.Failed)]
    public async Task Step_ErrorEvent_IsAnOutcomeAsTheFlowHandlesIt(string mode, string? outcome, RunStatus status)
    {
        var run = Start(Open(Probe("a", "fail", $$""", "errorHandling": { "Probe Failed": "{{mode}}" }""")));

        Assert.Equal(new StepResult(outcome, null), await StepAsync(run, "a"));
        Assert.Equal(status, run.Status);
    }

    [Fact]
    public async Task SubmitStep_ItsButton_IsTheOutcome()
    {
        var run = Start(Open("""{ "id": "s", "type": "Screen", "screen": "ask" }"""));
        Assert.Equal(new StepResult(null, null), await StepAsync(run, "s"));
        Assert.Equal(RunStatus.Waiting, run.Status);

        var refused = await SubmitAsync(run, "nope");
        Assert.Equal((null, FlowErrors.Interaction.Code), (refused.Outcome, refused.Refusal?.Code));
        Assert.Equal(RunStatus.Waiting, run.Status);
        Assert.Equal(new StepResult("go", null), await SubmitAsync(run, "go"));

        Assert.Equal((RunStatus.Running, "s"), (run.Status, run.ActivityId));
    }

    [Fact]
    public async Task Step_AutomaticErrorBehindAScreen_WaitsThereAgain()
    {
        var run = Start(Open("""{ "id": "s", "type": "Screen", "screen": "ask" },""" + Probe("a", "fail")));
        await StepAsync(run, "s");
        await SubmitAsync(run, "go");

        Assert.Equal(new StepResult(null, null), await StepAsync(run, "a"));

        Assert.Equal((RunStatus.Waiting, "s", FlowExecutor.DefaultErrorText), (run.Status, run.ActivityId, run.ErrorText));
        Assert.Equal(new StepResult("go", null), await SubmitAsync(run, "go"));
    }

    [Fact]
    public async Task Step_Restart_StopsAtTheStart()
    {
        var run = Start(Open(Probe("a", "ok") + """, { "id": "r", "type": "Restart" }"""));
        await StepAsync(run, "a");

        Assert.Equal(new StepResult(null, null), await StepAsync(run, "r"));

        Assert.Equal((RunStatus.Running, "a"), (run.Status, run.ActivityId));
        Assert.Equal(FlowValue.From(FlowObject.Empty), run.Context.Get(ContextRoot.Connectors));
    }

    [Fact]
    public async Task Step_Subflow_IsFollowedToItsEndAcrossScreens()
    {
        var inner = ProbeFlow
            .Json(
                "first",
                Probe("first", "ok") + """, { "id": "s", "type": "Screen", "screen": "ask" },""" + End,
                "first.Success>s; s.go>end",
                Ask
            )
            .Replace("\"test\"", "\"inner\"", StringComparison.Ordinal);
        var run = Start(Open("""{ "id": "sub", "type": "Subflow", "flow": "inner" },""" + Probe("b", "ok"), "", inner));

        Assert.Equal(new StepResult(null, null), await StepAsync(run, "sub"));
        Assert.Equal((RunStatus.Waiting, "sub/s"), (run.Status, run.ActivityId));
        var loaded = RunState.Load(RunState.Save(run), run.Plan, RunServices.Default);

        foreach (var one in new[] { run, loaded })
        {
            Assert.Equal(new StepResult("Out", null), await SubmitAsync(one, "go"));
            Assert.Equal((RunStatus.Running, "sub"), (one.Status, one.ActivityId));
            Assert.Equal(["sub", "sub/first", "sub/s", "sub/end"], one.Path);
        }
    }

    [Fact]
    public async Task Step_Cancelled_IsMadeAgain()
    {
        var run = Start(Open(Probe("a", "{{client.do}}")), """{ "do": "wait" }""");
        using var leaving = new CancellationTokenSource();
        var step = FlowExecutor.StepAsync(run, "a", leaving.Token);
        await leaving.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await step);

        // Nothing of the step is left behind: whoever leads the run now may be the engine itself.
        Assert.Equal((RunStatus.Running, "a", 0), (run.Status, run.ActivityId, run.Sequence));
        Assert.Empty(run.Path);
        await FlowExecutor
            .AdvanceAsync(run, new CancellationTokenSource(TimeSpan.Zero).Token)
            .AsTask()
            .ContinueWith(task => Assert.True(task.IsCanceled), TaskScheduler.Default);
    }

    [Fact]
    public async Task Step_UnknownOrOver_Throws()
    {
        var run = Start(Open(End));
        await Assert.ThrowsAsync<ArgumentException>(async () => await StepAsync(run, "nope"));
        await StepAsync(run, "end");
        await Assert.ThrowsAsync<InvalidOperationException>(async () => await StepAsync(run, "end"));
        Assert.Equal(FlowErrors.NotWaiting.Code, (await SubmitAsync(run, "go")).Refusal?.Code);
    }

    [Fact]
    public async Task Advance_AfterASingleStep_FollowsConnections()
    {
        var run = Start(
            Open(
                Probe("a", "ok") + "," + Probe("b", "ok") + "," + End,
                """
                { "source": "a", "port": "Success", "target": "b" }, { "source": "b", "port": "Success", "target": "end" }
                """
            )
        );
        await StepAsync(run, "a");

        await FlowExecutor.AdvanceAsync(run, TestContext.Current.CancellationToken);

        Assert.Equal(["a", "b", "end"], run.Path);
        Assert.Equal(RunStatus.Completed, run.Status);
    }

    private static string Probe(string id, string does, string more = "") =>
        $$"""{ "id": "{{id}}", "type": "Probe", "do": "{{does}}", "contextKey": "{{id}}" {{more}} }""";

    private static FlowPlan Open(string activities, string connections = "", string? inner = null)
    {
        var others = inner is null ? null : FlowReader.Read(FlowValue.Parse(inner), null, new DiagnosticBag());
        var first = FlowValue.Parse($"[{activities}]").TryGetArray(out var all) ? all[0].Get("id").ToText() : "";
        var result = FlowCompiler.Compile(
            FlowValue.Parse(
                $$"""
                { "id": "test", "start": "{{first}}", "inputs": { "do": {} },
                  "activities": [ {{activities}} ], "connections": [ {{connections}} ], "screens": [ {{Ask}} ] }
                """
            ),
            new CompilationEnvironment
            {
                Activities = ProbeFlow.Catalog,
                OpenOutcomes = true,
                FindFlow = id => others?.Id == id ? (others, 1) : null,
            }
        );
        Assert.True(result.Plan is not null, string.Join('\n', result.Diagnostics));
        return result.Plan;
    }

    private static FlowRun Start(FlowPlan plan, string client = "{}") =>
        FlowRun.Start(plan, new RunStart { Client = FlowValue.Parse(client) }, RunServices.Default with { Trace = true });

    private static ValueTask<StepResult> StepAsync(FlowRun run, string id) =>
        FlowExecutor.StepAsync(run, id, TestContext.Current.CancellationToken);

    private static ValueTask<StepResult> SubmitAsync(FlowRun run, string button) =>
        FlowExecutor.SubmitStepAsync(
            run,
            new ScreenSubmission(button, FlowValue.From(FlowObject.Empty)),
            TestContext.Current.CancellationToken
        );
}
