using CsCheck;
using FlowEngine.Compilation;
using FlowEngine.Context;
using FlowEngine.Execution;
using FlowEngine.Screens;
using FlowEngine.Templates;

namespace FlowEngine.Tests.Execution;

public sealed class RunStateTests
{
    private const string Screens = """
        { "id": "one", "components": [ { "type": "TextInput", "name": "a" }, { "type": "PasswordInput", "name": "p" },
          { "type": "Button", "id": "next" } ] },
        { "id": "two", "components": [ { "type": "TextInput", "name": "b" }, { "type": "Button", "id": "next" },
          { "type": "Button", "id": "back" }, { "type": "Button", "id": "again" } ] }
        """;

    private static readonly FlowPlan Plan = ProbeFlow.Plan(
        ProbeFlow.Json(
            "s1",
            """
            { "id": "s1", "type": "Screen", "screen": "one" },
            { "id": "p", "type": "Probe", "do": "{{form.a}}", "contextKey": "p",
              "value": { "pass": "{{form.p}}", "list": [ 1, "{{form.a}}", { "deep": "{{form.p}}" } ] } },
            { "id": "s2", "type": "Screen", "screen": "two" },
            { "id": "c", "type": "CustomClaims", "claims": { "b": "{{form.b}}" } },
            { "id": "r", "type": "Restart" },
            { "id": "end", "type": "End", "outputs": { "form": "{{form}}", "p": "{{connectors.p}}" } }
            """,
            "s1.next>p; p.Success>s2; s2.next>c; s2.back>s1; s2.again>r; c.Done>end",
            Screens
        )
    );

    /// <summary>STYLE: saving and resuming equals an unbroken run, whatever is submitted.</summary>
    [Fact]
    public void SaveAndLoad_AtEveryScreen_EqualsAnUnbrokenRun()
    {
        var submission = Gen.Select(
            Gen.OneOf(Gen.Const("next"), Gen.Const("back"), Gen.Const("again"), Gen.Const("nonsense")),
            Gen.OneOf(Gen.Const("ok"), Gen.Const("fail"), Gen.Const("throw"), Gen.Const("tea \"x\" / ~ é 😀")),
            Gen.String[0, 5]
        );
        submission
            .Array[1, 6]
            .Sample(
                submissions =>
                {
                    var unbroken = Start();
                    var broken = Start();
                    foreach (var (interaction, a, b) in submissions)
                    {
                        Submit(unbroken, interaction, a, b);
                        broken = RunState.Load(RunState.Save(broken), Plan, RunServices.Default);
                        Submit(broken, interaction, a, b);
                    }
                    broken = RunState.Load(RunState.Save(broken), Plan, RunServices.Default);

                    Assert.Equal(unbroken.Path, broken.Path);
                    Assert.Equal(
                        (unbroken.Status, unbroken.ErrorText, unbroken.EndName, unbroken.Sequence),
                        (broken.Status, broken.ErrorText, broken.EndName, broken.Sequence)
                    );
                    Assert.Equal(unbroken.Failure, broken.Failure);
                    Assert.Equal(unbroken.Outputs, broken.Outputs);
                    foreach (var root in Enum.GetValues<ContextRoot>().Except([ContextRoot.Flow]))
                        Assert.Equal(unbroken.Context.Get(root), broken.Context.Get(root));
                    Assert.Equal(Marked(unbroken), Marked(broken));
                },
                iter: 2000
            );
    }

    [Fact]
    public async Task Load_KeepsTheSensitiveMarks()
    {
        var run = await ProbeFlow.RunAsync(Plan);
        await ProbeFlow.SubmitAsync(run, "next", """{ "a": "ok", "p": "s3cret-pass" }""");
        var loaded = RunState.Load(RunState.Save(run), Plan, RunServices.Default);

        var value = loaded.Context.Get(ContextRoot.Connectors).Get("p");
        Assert.True(loaded.Context.Get(ContextRoot.Form).Get("p").IsSensitive);
        Assert.True(value.Get("pass").IsSensitive);
        Assert.True(value.Get("list").Get(2).Get("deep").IsSensitive);
        Assert.False(value.Get("list").Get(1).IsSensitive);
    }

    [Fact]
    public async Task Load_OnAnotherVersion_IsRefused()
    {
        var run = await ProbeFlow.RunAsync(Plan);
        var state = RunState.Save(run);
        var other = FlowCompiler.Compile(Plan.Definition, new CompilationEnvironment { Activities = ProbeFlow.Catalog }, version: 2).Plan!;

        Assert.Equal(("test", 0), RunState.FlowOf(state));
        var error = Assert.Throws<RunStateException>(() => RunState.Load(state, other, RunServices.Default));
        Assert.Equal("run.state", error.Error.Code);
    }

    [Fact]
    public async Task Load_DamagedState_IsRefusedWithItsCodeAndNothingElse()
    {
        var run = await ProbeFlow.RunAsync(Plan);
        await ProbeFlow.SubmitAsync(run, "next", """{ "a": "ok", "p": "s3cret-pass" }""");
        var state = RunState.Save(run);
        Gen.Select(Gen.Int[0, state.Length - 1], Gen.Byte, Gen.Int[0, 40])
            .Sample(
                (position, value, cut) =>
                {
                    var damaged = state.ToArray();
                    damaged[position] = value;
                    damaged = cut < 3 ? damaged[..position] : damaged;
                    try
                    {
                        RunState.Load(damaged, Plan, RunServices.Default);
                    }
                    catch (RunStateException)
                    {
                        // What a caller expects; anything else fails the test.
                    }
                },
                iter: 5000
            );
    }

    [Fact]
    public async Task StepKey_IsTheSameWhenACrashedStepIsRepeatedAndDiffersOtherwise()
    {
        var plan = ProbeFlow.Plan(
            ProbeFlow.Json(
                "a",
                """{ "id": "a", "type": "Probe", "do": "ok" }, { "id": "b", "type": "Probe", "do": "ok" }, { "id": "end","""
                    + """ "type": "End" }""",
                "a.Success>b; b.Success>end"
            )
        );
        var states = new List<byte[]>();
        var services = RunServices.Default with
        {
            AfterStep = (run, _) =>
            {
                states.Add(RunState.Save(run));
                return ValueTask.CompletedTask;
            },
        };
        var first = await ProbeFlow.RunAsync(plan, services: services);
        var resumed = RunState.Load(states[0], plan, RunServices.Default);
        Assert.Equal(RunStatus.Running, resumed.Status);
        await FlowExecutor.AdvanceAsync(resumed, TestContext.Current.CancellationToken);

        Assert.Equal(RunStatus.Completed, resumed.Status);
        Assert.Equal(first.Path, resumed.Path);
        var keys = Probe.StepKeys.Where(key => key.StartsWith(first.Id, StringComparison.Ordinal)).ToList();
        Assert.Equal(3, keys.Count);
        Assert.NotEqual(keys[0], keys[1]);
        Assert.Equal(keys[1], keys[2]);
    }

    private static FlowRun Start()
    {
        var run = FlowRun.Start(
            Plan,
            new RunStart { Client = FlowValue.Parse("""{ "x": 1.50, "big": 12345678901234567890.123 }""") },
            RunServices.Default
        );
        Assert.True(FlowExecutor.AdvanceAsync(run).AsTask().IsCompletedSuccessfully);
        return run;
    }

    private static void Submit(FlowRun run, string interaction, string a, string b)
    {
        var form = new FlowObjectBuilder();
        form.Set("a", FlowValue.From(a));
        form.Set("b", FlowValue.From(b));
        form.Set("p", FlowValue.From("s3cret-" + b));
        Assert.True(
            FlowExecutor.SubmitAsync(run, new ScreenSubmission(interaction, FlowValue.From(form.Build()))).AsTask().IsCompletedSuccessfully
        );
    }

    /// <summary>The context with its sensitive parts masked, without what differs between any two runs.</summary>
    private static string Marked(FlowRun run)
    {
        run.Context.Snapshot().TryGetObject(out var roots);
        return FlowValue.From(roots!.With("flow", FlowValue.Null)).ToString();
    }
}
