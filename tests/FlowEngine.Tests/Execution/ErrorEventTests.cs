using FlowEngine.Context;
using FlowEngine.Errors;
using FlowEngine.Execution;
using FlowEngine.Templates;

namespace FlowEngine.Tests.Execution;

/// <summary>SPEC 6, error events: three modes, one outcome, and never Success after an error unless the event is ignored.</summary>
public sealed class ErrorEventTests
{
    private const string Screen =
        """{ "id": "ask", "components": [ { "type": "TextInput", "name": "do" }, { "type": "ErrorMessage" }, { "type": "Button","""
        + """ "id": "go" } ] }""";

    [Fact]
    public async Task Error_AutomaticByDefault_ReturnsToTheLastScreenWithTheDefaultMessage()
    {
        var run = await RunAsync("");
        Assert.Null(await ProbeFlow.SubmitAsync(run, "go", """{ "do": "fail" }"""));

        Assert.Equal(RunStatus.Waiting, run.Status);
        Assert.Equal("ask", run.Screen!.Id);
        Assert.Equal(FlowExecutor.DefaultErrorText, run.ErrorText);
        Assert.Equal(["ask", "probe", "ask"], run.Path);
    }

    [Fact]
    public async Task Error_AutomaticWithMessage_ShowsThatMessageAndClearsItAfterASuccess()
    {
        var run = await RunAsync(""", "errorHandling": { "Probe Failed": { "mode": "automatic", "message": "Please try again" } }""");
        await ProbeFlow.SubmitAsync(run, "go", """{ "do": "fail" }""");
        Assert.Equal("Please try again", run.ErrorText);

        await ProbeFlow.SubmitAsync(run, "go", """{ "do": "ok" }""");

        Assert.Equal("", run.ErrorText);
        Assert.Equal(RunStatus.Completed, run.Status);
        Assert.Equal("good", run.EndName);
    }

    [Fact]
    public async Task Error_AutomaticWithoutAScreen_FailsTheRun()
    {
        var run = await ProbeFlow.RunAsync(
            ProbeFlow.Plan(
                ProbeFlow.Json(
                    "probe",
                    """{ "id": "probe", "type": "Probe", "do": "fail" }, { "id": "good", "type": "End" }""",
                    "probe.Success>good"
                )
            )
        );

        Assert.Equal(RunStatus.Failed, run.Status);
        Assert.Equal(new FlowError("probe.failed", "The probe failed.", "probe", "Probe Failed"), run.Failure);
    }

    [Fact]
    public async Task Error_Custom_TakesTheEventsOutcomeAndOnlyThat()
    {
        var run = await RunAsync(""", "errorHandling": { "Probe Failed": "custom" }""", "probe.Probe Failed>bad");
        await ProbeFlow.SubmitAsync(run, "go", """{ "do": "fail" }""");

        Assert.Equal("bad", run.EndName);
        Assert.Equal(["ask", "probe", "bad"], run.Path);
        Assert.Equal(
            """{"activity":"probe","event":"Probe Failed","code":"probe.failed","message":"The probe failed."}""",
            run.Context.Get(ContextRoot.Error).ToJson()
        );
    }

    [Fact]
    public async Task Error_Ignored_TakesSuccessAndTheContextSaysWhatHappened()
    {
        var run = await RunAsync(""", "errorHandling": { "Probe Failed": "ignore" }""");
        await ProbeFlow.SubmitAsync(run, "go", """{ "do": "fail" }""");

        Assert.Equal("good", run.EndName);
        Assert.Equal("probe.failed", run.Context.Get(ContextRoot.Error).Get("code").ToText());
        Assert.Equal("probe.failed", run.Trace!.Single(step => step.Activity == "probe").Error!.Code);
    }

    [Theory]
    [InlineData("")]
    [InlineData(""", "errorHandling": { "Probe Failed": "custom" }""")]
    [InlineData(""", "errorHandling": { "Probe Failed": "ignore" }""")]
    public async Task Exception_OfAnyActivity_IsItsLastEventAndNeverSuccess(string handling)
    {
        var run = await RunAsync(handling, handling.Contains("custom", StringComparison.Ordinal) ? "probe.Probe Failed>bad" : "");
        await ProbeFlow.SubmitAsync(run, "go", """{ "do": "throw" }""");

        Assert.Equal(RunStatus.Waiting, run.Status);
        var error = run.Context.Get(ContextRoot.Error);
        Assert.Equal("Probe Broken", error.Get("event").ToText());
        Assert.Equal("activity.unexpected", error.Get("code").ToText());
        Assert.DoesNotContain("secret-in-an-exception", error.ToJson(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Cancellation_ByTheCaller_IsNeitherErrorNorStepAndTheRunGoesOn()
    {
        var plan = ProbeFlow.Plan(
            ProbeFlow.Json(
                "probe",
                """{ "id": "probe", "type": "Probe", "do": "{{client.do}}" }, { "id": "good", "type": "End" }""",
                "probe.Success>good"
            )
        );
        var run = FlowRun.Start(
            plan,
            new RunStart { Client = FlowValue.Parse("""{ "do": "wait" }""") },
            RunServices.Default with
            {
                Trace = true,
            }
        );
        using var cancelled = new CancellationTokenSource();
        var advance = FlowExecutor.AdvanceAsync(run, cancelled.Token).AsTask();
        await cancelled.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => advance);

        Assert.Equal(RunStatus.Running, run.Status);
        Assert.Empty(run.Path);
        Assert.Empty(run.Trace!);
        Assert.Equal(0, run.Sequence);
        Assert.True(run.Context.Get(ContextRoot.Error).IsMissing);
    }

    private static async Task<FlowRun> RunAsync(string handling, string connections = "") =>
        await ProbeFlow.RunAsync(
            ProbeFlow.Plan(
                ProbeFlow.Json(
                    "ask",
                    $$$"""
                    { "id": "ask", "type": "Screen", "screen": "ask" },
                      { "id": "probe", "type": "Probe", "do": "{{form.do}}" {{{handling}}} },
                    { "id": "good", "type": "End", "name": "good" }, { "id": "bad", "type": "End", "name": "bad" }
                    """,
                    $"ask.go>probe; probe.Success>good; {connections}",
                    Screen
                )
            )
        );
}
