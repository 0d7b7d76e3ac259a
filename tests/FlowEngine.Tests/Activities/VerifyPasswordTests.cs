using FlowEngine.Context;
using FlowEngine.Execution;
using FlowEngine.Identity;
using FlowEngine.Workers;

namespace FlowEngine.Tests.Activities;

[Trait("Category", "slow")]
public sealed class VerifyPasswordTests
{
    private const string Activity =
        """{ "id": "it", "type": "VerifyPassword", "password": "{{client.password}}", "hash": "{{client.hash}}" }""";

    [Fact]
    public async Task Execute_RightPassword_Matches()
    {
        var run = await RunAsync("secret", FlowValue.From(PasswordHash.Create("secret")));
        Assert.Equal("Match", run.EndName);
        Assert.Empty(run.Trace![0].Warnings);
    }

    [Fact]
    public async Task Execute_WrongPassword_DoesNot()
    {
        var run = await RunAsync("other", FlowValue.From(PasswordHash.Create("secret")));
        Assert.Equal("No Match", run.EndName);
        Assert.Empty(run.Trace![0].Warnings);
    }

    [Theory]
    [InlineData("null")]
    [InlineData("\"\"")]
    public async Task Execute_NoHash_DoesNot(string hash)
    {
        var run = await RunAsync("secret", FlowValue.Parse(hash));
        Assert.Equal("No Match", run.EndName);
        Assert.Empty(run.Trace![0].Warnings);
    }

    [Theory]
    [InlineData("\"secret\"")]
    [InlineData("\"$2a$31$If6bvum7DFjUnE9p2uDeDu0YHzrHM6tf.iqN8.yx.jNN1ILEf7h0i\"")]
    [InlineData("5")]
    [InlineData("[\"secret\"]")]
    public async Task Execute_UnknownFormat_DoesNotAndWarns(string hash)
    {
        var run = await RunAsync("secret", FlowValue.Parse(hash));
        Assert.Equal("No Match", run.EndName);
        var warning = Assert.Single(run.Trace![0].Warnings);
        Assert.Equal("password.hash", warning.Code);
        Assert.DoesNotContain("secret", warning.Message);
    }

    [Fact]
    public async Task Execute_Tracing_ShowsNeitherPasswordNorHash()
    {
        var run = await RunAsync("secret", FlowValue.From(PasswordHash.Create("secret")));
        Assert.True(run.Trace![0].Input.IsMissing);
        Assert.True(run.Trace[0].Output.IsMissing);
    }

    [Fact]
    public async Task Execute_QueueIsFull_IsAnErrorAndNeverAnAnswer()
    {
        using var gate = new ManualResetEventSlim();
        var workers = new FairWorkers("full", 1, 0);
        var held = workers.RunAsync("", () => gate.Wait(TimeSpan.FromMinutes(1), TestContext.Current.CancellationToken), default);
        var services = RunServices.Default with { Trace = true, PasswordWorkers = workers };
        var client = FlowValue.From(
            FlowShape.Of("password", "hash").With(FlowValue.From("secret"), FlowValue.From(PasswordHash.Create("secret")))
        );

        var automatic = await TestFlow.RunAsync(TestFlow.Plan(Activity, "Match", "No Match"), client, services);
        Assert.Equal((RunStatus.Failed, "password.busy"), (automatic.Status, automatic.Failure!.Code));
        var handled = Activity.Replace(
            "\"hash\"",
            "\"errorHandling\": { \"Not Checked\": \"custom\" }, \"hash\"",
            StringComparison.Ordinal
        );
        Assert.Equal(
            "Not Checked",
            (await TestFlow.RunAsync(TestFlow.Plan(handled, "Match", "No Match", "Not Checked"), client, services)).EndName
        );

        gate.Set();
        await held;
        Assert.Equal("Match", (await TestFlow.RunAsync(TestFlow.Plan(Activity, "Match", "No Match"), client, services)).EndName);
    }

    [Fact]
    public void Compile_BusyIgnored_IsRefused()
    {
        var ignoring = Activity.Replace(
            "\"hash\"",
            "\"errorHandling\": { \"Not Checked\": \"ignore\" }, \"hash\"",
            StringComparison.Ordinal
        );
        var problem = TestFlow.OnlyError(TestFlow.Compile(ignoring, "Match", "No Match"));
        Assert.Equal(("flow.value", "/activities/0/errorHandling/Not Checked"), (problem.Code, problem.Pointer));
    }

    [Fact]
    public async Task Execute_ManyAtOnce_AreComparedOnThreadsOfTheirOwn()
    {
        var workers = new FairWorkers("own", 1, 16, maxWait: TimeSpan.FromHours(1));
        var services = RunServices.Default with { PasswordWorkers = workers };
        var plan = TestFlow.Plan(Activity, "Match", "No Match");
        var client = FlowValue.From(
            FlowShape
                .Of("password", "hash")
                .With(FlowValue.From("x"), FlowValue.From("$2b$04$If6bvum7DFjUnE9p2uDeDu0YHzrHM6tf.iqN8.yx.jNN1ILEf7h0i"))
        );
        using var gate = new ManualResetEventSlim();
        var entered = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var held = workers.RunAsync(
            "",
            () =>
            {
                entered.SetResult();
                return gate.Wait(TimeSpan.FromMinutes(1), TestContext.Current.CancellationToken);
            },
            default
        );
        await entered.Task;

        // The caller's thread is free again although the only worker is held.
        var runs = Enumerable.Range(0, 8).Select(_ => TestFlow.RunAsync(plan, client, services)).ToList();
        Assert.Equal(8, workers.Queued);
        Assert.All(runs, run => Assert.False(run.IsCompleted));

        gate.Set();
        Assert.All(await Task.WhenAll(runs), run => Assert.Equal("No Match", run.EndName));
        await held;
    }

    [Fact]
    public async Task Execute_CancelledWhileItWaits_EndsAtOnce()
    {
        var workers = new FairWorkers("own", 1, 1, maxWait: TimeSpan.FromHours(1));
        using var gate = new ManualResetEventSlim();
        var held = workers.RunAsync("", () => gate.Wait(TimeSpan.FromMinutes(1), TestContext.Current.CancellationToken), default);
        using var cancellation = new CancellationTokenSource();
        var client = FlowValue.Parse("""{ "password": "x", "hash": "" }""");
        var run = TestFlow.RunAsync(
            TestFlow.Plan(Activity, "Match", "No Match"),
            client,
            RunServices.Default with
            {
                PasswordWorkers = workers,
            },
            cancellation.Token
        );

        await cancellation.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => run);
        gate.Set();
        await held;
    }

    /// <summary>The activity remembers what people's hashes cost, and spends it on names that nobody has.</summary>
    [Fact]
    public async Task Execute_NobodyAfterADearHash_CostsAsMuch()
    {
        var plan = TestFlow.Plan(Activity, "Match", "No Match");
        Assert.InRange(await BytesAsync("\"\""), 0, 40_000 * 1024);
        await BytesAsync("\"$argon2id$v=19$m=65536,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc\"");
        Assert.InRange(await BytesAsync("\"\""), 65_536 * 1024, long.MaxValue);
        Assert.InRange(await BytesAsync("\"unknown format\""), 65_536 * 1024, long.MaxValue);

        async Task<long> BytesAsync(string hash)
        {
            // One thread, and its own: what it took is what the comparison took.
            var workers = new FairWorkers("own", 1, 3, maxWait: TimeSpan.FromHours(1));
            var before = await ThreadsBytesAsync(workers);
            var client = FlowValue.Parse($$"""{ "password": "x", "hash": {{hash}} }""");
            Assert.Equal(
                "No Match",
                (await TestFlow.RunAsync(plan, client, RunServices.Default with { PasswordWorkers = workers })).EndName
            );
            return await ThreadsBytesAsync(workers) - before;
        }

        static async Task<long> ThreadsBytesAsync(FairWorkers workers)
        {
            var (bytes, busy) = await workers.RunAsync("", GC.GetAllocatedBytesForCurrentThread, default);
            Assert.Equal(WorkersBusy.No, busy);
            return bytes;
        }
    }

    private static Task<FlowRun> RunAsync(string password, FlowValue hash) =>
        TestFlow.RunAsync(
            TestFlow.Plan(Activity, "Match", "No Match"),
            FlowValue.From(FlowShape.Of("password", "hash").With(FlowValue.From(password), hash))
        );
}
