using System.Text;
using FlowEngine.Context;
using FlowEngine.Execution;
using FlowEngine.Json;

namespace FlowEngine.Tests.Execution;

/// <summary>SPEC 9: a run lists the errors of its steps, handled or not.</summary>
public sealed class RunErrorsTests
{
    private const string Screen =
        """{ "id": "ask", "components": [ { "type": "TextInput", "name": "do" }, { "type": "ErrorMessage" }, { "type": "Button","""
        + """ "id": "go" } ] }""";

    [Theory]
    [InlineData("", ErrorHandling.Automatic, RunStatus.Waiting)]
    [InlineData(""", "errorHandling": { "Probe Failed": "custom" }""", ErrorHandling.Custom, RunStatus.Completed)]
    [InlineData(""", "errorHandling": { "Probe Failed": "ignore" }""", ErrorHandling.Ignore, RunStatus.Completed)]
    public async Task AStepThatFailed_HoweverHandled_MarksItsRun(string handling, ErrorHandling expected, RunStatus status)
    {
        var run = await RunAsync(handling);
        Assert.Null(run.Errors);

        await ProbeFlow.SubmitAsync(run, "go", """{ "do": "fail" }""");

        Assert.Equal(status, run.Status);
        Assert.Equal([new RunError("probe.failed", "probe", null, expected, 1)], run.Errors!.Kinds);
        Assert.Equal(1, run.Errors.Count);
    }

    [Fact]
    public async Task ARunThatFailed_SaysAtWhich()
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
        Assert.Equal([new RunError("probe.failed", "probe", null, ErrorHandling.Failed, 1)], run.Errors!.Kinds);
    }

    [Fact]
    public async Task TheSameErrorAgain_IsCountedAndSurvivesTheWayThroughTheStorage()
    {
        var run = await RunAsync("");
        for (var i = 0; i < 3; i++)
        {
            await ProbeFlow.SubmitAsync(run, "go", """{ "do": "fail" }""");
            run = RunState.Load(RunState.Save(run), run.Plan, RunServices.Default);
        }
        await ProbeFlow.SubmitAsync(run, "go", """{ "do": "throw" }""");

        Assert.Equal(
            [
                new RunError("probe.failed", "probe", null, ErrorHandling.Automatic, 3),
                new RunError("activity.unexpected", "probe", null, ErrorHandling.Automatic, 1),
            ],
            run.Errors!.Kinds
        );
        Assert.Equal(4, run.Errors.Count);
        Assert.Equal(
            """{"count":4,"kinds":[{"code":"probe.failed","activity":"probe","connector":null,"handled":"automatic","count":3},"""
                + """{"code":"activity.unexpected","activity":"probe","connector":null,"handled":"automatic","count":1}]}""",
            run.Errors.ToValue().ToJson()
        );
    }

    [Fact]
    public void Errors_OfManyKinds_KeepTheLastAndCountAll()
    {
        var errors = new RunErrors();
        for (var i = 0; i < 50; i++)
            errors.Add(new RunError($"code.{i}", "a", "c", ErrorHandling.Ignore, 1));
        errors.Add(new RunError("code.31", "a", "c", ErrorHandling.Ignore, 1));

        Assert.Equal((51, RunErrors.MaxKinds), (errors.Count, errors.Kinds.Count));
        Assert.Equal(new RunError("code.31", "a", "c", ErrorHandling.Ignore, 2), errors.Kinds[^1]);
        Assert.Equal("code.30", errors.Kinds[0].Code);
        var read = RunErrors.FromValue(JsonReading.Parse(JsonWriting.ToText(errors.ToValue())))!;
        Assert.Equal(errors.Kinds, read.Kinds);
        Assert.Equal(51, read.Count);
    }

    [Fact]
    public async Task ARunWithoutErrors_StoresNothingOfThem()
    {
        var run = await RunAsync("");
        await ProbeFlow.SubmitAsync(run, "go", """{ "do": "ok" }""");

        Assert.Null(run.Errors);
        Assert.DoesNotContain("\"errors\"", Encoding.UTF8.GetString(RunState.Save(run)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task EachError_IsToldToWhoeverWatches()
    {
        var told = new List<RunError>();
        var run = FlowRun.Start(Plan(""), new RunStart(), RunServices.Default with { OnError = (_, error) => told.Add(error) });
        await FlowExecutor.AdvanceAsync(run, TestContext.Current.CancellationToken);
        await ProbeFlow.SubmitAsync(run, "go", """{ "do": "fail" }""");
        await ProbeFlow.SubmitAsync(run, "go", """{ "do": "fail" }""");

        Assert.Equal(Enumerable.Repeat(new RunError("probe.failed", "probe", null, ErrorHandling.Automatic, 1), 2), told);
    }

    [Fact]
    public async Task ABranch_IsNotedWhereItFailed_HandledAsItsParallelSays()
    {
        var run = await ProbeFlow.RunAsync(
            ProbeFlow.Plan(
                ProbeFlow.Json(
                    "par",
                    """
                    { "id": "par", "type": "Parallel", "errorHandling": { "Branch Failed": "custom" }, "activities": [
                        { "id": "a", "type": "Probe", "do": "fail", "contextKey": "a", "errorHandling": { "Probe Failed": "ignore" } },
                        { "id": "b", "type": "Probe", "do": "fail", "contextKey": "b" } ] },
                    { "id": "good", "type": "End", "name": "good" }, { "id": "bad", "type": "End", "name": "bad" }
                    """,
                    "par.Success>good; par.Branch Failed>bad"
                )
            )
        );

        Assert.Equal("bad", run.EndName);
        Assert.Equal(
            ["a ignore", "b custom"],
            run.Errors!.Kinds.Select(error => $"{error.Activity} {RunErrors.NameOf(error.Handling)}").Order(StringComparer.Ordinal)
        );
        Assert.Equal(2, run.Errors.Count);
    }

    [Fact]
    public async Task ACancelledRun_IsCancelledAndHasNoErrorOfItsOwn()
    {
        var run = await RunAsync("");

        Assert.True(FlowExecutor.Cancel(run));

        Assert.Equal((RunStatus.Cancelled, "run.cancelled"), (run.Status, run.Failure!.Code));
        Assert.Null(run.Errors);
        Assert.Equal(RunStatus.Cancelled, RunState.Load(RunState.Save(run), run.Plan, RunServices.Default).Status);
        Assert.False(FlowExecutor.Cancel(run));
    }

    [Theory]
    [InlineData("{{form.do}}", null, "ok")]
    [InlineData("{{client.tenant}}/{{form.do}}", null, "acme/ok")]
    [InlineData("{{form.nothing}}", null, null)]
    [InlineData("{{client.tenant}}/{{form.nothing}}", null, null)]
    [InlineData("{{client.tenant}}", "acme", "acme")]
    [InlineData("{{client.secret}}", null, null)]
    public async Task AReference_IsKnownAsSoonAsItsPathsHaveAValue(string template, string? atTheScreen, string? after)
    {
        var run = FlowRun.Start(
            Plan("", template),
            new RunStart { Client = FlowValue.Parse("""{ "tenant": "acme", "secret": "hunter2" }""") },
            RunServices.Default
        );
        await FlowExecutor.AdvanceAsync(run, TestContext.Current.CancellationToken);
        Assert.Equal(atTheScreen, run.FindReference());

        await ProbeFlow.SubmitAsync(run, "go", """{ "do": "ok" }""");

        Assert.Equal(after, run.FindReference());
    }

    [Fact]
    public async Task AReference_IsNotForgottenByARestart()
    {
        var run = await ProbeFlow.RunAsync(
            ProbeFlow.Plan(
                ProbeFlow.Json(
                    "ask",
                    """{ "id": "ask", "type": "Screen", "screen": "ask" }, { "id": "again", "type": "Restart" }""",
                    "ask.go>again",
                    Screen,
                    """ "reference": "{{form.do}}", """
                )
            )
        );

        await ProbeFlow.SubmitAsync(run, "go", """{ "do": "ada" }""");

        Assert.Equal(("{}", "ada"), (run.Context.Get(FlowEngine.Templates.ContextRoot.Form).ToJson(), run.FindReference()));
    }

    [Fact]
    public async Task AReference_ThatIsTooLong_FindsNothing()
    {
        var run = FlowRun.Start(
            Plan("", "{{client.tenant}}"),
            new RunStart { Client = FlowValue.Parse($$"""{ "tenant": "{{new string('x', 257)}}" }""") },
            RunServices.Default
        );
        await FlowExecutor.AdvanceAsync(run, TestContext.Current.CancellationToken);

        Assert.Null(run.FindReference());
    }

    private static async Task<FlowRun> RunAsync(string handling) => await ProbeFlow.RunAsync(Plan(handling));

    private static FlowPlan Plan(string handling, string? reference = null)
    {
        var found = reference is null ? "" : $"\"reference\": \"{reference}\", ";
        return ProbeFlow.Plan(
            ProbeFlow.Json(
                "ask",
                $$$"""
                { "id": "ask", "type": "Screen", "screen": "ask" }, { "id": "probe", "type": "Probe", "do": "{{form.do}}" {{{handling}}} },
                { "id": "good", "type": "End", "name": "good" }, { "id": "bad", "type": "End", "name": "bad" }
                """,
                "ask.go>probe; "
                    + $"probe.Success>good{(handling.Contains("custom", StringComparison.Ordinal) ? "; probe.Probe Failed>bad" : "")}",
                Screen,
                found + """ "inputs": { "tenant": { "type": "string" }, "secret": { "type": "string", "sensitive": true } }, """
            )
        );
    }
}
