using FlowEngine.AspNetCore.Runs.Cluster;
using FlowEngine.HttpConnector.Authentication.OAuth;
using FlowEngine.Storage;
using FlowEngine.TestServers;

namespace FlowEngine.AspNetCore.Tests.Runs.Cluster;

/// <summary>Two nodes share the access tokens of connectors.</summary>
public sealed class ClusterTokensTests(PostgresFixture postgres) : IAsyncLifetime
{
    private TestStorage _test = null!;
    private ClusterTokens _one = null!;
    private ClusterTokens _two = null!;
    private int _asked;

    private static CancellationToken Stop => TestStorage.Stop;

    public async ValueTask InitializeAsync()
    {
        _test = await TestStorage.CreateAsync(StoreEngine.Postgres, postgres);
        _one = Of(_test.Storage);
        _two = Of(await _test.OpenAsync());
    }

    public ValueTask DisposeAsync() => _test.DisposeAsync();

    [Fact]
    public async Task Get_ByBothAtOnce_AsksOnceAndBothHaveIt()
    {
        var grants = await Task.WhenAll(
            Enumerable.Range(0, 10).Select(i => Task.Run(() => GetAsync(i % 2 == 0 ? _one : _two, slow: true)))
        );

        Assert.Equal(1, _asked);
        Assert.All(grants, grant => Assert.Equal("token-1", grant.Token));
        Assert.All(grants, grant => Assert.InRange(grant.UsableFor, TimeSpan.FromSeconds(60), TimeSpan.FromSeconds(90)));
        Assert.DoesNotContain(
            "token-1",
            await _test.Storage.Database.FirstAsync<string>("select encode(sealed_grant, 'escape') from access_tokens", null, Stop),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task Get_OfATokenThatWasRefused_AsksOnceMoreForBoth()
    {
        await GetAsync(_one);

        var first = await GetAsync(_one, refused: "token-1");
        var second = await GetAsync(_two, refused: "token-1");

        Assert.Equal(("token-2", "token-2"), (first.Token, second.Token));
        Assert.Equal(2, _asked);
    }

    [Fact]
    public async Task Get_OfAnotherClient_AsksForItself()
    {
        await GetAsync(_one);

        Assert.Equal("token-2", (await GetAsync(_two, key: "other")).Token);
    }

    [Fact]
    public async Task Get_AfterExpiry_AsksAgain()
    {
        await GetAsync(_one);
        await _test.Storage.Database.WriteAsync("update access_tokens set expires_at = 0", null, Stop);

        Assert.Equal("token-2", (await GetAsync(_two)).Token);
    }

    [Fact]
    public async Task Failure_HoldsForBoth_LongerEachTime()
    {
        var rests = new List<long>();
        for (var i = 0; i < 7; i++)
        {
            Assert.Equal($"problem {i + 1}", (await GetAsync(_one, fails: true)).Problem);
            Assert.Equal($"problem {i + 1}", (await GetAsync(_two, fails: true)).Problem);
            rests.Add(
                await _test.Storage.Database.FirstAsync<long>(
                    "select expires_at - (extract(epoch from clock_timestamp()) * 1000)::bigint from access_tokens",
                    null,
                    Stop
                )
            );
            await _test.Storage.Database.WriteAsync("update access_tokens set expires_at = 0", null, Stop);
        }

        Assert.Equal(7, _asked);
        Assert.All(
            rests.Zip([1000L, 2000, 4000, 8000, 16_000, 30_000, 30_000]),
            rest => Assert.InRange(rest.First, rest.Second - 900, rest.Second)
        );
        Assert.Equal("token-8", (await GetAsync(_two)).Token);
    }

    [Fact]
    public async Task Get_WhileTheOneThatAskedIsGone_TakesOver()
    {
        using var gone = new CancellationTokenSource();
        _ = _one.GetAsync(
            "key",
            null,
            token => Task.Delay(Timeout.Infinite, gone.Token).ContinueWith<TokenGrant>(_ => null!, TaskScheduler.Default),
            Stop
        );
        while (await _test.Storage.Database.FirstAsync<int>("select count(*) from access_tokens", null, Stop) == 0)
            await Task.Delay(10, Stop);
        var waiting = GetAsync(_two);
        Assert.False(waiting.IsCompleted);

        await _test.Storage.Database.WriteAsync("update access_tokens set leased_until = 0", null, Stop);

        Assert.Equal("token-1", (await waiting).Token);
    }

    [Fact]
    public async Task Get_WithoutADatabase_AsksForItself()
    {
        await using var none = new FlowEngine.Storage.Engines.Postgres.PostgresDatabase(
            "Host=127.0.0.1;Port=1;Username=u;Database=d;Timeout=2"
        );

        Assert.Equal("token-1", (await GetAsync(new ClusterTokens(none, _test.Storage.Vaults, TimeProvider.System))).Token);
    }

    /// <summary>Times are the database's, so the test's clock is the real one.</summary>
    private static ClusterTokens Of(ServerStorage storage) => new(storage.Database, storage.Vaults, TimeProvider.System);

    private Task<TokenGrant> GetAsync(
        ClusterTokens tokens,
        string key = "key",
        string? refused = null,
        bool fails = false,
        bool slow = false
    ) =>
        tokens.GetAsync(
            key,
            refused,
            async _ =>
            {
                var asked = Interlocked.Increment(ref _asked);
                if (slow)
                    await Task.Delay(200, Stop); // The others ask while this one is not answered.
                return fails
                    ? new TokenGrant(null, default, $"problem {asked}")
                    : new TokenGrant($"token-{asked}", TimeSpan.FromSeconds(90), null);
            },
            Stop
        );
}
