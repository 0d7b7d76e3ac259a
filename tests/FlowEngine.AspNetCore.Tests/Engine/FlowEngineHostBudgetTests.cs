using FlowEngine.AspNetCore;
using FlowEngine.AspNetCore.Engine;
using FlowEngine.Context;
using FlowEngine.Execution;
using FlowEngine.Screens;
using FlowEngine.Tests;

namespace FlowEngine.AspNetCore.Tests.Engine;

/// <summary>What a whole login allocates with stubbed I/O: at most 4 kB with the
/// trace off and 8 kB with it on. Times are compared in bench/ only.</summary>
public sealed class FlowEngineHostBudgetTests
{
    private const int Runs = 500;

    private static readonly FlowValue Form = FlowValue.Parse("""{ "email": "ada@example.com" }""");

    [Theory]
    [InlineData(false, 4096)]
    [InlineData(true, 8192)]
    public async Task Login_WithStubbedReplies_StaysWithinItsBudget(bool trace, long budget)
    {
        var folder = Path.Combine(Repository.Root, "flows");
        await using var host = FlowEngineHost.Open(
            folder,
            null,
            new FlowEngineOptions { Egress = new() { AllowPrivateNetworks = true } }.Modules()
        );
        var plan = host.Compile(Path.Combine(folder, "login.flow.json")).Plan!;
        var services = RunServices.Default with { Replies = new SameReplies(), Trace = trace };

        for (var i = 0; i < Runs; i++)
            Login(plan, services);
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < Runs; i++)
            Login(plan, services);
        var bytes = (GC.GetAllocatedBytesForCurrentThread() - before) / Runs;

        Assert.InRange(bytes, 500, budget);
    }

    /// <summary>Everything answers at once, so a login stays on this thread and its bytes are counted.</summary>
    private static void Login(FlowPlan plan, RunServices services)
    {
        var run = FlowRun.Start(plan, new RunStart(), services);
        Assert.True(FlowExecutor.AdvanceAsync(run).AsTask().IsCompletedSuccessfully);
        Assert.True(FlowExecutor.SubmitAsync(run, new ScreenSubmission("submit", Form)).AsTask().IsCompletedSuccessfully);
        Assert.Equal(RunStatus.Completed, run.Status);
    }

    private sealed class SameReplies() : ScriptedReplies(FlowValue.Missing)
    {
        private static readonly FlowValue Row = FlowValue.Parse("""{ "rows": [ { "id": "ada", "tier": "gold" } ] }""");
        private static readonly FlowValue Profile = FlowValue.Parse(
            """{ "statusCode": 200, "headers": { "x-region": "eu-west-1" }, "body": { "name": "Ada" } }"""
        );

        public override FlowValue Take(string activityId) => activityId == "lookup" ? Row : Profile;
    }
}
