using System.Diagnostics;
using System.Net;
using FlowEngine.Context;
using FlowEngine.Storage;
using FlowEngine.TestServers;

namespace FlowEngine.AspNetCore.Tests.Runs.Cluster;

/// <summary>Several nodes of the real server on one PostgreSQL.</summary>
[Trait("Category", "cluster")]
public sealed class RunClusterTests(PostgresFixture postgres)
{
    private const int Logins = 500;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Logins_WhileANodeIsKilledAndAnotherJoins_AllEndAsTheyMust()
    {
        await using var cluster = await TestCluster.StartAsync(postgres.ConnectionString, await postgres.CreateDatabaseAsync(), 2);
        var logins = new ManyLogins(cluster);

        await logins.RunAsync(
            Logins,
            Logins / 4,
            async () =>
            {
                var killed = cluster["a"];
                await killed.KillAsync();
                // The load balancer notices a moment later.
                await Task.Delay(1000, Stop);
                cluster.Take("a");
                await cluster.AddAsync("c");
            }
        );

        await logins.AssertAllAsync(Logins);
        Assert.True(cluster.Errors.ContainsKey("0"), "The node was killed while it was in use.");
        Assert.DoesNotContain(cluster.Errors.Keys, error => error != "0" && error != "503 api.moving");
    }

    [Fact]
    public async Task Logins_WhilePostgresRestarts_AllEndAsTheyMustAndErrorsAreClear()
    {
        Assert.SkipWhen(LocalPostgres.FindPrograms() is null, "Needs a PostgreSQL that the test may stop.");
        await using var server = await LocalPostgres.StartNewAsync();
        await using var cluster = await TestCluster.StartAsync(server.ConnectionString, server.ConnectionString, 2);
        var logins = new ManyLogins(cluster);

        await logins.RunAsync(
            Logins,
            Logins / 4,
            async () =>
            {
                await server.StopAsync();
                // As long as the server of the database is away: logins go on failing meanwhile.
                await Task.Delay(2000, Stop);
                await server.StartAsync();
            }
        );

        await logins.AssertAllAsync(Logins);
        Assert.True(cluster.Errors.ContainsKey("503 storage.unavailable"), string.Join(", ", cluster.Errors.Keys));
        Assert.DoesNotContain(
            cluster.Errors.Keys,
            error => error.StartsWith("503", StringComparison.Ordinal) && error != "503 storage.unavailable"
        );
    }

    /// <summary>Whoever presses a button again and again, at whichever node, has the API that asked for time called once.</summary>
    [Fact]
    [Trait("Category", "slow")]
    public async Task Presses_WithinACooldown_CallTheApiOnceOnBothNodes()
    {
        const int People = 500;
        const int Presses = 20; // A screen takes no more.
        await using var cluster = await TestCluster.StartAsync(postgres.ConnectionString, await postgres.CreateDatabaseAsync(), 2);
        await PressAsync(await cluster.BeginAsync("tired"));
        // What one node was told, the other knows within a second.
        await Task.Delay(TimeSpan.FromSeconds(1), Stop);

        await Parallel.ForEachAsync(
            Enumerable.Range(0, People),
            new ParallelOptions { MaxDegreeOfParallelism = 32, CancellationToken = Stop },
            async (_, _) =>
            {
                var at = await cluster.BeginAsync("tired");
                for (var i = 0; i < Presses; i++)
                    at = await PressAsync(at);
            }
        );

        Assert.Equal(1, cluster.Api.Refusals);

        async Task<FlowValue> PressAsync(FlowValue at)
        {
            var next = await cluster.SubmitAsync(at, "");
            Assert.Equal(("waiting", "ask"), (next.Get("status").ToText(), next.Get("stepName").ToText()));
            return next;
        }
    }

    [Fact]
    public async Task Nodes_ShareRunsPublishesAndTokens()
    {
        await using var cluster = await TestCluster.StartAsync(postgres.ConnectionString, await postgres.CreateDatabaseAsync(), 2);
        var (a, b) = (cluster["a"], cluster["b"]);

        // A run of one goes on at the other; both are asked at once and give one answer.
        var at = await a.BeginAsync("visit");
        var answers = await Task.WhenAll(Enumerable.Range(0, 8).Select(i => (i % 2 == 0 ? a : b).SubmitAsync(at, "ada@example.com")));
        Assert.All(answers, answer => Assert.Equal(answers[0].Text, answer.Text));
        Assert.Equal("completed", answers[0].Body.Get("status").ToText());
        Assert.Single(cluster.Api.Posts, post => post.Run == at.Get("executionId").ToText());

        // The tokens of both say the same issuer.
        var other = (await b.SubmitAsync(await b.BeginAsync("visit"), "ada@example.com")).Body;
        Assert.Equal(IssuerOf(answers[0].Body), IssuerOf(other));

        // One access token for both; one more after the API refused it, however many noticed.
        await OrdersAsync(a, b);
        Assert.Equal(1, cluster.Api.Tokens);
        cluster.Api.Revoke();
        await OrdersAsync(a, b);
        Assert.Equal(2, cluster.Api.Tokens);

        // What another process publishes is seen by both.
        await using var storage = await cluster.OpenStorageAsync();
        Assert.False(
            (await storage.Database.FirstAsync<string>("select encode(sealed_grant, 'escape') from access_tokens", null, Stop))!.Contains(
                "token-2",
                StringComparison.Ordinal
            )
        );
        const string Fresh =
            """{ "id": "fresh", "start": "done", "access": "public", "activities": [ { "id": "done", "type": "End","""
            + """ "outputs": { "n": 1 } } ], "connections": [] }""";
        await storage.Flows.PublishAsync(
            new FlowPublication
            {
                FlowId = "fresh",
                Definition = FlowValue.Parse(Fresh).ToJson(),
                Author = "ada",
                Tells = null,
            },
            Stop
        );
        var since = Stopwatch.GetTimestamp();
        foreach (var node in new[] { a, b })
        {
            while ((await node.PostAsync("/v1/flow/start", """{ "flowId": "fresh" }""")).Status != HttpStatusCode.OK)
            {
                Assert.True(Stopwatch.GetElapsedTime(since) < TimeSpan.FromSeconds(10), "The node does not see the flow.");
                await Task.Delay(100, Stop);
            }
        }
    }

    [Fact]
    public async Task Terminate_ANodeWithARunUnderWay_FinishesItAndLosesNothing()
    {
        await using var cluster = await TestCluster.StartAsync(postgres.ConnectionString, await postgres.CreateDatabaseAsync(), 2);
        var (a, b) = (cluster["a"], cluster["b"]);
        var hold = cluster.Api.Hold("two");
        var waiting = await a.BeginAsync("visit");
        var at = await a.BeginAsync("held");
        var underWay = a.SubmitAsync(at, "");
        await cluster.Api.ArrivedAsync("/held/two", at.Get("executionId").ToText());

        a.Signal();
        var (status, code) = await ReadyAsync(a);
        Assert.Equal((HttpStatusCode.ServiceUnavailable, "api.draining"), (status, code));
        // Twice the lease of a node: one that finishes its work is not taken for one that is lost.
        await Task.Delay(4000, Stop);
        hold.SetResult();

        // It was begun before the end, so it is answered; and each activity was called once.
        Assert.Equal("completed", (await underWay).Body.Get("status").ToText());
        Assert.Equal(0, await a.TerminateAsync());
        Assert.Equal(2, cluster.Api.Posts.Count(post => post.Run == at.Get("executionId").ToText()));
        // The others have what the node had, and nobody has to find out that it is gone.
        var since = Stopwatch.GetTimestamp();
        Assert.Equal("completed", (await b.SubmitAsync(waiting, "ada@example.com")).Body.Get("status").ToText());
        Assert.Equal("completed", (await b.SubmitAsync(at, "")).Body.Get("status").ToText());
        Assert.True(Stopwatch.GetElapsedTime(since) < TimeSpan.FromSeconds(8));
    }

    [Fact]
    public async Task Kill_ANodeInTheMiddleOfAStepDurableRun_AnotherGoesOnByItself()
    {
        await using var cluster = await TestCluster.StartAsync(postgres.ConnectionString, await postgres.CreateDatabaseAsync(), 1);
        var hold = cluster.Api.Hold("two");
        var at = await cluster["a"].BeginAsync("held");
        var run = at.Get("executionId").ToText();
        var lost = cluster["a"].SubmitAsync(at, "");
        await cluster.Api.ArrivedAsync("/held/two", run);
        await cluster.AddAsync("b");

        await cluster["a"].KillAsync();
        await Assert.ThrowsAnyAsync<HttpRequestException>(() => lost);
        hold.SetResult();

        // Nobody asks for it.
        await cluster.Api.ArrivedAsync("/held/two", run, count: 2);
        var (_, done, text) = await cluster["b"].SubmitAsync(at, "");
        Assert.True(done.Get("status").ToText() == "completed", text);
        Assert.Equal("/held/two", done.Get("output").Get("two").ToText());
        var posts = cluster.Api.Posts.Where(post => post.Run == run).ToList();
        Assert.Equal(["/held/one", "/held/two", "/held/two"], posts.Select(post => post.Path));
        Assert.Equal(posts[1].Key, posts[2].Key);
    }

    private static async Task OrdersAsync(params ServeProcess[] nodes)
    {
        var answers = await Task.WhenAll(
            Enumerable
                .Range(0, 20)
                .Select(i =>
                    nodes[i % nodes.Length]
                        .PostAsync("/v1/mgmt/flow/run", """{ "flowId": "orders", "options": { "input": {} } }""", TestCluster.ManagementKey)
                )
        );
        Assert.All(answers, answer => Assert.True(answer.Body.Get("output").Get("status").ToText() == "200", answer.Text));
    }

    private static string IssuerOf(FlowValue answer) =>
        new Microsoft.IdentityModel.JsonWebTokens.JsonWebToken(answer.Get("authInfo").Get("sessionJwt").ToText()).Issuer;

    private static async Task<(HttpStatusCode Status, string Code)> ReadyAsync(ServeProcess node)
    {
        for (var i = 0; ; i++)
        {
            using var answer = await node.Http.GetAsync("/readyz", Stop);
            if (answer.StatusCode != HttpStatusCode.OK || i == 100)
                return (answer.StatusCode, FlowValue.Parse(await answer.Content.ReadAsStringAsync(Stop)).Get("errorCode").ToText());
            await Task.Delay(20, Stop);
        }
    }
}
