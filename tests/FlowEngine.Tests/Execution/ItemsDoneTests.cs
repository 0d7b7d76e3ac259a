using FlowEngine.Context;
using FlowEngine.Execution;
using FlowEngine.Templates;
using Microsoft.Extensions.Time.Testing;

namespace FlowEngine.Tests.Execution;

/// <summary>SPEC 6.1: what a ForEach has done is stored while it goes on, where the run is stored after each step.</summary>
public sealed class ItemsDoneTests
{
    private readonly FakeTimeProvider _time = new();

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    /// <summary>A crash at each of the saves: the run goes on as if there had been none, and does only the last items again.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(16)]
    public async Task Crash_InTheMiddle_HasTheLastItemsDoneAgainAndNoneUnderAnotherKey(int concurrency)
    {
        var plan = Plan(1000, "'ok'", $"\"concurrency\": {concurrency}");
        var states = new List<(byte[] State, int Done)>();
        var whole = Start(plan, (run, states) => states.Add((RunState.Save(run), KeysOf(run.Id).Count)), states);
        await FlowExecutor.AdvanceAsync(whole, Stop);
        var inStep = states
            .Where(saved => FlowValue.Parse(System.Text.Encoding.UTF8.GetString(saved.State)).Get("items").Kind == FlowValueKind.Object)
            .ToList();
        Assert.InRange(inStep.Count, 20, 400);

        foreach (var (state, done) in new[] { inStep[0], inStep[inStep.Count / 2], inStep[^1] })
        {
            var before = KeysOf(whole.Id);
            var run = RunState.Load(state, plan, RunServices.Default with { Trace = true, Time = _time, AfterStep = (_, _) => default });
            await FlowExecutor.AdvanceAsync(run, Stop);

            Assert.Equal(
                whole.Context.Get(ContextRoot.Connectors).Get("each").ToJson(),
                run.Context.Get(ContextRoot.Connectors).Get("each").ToJson()
            );
            var again = KeysOf(whole.Id).Count - before.Count;
            Assert.InRange(again, 1000 - done, 1000 - done + concurrency + done / ItemsDone.Share);
            Assert.Equal(again, run.Trace![0].Children.Count);
        }
        Assert.Equal(1000, KeysOf(whole.Id).Distinct().Count());
    }

    /// <summary>What all saves hold together grows with the list, not with its square.</summary>
    [Fact]
    public async Task Saves_OfALongList_AreFew()
    {
        var saves = 0;
        var run = Start(Plan(10_000, "'ok'", "\"concurrency\": 16"), _ => saves++);
        await FlowExecutor.AdvanceAsync(run, Stop);
        Assert.Equal("ok", run.EndName);
        Assert.InRange(saves, 64, 600);
    }

    /// <summary>Slow items are stored each.</summary>
    [Fact]
    public async Task Saves_OfSlowItems_ComeEachSecond()
    {
        var saves = 0;
        _time.AutoAdvanceAmount = TimeSpan.FromSeconds(1);
        var run = Start(Plan(500, "'ok'", "\"concurrency\": 1"), _ => saves++);
        await FlowExecutor.AdvanceAsync(run, Stop);
        // The step before, all items but the last, and the step itself.
        Assert.Equal(1 + 499 + 1, saves);
    }

    [Fact]
    public async Task Run_ThatIsNotStoredAfterSteps_HasNothingOfIt()
    {
        var run = FlowRun.Start(Plan(3, "'wait'", "\"concurrency\": 1"), new RunStart(), RunServices.Default);
        using var stop = new CancellationTokenSource();
        var advance = FlowExecutor.AdvanceAsync(run, stop.Token).AsTask();
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => advance);
        Assert.Null(run.Items);
        Assert.DoesNotContain("\"items\"", System.Text.Encoding.UTF8.GetString(RunState.Save(run)), StringComparison.Ordinal);
    }

    /// <summary>What ended one way ends that way after a crash too.</summary>
    [Theory]
    [InlineData("collect", 2)]
    [InlineData("stop", 1)]
    public async Task Failures_AreTheSameAfterACrash(string onError, int failed)
    {
        var plan = Plan(40, "i === 7 || i === 30 ? 'fail' : 'ok'", $"\"onError\": \"{onError}\"");
        byte[]? last = null;
        var whole = Start(plan, run => last = run.Items is { } ? RunState.Save(run) : last);
        await FlowExecutor.AdvanceAsync(whole, Stop);

        var run = RunState.Load(last!, plan, RunServices.Default with { Time = _time, AfterStep = (_, _) => default });
        await FlowExecutor.AdvanceAsync(run, Stop);

        var each = run.Context.Get(ContextRoot.Connectors).Get("each");
        Assert.Equal(("failed", $"{failed}"), (run.EndName, each.Get("failed").ToText()));
        Assert.Equal(whole.Context.Get(ContextRoot.Connectors).Get("each").ToJson(), each.ToJson());
        Assert.Equal(whole.Context.Get(ContextRoot.Error).ToJson(), run.Context.Get(ContextRoot.Error).ToJson());
    }

    [Fact]
    public async Task Secrets_KeepTheirMarks()
    {
        var plan = ProbeFlow.Plan(
            ProbeFlow.Json(
                "each",
                """
                { "id": "each", "type": "ForEach", "items": "{{client.list}}",
                  "activity": { "id": "inner", "type": "Probe", "do": "ok", "contextKey": "p", "value": "got {{item}}" } },
                { "id": "ok", "type": "End", "name": "ok" }
                """,
                "each.Success>ok",
                more: """ "inputs": { "list": { "sensitive": true } }, """
            )
        );
        byte[]? last = null;
        var whole = Start(
            plan,
            run => last = run.Items is { } ? RunState.Save(run) : last,
            """{ "list": [ "s3cr3t-one", "s3cr3t-two" ] }"""
        );
        await FlowExecutor.AdvanceAsync(whole, Stop);

        var run = RunState.Load(last!, plan, RunServices.Default with { Time = _time, AfterStep = (_, _) => default });
        await FlowExecutor.AdvanceAsync(run, Stop);

        var value = run.Context.Get(ContextRoot.Connectors).Get("each").Get("results").Get(0).Get("value");
        Assert.Equal("got s3cr3t-one", value.ToText());
        Assert.True(value.IsSensitive);
    }

    /// <summary>A run that another server stored meanwhile is not gone on with, and no error of the flow.</summary>
    [Fact]
    public async Task SaveThatFails_EndsTheAdvance()
    {
        var saves = 0;
        var run = Start(
            Plan(100, "'ok'", "\"concurrency\": 4"),
            _ =>
            {
                if (++saves == 10)
                    throw new InvalidDataException("somebody else");
            }
        );

        var error = await Assert.ThrowsAsync<InvalidDataException>(() => FlowExecutor.AdvanceAsync(run, Stop).AsTask());

        Assert.Equal("somebody else", error.Message);
        Assert.Equal(RunStatus.Running, run.Status);
        Assert.InRange(KeysOf(run.Id).Count, 9, 9 + 4);
    }

    /// <summary>Saves never overlap, and none of the items goes on before its own.</summary>
    [Fact]
    public async Task Saves_AreOneAfterTheOther()
    {
        var (now, most) = (0, 0);
        var plan = Plan(200, "'ok'", "\"concurrency\": 16");
        var run = FlowRun.Start(
            plan,
            new RunStart(),
            RunServices.Default with
            {
                Time = _time,
                AfterStep = async (_, _) =>
                {
                    most = Math.Max(most, Interlocked.Increment(ref now));
                    await Task.Yield();
                    Interlocked.Decrement(ref now);
                },
            }
        );
        await FlowExecutor.AdvanceAsync(run, Stop);
        Assert.Equal(("ok", 1), (run.EndName, most));
    }

    private static FlowPlan Plan(int count, string item, string settings) =>
        ProbeFlow.Plan(
            ProbeFlow.Json(
                "made",
                $$$"""
                { "id": "made", "type": "Scriptlet", "code": "return Array.from({ length: {{{count}}} }, (x, i) => {{{item}}});" },
                { "id": "each", "type": "ForEach", "items": "{{scripts.made}}", "errorHandling": { "Items Failed": "custom" },
                  "atMost": 10000, {{{settings}}},
                  "activity": { "id": "inner", "type": "Probe", "do": "{{item}}", "contextKey": "p", "value": "{{index}}" } },
                { "id": "ok", "type": "End", "name": "ok" }, { "id": "failed", "type": "End", "name": "failed" }
                """,
                "made.Success>each; each.Success>ok; each.Items Failed>failed"
            )
        );

    private FlowRun Start(FlowPlan plan, Action<FlowRun> afterStep, string client = "{}") =>
        FlowRun.Start(
            plan,
            new RunStart { Client = FlowValue.Parse(client) },
            RunServices.Default with
            {
                Time = _time,
                AfterStep = (run, _) =>
                {
                    afterStep(run);
                    return default;
                },
            }
        );

    private FlowRun Start(
        FlowPlan plan,
        Action<FlowRun, List<(byte[] State, int Done)>> afterStep,
        List<(byte[] State, int Done)> states
    ) => Start(plan, run => afterStep(run, states));

    private static List<string> KeysOf(string id)
    {
        lock (Probe.StepKeys)
            return [.. Probe.StepKeys.Where(key => key.StartsWith(id, StringComparison.Ordinal))];
    }
}
