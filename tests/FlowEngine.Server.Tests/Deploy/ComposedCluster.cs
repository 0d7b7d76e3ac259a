using static FlowEngine.Server.Tests.Deploy.ComposeFile;

namespace FlowEngine.Server.Tests.Deploy;

/// <summary>Per test class: what <c>deploy/make-secrets.sh &amp;&amp; docker compose up</c> starts, in the order of <c>depends_on</c>, as
/// processes of this machine.</summary>
public sealed class ComposedCluster : IAsyncLifetime
{
    private readonly Dictionary<string, ContainerProcess> _containers = [];
    private ComposePlaces? _places;
    private CaddyStandIn? _proxy;

    internal ComposePostgres Postgres { get; } = new();

    internal ComposePlaces Places => _places ?? throw new InvalidOperationException("It did not start.");

    internal CaddyStandIn Proxy => _proxy ?? throw new InvalidOperationException("It did not start.");

    public async ValueTask InitializeAsync()
    {
        try
        {
            await UpAsync();
        }
        catch
        {
            await DisposeAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_proxy is not null)
            await _proxy.DisposeAsync();
        _proxy = null;
        foreach (var container in _containers.Values)
            await container.DisposeAsync();
        _containers.Clear();
        await Postgres.DisposeAsync();
        _places?.Dispose();
        _places = null;
    }

    /// <summary>A secret that make-secrets.sh made, as a service sees it.</summary>
    internal string SecretOf(string service, string name) => File.ReadAllText(Places.PathIn(service, $"/run/secrets/{name}"));

    private async Task UpAsync()
    {
        _places = new ComposePlaces(Postgres.Port);
        await Postgres.StartAsync(_places);
        var check = Texts(Services.Get("postgres").Get("healthcheck").Get("test"));
        Assert.Equal("CMD-SHELL", check[0]);
        var healthy = await Postgres.CheckAsync(check[1]);
        Assert.True(healthy.ExitCode == 0, healthy.Output);

        await StartAsync("demo-api");
        await Task.WhenAll(StartAsync("node-1"), StartAsync("node-2"));
        _proxy = await CaddyStandIn.StartAsync(_places);
    }

    private async Task StartAsync(string service)
    {
        var container = await ContainerProcess.StartAsync(service, Places);
        lock (_containers)
            _containers.Add(service, container);
    }
}
