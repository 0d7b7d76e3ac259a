using FlowEngine.Context;
using FlowEngine.Execution;
using Microsoft.IdentityModel.JsonWebTokens;

namespace FlowEngine.TestServers;

/// <summary>Per test: many people who sign in at once while something breaks, and what must have become of each.</summary>
internal sealed class ManyLogins(TestCluster cluster)
{
    private const int AtOnce = 16;

    private static readonly string[] People = ["ada", "grace", "ghost", "busy"];

    private readonly List<(string Person, FlowValue Answer)> _ends = [];
    private int _begun;

    /// <summary>Signs people in, each through whichever node comes next.</summary>
    /// <param name="count">How many.</param>
    /// <param name="breakAt">Once that many have begun…</param>
    /// <param name="breakIt">…this happens.</param>
    public async Task RunAsync(int count, int breakAt, Func<Task> breakIt)
    {
        var broken = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await Task.WhenAll(
            Enumerable
                .Range(0, AtOnce)
                .Select(worker =>
                    Task.Run(async () =>
                    {
                        for (int i; (i = Interlocked.Increment(ref _begun)) <= count; )
                        {
                            if (i == breakAt)
                                _ = Task.Run(async () =>
                                {
                                    try
                                    {
                                        await breakIt();
                                        broken.SetResult();
                                    }
                                    catch (Exception error)
                                    {
                                        broken.SetException(error);
                                    }
                                });
                            var person = People[i % People.Length];
                            var end = await SignInAsync(person);
                            lock (_ends)
                                _ends.Add((person, end));
                        }
                    })
                )
        );
        await broken.Task;
    }

    /// <summary>Every login ended as that person's must, with that person's token, and no run was done twice.</summary>
    public async Task AssertAllAsync(int count)
    {
        Assert.Equal(count, _ends.Count);
        foreach (var (person, end) in _ends)
        {
            var (status, step) = (end.Get("status").ToText(), end.Get("stepName").ToText());
            Assert.True(
                (status, step)
                    == person switch
                    {
                        "ghost" => ("waiting", "unknown"),
                        "busy" => ("waiting", "signIn"),
                        _ => ("completed", step),
                    },
                $"{person}: {end.ToJson()}"
            );
            Assert.Equal(person is "ghost" or "busy", end.Get("authInfo").IsMissing);
            if (status != "completed")
                continue;
            var token = new JsonWebToken(end.Get("authInfo").Get("sessionJwt").ToText());
            Assert.Equal(person, token.Subject);
            Assert.Equal(PeopleApi.RegionOf(person), token.GetClaim("region").Value);
            Assert.Equal(end.Get("executionId").ToText(), token.GetClaim("run").Value);
        }
        Assert.Equal(_ends.Count, _ends.Select(end => end.Answer.Get("executionId").ToText()).Distinct().Count());

        // The visit is told once per run: what was repeated after a crash came under the key of before.
        var visits = cluster.Api.Posts.Where(post => post.Path.StartsWith("/visits/", StringComparison.Ordinal)).ToList();
        foreach (var (person, end) in _ends.Where(end => end.Person != "busy"))
        {
            var keys = visits.Where(visit => visit.Run == end.Get("executionId").ToText()).ToList();
            Assert.Single(keys.Select(visit => visit.Key).Distinct());
            Assert.All(keys, visit => Assert.Equal($"/visits/{person}", visit.Path));
        }
        var repeated = visits.Count - visits.Select(visit => visit.Key).Distinct().Count();
        Assert.True(repeated <= AtOnce, $"{repeated} visits were repeated, more than were under way when it broke.");

        // The storage agrees: each login has one run, one end and one family of refresh tokens.
        await using var storage = await cluster.OpenStorageAsync();
        var completed = _ends.Count(end => end.Person is "ada" or "grace");
        Assert.Equal(
            completed,
            await storage.Database.FirstAsync<int>(
                "select count(*) from runs where status = @status",
                new { status = (int)RunStatus.Completed },
                TestContext.Current.CancellationToken
            )
        );
        Assert.Equal(
            completed,
            await storage.Database.FirstAsync<int>("select count(*) from refresh_families", null, TestContext.Current.CancellationToken)
        );
        Assert.Equal(
            0,
            await storage.Database.FirstAsync<int>(
                "select count(*) from runs where status in (@running, @failed)",
                new { running = (int)RunStatus.Running, failed = (int)RunStatus.Failed },
                TestContext.Current.CancellationToken
            )
        );
    }

    private async Task<FlowValue> SignInAsync(string person)
    {
        var at = await cluster.BeginAsync();
        while (true)
        {
            var end = await cluster.SubmitAsync(at, $"{person}@example.com");
            // The people's database is the one that breaks: its error leads back to the screen, and the person tries again.
            if (end.Get("stepName").ToText() != "signIn" || end.Get("error").Get("code").ToText() is "" or "http.status")
                return end;
            cluster.Errors.AddOrUpdate($"screen {end.Get("error").Get("code").ToText()}", 1, (_, count) => count + 1);
            at = end;
            await Task.Delay(200);
        }
    }
}
