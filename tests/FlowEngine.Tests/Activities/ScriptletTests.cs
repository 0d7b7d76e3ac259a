using FlowEngine.Context;
using FlowEngine.Errors;
using FlowEngine.Execution;
using FlowEngine.Templates;

namespace FlowEngine.Tests.Activities;

public sealed class ScriptletTests
{
    [Fact]
    public async Task Execute_Returns_WritesTheContextAndTheTrace()
    {
        var run = await RunAsync(
            "return { sum: x + y }",
            """, "arguments": { "x": "{{client.x}}", "y": 2 }, "contextKey": "total" """,
            """{"x":1}"""
        );
        Assert.Equal("Success", run.EndName);
        Assert.Equal("""{"total":{"sum":3}}""", run.Context.Get(ContextRoot.Scripts).ToJson());
        Assert.Equal("""{"x":1,"y":2}""", run.Trace![0].Input.ToJson());
        Assert.Equal("""{"sum":3}""", run.Trace[0].Output.ToJson());
    }

    [Fact]
    public async Task Execute_NoContextKey_UsesTheId()
    {
        var run = await RunAsync("return 1", "", "{}");
        Assert.Equal("""{"it":1}""", run.Context.Get(ContextRoot.Scripts).ToJson());
    }

    [Theory]
    [InlineData("throw new Error('boom')", "script.error", "at line 1, column 7: boom")]
    [InlineData("const a = 1;\n\n  missing.x", "script.error", "at line 3, column 3: missing is not defined")]
    [InlineData("\nconst { ...r } = { ...{ a: 1 } }; throw new Error('boom')", "script.error", "at line 2, column 41: boom")]
    [InlineData("throw 'text'", "script.error", "text")]
    [InlineData("throw { a: 1 }", "script.error", "without a message")]
    [InlineData("throw null", "script.error", "null")]
    [InlineData("null.x", "script.error", "Cannot read properties of null")]
    [InlineData("throw new Error('x'.repeat(5000))", "script.error", "…")]
    [InlineData("while (true) {}", "script.limit", "time")]
    [InlineData("return () => 1", "script.result", "a function")]
    public async Task Execute_Fails_TakesItsErrorEvent(string code, string error, string message)
    {
        var run = await RunAsync(code, "", "{}");
        Assert.Equal("Scriptlet Failed", run.EndName);
        Assert.Equal(error, run.Context.Error.Get("code").ToText());
        Assert.Equal("Scriptlet Failed", run.Context.Error.Get("event").ToText());
        Assert.Contains(message, run.Context.Error.Get("message").ToText());
        Assert.InRange(run.Context.Error.Get("message").ToText().Length, 1, 600);
    }

    [Fact]
    public async Task Execute_ArgumentIsSensitive_ResultIsSensitiveAndTheMessageWithheld()
    {
        var client = FlowValue.From(FlowShape.Of("secret").With(FlowValue.From("hunter2").AsSensitive()));
        var plan = TestFlow.Plan(
            Scriptlet("return { copy: 'x' + s.deep, other: 1 }", """, "arguments": { "s": { "deep": "{{client.secret}}" } }"""),
            "Success",
            "Scriptlet Failed"
        );
        var run = await TestFlow.RunAsync(plan, client);
        Assert.True(run.Context.Get(ContextRoot.Scripts).Get("it").IsSensitive);
        Assert.DoesNotContain("hunter2", run.Trace![0].Input.ToString());
        Assert.DoesNotContain("hunter2", run.Trace[0].Output.ToString());

        plan = TestFlow.Plan(
            Scriptlet("\nthrow new Error('no ' + s.deep)", """, "arguments": { "s": { "deep": "{{client.secret}}" } }"""),
            "Success",
            "Scriptlet Failed"
        );
        run = await TestFlow.RunAsync(plan, client);
        var message = run.Context.Error.Get("message").ToText();
        Assert.DoesNotContain("hunter2", message);
        Assert.Contains("line 2", message);
        Assert.Contains("withheld", message);
    }

    [Fact]
    public async Task Execute_CallerCancels_LeavesTheRunResumable()
    {
        // The script itself brings the cancellation about, when it asks for the time: no machine is too busy for that to come in time.
        using var source = new CancellationTokenSource();
        var plan = TestFlow.Plan(Scriptlet("new Date(); while (true) {}", ""), "Success", "Scriptlet Failed");
        var run = FlowRun.Start(plan, new RunStart(), RunServices.Default with { Time = new CancellingClock(source) });
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await FlowExecutor.AdvanceAsync(run, source.Token));
        Assert.Equal(RunStatus.Running, run.Status);
        Assert.Equal("it", run.ActivityId);
    }

    [Fact]
    public async Task Execute_InParallel_RunsEach()
    {
        var plan = TestFlow.Plan(
            """
            { "id": "it", "type": "Parallel", "activities": [
              { "id": "a", "type": "Scriptlet", "code": "return 1" }, { "id": "b", "type": "Scriptlet", "code": "return 2" } ] }
            """,
            "Success"
        );
        var run = await TestFlow.RunAsync(plan);
        Assert.Equal("""{"a":1,"b":2}""", run.Context.Get(ContextRoot.Scripts).ToJson());
    }

    [Theory]
    [InlineData("return (", "script.syntax", "line 1")]
    [InlineData("const a = 1;\nlet a = 2;", "script.syntax", "line 2")]
    [InlineData("return 1 }); (function () { while (true) {}", "script.syntax", "")]
    [InlineData("}", "script.syntax", "")]
    [InlineData("await 1", "script.syntax", "line 1")]
    [InlineData("with ({}) {}", "script.syntax", "Strict mode")]
    [InlineData("/* open", "script.syntax", "line 1")]
    public void Compile_SyntaxError_SaysWhere(string code, string expected, string message)
    {
        var error = TestFlow.OnlyError(TestFlow.Compile(Scriptlet(code, ""), "Success", "Scriptlet Failed"));
        Assert.Equal(expected, error.Code);
        Assert.Equal("/activities/0/code", error.Pointer);
        Assert.Contains(message, error.Message);
    }

    [Fact]
    public void Compile_ClosedInAComment_IsStillOneFunction() =>
        Assert.Empty(TestFlow.Compile(Scriptlet("return 1 // done", ""), "Success", "Scriptlet Failed").Diagnostics);

    [Theory]
    [InlineData("x-y")]
    [InlineData("1a")]
    [InlineData("class")]
    [InlineData("eval")]
    [InlineData("arguments")]
    [InlineData("")]
    [InlineData("a){}; (function(")]
    public void Compile_ArgumentIsNoIdentifier_IsReported(string name)
    {
        var error = TestFlow.OnlyError(
            TestFlow.Compile(
                Scriptlet("return 1", $$""", "arguments": { {{FlowValue.From(name).ToJson()}}: 1 }"""),
                "Success",
                "Scriptlet Failed"
            )
        );
        Assert.Equal("flow.value", error.Code);
        Assert.StartsWith("/activities/0/arguments/", error.Pointer);
    }

    [Theory]
    [InlineData("return emial", """, "arguments": { "email": 1 }""", "Did you mean 'email'?")]
    [InlineData("return new Uint8Array(1)", "", "Do without it")]
    public void Compile_UnknownName_IsWarnedOf(string code, string settings, string advice)
    {
        var result = TestFlow.Compile(Scriptlet(code, settings), "Success", "Scriptlet Failed");
        Assert.NotNull(result.Plan);
        Assert.Contains(advice, Assert.Single(result.Diagnostics, d => d.Severity == Severity.Warning).Advice);
    }

    [Theory]
    [InlineData(""", "arguments": 5""", "flow.type")]
    [InlineData(""", "contextKey": "a b" """, "flow.id")]
    [InlineData(""", "arguments": { "a": "{{nope.x}}" }""", "template.unknown_root")]
    public void Compile_WrongSetting_IsReported(string settings, string code) =>
        Assert.Equal(code, TestFlow.OnlyError(TestFlow.Compile(Scriptlet("return 1", settings), "Success", "Scriptlet Failed")).Code);

    private static string Scriptlet(string code, string settings) =>
        $$"""{ "id": "it", "type": "Scriptlet", "code": {{FlowValue.From(code).ToJson()}}{{settings}},"""
        + """ "errorHandling": { "Scriptlet Failed": "custom" } }""";

    private static Task<FlowRun> RunAsync(string code, string settings, string client) =>
        TestFlow.RunAsync(TestFlow.Plan(Scriptlet(code, settings), "Success", "Scriptlet Failed"), client);

    /// <summary>Cancels as soon as a script asks for the time.</summary>
    private sealed class CancellingClock(CancellationTokenSource source) : TimeProvider
    {
        public override DateTimeOffset GetUtcNow()
        {
            if (Environment.StackTrace.Contains("Jint.", StringComparison.Ordinal))
                source.Cancel();
            return base.GetUtcNow();
        }
    }
}
