using FlowEngine.Context;
using FlowEngine.Errors;
using FlowEngine.Execution;
using FlowEngine.Templates;
using Microsoft.Extensions.Time.Testing;

namespace FlowEngine.Tests.Execution;

public sealed class FlowExecutorTests
{
    private const string Screen =
        """{ "id": "ask", "components": [ { "type": "EmailInput", "name": "email", "required": true }, { "type": "Button","""
        + """ "id": "go" }, { "type": "Link", "id": "help", "text": "Help" } ] }""";

    [Fact]
    public async Task Advance_WithoutAScreen_RunsToTheEndAndGivesItsOutputs()
    {
        var run = await ProbeFlow.RunAsync(
            ProbeFlow.Plan(
                ProbeFlow.Json(
                    "end",
                    """{ "id": "end", "type": "End", "name": "Paid", "outputs": { "sum": "{{client.sum}}","""
                        + """ "text": "sum: {{client.sum}}" } }""",
                    ""
                )
            ),
            """{ "sum": 12.5 }"""
        );

        Assert.Equal(RunStatus.Completed, run.Status);
        Assert.Equal("Paid", run.EndName);
        Assert.Equal("""{"sum":12.5,"text":"sum: 12.5"}""", run.Outputs.ToJson());
    }

    [Fact]
    public async Task Submit_TakesTheOutcomeOfTheButtonOrLink()
    {
        var plan = ProbeFlow.Plan(
            ProbeFlow.Json(
                "s",
                """{ "id": "s", "type": "Screen", "screen": "ask" }, { "id": "a", "type": "End", "name": "a" }, { "id": "b","""
                    + """ "type": "End", "name": "b" }""",
                "s.go>a; s.help>b",
                Screen
            )
        );
        var first = await ProbeFlow.RunAsync(plan);
        var second = await ProbeFlow.RunAsync(plan);

        await ProbeFlow.SubmitAsync(first, "go", """{ "email": "ada@example.com" }""");
        await ProbeFlow.SubmitAsync(second, "help", """{ "email": "ada@example.com" }""");

        Assert.Equal(("a", "b"), (first.EndName, second.EndName));
    }

    [Fact]
    public async Task Submit_UnknownInteraction_IsRefusedAndTheRunStillWaits()
    {
        var run = await WaitingAsync();

        var problem = await ProbeFlow.SubmitAsync(run, "nope", """{ "email": "ada@example.com" }""");

        Assert.Equal("screen.interaction", problem!.Code);
        Assert.Equal(RunStatus.Waiting, run.Status);
    }

    [Fact]
    public async Task Submit_ARunThatDoesNotWait_IsRefused()
    {
        var run = await WaitingAsync();
        await ProbeFlow.SubmitAsync(run, "go", """{ "email": "ada@example.com" }""");

        Assert.Equal("run.not_waiting", (await ProbeFlow.SubmitAsync(run, "go"))!.Code);
        Assert.Equal(RunStatus.Completed, run.Status);
    }

    [Fact]
    public async Task Submit_AfterTheRunExpired_FailsIt()
    {
        var time = new FakeTimeProvider();
        var plan = ProbeFlow.Plan(
            ProbeFlow.Json(
                "s",
                """{ "id": "s", "type": "Screen", "screen": "ask" }, { "id": "a", "type": "End" }""",
                "s.go>a; s.help>a",
                Screen,
                "\"expiresAfter\": \"PT5M\","
            )
        );
        var run = await ProbeFlow.RunAsync(plan, services: RunServices.Default with { Time = time });
        time.Advance(TimeSpan.FromMinutes(5));

        Assert.Equal("run.expired", (await ProbeFlow.SubmitAsync(run, "go", """{ "email": "ada@example.com" }"""))!.Code);
        Assert.Equal(RunStatus.Failed, run.Status);
    }

    [Fact]
    public async Task Restart_ForgetsAllButClientAndGoesToTheStart()
    {
        var run = await ProbeFlow.RunAsync(
            ProbeFlow.Plan(
                ProbeFlow.Json(
                    "s",
                    """
                    { "id": "s", "type": "Screen", "screen": "ask" },
                    { "id": "p", "type": "Probe", "do": "ok", "value": { "x": 1 } },
                    { "id": "u", "type": "SetUser", "user": { "userId": "u1" } },
                    { "id": "c", "type": "CustomClaims", "claims": { "a": 1 } },
                    { "id": "r", "type": "Restart" }
                    """,
                    "s.go>p; s.help>p; p.Success>u; u.Done>c; c.Done>r",
                    Screen,
                    """ "inputs": { "kept": {} }, """
                )
            ),
            """{ "kept": true }"""
        );

        await ProbeFlow.SubmitAsync(run, "go", """{ "email": "ada@example.com" }""");

        Assert.Equal(["s", "p", "u", "c", "r", "s"], run.Path);
        Assert.Equal(RunStatus.Waiting, run.Status);
        foreach (
            var root in (ContextRoot[])[ContextRoot.Form, ContextRoot.Connectors, ContextRoot.Scripts, ContextRoot.Claims, ContextRoot.User]
        )
            Assert.Equal("{}", run.Context.Get(root).ToJson());
        Assert.Equal("""{"kept":true}""", run.Context.Get(ContextRoot.Client).ToJson());
    }

    [Fact]
    public async Task Advance_LoopWithoutAScreen_EndsAtTheStepLimit()
    {
        var run = await ProbeFlow.RunAsync(
            ProbeFlow.Plan(
                ProbeFlow.Json(
                    "a",
                    """{ "id": "a", "type": "Probe", "do": "ok" }, { "id": "b", "type": "Probe", "do": "ok" }""",
                    "a.Success>b; b.Success>a"
                )
            )
        );

        Assert.Equal("flow.step_limit", run.Failure!.Code);
        Assert.Equal(1000, run.Path.Count);
    }

    [Fact]
    public async Task Advance_ManyScreens_CountsStepsPerAdvance()
    {
        var run = await WaitingAsync(
            """{ "id": "s", "type": "Screen", "screen": "ask", "maxSubmits": 1000 }, { "id": "p", "type": "Probe", "do": "ok" }""",
            "s.go>p; s.help>p; p.Success>s"
        );
        for (var i = 0; i < 600; i++)
            Assert.Null(await ProbeFlow.SubmitAsync(run, "go", """{ "email": "ada@example.com" }"""));

        Assert.Equal(RunStatus.Waiting, run.Status);
    }

    [Fact]
    public async Task Condition_ElseUnconnected_FailsTheRunWithNoBranch()
    {
        var run = await ProbeFlow.RunAsync(
            ProbeFlow.Plan(
                ProbeFlow.Json(
                    "c",
                    """{ "id": "c", "type": "Condition", "branches": [ { "outcome": "Yes", "rules": [ { "key": "client.x","""
                        + """ "operator": "equal", "value": "1" } ] } ] }, { "id": "e", "type": "End" }""",
                    "c.Yes>e"
                )
            )
        );

        Assert.Equal("flow.no_branch", run.Failure!.Code);
        Assert.Equal("c", run.Failure.Activity);
    }

    [Theory]
    [InlineData("{}", "user.no_id")]
    [InlineData("""{ "id": "" }""", "user.no_id")]
    [InlineData("""{ "id": "  " }""", "user.no_id")]
    [InlineData("""{ "id": null }""", "user.no_id")]
    [InlineData("""{ "id": "a\u0000b" }""", "user.bad_id")]
    [InlineData("""{ "id": 7 }""", null)]
    public async Task SetUser_EmptyId_FailsTheRun(string client, string? code)
    {
        var run = await ProbeFlow.RunAsync(
            ProbeFlow.Plan(
                ProbeFlow.Json(
                    "u",
                    """{ "id": "u", "type": "SetUser", "user": { "userId": "{{client.id}}","""
                        + """ "email": "{{client.mail ?? \"none\"}}", "customAttributes": { "n": "{{client.id}}" } } }, { "id": "e","""
                        + """ "type": "End" }""",
                    "u.Done>e"
                )
            ),
            client
        );

        Assert.Equal(code, run.Failure?.Code);
        if (code is null)
            Assert.Equal("""{"userId":"7","email":"none","customAttributes":{"n":7}}""", run.Context.Get(ContextRoot.User).ToJson());
    }

    [Fact]
    public async Task CustomClaims_KeepTypesMergeAndRefuseLongTexts()
    {
        var plan = ProbeFlow.Plan(
            ProbeFlow.Json(
                "a",
                """
                { "id": "a", "type": "CustomClaims", "claims": { "n": "{{client.n}}", "list": [ "{{client.t}}" ], "same": 1 } },
                { "id": "b", "type": "CustomClaims", "claims": { "same": 2 } }, { "id": "e", "type": "End" }
                """,
                "a.Done>b; b.Done>e"
            )
        );

        var run = await ProbeFlow.RunAsync(plan, """{ "n": 7, "t": "x" }""");
        var exact = await ProbeFlow.RunAsync(plan, $$"""{ "n": 7, "t": "{{new string('x', 500)}}" }""");
        var tooLong = await ProbeFlow.RunAsync(plan, $$"""{ "n": 7, "t": "{{new string('x', 501)}}" }""");

        Assert.Equal("""{"n":7,"list":["x"],"same":2}""", run.Context.Get(ContextRoot.Claims).ToJson());
        Assert.Equal(RunStatus.Completed, exact.Status);
        Assert.Equal("claims.value", tooLong.Failure!.Code);
    }

    [Theory]
    [InlineData("""{ "age": 36 }""", null, """{"age":36,"tier":"standard"}""")]
    [InlineData("""{ "age": 36, "tier": "gold", "extra": 1 }""", null, """{"age":36,"tier":"gold"}""")]
    [InlineData("{}", "'age' is missing", null)]
    [InlineData("""{ "age": null }""", "'age' is missing", null)]
    [InlineData("""{ "age": "36", "tier": 1 }""", "'age' is not of type number, 'tier' is not of type string", null)]
    public async Task Start_DeclaredInputs_AreCheckedAndFilledIn(string client, string? problem, string? expected)
    {
        var run = await ProbeFlow.RunAsync(
            ProbeFlow.Plan(
                ProbeFlow.Json(
                    "e",
                    """{ "id": "e", "type": "End", "outputs": { "all": "{{client}}" } }""",
                    "",
                    more: """ "inputs": { "age": { "type": "number", "required": true }, "tier": { "type": "string","""
                        + """ "default": "standard" } },"""
                )
            ),
            client
        );

        if (problem is null)
        {
            Assert.Equal(expected, run.Outputs.Get("all").ToJson());
        }
        else
        {
            Assert.Equal("run.input", run.Failure!.Code);
            Assert.Contains(problem, run.Failure.Message, StringComparison.Ordinal);
            Assert.Empty(run.Path);
        }
    }

    [Fact]
    public async Task Flow_Root_HoldsIdVersionRunIdAndStart()
    {
        var time = new FakeTimeProvider(DateTimeOffset.Parse("2026-01-02T03:04:05.678Z", null));
        var run = await ProbeFlow.RunAsync(
            ProbeFlow.Plan(ProbeFlow.Json("e", """{ "id": "e", "type": "End", "outputs": { "flow": "{{flow}}" } }""", "")),
            services: RunServices.Default with
            {
                Time = time,
            }
        );

        Assert.Equal(
            $$"""{"id":"test","version":0,"runId":"{{run.Id}}","startedAt":"2026-01-02T03:04:05.678Z"}""",
            run.Outputs.Get("flow").ToJson()
        );
        Assert.True(run.Id.Length >= 22);
    }

    [Fact]
    public async Task Trace_HasOneStepPerActivityWithOutcomeInputAndDuration()
    {
        var time = new FakeTimeProvider();
        var run = await ProbeFlow.RunAsync(
            ProbeFlow.Plan(
                ProbeFlow.Json(
                    "p",
                    """{ "id": "p", "type": "Probe", "do": "ok", "value": { "x": "{{client.x}}", "y": "{{client.nope}}" } },"""
                        + """ { "id": "e", "type": "End" }""",
                    "p.Success>e"
                )
            ),
            """{ "x": 1 }""",
            RunServices.Default with
            {
                Time = time,
                Trace = true,
            }
        );

        Assert.Equal(["p", "e"], run.Trace!.Select(step => step.Activity));
        var probe = run.Trace![0];
        Assert.Equal(("Probe", "Success"), (probe.Type, probe.Outcome));
        Assert.Equal("""{"x":1}""", probe.Input.ToJson());
        Assert.Contains(
            probe.Warnings,
            warning => warning.Code == "template.missing" && warning.Message.Contains("client.nope", StringComparison.Ordinal)
        );
    }

    [Fact]
    public async Task Trace_OfAScreen_SaysWhatWasSubmittedAndByWhichButton()
    {
        var plan = ProbeFlow.Plan(
            ProbeFlow.Json(
                "s",
                """{ "id": "s", "type": "Screen", "screen": "in" }, { "id": "e", "type": "End" }""",
                "s.go>e",
                """{ "id": "in", "components": [ { "type": "TextInput", "name": "a" }, { "type": "PasswordInput", "name": "p" },"""
                    + """ { "type": "Button", "id": "go" } ] }"""
            )
        );
        var run = await ProbeFlow.RunAsync(plan);
        await ProbeFlow.SubmitAsync(run, "go", """{ "a": "tea", "p": "hunter2-hunter2" }""");
        var resumed = RunState.Load(RunState.Save(await ProbeFlow.RunAsync(plan)), plan, RunServices.Default with { Trace = true });
        await ProbeFlow.SubmitAsync(resumed, "go");

        Assert.Equal(["s", "e"], run.Trace!.Select(step => step.Activity));
        Assert.Equal("go", run.Trace![0].Outcome);
        Assert.Equal("""{"a":"tea","p":"***"}""", run.Trace![0].Output.ToString());
        Assert.Equal(["go", null], resumed.Trace!.Select(step => step.Outcome));
    }

    [Fact]
    public async Task Outputs_MissingValue_IsLeftOut()
    {
        var run = await ProbeFlow.RunAsync(
            ProbeFlow.Plan(
                ProbeFlow.Json(
                    "end",
                    """{ "id": "end", "type": "End", "outputs": { "o": "{{client.nope}}", "p": 1, "deep": { "q": "{{client.nope}}" } } }""",
                    ""
                )
            )
        );

        Assert.Equal(FlowValue.Parse("""{ "p": 1, "deep": {} }"""), run.Outputs);
    }

    [Fact]
    public void Compile_InputDefaultOfTheWrongType_IsRefused()
    {
        var result = ProbeFlow.Compile(
            ProbeFlow.Json(
                "e",
                """{ "id": "e", "type": "End" }""",
                "",
                more: """ "inputs": { "y": { "type": "number", "default": "a" } },"""
            )
        );

        Assert.Equal(("flow.type", "/inputs/y/default"), (Assert.Single(result.Diagnostics).Code, result.Diagnostics[0].Pointer));
    }

    [Fact]
    public void Compile_UnknownScreen_IsTheOnlyProblem()
    {
        var result = ProbeFlow.Compile(
            ProbeFlow.Json("s", """{ "id": "s", "type": "Screen", "screen": "nope" }, { "id": "e", "type": "End" }""", "s.go>e")
        );

        Assert.Equal("flow.unknown_screen", Assert.Single(result.Diagnostics).Code);
    }

    private static async Task<FlowRun> WaitingAsync(
        string activities = """{ "id": "s", "type": "Screen", "screen": "ask" }, { "id": "e", "type": "End" }""",
        string connections = "s.go>e; s.help>e"
    ) => await ProbeFlow.RunAsync(ProbeFlow.Plan(ProbeFlow.Json("s", activities, connections, Screen)));
}
