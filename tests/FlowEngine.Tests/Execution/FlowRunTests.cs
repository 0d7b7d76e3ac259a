using FlowEngine.Context;
using FlowEngine.Execution;
using FlowEngine.Templates;

namespace FlowEngine.Tests.Execution;

public sealed class FlowRunTests
{
    private const string Activities =
        """{ "id": "a", "type": "Screen", "screen": "ask" }, { "id": "b", "type": "Screen", "screen": "ask" },"""
        + """ { "id": "end", "type": "End" }""";

    private const string Screen = """{ "id": "ask", "components": [ { "type": "Button", "id": "go" } ] }""";

    [Fact]
    public async Task MoveTo_AnEarlierScreen_ShowsItAgainAndGoesOnFromThere()
    {
        var run = await WaitingAtBAsync();

        run.MoveTo("a");
        Assert.Equal((RunStatus.Running, "a"), (run.Status, run.ActivityId));
        await FlowExecutor.AdvanceAsync(run, TestContext.Current.CancellationToken);
        Assert.Equal((RunStatus.Waiting, "a"), (run.Status, run.ActivityId));
        await ProbeFlow.SubmitAsync(run, "go");
        await ProbeFlow.SubmitAsync(run, "go");

        Assert.Equal(RunStatus.Completed, run.Status);
        Assert.Equal(["a", "b", "a", "b", "end"], run.Path);
    }

    [Fact]
    public async Task MoveTo_UnknownId_ThrowsAndTheRunStillWaits()
    {
        var run = await WaitingAtBAsync();

        Assert.Throws<ArgumentException>(() => run.MoveTo("nope"));
        Assert.Equal((RunStatus.Waiting, "b"), (run.Status, run.ActivityId));
    }

    [Fact]
    public async Task MoveTo_RunThatIsOver_Throws()
    {
        var run = await WaitingAtBAsync();
        await ProbeFlow.SubmitAsync(run, "go");

        Assert.Throws<InvalidOperationException>(() => run.MoveTo("a"));
    }

    [Fact]
    public async Task MoveTo_RefusedSubmission_ForgetsItsMessage()
    {
        var run = await WaitingAtBAsync();
        await ProbeFlow.SubmitAsync(run, "nope");
        Assert.NotEmpty(run.ErrorText);

        run.MoveTo("a");

        Assert.Empty(run.ErrorText);
    }

    [Fact]
    public async Task MoveTo_InASubflow_LeavesIt()
    {
        var inner = ProbeFlow.Json("a", Activities, "a.go>b; b.go>end", Screen).Replace("\"test\"", "\"inner\"", StringComparison.Ordinal);
        var outer = ProbeFlow.Json(
            "s",
            """{ "id": "s", "type": "Subflow", "flow": "inner" }, { "id": "end", "type": "End", "name": "Out" }""",
            "s.Done>end"
        );
        var run = await ProbeFlow.RunAsync(ProbeFlow.Plan(outer, inner));
        Assert.Equal("s/a", run.ActivityId);

        run.MoveTo("end");
        await FlowExecutor.AdvanceAsync(run, TestContext.Current.CancellationToken);

        Assert.Equal((RunStatus.Completed, "Out"), (run.Status, run.EndName));
    }

    [Fact]
    public async Task SetInput_Declared_IsReadFromThenOnAndMarkedAsDeclared()
    {
        var run = FlowRun.Start(
            ProbeFlow.Plan(
                ProbeFlow.Json(
                    "a",
                    Activities,
                    "a.go>b; b.go>end",
                    Screen,
                    """ "inputs": { "n": { "type": "integer", "sensitive": true } },"""
                )
            ),
            new RunStart(),
            RunServices.Default
        );
        await FlowExecutor.AdvanceAsync(run, TestContext.Current.CancellationToken);

        run.SetInput("n", FlowValue.From(7));
        Assert.Equal("7", run.Context.Get(ContextRoot.Client).Get("n").ToText());
        Assert.True(run.Context.Get(ContextRoot.Client).Get("n").IsSensitive);
        Assert.Throws<ArgumentException>(() => run.SetInput("n", FlowValue.From("seven")));
        Assert.Throws<ArgumentException>(() => run.SetInput("m", FlowValue.From(7)));
    }

    private static async Task<FlowRun> WaitingAtBAsync()
    {
        var run = await ProbeFlow.RunAsync(ProbeFlow.Plan(ProbeFlow.Json("a", Activities, "a.go>b; b.go>end", Screen)));
        await ProbeFlow.SubmitAsync(run, "go");
        Assert.Equal("b", run.ActivityId);
        return run;
    }
}
