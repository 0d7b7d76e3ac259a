using System.Net;
using FlowEngine.Context;
using FlowEngine.Execution;

namespace FlowEngine.Server.Demo;

/// <summary>
/// Per process, thread-safe: the demo's people database and API inside this process, on a free port of the loopback address. Connector files name the
/// documented addresses; <see cref="Relocate"/> points them here.
/// </summary>
internal sealed class DemoSite : IAsyncDisposable
{
    private readonly WebApplication _api;
    private readonly string _folder;
    private readonly DemoRelocation _relocation;

    private DemoSite(WebApplication api, string folder)
    {
        _api = api;
        _folder = folder;
        _relocation = new DemoRelocation(api.Urls.First() + "/demo", Path.Combine(folder, "people.db"));
    }

    /// <summary>Makes the database in a temporary folder and starts the API.</summary>
    public static async Task<DemoSite> StartAsync(CancellationToken cancellationToken)
    {
        var folder = Path.Combine(Path.GetTempPath(), $"flowengine-demo-{RunId.New()}");
        Directory.CreateDirectory(folder);
        var database = Task.Run(() => DemoPeople.Create(Path.Combine(folder, "people.db")), cancellationToken);

        // No routing, logging or configuration: the demo must not slow the start down.
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(server =>
        {
            server.AddServerHeader = false;
            server.Listen(IPAddress.Loopback, 0);
        });
        var app = builder.Build();
        app.Run(new DemoApi().HandleAsync);
        await app.StartAsync(cancellationToken);
        await database;
        return new DemoSite(app, folder);
    }

    /// <summary>A connector's content, with the demo's documented address and file replaced by the live ones.</summary>
    public FlowValue Relocate(FlowValue json) => _relocation.Relocate(json);

    public async ValueTask DisposeAsync()
    {
        await _api.DisposeAsync();
        try
        {
            Directory.Delete(_folder, recursive: true);
        }
        catch (IOException)
        {
            // A pooled connection may still hold the file on some systems; the temporary folder is cleaned by the system.
        }
    }
}
