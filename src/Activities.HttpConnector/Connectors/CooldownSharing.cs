namespace FlowEngine.HttpConnector.Connectors;

/// <summary>Per process, thread-safe: whom a process tells that an API asked for time, and who tells it: other processes that call the same
/// APIs, or nobody (the default).</summary>
public abstract class CooldownSharing
{
    /// <summary>Every process finds out for itself.</summary>
    public static CooldownSharing None { get; } = new Alone();

    /// <summary>Tells the others. It must not throw when they cannot be reached.</summary>
    /// <param name="connector">Stands for the connector and where it leads.</param>
    /// <param name="wait">How long nobody is to call from now on.</param>
    public abstract Task TellAsync(string connector, TimeSpan wait);

    /// <summary>What the others told. It must not throw when they cannot be reached.</summary>
    /// <param name="connector">Stands for the connector and where it leads.</param>
    /// <param name="cancellationToken">The caller's.</param>
    /// <returns>How long nobody is to call from now on; zero when everybody may.</returns>
    public abstract Task<TimeSpan> LeftAsync(string connector, CancellationToken cancellationToken);

    private sealed class Alone : CooldownSharing
    {
        public override Task TellAsync(string connector, TimeSpan wait) => Task.CompletedTask;

        public override Task<TimeSpan> LeftAsync(string connector, CancellationToken cancellationToken) => Task.FromResult(TimeSpan.Zero);
    }
}
