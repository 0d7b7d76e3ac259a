using FlowEngine.Context;
using FlowEngine.Execution;
using FlowEngine.Templates;
using FlowEngine.Tracing;

namespace FlowEngine.Tests.Execution;

/// <summary>What a run takes of what it is given (SPEC 3; docs/adr/0011).</summary>
public sealed class RunInputsTests
{
    private const string Inputs =
        """ "inputs": { "email": { "type": "string" }, "pin": { "sensitive": true }, "key": { "default": "k-1234","""
        + """ "sensitive": true } }, """;

    [Fact]
    public async Task Start_UndeclaredInputs_AreDroppedAndCounted()
    {
        var run = await RunAsync(Inputs, """{ "token": 0, "email": "ada@example.com", "constructor": { "a": "very secret" } }""");

        Assert.Equal("""{"email":"ada@example.com","key":"k-1234"}""", run.Outputs.Get("all").ToJson());
        run.Trace![0].Client = run.Context.Get(ContextRoot.Client);
        var trace = TraceWriter.ToValue(run.Trace!, new Redactor([]));
        Assert.Equal("2", trace.Get(0).Get("dropped").ToJson());
        Assert.DoesNotContain("very secret", trace.ToJson(), StringComparison.Ordinal);
        Assert.DoesNotContain("constructor", trace.ToJson(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Start_OnlyDeclaredInputs_CountsNothing()
    {
        var run = await RunAsync(Inputs, """{ "email": "ada@example.com" }""");

        Assert.True(TraceWriter.ToValue(run.Trace!, new Redactor([])).Get(0).Get("dropped").IsMissing);
    }

    [Fact]
    public async Task Start_SensitiveInputs_AreMarkedDefaultsToo()
    {
        var client = (await RunAsync(Inputs, """{ "email": "ada@example.com", "pin": 1234 }""")).Context.Get(ContextRoot.Client);

        Assert.Equal((false, true, true), (client.Get("email").IsSensitive, client.Get("pin").IsSensitive, client.Get("key").IsSensitive));
    }

    /// <summary>A release long, by the flow's own wish.</summary>
    [Fact]
    public async Task Start_UndeclaredInputsOfTheOldWay_AreTakenAsSecretsUpToAHundred()
    {
        var given = string.Join(",", Enumerable.Range(0, 150).Select(i => $"\"x{i}\": \"value {i}\""));
        var run = await RunAsync(
            """ "undeclaredInputs": true, "inputs": { "email": {} }, """,
            $$"""{ {{given}}, "email": "ada@example.com" }"""
        );

        Assert.True(run.Outputs.Get("all").TryGetObject(out var taken));
        Assert.Equal(101, taken.Count);
        Assert.True(taken.Get("x99").IsSensitive);
        Assert.False(taken.Get("email").IsSensitive);
        Assert.Equal(50, run.Trace![0].Dropped);
        Assert.Equal("\"***\"", run.RedactorFor([]).Redact(run.Context.Get(ContextRoot.Client).Get("x0")).ToJson());
    }

    [Fact]
    public async Task Subflow_UndeclaredInputs_AreDroppedAndCounted()
    {
        var plan = ProbeFlow.Plan(
            ProbeFlow.Json(
                "sub",
                """{ "id": "sub", "type": "Subflow", "flow": "inner", "inputs": { "known": 1, "other": 2 } }, { "id": "end","""
                    + """ "type": "End" }""",
                "sub.Done>end"
            ),
            """{ "id": "inner", "start": "e", "inputs": { "known": {} }, "activities": [ { "id": "e", "type": "End","""
                + """ "outputs": { "all": "{{client}}" } } ] }"""
        );
        var run = await ProbeFlow.RunAsync(plan);

        Assert.Equal("""{"known":1}""", run.Context.Get(ContextRoot.Scripts).Get("sub").Get("all").ToJson());
        Assert.Equal(1, run.Trace![0].Dropped);
    }

    [Fact]
    public async Task Submit_NamesOfTheOldWay_AreTakenOnceAsSecretsUpToAHundred()
    {
        var run = await ProbeFlow.RunAsync(
            ProbeFlow.Plan(
                ProbeFlow.Json(
                    "one",
                    """{ "id": "one", "type": "Screen", "screen": "one" }, { "id": "two", "type": "Screen", "screen": "two" },"""
                        + """ { "id": "end", "type": "End", "outputs": { "form": "{{form}}" } }""",
                    "one.go>two; two.go>end",
                    """
                    { "id": "one", "components": [ { "type": "EmailInput", "name": "email" }, { "type": "Button", "id": "go" } ] },
                    { "id": "two", "components": [ { "type": "TextInput", "name": "more" }, { "type": "Button", "id": "go" } ] }
                    """,
                    """ "undeclaredInputs": true, """
                )
            )
        );
        await ProbeFlow.SubmitAsync(
            run,
            "go",
            """{ "email": "ada@example.com", "more": "too early","""
                + $$""" {{string.Join(",", Enumerable.Range(0, 60).Select(i => $"\"a{i}\": {i}"))}} }"""
        );
        await ProbeFlow.SubmitAsync(
            run,
            "go",
            """{ "email": "eve@example.com", "more": "now", "a0": "again","""
                + $$""" {{string.Join(",", Enumerable.Range(0, 60).Select(i => $"\"b{i}\": {i}"))}} }"""
        );

        Assert.True(run.Outputs.Get("form").TryGetObject(out var form));
        Assert.Equal(
            """["ada@example.com","now",0]""",
            FlowValue.From(FlowArray.From([form.Get("email"), form.Get("more"), form.Get("a0")])).ToJson()
        );
        Assert.Equal(102, form.Count);
        Assert.True(form.Get("b39").IsSensitive);
        Assert.Equal([1, 22], run.Trace!.Where(step => step.Type == "Screen").Select(step => step.Dropped));
    }

    /// <summary>252 KB of made-up inputs once cost 85 seconds.</summary>
    [Fact]
    public async Task Start_ManyUndeclaredInputs_CostNoMoreThanReadingThem()
    {
        var many = new FlowObjectBuilder(100_000);
        for (var i = 0; i < 100_000; i++)
            many.Set($"x{i}", FlowValue.From(i));
        var given = FlowValue.From(many.Build());
        var plan = ProbeFlow.Plan(ProbeFlow.Json("e", """{ "id": "e", "type": "End" }""", "", more: """ "undeclaredInputs": true, """));

        var before = GC.GetAllocatedBytesForCurrentThread();
        var run = FlowRun.Start(plan, new RunStart { Client = given }, RunServices.Default);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 100_000);
        await FlowExecutor.AdvanceAsync(run, TestContext.Current.CancellationToken);
        Assert.Equal(RunStatus.Completed, run.Status);
    }

    private static Task<FlowRun> RunAsync(string more, string client) =>
        ProbeFlow.RunAsync(
            ProbeFlow.Plan(ProbeFlow.Json("e", """{ "id": "e", "type": "End", "outputs": { "all": "{{client}}" } }""", "", more: more)),
            client
        );
}
