using FlowEngine.Errors;
using FlowEngine.Execution;

namespace FlowEngine.Tests.Execution;

/// <summary>How often a screen may be submitted in one run (SPEC 6).</summary>
public sealed class MaxSubmitsTests
{
    private const string Ask =
        """{ "id": "ask", "components": [ { "type": "TextInput", "name": "code", "required": true }, { "type": "Button","""
        + """ "id": "go" } ] }""";

    [Theory]
    [InlineData("", 20)]
    [InlineData(", \"maxSubmits\": 3", 3)]
    public async Task Submit_OnceMoreThanAllowed_FailsTheRun(string setting, int allowed)
    {
        var plan = Plan(setting, "s.go>p; p.Success>s");
        var run = await ProbeFlow.RunAsync(plan);
        for (var i = 0; i < allowed; i++)
        {
            await SubmitAsync(run);
            Assert.Equal(RunStatus.Waiting, run.Status);
            run = RunState.Load(RunState.Save(run), plan, RunServices.Default with { Trace = true });
        }

        await SubmitAsync(run);
        Assert.Equal((RunStatus.Failed, "screen.submits", "s"), (run.Status, run.Failure!.Code, run.Failure.Activity));
        Assert.Equal(allowed, run.Path.Count(activity => activity == "p"));
    }

    [Fact]
    public async Task Submit_AfterARestart_GoesOnCounting()
    {
        var run = await ProbeFlow.RunAsync(Plan(", \"maxSubmits\": 2", "s.go>r", """{ "id": "r", "type": "Restart" }"""));
        await SubmitAsync(run);
        await SubmitAsync(run);
        Assert.Equal(RunStatus.Waiting, run.Status);

        await SubmitAsync(run);
        Assert.Equal("screen.submits", run.Failure!.Code);
    }

    [Fact]
    public async Task Submit_InputsThatAreRefused_DoNotCount()
    {
        var run = await ProbeFlow.RunAsync(Plan(", \"maxSubmits\": 1", "s.go>p; p.Success>s"));
        for (var i = 0; i < 5; i++)
            Assert.Equal("screen.input", (await ProbeFlow.SubmitAsync(run, "go"))!.Code);

        await SubmitAsync(run);
        Assert.Equal(RunStatus.Waiting, run.Status);
    }

    private static Task<FlowError?> SubmitAsync(FlowRun run) => ProbeFlow.SubmitAsync(run, "go", """{ "code": "1" }""");

    private static FlowPlan Plan(string setting, string connections, string? next = null) =>
        ProbeFlow.Plan(
            ProbeFlow.Json(
                "s",
                $$"""{ "id": "s", "type": "Screen", "screen": "ask"{{setting}} },"""
                    + $$""" {{next ?? """{ "id": "p", "type": "Probe", "do": "ok" }"""}}""",
                connections,
                Ask
            )
        );
}
