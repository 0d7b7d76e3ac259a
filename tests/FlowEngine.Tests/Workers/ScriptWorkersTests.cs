using FlowEngine.Compilation;
using FlowEngine.Context;
using FlowEngine.Execution;
using FlowEngine.Workers;

namespace FlowEngine.Tests.Workers;

/// <summary>Where scripts run, who waits for whom, and what happens when there are too many. Scripts are held, not timed.</summary>
[Trait("Category", "slow")]
public sealed class ScriptWorkersTests
{
    private static readonly CancellationToken None = CancellationToken.None;

    [Fact]
    public async Task Scriptlet_Spins_IsOnNoThreadOfThePool()
    {
        using var clock = new HeldClock();
        clock.Release();
        var run = await Advance(Spinning("a"), RunServices.Default with { Time = clock, Scripts = new ScriptWorkers(2) });
        Assert.Equal(RunStatus.Failed, run.Status);
        Assert.Equal([false], clock.OnThePool);
    }

    [Fact]
    public async Task Condition_ScriptRuleSpins_IsOnNoThreadOfThePool()
    {
        using var clock = new HeldClock();
        clock.Release();
        var plan = TestFlow.Plan(
            """
            { "id": "it", "type": "Condition",
              "branches": [ { "outcome": "Yes", "rules": [ { "script": "(() => { Date.now(); for (;;) {} })()" } ] } ] }
            """,
            "Yes",
            "Else"
        );
        var run = await Advance(plan, RunServices.Default with { Time = clock, Scripts = new ScriptWorkers(2) });
        Assert.Equal("script.limit", run.Failure!.Code);
        Assert.All(clock.OnThePool, Assert.False);
    }

    [Fact]
    public async Task Scriptlet_Brief_StaysWhereItIs()
    {
        var scripts = new ScriptWorkers(1);
        using var held = new Held(scripts);
        await held.Begun;
        var advance = Advance(
            Script("a", "const n = client.trim(); return n === '' ? 'none' : `${n}!`", """, "arguments": { "client": "x" }"""),
            RunServices.Default with
            {
                Scripts = scripts,
            }
        );
        Assert.Equal(RunStatus.Completed, (await advance).Status);
    }

    [Fact]
    public async Task ManySpin_EverybodyElseGoesOn()
    {
        using var clock = new HeldClock();
        var services = RunServices.Default with { Scripts = new ScriptWorkers(2, 200, TimeSpan.FromHours(1)) };
        var spinning = Enumerable
            .Range(0, 64)
            .Select(i => Task.Run(() => Advance(Spinning("f" + (i % 4)), services with { Time = clock })))
            .ToArray();
        await clock.Called(2);

        // A timer, a cancellation, and a run of another flow: all while each thread of the scripts is taken.
        await Task.Delay(1, None); // The timer, no pause.
        using var source = new CancellationTokenSource(TimeSpan.FromMilliseconds(1));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() =>
            Advance(Spinning("other"), services with { Time = clock }, source.Token)
        );
        var plain = await Task.Run(() => Advance(Script("other", "return 1"), services));
        Assert.Equal(RunStatus.Completed, plain.Status);
        Assert.All(spinning, run => Assert.False(run.IsCompleted));
        Assert.All(clock.OnThePool, Assert.False);

        clock.Release();
        Assert.All(await Task.WhenAll(spinning), run => Assert.Equal("script.limit", run.Failure!.Code));
        Assert.Equal((0, 0), (services.Scripts.Running, services.Scripts.Queued));
    }

    [Fact]
    public async Task QueueIsFull_IsBusy()
    {
        var scripts = new ScriptWorkers(1, 2, TimeSpan.FromHours(1));
        using var held = new Held(scripts);
        await held.Begun;
        var waiting = scripts.RunAsync("a", () => 1, None).AsTask();
        var (_, ofTheSameFlow) = await scripts.RunAsync("a", () => 1, None);
        Assert.Equal("script.busy", ofTheSameFlow!.Code);
        var other = scripts.RunAsync("b", () => 2, None).AsTask();
        Assert.Equal("script.busy", (await scripts.RunAsync("c", () => 3, None)).Busy!.Code);

        var run = await Advance(Spinning("c"), RunServices.Default with { Scripts = scripts });
        Assert.Equal("script.busy", run.Failure!.Code);
        Assert.Equal("Scriptlet Failed", run.Failure.Event);

        held.Dispose();
        Assert.Equal((1, 2), ((await waiting).Result, (await other).Result));
    }

    [Fact]
    public async Task Condition_NoThreadIsFree_FailsTheRun()
    {
        var scripts = new ScriptWorkers(1, 0);
        using var held = new Held(scripts);
        await held.Begun;
        var plan = TestFlow.Plan(
            """
            { "id": "it", "type": "Condition", "branches": [ { "outcome": "Yes", "rules": [ { "script": "[1].some(x => x === 1)" } ] } ] }
            """,
            "Yes",
            "Else"
        );
        var run = await Advance(plan, RunServices.Default with { Scripts = scripts });
        Assert.Equal((RunStatus.Failed, "script.busy"), (run.Status, run.Failure!.Code));
    }

    [Fact]
    public async Task WaitsTooLong_IsBusyAndLeavesItsPlace()
    {
        var scripts = new ScriptWorkers(1, 10, TimeSpan.FromMilliseconds(1));
        using var held = new Held(scripts);
        await held.Begun;
        Assert.Equal("script.busy", (await scripts.RunAsync("a", () => 1, None)).Busy!.Code);
        Assert.Equal(0, scripts.Queued);
        held.Dispose();
        await held.Ended;
        Assert.Equal(1, (await scripts.RunAsync("a", () => 1, None)).Result);
    }

    [Fact]
    public async Task CancelledWhileWaiting_EndsAtOnceAndLeavesItsPlace()
    {
        var scripts = new ScriptWorkers(1, 10, TimeSpan.FromHours(1));
        using var held = new Held(scripts);
        await held.Begun;
        using var source = new CancellationTokenSource();
        var waiting = scripts.RunAsync("a", () => 1, source.Token).AsTask();
        Assert.Equal(1, scripts.Queued);
        await source.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting);
        Assert.Equal((1, 0), (scripts.Running, scripts.Queued));
    }

    [Fact]
    public async Task OneFlowHasManyScripts_AnotherHasAThreadAndItsTurn()
    {
        var scripts = new ScriptWorkers(4, 100, TimeSpan.FromHours(1));
        Assert.Equal((3, 50), (scripts.MaxThreadsOfFlow, scripts.MaxQueuedOfFlow));
        Held[] held = [.. Enumerable.Range(0, 5).Select(_ => new Held(scripts, "greedy"))];
        await Task.WhenAll(held[..3].Select(script => script.Begun));
        Assert.Equal((3, 2), (scripts.Running, scripts.Queued));
        Assert.Equal(1, (await scripts.RunAsync("modest", () => 1, None)).Result);
        Assert.False(held[3].Begun.IsCompleted);

        foreach (var script in held)
            script.Dispose();
        await Task.WhenAll(held.Select(script => script.Ended));
        Assert.Equal((0, 0), (scripts.Running, scripts.Queued));
    }

    [Fact]
    public async Task Waiting_AreTakenInTurnByFlow()
    {
        var scripts = new ScriptWorkers(1, 100, TimeSpan.FromHours(1));
        var order = new List<string>();
        using var held = new Held(scripts, "a");
        await held.Begun;
        var waiting = new[] { "a", "a", "a", "b", "b" }
            .Select(flow =>
                scripts
                    .RunAsync(
                        flow,
                        () =>
                        {
                            order.Add(flow);
                            return 1;
                        },
                        None
                    )
                    .AsTask()
            )
            .ToArray();
        held.Dispose();
        await Task.WhenAll(waiting);
        Assert.Equal(["a", "b", "a", "b", "a"], order);
    }

    private static FlowPlan Script(string flow, string code, string more = "")
    {
        var json = FlowValue.Parse(
            $$"""
            { "id": "{{flow}}", "start": "it", "activities": [
                { "id": "it", "type": "Scriptlet", "code": {{FlowValue.From(code).ToJson()}}{{more}} }, { "id": "end", "type": "End" } ],
              "connections": [ { "source": "it", "port": "Success", "target": "end" } ] }
            """
        );
        return FlowCompiler.Compile(json, new CompilationEnvironment()).Plan!;
    }

    /// <summary>Asks for the time once, so that a test knows that it has begun, and then goes on for ever.</summary>
    private static FlowPlan Spinning(string flow) => Script(flow, "Date.now(); for (;;) {}");

    private static async Task<FlowRun> Advance(FlowPlan plan, RunServices services, CancellationToken cancellationToken = default)
    {
        var run = FlowRun.Start(plan, new RunStart(), services);
        await FlowExecutor.AdvanceAsync(run, cancellationToken);
        return run;
    }

    /// <summary>Work that goes on until it is disposed of.</summary>
    private sealed class Held : IDisposable
    {
        private readonly ManualResetEventSlim _released = new();
        private readonly TaskCompletionSource _begun = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Held(ScriptWorkers scripts, string flow = "held") =>
            Ended = scripts
                .RunAsync(
                    flow,
                    () =>
                    {
                        _begun.SetResult();
                        _released.Wait();
                        return 0;
                    },
                    None
                )
                .AsTask();

        public Task Begun => _begun.Task;

        public Task Ended { get; }

        public void Dispose() => _released.Set();
    }

    /// <summary>A clock that holds scripts which ask for the time, and notes on which threads they do.</summary>
    private sealed class HeldClock : TimeProvider, IDisposable
    {
        private readonly ManualResetEventSlim _released = new();
        private readonly SemaphoreSlim _calls = new(0);
        private readonly Lock _lock = new();
        private readonly List<bool> _onThePool = [];

        public IReadOnlyList<bool> OnThePool
        {
            get
            {
                lock (_lock)
                    return [.. _onThePool];
            }
        }

        public void Release() => _released.Set();

        public void Dispose()
        {
            _released.Dispose();
            _calls.Dispose();
        }

        /// <summary>Waits until so many scripts have asked.</summary>
        public async Task Called(int times)
        {
            for (var i = 0; i < times; i++)
                await _calls.WaitAsync(None);
        }

        public override DateTimeOffset GetUtcNow()
        {
            // Runs ask as well, when they begin and end; only what comes out of Jint is a script.
            if (Environment.StackTrace.Contains("Jint.", StringComparison.Ordinal))
            {
                lock (_lock)
                    _onThePool.Add(Thread.CurrentThread.IsThreadPoolThread);
                _calls.Release();
                _released.Wait();
            }
            return base.GetUtcNow();
        }
    }
}
