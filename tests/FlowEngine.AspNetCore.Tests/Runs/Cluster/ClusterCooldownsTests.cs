using FlowEngine.AspNetCore.Runs.Cluster;
using FlowEngine.Storage;
using FlowEngine.TestServers;

namespace FlowEngine.AspNetCore.Tests.Runs.Cluster;

/// <summary>Two nodes leave an API alone together.</summary>
public sealed class ClusterCooldownsTests(PostgresFixture postgres) : IAsyncLifetime
{
    private TestStorage _test = null!;
    private ClusterCooldowns _one = null!;
    private ClusterCooldowns _two = null!;

    private static CancellationToken Stop => TestStorage.Stop;

    public async ValueTask InitializeAsync()
    {
        _test = await TestStorage.CreateAsync(StoreEngine.Postgres, postgres);
        _one = new ClusterCooldowns(_test.Storage.Database);
        _two = new ClusterCooldowns((await _test.OpenAsync()).Database);
    }

    public ValueTask DisposeAsync() => _test.DisposeAsync();

    [Fact]
    public async Task Tell_ByOne_IsKnownToTheOtherAtOnce()
    {
        Assert.Equal(TimeSpan.Zero, await _two.LeftAsync("api https://a", Stop));
        await _one.TellAsync("api https://a", TimeSpan.FromSeconds(60));
        Assert.InRange(await _two.LeftAsync("api https://a", Stop), TimeSpan.FromSeconds(30), TimeSpan.FromSeconds(60));
        Assert.Equal(TimeSpan.Zero, await _two.LeftAsync("api https://b", Stop));
    }

    [Fact]
    public async Task Tell_OfLessThanIsLeft_ShortensNothing()
    {
        await _one.TellAsync("api", TimeSpan.FromMinutes(10));
        await _two.TellAsync("api", TimeSpan.FromSeconds(1));
        Assert.InRange(await _one.LeftAsync("api", Stop), TimeSpan.FromMinutes(5), TimeSpan.FromMinutes(10));
    }

    [Fact]
    public async Task Left_WhenItIsOver_IsNothing()
    {
        await _one.TellAsync("api", TimeSpan.FromMinutes(10));
        await _test.Storage.Database.WriteAsync("update cooldowns set expires_at = 0", null, Stop);
        Assert.Equal(TimeSpan.Zero, await _two.LeftAsync("api", Stop));
    }
}
