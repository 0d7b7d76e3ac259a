using System.Net;
using FlowEngine.Context;

namespace FlowEngine.Server.Demo;

/// <summary>
/// Per process, thread-safe: the demo's people database and API inside this process, on a free port of the loopback address. Connector
/// files name the documented addresses; <see cref="Relocate"/> points them here.
/// </summary>
internal sealed class DemoSite : IAsyncDisposable
{
    private readonly WebApplication _api;
    private readonly DemoFolder _folder;
    private readonly DemoRelocation _relocation;

    private DemoSite(WebApplication api, DemoFolder folder)
    {
        _api = api;
        _folder = folder;
        _relocation = new DemoRelocation(api.Urls.First() + "/demo", folder.PeopleFile);
    }

    /// <summary>Makes the database in a temporary folder and starts the API.</summary>
    public static async Task<DemoSite> StartAsync(CancellationToken cancellationToken)
    {
        var folder = Task.Run(() => new DemoFolder(), cancellationToken);

        // No routing, logging or configuration: the demo must not slow the start down.
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder
            .WebHost.UseKestrelCore()
            .ConfigureKestrel(server =>
            {
                server.AddServerHeader = false;
                server.Listen(IPAddress.Loopback, 0);
            });
        var app = builder.Build();
        app.Run(new DemoApi().HandleAsync);
        await app.StartAsync(cancellationToken);
        return new DemoSite(app, await folder);
    }

    /// <summary>A connector's content, with the demo's documented address and file replaced by the live ones.</summary>
    public FlowValue Relocate(FlowValue json) => _relocation.Relocate(json);

    public async ValueTask DisposeAsync()
    {
        await _api.DisposeAsync();
        _folder.Dispose();
    }
}
