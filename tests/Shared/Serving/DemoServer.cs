namespace FlowEngine.TestServers;

/// <summary>Per test class: one server with the demo, in this process.</summary>
public sealed class DemoServer : IAsyncLifetime
{
    // All tests come from one address.
    private static readonly string[] NoLimits =
    [
        "RateLimits:StartsPerMinute=0",
        "RateLimits:SubmitsPerMinute=0",
        "RateLimits:TokensPerMinute=0",
    ];

    internal Served Server { get; private set; } = null!;

    public async ValueTask InitializeAsync() => Server = await StartAsync();

    /// <summary>Starts one with settings of its own, which go before.</summary>
    internal static async Task<Served> StartAsync(params string[] settings) =>
        await ApiServer.StartAsync(StoreEngine.Sqlite, settings: [.. NoLimits, .. settings]);

    public ValueTask DisposeAsync() => Server.DisposeAsync();
}
