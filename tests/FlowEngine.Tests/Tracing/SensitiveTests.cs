using FlowEngine.Context;
using FlowEngine.Execution;
using FlowEngine.Templates;
using FlowEngine.Tests.Execution;
using FlowEngine.Tracing;

namespace FlowEngine.Tests.Tracing;

/// <summary>What is sensitive because a flow says so, or because a code is compared with it (SPEC 6).</summary>
public sealed class SensitiveTests
{
    private const string Ask =
        """{ "id": "ask", "components": [ { "type": "CodeInput", "name": "code" }, { "type": "TextInput", "name": "note" },"""
        + """ { "type": "TextInput", "name": "again" }, { "type": "Button", "id": "go" } ] }""";

    [Theory]
    [InlineData(", \"sensitive\": true", true)]
    [InlineData("", false)]
    public async Task Scriptlet_ThatSaysSo_MarksItsResult(string setting, bool isSensitive)
    {
        var run = await TestFlow.RunAsync(
            TestFlow.Plan(
                $$"""{ "id": "it", "type": "Scriptlet", "code": "return { otp: 471100, text: 'hidden words' };"{{setting}} }""",
                "Success"
            )
        );

        var trace = TraceWriter.ToValue(run.Trace!, run.RedactorFor([])).ToJson();
        Assert.Equal(isSensitive, run.Context.Get(ContextRoot.Scripts).Get("it").Get("otp").IsSensitive);
        Assert.Equal(!isSensitive, trace.Contains("471100", StringComparison.Ordinal));
        Assert.Equal(!isSensitive, trace.Contains("hidden words", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("""{ "key": "form.code", "operator": "equal", "value": "{{scripts.otp.value}}" }""")]
    [InlineData("""{ "key": "scripts.otp.value", "operator": "equal", "value": "{{form.code}}" }""")]
    [InlineData("""{ "match": "any", "rules": [ { "key": "form.code", "operator": "in", "value": [ "{{scripts.otp.value}}", "0" ] } ] }""")]
    [InlineData("""{ "script": "form.code === String(scripts.otp.value)" }""")]
    [InlineData("""{ "script": "scripts[\"otp\"].value == form['code']" }""")]
    public async Task Condition_ComparesACode_MarksWhatItIsComparedWith(string rule)
    {
        var run = await CodeRunAsync(
            $$"""{ "id": "check", "type": "Condition", "branches": [ { "outcome": "Right", "rules": [ {{rule}} ] } ] }""",
            "otp.Success>other; other.Success>s; s.go>check; check.Right>e; check.Else>e"
        );
        AssertHidden(run);
        Assert.False(run.Context.Get(ContextRoot.Scripts).Get("other").IsSensitive);
    }

    [Fact]
    public async Task Scriptlet_IsGivenACodeBesideAValue_MarksTheValue()
    {
        var run = await CodeRunAsync(
            """{ "id": "check", "type": "Scriptlet", "arguments": { "entered": "{{form.code}}","""
                + """ "expected": [ "{{scripts.otp.value}}" ] }, "code": "return entered == expected[0];" }""",
            "otp.Success>other; other.Success>s; s.go>check; check.Success>e"
        );
        AssertHidden(run);
    }

    [Fact]
    public async Task Condition_ComparesAnotherInput_MarksNothing()
    {
        var run = await CodeRunAsync(
            """{ "id": "check", "type": "Condition", "branches": [ { "outcome": "Right", "rules": [ { "key": "form.note","""
                + """ "operator": "equal", "value": "{{scripts.otp.value}}" } ] } ] }""",
            "otp.Success>other; other.Success>s; s.go>check; check.Right>e; check.Else>e"
        );
        Assert.False(run.Context.Get(ContextRoot.Scripts).Get("otp").IsSensitive);
    }

    [Fact]
    public async Task Condition_ComparesACodeWithInputs_MarksThem()
    {
        var run = await CodeRunAsync(
            """
            { "id": "check", "type": "Condition", "branches": [ { "outcome": "Right", "rules": [
              { "key": "form.code", "operator": "equal", "value": "{{client.expected}}" },
                { "key": "form.again", "operator": "equal", "value": "{{form.code}}" } ] } ] }
            """,
            "otp.Success>other; other.Success>s; s.go>check; check.Right>e; check.Else>e"
        );
        Assert.True(run.Context.Get(ContextRoot.Client).Get("expected").IsSensitive);
        Assert.Equal(
            (true, false),
            (run.Context.Get(ContextRoot.Form).Get("again").IsSensitive, run.Context.Get(ContextRoot.Form).Get("note").IsSensitive)
        );
    }

    private static void AssertHidden(FlowRun run)
    {
        Assert.True(run.Context.Get(ContextRoot.Scripts).Get("otp").IsSensitive);
        Assert.DoesNotContain("471100", TraceWriter.ToValue(run.Trace!, run.RedactorFor([])).ToJson(), StringComparison.Ordinal);
    }

    private static async Task<FlowRun> CodeRunAsync(string check, string connections)
    {
        var run = await ProbeFlow.RunAsync(
            ProbeFlow.Plan(
                ProbeFlow.Json(
                    "otp",
                    $$"""
                    { "id": "otp", "type": "Scriptlet", "code": "return { value: 471100 };" },
                      { "id": "other", "type": "Scriptlet", "code": "return { value: 1 };" },
                    { "id": "s", "type": "Screen", "screen": "ask" }, {{check}}, { "id": "e", "type": "End" }
                    """,
                    connections,
                    Ask
                )
            ),
            """{ "expected": 471100 }"""
        );
        await ProbeFlow.SubmitAsync(run, "go", """{ "code": "815599", "note": "hello", "again": "815599" }""");
        Assert.Equal(RunStatus.Completed, run.Status);
        return run;
    }
}
