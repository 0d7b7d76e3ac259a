using FlowEngine.Compilation;
using FlowEngine.Context;
using FlowEngine.Errors;
using FlowEngine.Execution;
using FlowEngine.Screens;

namespace FlowEngine.Tests.Execution;

public sealed class RunCountsTests
{
    private const string Flow = """
        { "id": "f", "start": "ask", "activities": [
            { "id": "ask", "type": "Screen", "screen": "ask" },
            { "id": "which", "type": "Condition", "branches": [ { "outcome": "Yes", "rules": [ { "key": "form.a", "operator": "equal",
              "value": "yes" } ] } ] },
            { "id": "break", "type": "Scriptlet", "code": "throw new Error('no')" },
            { "id": "done", "type": "End" } ],
          "connections": [ { "source": "ask", "port": "submit", "target": "which" }, { "source": "which", "port": "Yes", "target": "done" },
            { "source": "which", "port": "Else", "target": "break" }, { "source": "break", "port": "Success", "target": "done" } ],
          "screens": [ { "id": "ask", "title": "Ask", "components": [ { "type": "TextInput", "name": "a", "label": "A" },
            { "type": "ErrorMessage" }, { "type": "Button", "id": "submit", "text": "Go" } ] } ] }
        """;

    /// <summary>Two people: one is through at once, the other comes back to the screen by an error, and then gets through.</summary>
    [Fact]
    public async Task Counts_OfTwoRuns_AreWhatTheyDid()
    {
        var counts = new RunCounts();
        var plan = FlowCompiler.Compile(FlowValue.Parse(Flow), new CompilationEnvironment()).Plan!;
        await RunAsync("yes");
        await RunAsync("no", "yes");

        Assert.Equal(
            ["Outcome ask submit 3", "Shown ask  3", "Stopped break  1", "Outcome which Else 1", "Outcome which Yes 2"],
            counts
                .Take()
                .OrderBy(count => count.Item, StringComparer.Ordinal)
                .ThenBy(count => count.Kind)
                .ThenBy(count => count.Detail, StringComparer.Ordinal)
                .Select(count => $"{count.Kind} {count.Item} {count.Detail} {count.Amount}")
        );
        // What was taken is counted once.
        Assert.Empty(counts.Take());

        async Task RunAsync(params string[] answers)
        {
            var run = FlowRun.Start(plan, new RunStart(), RunServices.Default with { Counts = counts });
            await FlowExecutor.AdvanceAsync(run, TestContext.Current.CancellationToken);
            foreach (var answer in answers)
                Assert.Null(
                    await FlowExecutor.SubmitAsync(
                        run,
                        new ScreenSubmission("submit", FlowValue.Object(("a", FlowValue.From(answer)))),
                        TestContext.Current.CancellationToken
                    )
                );
            Assert.Equal(RunStatus.Completed, run.Status);
        }
    }

    [Fact]
    public void Calls_AreToldApartByCodeStatusAndDuration_UpToABound()
    {
        var counts = new RunCounts();
        counts.Called("api", null, TimeSpan.FromMilliseconds(5));
        counts.Called("api", null, TimeSpan.FromMilliseconds(5.1));
        counts.Called("api", null, TimeSpan.FromMinutes(2));
        counts.Called("api", new FlowError("http.status", "") { Status = 404 }, TimeSpan.Zero);

        Assert.Equal(
            ["Call   4", "CallError http.status 404 1", "CallDuration   1", "CallDuration 10  1", "CallDuration 5  2"],
            counts
                .Take()
                .OrderBy(count => count.Kind)
                .ThenBy(count => count.Item, StringComparer.Ordinal)
                .Select(count => $"{count.Kind} {count.Item} {count.Detail} {count.Amount}")
        );

        for (var i = 0; i < 1_000; i++)
            counts.Called("api", new FlowError($"code.{i}", ""), TimeSpan.Zero);
        var errors = counts.Take().Where(count => count.Kind == RunCountKind.CallError).ToList();
        Assert.InRange(errors.Count, 2, RunCounts.MostErrors + 1);
        Assert.Equal(1_000, errors.Sum(error => error.Amount));
        Assert.Contains(errors, error => error.Item == "other");
    }

    /// <summary>A run that is counted allocates what one does that is not.</summary>
    [Fact]
    public async Task Counting_AllocatesNothing()
    {
        var plan = TestFlow.Plan(
            """
            { "id": "it", "type": "Condition", "branches": [ { "outcome": "Yes", "rules": [ { "key": "flow.id", "operator": "equal",
              "value": "f" } ] } ] }
            """,
            "Yes",
            "Else"
        );
        var counted = RunServices.Default with { Counts = new RunCounts() };
        await BytesAsync(counted);
        await BytesAsync(RunServices.Default);

        Assert.InRange(await BytesAsync(counted) - await BytesAsync(RunServices.Default), -2_000, 2_000);

        async Task<long> BytesAsync(RunServices services)
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            for (var i = 0; i < 200; i++)
                await FlowExecutor.AdvanceAsync(FlowRun.Start(plan, new RunStart(), services), TestContext.Current.CancellationToken);
            return GC.GetAllocatedBytesForCurrentThread() - before;
        }
    }
}
