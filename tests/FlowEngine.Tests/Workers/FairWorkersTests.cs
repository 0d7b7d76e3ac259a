using FlowEngine.Context;
using FlowEngine.Execution;
using FlowEngine.Identity;
using FlowEngine.Workers;
using Microsoft.Extensions.Time.Testing;

namespace FlowEngine.Tests.Workers;

/// <summary>Who shares threads and places in the queue with whom. Nothing
/// is timed: work is held, and a place is taken without any work.</summary>
public sealed class FairWorkersTests
{
    private const string Attacker = "203.0.113.9";

    private const string Verify =
        """{ "id": "it", "type": "VerifyPassword", "password": "{{client.password}}", "hash": "{{client.hash}}" }""";

    [Fact]
    public void Lane_TakesThreeQuartersOfTheThreadsAndHalfOfTheQueue()
    {
        var workers = new FairWorkers("test", 4, 10);
        var greedy = Fill(workers, "greedy");
        Assert.Equal(3 + 5, greedy.Count);
        Assert.Equal((3, 5), (workers.Running, workers.Queued));
        using var other = workers.TryEnter("other");
        Assert.Equal((4, 5), (workers.Running, workers.Queued));

        foreach (var place in greedy)
            place.Dispose();
        other!.Dispose();
        Assert.Equal((0, 0, 0), (workers.Running, workers.Queued, workers.Lanes));
    }

    [Theory]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(64)]
    public void Lane_LeavesAThreadToOthers(int threads)
    {
        var workers = new FairWorkers("test", threads, 10 * threads);
        Fill(workers, "greedy");
        Assert.InRange(workers.Running, 1, threads - 1);
        using var other = workers.TryEnter("other");
        Assert.Equal(1, workers.Running - workers.MaxThreadsOfLane);
    }

    [Fact]
    public async Task Waiting_AreTakenInTurnByLane()
    {
        var workers = new FairWorkers("test", 1, 20, maxWait: TimeSpan.FromHours(1));
        var order = new List<string>();
        var held = workers.TryEnter("a")!;
        var waiting = new[] { "a", "a", "a", "b", "b", "c" }
            .Select(lane =>
                workers
                    .RunAsync(
                        lane,
                        () =>
                        {
                            order.Add(lane);
                            return 0;
                        },
                        default
                    )
                    .AsTask()
            )
            .ToList();
        held.Dispose();
        await Task.WhenAll(waiting);
        Assert.Equal(["a", "b", "c", "a", "b", "a"], order);
    }

    [Fact]
    public async Task Waiting_TooLong_IsBusyAndLeavesItsPlace()
    {
        var time = new FakeTimeProvider();
        var workers = new FairWorkers("test", 1, 2, time: time);
        using var held = workers.TryEnter("a");
        var waiting = workers.RunAsync("a", () => 1, default).AsTask();
        time.Advance(FairWorkers.DefaultMaxWait - TimeSpan.FromTicks(1));
        Assert.Equal((1, false), (workers.Queued, waiting.IsCompleted));
        time.Advance(TimeSpan.FromTicks(1));
        Assert.Equal((0, WorkersBusy.WaitedTooLong), await waiting);
        Assert.Equal((1, 0), (workers.Running, workers.Queued));
    }

    [Fact]
    public async Task Place_DisposedOf_IsLeftOnceAndUsedNeverAgain()
    {
        var workers = new FairWorkers("test", 1, 2);
        var place = workers.TryEnter("a")!;
        Assert.Equal((1, WorkersBusy.No), await place.RunAsync(() => 1, default));
        place.Dispose();
        await Assert.ThrowsAsync<ObjectDisposedException>(async () => await place.RunAsync(() => 1, default));
        Assert.Equal((0, 0), (workers.Running, workers.Queued));

        using var running = workers.TryEnter("a");
        var queued = workers.TryEnter("a")!;
        queued.Dispose();
        queued.Dispose();
        Assert.Equal((1, 0), (workers.Running, workers.Queued));
    }

    [Theory]
    [InlineData("192.0.2.7", "192.0.2.0/24")]
    [InlineData("::ffff:192.0.2.7", "192.0.2.0/24")]
    [InlineData("2001:db8:1:2:3:4:5:6", "2001:db8:1::/48")]
    [InlineData("no address", "")]
    [InlineData(null, "")]
    public void ClientNetwork_IsThe24OrThe48(string? ip, string network) =>
        Assert.Equal(
            network,
            ClientNetwork.WideOf(FlowRun.Start(TestFlow.Plan(Verify, "Match", "No Match"), Start(ip), RunServices.Default).Context)
        );

    [Fact]
    public async Task Passwords_OneNetworkFillsItsShare_OthersAreCompared()
    {
        var workers = new FairWorkers("test", 2, 8, maxWait: TimeSpan.FromHours(1));
        var held = Fill(workers, ClientNetwork.WideOf(System.Net.IPAddress.Parse(Attacker)));

        // Another address of the network, and then 32 people of other networks, one after another.
        var refused = await VerifyAsync(workers, "203.0.113.77");
        Assert.Equal((RunStatus.Failed, "password.busy"), (refused.Status, refused.Failure!.Code));
        for (var i = 0; i < 32; i++)
            Assert.Equal("No Match", (await VerifyAsync(workers, $"198.51.{i}.1")).EndName);
        Assert.Equal("No Match", (await VerifyAsync(workers, "2001:db8::1")).EndName);
        Assert.Equal("No Match", (await VerifyAsync(workers, null)).EndName);

        foreach (var place in held)
            place.Dispose();
        Assert.Equal("No Match", (await VerifyAsync(workers, "203.0.113.77")).EndName);
    }

    [Fact]
    public async Task Passwords_RunsWithoutAnAddress_ShareOneLane()
    {
        var workers = new FairWorkers("test", 2, 8, maxWait: TimeSpan.FromHours(1));
        Fill(workers, "");
        Assert.Equal("password.busy", (await VerifyAsync(workers, null)).Failure!.Code);
        Assert.Equal("password.busy", (await VerifyAsync(workers, "made up")).Failure!.Code);
        Assert.Equal("No Match", (await VerifyAsync(workers, Attacker)).EndName);
    }

    [Fact]
    public void Passwords_OneNetwork_MayKeepEachProcessorBusy() =>
        Assert.InRange(PasswordHash.Workers.MaxThreadsOfLane, Environment.ProcessorCount, PasswordHash.Workers.MaxThreads - 1);

    private static RunStart Start(string? ip) =>
        new()
        {
            Client = FlowValue.Parse("""{ "password": "x", "hash": "$2b$04$If6bvum7DFjUnE9p2uDeDu0YHzrHM6tf.iqN8.yx.jNN1ILEf7h0i" }"""),
            Device = ip is null ? FlowValue.From(FlowObject.Empty) : FlowValue.From(FlowShape.Of("ip").With(FlowValue.From(ip))),
        };

    private static async Task<FlowRun> VerifyAsync(FairWorkers workers, string? ip)
    {
        var run = FlowRun.Start(
            TestFlow.Plan(Verify, "Match", "No Match"),
            Start(ip),
            RunServices.Default with
            {
                PasswordWorkers = workers,
            }
        );
        await FlowExecutor.AdvanceAsync(run, TestContext.Current.CancellationToken);
        return run;
    }

    private static List<FairPlace> Fill(FairWorkers workers, string lane)
    {
        var places = new List<FairPlace>();
        while (workers.TryEnter(lane) is { } place)
            places.Add(place);
        return places;
    }
}
