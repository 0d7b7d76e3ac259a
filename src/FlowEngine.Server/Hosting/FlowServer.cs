using FlowEngine.AspNetCore.Engine;
using FlowEngine.AspNetCore.Hosting;
using FlowEngine.AspNetCore.Web.Edge;
using FlowEngine.Server.Cli;
using FlowEngine.Server.Demo;
using FlowEngine.Storage;
using Microsoft.AspNetCore.Connections;

namespace FlowEngine.Server.Hosting;

/// <summary>Per process: the server: a program of ASP.NET Core with FlowEngine in it, and what is the server's own: its log, the limits of
/// connections, telemetry, the demo.</summary>
internal sealed class FlowServer : IAsyncDisposable
{
    /// <summary>How long the server may take to stop, with the time that it says it is not ready: less than what the command line gives it
    /// after SIGTERM.</summary>
    private static readonly TimeSpan StopTime = TimeSpan.FromSeconds(28);

    private readonly WebApplication _app;
    private readonly DemoFolder? _demo;

    private FlowServer(WebApplication app, DemoFolder? demo) => (_app, _demo) = (app, demo);

    /// <summary>The services of FlowEngine.</summary>
    public IServiceProvider Services => _app.Services.GetRequiredService<EngineService>().Services;

    /// <summary>Opens the storage, takes the folder's flows over, and listens.</summary>
    /// <exception cref="StorageException">The storage cannot be used.</exception>
    /// <exception cref="SettingsException">A setting cannot be used.</exception>
    public static async Task<FlowServer> StartAsync(ServeOptions options, TextWriter output, CancellationToken cancellationToken)
    {
        await StartChecks.RunAsync(options, Console.Error);
        var demo = options.IsDemo ? new DemoFolder() : null;
        var server = new FlowServer(Build(options, demo, output), demo);
        try
        {
            await server._app.StartAsync(cancellationToken);
        }
        catch (Exception error)
        {
            // What has begun ends in order: disposed of while it runs, it would fill the log with its own complaints.
            await server._app.StopAsync(CancellationToken.None);
            await server.DisposeAsync();
            if (ListenProblem(options.Urls, error) is { } problem)
                throw new SettingsException(problem);
            throw;
        }
        await output.WriteLineAsync(
            server._app.Services.GetRequiredService<EngineService>().SetupLink is { } link
                ? $"Set up the console: {link} (good for {SetupTokens.Lifetime.TotalHours:0} hours, once)"
                : $"The console is at {options.FirstUrl}{options.Path}/console"
        );
        return server;
    }

    /// <summary>Serves until it is told to stop. Then it says for a moment that it is not ready, so that load balancers turn away; takes no
    /// more requests; finishes those that are under way; and leaves the cluster, whose other nodes go on with its runs.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        var stopping = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using var cancelled = cancellationToken.Register(() => stopping.TrySetResult());
        using var stopped = _app.Lifetime.ApplicationStopping.Register(() => stopping.TrySetResult());
        await stopping.Task;
        using var limit = new CancellationTokenSource(StopTime);
        await _app.StopAsync(limit.Token);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _app.DisposeAsync();
        _demo?.Dispose();
    }

    private static WebApplication Build(ServeOptions options, DemoFolder? demo, TextWriter output)
    {
        var settings = options.Settings;
        var shares = ConnectionShares.Of(settings.Program.Server, settings.Engine.Proxies, TimeProvider.System);
        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { ContentRootPath = AppContext.BaseDirectory });
        builder
            .WebHost.UseKestrelHttpsConfiguration()
            .UseUrls(options.Urls)
            .ConfigureKestrel(kestrel =>
            {
                kestrel.AddServerHeader = false;
                kestrel.Limits.MaxRequestBodySize = settings.Engine.Api.HardBytes;
                ConnectionLimits.Set(kestrel.Limits, settings.Program.Server);
                kestrel.ConfigureEndpointDefaults(shares.AddTo);
            });
        ServerLogging.Set(builder.Logging, settings.Program.Logging);
        builder.AddTelemetry(settings.Program.Telemetry);
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = StopTime);
        builder.Services.AddHostedService(services => new MemoryTrim(
            TimeProvider.System,
            services.GetRequiredService<ILogger<MemoryTrim>>()
        ));
        builder.Services.AddFlowEngine(engine =>
        {
            engine.Flows = options.FlowFolder;
            engine.Data = options.DataFolder;
            engine.Database = options.Database;
            engine.IsCluster = options.IsCluster;
            settings.AddTo(engine);
            engine.Started = start => Tell(start, output);
            if (demo is null)
                return;
            engine.SqliteFolders = [demo.Name];
            engine.Relocate = new DemoRelocation(options.FirstUrl + "/demo", demo.PeopleFile).Relocate;
        });

        var app = builder.Build();
        app.MapFlowEngine(options.Path);
        if (demo is not null)
        {
            app.Map("/demo/{**path}", new DemoApi().HandleAsync);
            app.MapGet("/", () => Results.Redirect(options.Path + "/login/login"));
        }
        return app;
    }

    private static void Tell(EngineStart start, TextWriter output)
    {
        foreach (var extension in start.Extensions)
            output.WriteLine($"Extension {extension.Name} {extension.Version}: {string.Join(", ", extension.Brings)}");
        if (start.ManagementKeyFile is { } file)
            output.WriteLine($"The management key is in {file}");
        DiagnosticWriter.WriteText(output, start.Problems);
        output.WriteLine($"{start.Published} flows are published, {start.New} of them in a new version.");
    }

    /// <summary>Why the addresses cannot be listened on; null for another error.</summary>
    private static string? ListenProblem(string urls, Exception error) =>
        error switch
        {
            IOException { InnerException: AddressInUseException } => $"--urls {urls}: another program listens there already.",
            InvalidOperationException
                when urls.Contains("https:", StringComparison.OrdinalIgnoreCase)
                    && error.Message.Contains("certificate", StringComparison.OrdinalIgnoreCase) =>
                $"--urls {urls}: there is no certificate for https. Name one with the environment "
                    + "variables ASPNETCORE_Kestrel__Certificates__Default__Path and …__KeyPath or …__Password.",
            _ => null,
        };
}
