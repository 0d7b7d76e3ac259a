using FlowEngine.Context;
using FlowEngine.Errors;
using FlowEngine.Execution;
using FlowEngine.Json;
using FlowEngine.Screens;
using FlowEngine.Templates;
using FlowEngine.Tracing;

namespace FlowEngine.Tests.Execution;

/// <summary>SPEC 6: a connection, and a Restart, may carry a message for the next screen; an End says what it means.</summary>
public sealed class FlowExecutorMessageTests
{
    private const string Screens = """
        { "id": "ask", "title": "Hello", "components": [
          { "type": "TextInput", "name": "do", "label": "What", "required": true }, { "type": "PasswordInput", "name": "p" },
            { "type": "ErrorMessage", "text": "That did not work." },
          { "type": "Button", "id": "go" }, { "type": "Button", "id": "end" } ] },
        { "id": "other", "components": [ { "type": "Button", "id": "back" } ] }
        """;

    [Fact]
    public async Task Connection_WithAMessage_TellsItOnTheNextScreenUntilTheNextSubmission()
    {
        var run = await StartAsync(Flow(Told("Busy, {{form.do}} & co. Wait.")));

        await ProbeFlow.SubmitAsync(run, "go", """{ "do": "<busy>" }""");
        Assert.Equal(("Busy, <busy> & co. Wait.", ErrorTextKind.Message), (run.ErrorText, run.ErrorTextKind));
        // What the flow says here and now goes before the component's own words, and is encoded for where it lands.
        var view = ScreenView.Of(run, ValueEncoder.Html);
        Assert.Equal("Busy, &lt;busy&gt; &amp; co. Wait.", view.Get("state").Get("errorText").ToText());
        Assert.True(view.Get("components").Get(2).Get("text").IsMissing);

        // A refused submission says what is wrong with it, in the component's own words.
        await ProbeFlow.SubmitAsync(run, "go", "{}");
        Assert.Equal(("What is required.", ErrorTextKind.Refusal), (run.ErrorText, run.ErrorTextKind));
        Assert.Equal("That did not work.", ScreenView.Of(run, ValueEncoder.None).Get("components").Get(2).Get("text").ToText());

        await ProbeFlow.SubmitAsync(run, "end", """{ "do": "x" }""");
        Assert.Equal((RunStatus.Completed, ""), (run.Status, run.ErrorText));
    }

    [Fact]
    public async Task Message_IsInTheTraceAndInTheStateAndNowhereWithoutOne()
    {
        var plan = ProbeFlow.Plan(Flow(Told("Wait, {{form.do}}.")));
        var run = await ProbeFlow.RunAsync(plan);
        Assert.DoesNotContain("errorTextKind", System.Text.Encoding.UTF8.GetString(RunState.Save(run)), StringComparison.Ordinal);
        Assert.DoesNotContain(run.Trace!, step => step.Message is not null);

        await ProbeFlow.SubmitAsync(run, "go", """{ "do": "busy" }""");

        var step = Assert.Single(run.Trace!, step => step.Message is not null);
        Assert.Equal(("c", "Wait, busy."), (step.Activity, step.Message));
        var steps = TraceWriter.ToValue(run.Trace!, run.RedactorFor([]));
        Assert.Contains("\"message\":\"Wait, busy.\"", steps.ToJson(), StringComparison.Ordinal);
        var loaded = RunState.Load(RunState.Save(run), plan, RunServices.Default);
        Assert.Equal((run.ErrorText, run.ErrorTextKind), (loaded.ErrorText, loaded.ErrorTextKind));
        Assert.Equal(run.ErrorTextSource!.ToValue(), loaded.ErrorTextSource!.ToValue());
        await ProbeFlow.SubmitAsync(loaded, "go", "{}");
        loaded = RunState.Load(RunState.Save(loaded), plan, RunServices.Default);
        Assert.Equal(("What is required.", ErrorTextKind.Refusal), (loaded.ErrorText, loaded.ErrorTextKind));
    }

    [Fact]
    public async Task Message_WithASecret_MasksItAndKeepsTheWordsAround()
    {
        var run = await StartAsync(Flow(Told("You wrote {{form.p}} for {{form.do}}.")));
        // What the run shows is swept for the secret on the way.
        await ProbeFlow.SubmitAsync(run, "go", """{ "do": "busy", "p": "hunter2-hunter2" }""");

        Assert.Equal($"You wrote {JsonWriting.Mask} for busy.", run.ErrorText);
        // Nor does it come back in another language.
        Assert.Equal($$"""{"form.p":"{{JsonWriting.Mask}}","form.do":"busy"}""", FlowValue.From(run.ErrorTextSource!.Values).ToJson());
    }

    [Fact]
    public async Task Error_AfterAMessage_IsWhatTheScreenSays_AndAMessageAfterAnError()
    {
        var run = await StartAsync(
            ProbeFlow
                .Json(
                    "s",
                    """
                    { "id": "s", "type": "Screen", "screen": "ask" }, { "id": "end", "type": "End" },
                    { "id": "c", "type": "Condition",
                      "branches": [ { "outcome": "busy", "rules": [ { "key": "form.do", "operator": "starts-with", "value": "busy" } ] } ]
                      },
                    { "id": "p", "type": "Probe", "do": "{{form.do}}", "errorHandling": { "Probe Failed": "custom" } },
                    { "id": "q", "type": "Probe", "do": "fail" }
                    """,
                    "s.go>c; s.end>end; c.busy>q; c.Else>p; p.Success>end; p.Probe Failed>s; q.Success>end",
                    Screens
                )
                .Replace("\"port\": \"busy\"", "\"message\": \"Busy.\", \"port\": \"busy\"", StringComparison.Ordinal)
                .Replace("\"port\": \"Probe Failed\"", "\"message\": \"Handled.\", \"port\": \"Probe Failed\"", StringComparison.Ordinal)
        );

        // The last word is what happened last.
        await ProbeFlow.SubmitAsync(run, "go", """{ "do": "busy" }""");
        Assert.Equal((FlowExecutor.DefaultErrorText, ErrorTextKind.Error), (run.ErrorText, run.ErrorTextKind));
        await ProbeFlow.SubmitAsync(run, "go", """{ "do": "fail" }""");
        Assert.Equal(("Handled.", ErrorTextKind.Message), (run.ErrorText, run.ErrorTextKind));
    }

    [Theory]
    [InlineData("", "Way.")]
    [InlineData(", \"message\": \"Again, {{form.do}}.\"", "Again, fail.")]
    public async Task Restart_TellsOfWhatItForgets_ElseWhatItsConnectionSays(string setting, string expected)
    {
        var run = await StartAsync(
            ProbeFlow
                .Json(
                    "s",
                    $$"""
                    { "id": "s", "type": "Screen", "screen": "ask" }, { "id": "end", "type": "End" },
                      { "id": "r", "type": "Restart"{{setting}} },
                    { "id": "p", "type": "Probe", "do": "{{"{{form.do}}"}}", "errorHandling": { "Probe Failed": "custom" } }
                    """,
                    "s.go>p; s.end>end; p.Success>end; p.Probe Failed>r",
                    Screens
                )
                .Replace("\"port\": \"Probe Failed\"", "\"message\": \"Way.\", \"port\": \"Probe Failed\"", StringComparison.Ordinal)
        );

        await ProbeFlow.SubmitAsync(run, "go", """{ "do": "fail" }""");

        Assert.Equal((expected, RunStatus.Waiting), (run.ErrorText, run.Status));
        Assert.Equal("{}", run.Context.Get(ContextRoot.Form).ToJson());
    }

    [Fact]
    public async Task Message_IsAtMostAThousandCharactersLong()
    {
        var run = await StartAsync(Flow(Told("{{form.do}}")));
        await ProbeFlow.SubmitAsync(run, "go", $$"""{ "do": "busy{{new string('x', 995)}}😀😀" }""");

        Assert.Equal("busy" + new string('x', 995) + "…", run.ErrorText);
        Assert.Null(run.ErrorTextSource);
    }

    [Theory]
    [InlineData("", "", "")]
    [InlineData("\"message\": \"Not {{form.do}}.\"", "", "Not busy.")]
    [InlineData("", "Way.", "Way.")]
    [InlineData("\"message\": \"Not you.\"", "Way.", "Not you.")]
    public async Task End_Refused_TurnsAwayWhoeverTheUserIs(string message, string onTheWay, string expected)
    {
        var plan = ProbeFlow.Plan(
            ProbeFlow
                .Json(
                    "s",
                    $$"""
                    { "id": "s", "type": "Screen", "screen": "ask" }, { "id": "u", "type": "SetUser", "user": { "userId": "7" } },
                      { "id": "end", "type": "End" },
                    { "id": "no", "type": "End", "name": "Denied", "kind": "refused", "outputs": { "a": 1 }{{(
                        message.Length > 0 ? ", " + message : ""
                    )}} }
                    """,
                    "s.go>u; s.end>end; u.Done>no",
                    Screens
                )
                .Replace("\"target\": \"no\"", $"\"message\": \"{onTheWay}\", \"target\": \"no\"", StringComparison.Ordinal)
        );
        var run = await ProbeFlow.RunAsync(plan);
        await ProbeFlow.SubmitAsync(run, "go", """{ "do": "busy" }""");

        Assert.Equal((RunStatus.Refused, "Denied", expected), (run.Status, run.EndName, run.ErrorText));
        Assert.Null(run.Failure);
        Assert.Equal("""{"a":1}""", run.Outputs.ToJson());
        var loaded = RunState.Load(RunState.Save(run), plan, RunServices.Default);
        Assert.Equal((RunStatus.Refused, expected), (loaded.Status, loaded.ErrorText));
        Assert.Equal("run.not_waiting", (await ProbeFlow.SubmitAsync(loaded, "go"))!.Code);
    }

    [Fact]
    public async Task End_OfASubflow_IsTheOutcomeByItsNameWhateverItMeans()
    {
        const string Inner = """
            { "id": "inner", "start": "no",
              "activities": [ { "id": "no", "type": "End", "name": "Denied", "kind": "refused", "message": "Inner." } ] }
            """;
        var run = await ProbeFlow.RunAsync(
            ProbeFlow.Plan(
                ProbeFlow.Json(
                    "sub",
                    """{ "id": "sub", "type": "Subflow", "flow": "inner" }, { "id": "end", "type": "End", "name": "Outer" }""",
                    "sub.Denied>end"
                ),
                Inner
            )
        );

        Assert.Equal((RunStatus.Completed, "Outer", ""), (run.Status, run.EndName, run.ErrorText));
    }

    [Fact]
    public async Task Failure_AfterAMessage_SaysNothingToAScreenThatIsNot()
    {
        var run = await StartAsync(
            ProbeFlow
                .Json(
                    "s",
                    """
                    { "id": "s", "type": "Screen", "screen": "ask" }, { "id": "end", "type": "End" },
                    { "id": "c", "type": "Condition",
                      "branches": [ { "outcome": "never", "rules": [ { "key": "form.do", "operator": "equal", "value": "never" } ] } ] }
                    """,
                    "s.go>c; s.end>end; c.never>end",
                    Screens
                )
                .Replace("\"port\": \"go\"", "\"message\": \"Checking.\", \"port\": \"go\"", StringComparison.Ordinal)
        );
        await ProbeFlow.SubmitAsync(run, "go", """{ "do": "busy" }""");

        Assert.Equal((RunStatus.Failed, FlowErrors.NoBranch.Code, ""), (run.Status, run.Failure!.Code, run.ErrorText));
    }

    [Theory]
    [InlineData("\"message\": \"{{form.do\"", "template.syntax", "/connections/0/message")]
    [InlineData("\"message\": \"{{nowhere.do}}\"", "template.unknown_root", "/connections/0/message")]
    [InlineData("\"message\": \"{{client.tenant}}\"", "path.unknown", "/connections/0/message")]
    [InlineData("\"message\": \"{{form.dp}}\"", "path.unknown", "/connections/0/message")]
    [InlineData("\"message\": \"{{connectors.api.statusCode}}\"", "path.unknown", "/connections/0/message")]
    [InlineData("\"message\": 4", "flow.type", "/connections/0/message")]
    public void Compile_BadMessage_IsAProblemAtItsPlace(string message, string code, string pointer)
    {
        var result = ProbeFlow.Compile(
            Flow()
                .Replace("\"port\": \"go\"", message + ", \"port\": \"go\"", StringComparison.Ordinal)
                .Replace("\"start\": \"s\",", "\"start\": \"s\", \"inputs\": {},", StringComparison.Ordinal)
        );

        var problem = Assert.Single(result.Diagnostics, item => item.Severity == Severity.Error);
        Assert.Equal((code, pointer), (problem.Code, problem.Pointer));
        Assert.Null(result.Plan);
    }

    [Fact]
    public void Compile_IgnoredErrorThatLeadsToARefusalOnly_IsNoWayToAToken()
    {
        const string Activities = """
            { "id": "p", "type": "Probe", "do": "ok", "errorHandling": { "Probe Failed": "ignore" } },
              { "id": "u", "type": "SetUser", "user": { "userId": "7" } }, { "id": "e", "type": "End"
            """;
        string[] CodesOf(string kind) =>
            [
                .. ProbeFlow
                    .Compile(ProbeFlow.Json("p", $"{Activities}{kind} }}", "p.Success>u; u.Done>e"))
                    .Diagnostics.Select(item => item.Code),
            ];

        Assert.Equal(["flow.fails_open"], CodesOf(""));
        Assert.Empty(CodesOf(", \"kind\": \"refused\""));
    }

    [Fact]
    public void Plan_WithoutMessages_HoldsNothingForThem() =>
        Assert.DoesNotContain(ProbeFlow.Plan(Flow()).Nodes, node => node.Messages is not null);

    private static Func<string, string> Told(string message) =>
        flow => flow.Replace("\"port\": \"busy\"", $"\"message\": \"{message}\", \"port\": \"busy\"", StringComparison.Ordinal);

    private static string Flow(Func<string, string>? change = null)
    {
        var flow = ProbeFlow.Json(
            "s",
            """
            { "id": "s", "type": "Screen", "screen": "ask" }, { "id": "end", "type": "End" },
            { "id": "c", "type": "Condition",
              "branches": [ { "outcome": "busy", "rules": [ { "key": "form.do", "operator": "contains", "value": "busy" } ] } ] }
            """,
            "s.go>c; s.end>end; c.busy>s; c.Else>end",
            Screens
        );
        return change is null ? flow : change(flow);
    }

    private static Task<FlowRun> StartAsync(string flow) => ProbeFlow.RunAsync(ProbeFlow.Plan(flow));
}
