namespace FlowEngine.TestServers;

/// <summary>Per test class: one server with the demo.</summary>
public sealed class DemoServer : IAsyncLifetime
{
    internal ServeProcess Server { get; private set; } = null!;

    public async ValueTask InitializeAsync() => Server = await ServeProcess.DemoAsync();

    public ValueTask DisposeAsync() => Server.DisposeAsync();
}
