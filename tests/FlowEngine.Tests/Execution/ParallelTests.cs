using FlowEngine.Context;
using FlowEngine.Execution;
using FlowEngine.Templates;

namespace FlowEngine.Tests.Execution;

public sealed class ParallelTests
{
    private const string Inner = """
        { "id": "inner", "start": "p", "inputs": { "do": {} }, "activities": [ { "id": "p", "type": "Probe", "do": "{{client.do}}" },
          { "id": "e", "type": "End", "outputs": { "ok": true } } ],
          "connections": [ { "source": "p", "port": "Success", "target": "e" } ] }
        """;

    [Fact]
    public async Task Parallel_AllSucceed_EachWritesItsOwnKeyInTheOrderOfTheBranches()
    {
        var run = await RunAsync("""{ "a": "ok", "b": "ok", "c": "ok" }""");

        Assert.Equal("ok", run.EndName);
        Assert.Equal("""{"a":1,"b":{"seen":{}}}""", run.Context.Get(ContextRoot.Connectors).ToJson());
        Assert.Equal("""{"c":{"ok":true}}""", run.Context.Get(ContextRoot.Scripts).ToJson());
        Assert.Equal(["par", "ok"], run.Path);
        Assert.Equal(["a", "b", "c"], run.Trace![0].Children.Select(step => step.Activity));
        Assert.Equal(["c/p", "c/e"], run.Trace![0].Children[2].Children.Select(step => step.Activity));
    }

    [Theory]
    [InlineData("""{ "a": "fail", "b": "wait", "c": "wait" }""", "a", "probe.failed")]
    [InlineData("""{ "a": "wait", "b": "throw", "c": "ok" }""", "b", "activity.unexpected")]
    [InlineData("""{ "a": "wait", "b": "wait", "c": "fail" }""", "c", "probe.failed")]
    public async Task Parallel_FirstFailure_CancelsTheOthersAndTakesBranchFailed(string client, string activity, string code)
    {
        var run = await RunAsync(client);

        Assert.Equal("failed", run.EndName);
        var error = run.Context.Get(ContextRoot.Error);
        Assert.Equal((code, "Branch Failed"), (error.Get("code").ToText(), error.Get("event").ToText()));
        Assert.Contains(run.Trace![0].Children, step => step.Activity == activity && step.Error?.Code == code);
    }

    [Fact]
    public async Task Parallel_CancelledByTheCaller_Throws()
    {
        var run = FlowRun.Start(
            Plan(),
            new RunStart { Client = FlowValue.Parse("""{ "a": "wait", "b": "ok", "c": "ok" }""") },
            RunServices.Default
        );
        using var cancelled = new CancellationTokenSource();
        var advance = FlowExecutor.AdvanceAsync(run, cancelled.Token).AsTask();
        await cancelled.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => advance);
        Assert.Equal(RunStatus.Running, run.Status);
    }

    [Theory]
    [InlineData("""{ "id": "x", "type": "Screen", "screen": "s" }""", "flow.parallel", "/activities/0/activities/0/type")]
    [InlineData(
        """{ "id": "x", "type": "Probe", "do": "ok", "contextKey": "k" }, { "id": "y", "type": "Probe", "do": "ok", "contextKey": "k" }""",
        "flow.parallel",
        "/activities/0/activities/1/contextKey"
    )]
    [InlineData("""{ "id": "end", "type": "Probe", "do": "ok" }""", "flow.duplicate_id", "/activities/0/activities/0/id")]
    [InlineData(
        """{ "id": "x", "type": "Probe", "do": "ok", "errorHandling": { "Probe Failed": "custom" } }""",
        "flow.parallel",
        "/activities/0/activities/0/errorHandling/Probe Failed"
    )]
    [InlineData("""{ "id": "x", "type": "Subflow", "flow": "asks" }""", "flow.parallel", "/activities/0/activities/0/flow")]
    [InlineData("3", "flow.type", "/activities/0/activities/0")]
    [InlineData("", "flow.type", "/activities/0/activities")]
    public void Parallel_ABranchThatCannotBe_IsRefused(string branches, string code, string pointer)
    {
        var result = ProbeFlow.Compile(
            ProbeFlow.Json(
                "par",
                $$"""{ "id": "par", "type": "Parallel", "activities": [ {{branches}} ] }, { "id": "end", "type": "End" }""",
                "par.Success>end",
                """{ "id": "s", "components": [] }"""
            ),
            """
            { "id": "asks", "start": "s", "activities": [ { "id": "s", "type": "Screen", "screen": "s" }, { "id": "e", "type": "End" } ],
              "connections": [ { "source": "s", "port": "go", "target": "e" } ],
                "screens": [ { "id": "s", "components": [ { "type": "Button", "id": "go" } ] } ] }
            """
        );

        Assert.Null(result.Plan);
        Assert.Contains(result.Diagnostics, diagnostic => diagnostic.Code == code && diagnostic.Pointer == pointer);
    }

    private static FlowPlan Plan() =>
        ProbeFlow.Plan(
            ProbeFlow.Json(
                "par",
                """
                { "id": "par", "type": "Parallel", "errorHandling": { "Branch Failed": "custom" }, "activities": [
                  { "id": "a", "type": "Probe", "do": "{{client.a}}", "contextKey": "a", "value": 1 },
                  { "id": "b", "type": "Probe", "do": "{{client.b}}", "contextKey": "b", "value": { "seen": "{{connectors}}" } },
                  { "id": "c", "type": "Subflow", "flow": "inner", "inputs": { "do": "{{client.c}}" } } ] },
                { "id": "ok", "type": "End", "name": "ok" }, { "id": "failed", "type": "End", "name": "failed" }
                """,
                "par.Success>ok; par.Branch Failed>failed"
            ),
            Inner
        );

    private static Task<FlowRun> RunAsync(string client) => ProbeFlow.RunAsync(Plan(), client);
}
