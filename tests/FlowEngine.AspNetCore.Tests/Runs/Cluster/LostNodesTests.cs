using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using FlowEngine.Context;
using FlowEngine.TestServers;

namespace FlowEngine.AspNetCore.Tests.Runs.Cluster;

/// <summary>A node of three is killed, or stands still and wakes up: what the others notice of it, and for how long.</summary>
[Trait("Category", "cluster")]
public sealed class LostNodesTests(PostgresFixture postgres)
{
    /// <summary>
    /// Less than it takes to put out a node that stands still: whoever waits for that one takes so much longer than others did while all
    /// nodes were there, however busy the machine is.
    /// </summary>
    private static readonly TimeSpan Unnoticed = TimeSpan.FromSeconds(3);

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Kill_OneOfThree_OthersGoOnAtOnceAndItsRunsFollow()
    {
        await using var cluster = await ThreeNodesAsync();
        var usual = (await LoginsAsync(cluster, TimeSpan.FromSeconds(2))).Max();
        var its = await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => cluster["c"].BeginAsync("visit")));

        await cluster.Take("c").KillAsync();
        var since = Stopwatch.GetTimestamp();
        var others = LoginsAsync(cluster, TimeSpan.FromSeconds(8));
        var done = await Task.WhenAll(its.Select(at => cluster.SubmitAsync(at, "ada@example.com")));
        var moved = Stopwatch.GetElapsedTime(since);

        Assert.All(done, answer => Assert.Equal("completed", answer.Get("status").ToText()));
        AssertUnnoticed(await others, usual);
        // Not by probes, which take seconds.
        Assert.Contains("is gone: nothing listens there any more", cluster["a"].Output + cluster["b"].Output, StringComparison.Ordinal);
        Assert.True(moved < TimeSpan.FromSeconds(10) + usual, $"Runs of the killed node went on after {moved}; a call takes {usual}.");
        Assert.DoesNotContain(cluster.Errors.Keys, error => error.StartsWith("500", StringComparison.Ordinal));
        TestContext.Current.TestOutputHelper!.WriteLine($"moved after {moved.TotalSeconds:0.0} s");
    }

    [Fact]
    public async Task Freeze_OneOfThree_OthersGoOnAndItDoesNothingTwiceWhenItWakes()
    {
        await using var cluster = await ThreeNodesAsync();
        var usual = (await LoginsAsync(cluster, TimeSpan.FromSeconds(2))).Max();
        var its = await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => cluster["c"].BeginAsync("visit")));
        var frozen = cluster.Take("c");

        frozen.Send("STOP");
        var since = Stopwatch.GetTimestamp();
        var others = LoginsAsync(cluster, TimeSpan.FromSeconds(8));
        var done = await Task.WhenAll(its.Select(at => cluster.SubmitAsync(at, "ada@example.com")));
        var moved = Stopwatch.GetElapsedTime(since);
        AssertUnnoticed(await others, usual);
        Assert.All(done, answer => Assert.Equal("completed", answer.Get("status").ToText()));
        Assert.True(moved < TimeSpan.FromSeconds(20) + usual, $"Runs of the frozen node went on after {moved}; a call takes {usual}.");
        Assert.DoesNotContain(cluster.Errors.Keys, error => error.StartsWith("500", StringComparison.Ordinal));
        TestContext.Current.TestOutputHelper!.WriteLine($"moved after {moved.TotalSeconds:0.0} s");

        // It wakes up with the runs as they were in its memory, and is asked at once.
        var late = its.Select(at => AskAsync(frozen, at)).ToList();
        frozen.Send("CONT");
        Assert.All(
            (await Task.WhenAll(late)).Index(),
            answer => Assert.True(answer.Item is null || answer.Item == done[answer.Index].ToJson(), answer.Item)
        );
        foreach (var at in its)
            Assert.Single(cluster.Api.Posts, post => post.Run == at.Get("executionId").ToText());
        await frozen.EndAsync();
    }

    private async Task<TestCluster> ThreeNodesAsync() =>
        await TestCluster.StartAsync(postgres.ConnectionString, await postgres.CreateDatabaseAsync(), 3);

    /// <summary>People who sign in at the nodes that are left, one after another at each, and how long each call took.</summary>
    private static async Task<IReadOnlyCollection<TimeSpan>> LoginsAsync(TestCluster cluster, TimeSpan time)
    {
        var took = new ConcurrentBag<TimeSpan>();
        var since = Stopwatch.GetTimestamp();
        await Task.WhenAll(
            new[] { "a", "b" }.Select(name =>
                Task.Run(
                    async () =>
                    {
                        while (Stopwatch.GetElapsedTime(since) < time)
                        {
                            var began = Stopwatch.GetTimestamp();
                            var at = await cluster[name].BeginAsync("visit");
                            took.Add(Stopwatch.GetElapsedTime(began));
                            began = Stopwatch.GetTimestamp();
                            var (status, done, text) = await cluster[name].SubmitAsync(at, "grace@example.com");
                            Assert.True(status == HttpStatusCode.OK && done.Get("status").ToText() == "completed", text);
                            took.Add(Stopwatch.GetElapsedTime(began));
                        }
                    },
                    Stop
                )
            )
        );
        return took;
    }

    /// <param name="usual">The longest that a call took while all nodes were there.</param>
    private static void AssertUnnoticed(IReadOnlyCollection<TimeSpan> took, TimeSpan usual)
    {
        TestContext.Current.TestOutputHelper!.WriteLine(
            $"{took.Count} calls, the longest {took.Max().TotalMilliseconds:0} ms, before {usual}"
        );
        var most = Unnoticed + usual;
        Assert.True(
            took.Max() < most,
            $"{took.Count(time => time >= most)} of {took.Count} calls at living nodes waited, up to {took.Max()}; before, up to {usual}."
        );
    }

    /// <summary>What a node answers to a submission; null when it does not, or says that it cannot.</summary>
    private static async Task<string?> AskAsync(ServeProcess node, FlowValue at)
    {
        try
        {
            var (status, body, text) = await node.SubmitAsync(at, "ada@example.com");
            Assert.True(status is HttpStatusCode.OK or HttpStatusCode.ServiceUnavailable, text);
            return status == HttpStatusCode.OK ? body.ToJson() : null;
        }
        catch (HttpRequestException)
        {
            return null;
        }
    }
}
