using FlowEngine.AspNetCore.Engine;
using FlowEngine.AspNetCore.Flows;
using FlowEngine.AspNetCore.Runs;
using FlowEngine.AspNetCore.Runs.Calls;
using FlowEngine.AspNetCore.Runs.Cluster;
using FlowEngine.AspNetCore.Tokens;
using FlowEngine.AspNetCore.Web.Console;
using FlowEngine.AspNetCore.Web.Edge;
using FlowEngine.AspNetCore.Web.Management;
using FlowEngine.AspNetCore.Web.Management.Reference;
using FlowEngine.AspNetCore.Web.Runtime;
using FlowEngine.AspNetCore.Web.Screens;
using FlowEngine.Connectors;
using FlowEngine.Context;
using FlowEngine.Database;
using FlowEngine.Database.Network;
using FlowEngine.Server.Cli;
using FlowEngine.Server.Demo;
using FlowEngine.Storage;
using FlowEngine.Storage.Engines;
using FlowEngine.Storage.Engines.Postgres;
using FlowEngine.Storage.Engines.Sqlite;
using Microsoft.AspNetCore.Connections;

namespace FlowEngine.Server.Hosting;

/// <summary>Per process: the server, put together: storage, keys, flows, runs, API and screens.</summary>
internal sealed class FlowServer : IAsyncDisposable
{
    /// <summary>How long requests and runs under way may take once the server stops. With
    /// <see cref="LongestDelay"/> less than what the command line gives it after SIGTERM.</summary>
    private static readonly TimeSpan DrainTime = TimeSpan.FromSeconds(20);

    private static readonly TimeSpan LongestDelay = TimeSpan.FromSeconds(8);

    private readonly FolderLock? _folder;
    private readonly ServerStorage _storage;
    private readonly ConnectorSet _connectors;
    private readonly SigningKeys _keys;
    private readonly WebApplication _app;
    private readonly TimeSpan _delay;
    private readonly DemoFolder? _demo;

    private FlowServer(
        FolderLock? folder,
        ServerStorage storage,
        ConnectorSet connectors,
        SigningKeys keys,
        WebApplication app,
        TimeSpan delay,
        DemoFolder? demo
    )
    {
        _folder = folder;
        _demo = demo;
        _delay = delay;
        _storage = storage;
        _connectors = connectors;
        _keys = keys;
        _app = app;
    }

    /// <summary>The services, and with them the endpoints that are mapped.</summary>
    public IServiceProvider Services => _app.Services;

    /// <summary>Opens the storage, takes the folder's flows over, and listens.</summary>
    /// <exception cref="StorageException">The storage cannot be used.</exception>
    /// <exception cref="SettingsException">A setting cannot be used.</exception>
    public static async Task<FlowServer> StartAsync(ServeOptions options, TextWriter output, CancellationToken cancellationToken)
    {
        await StartChecks.RunAsync(options, Console.Error);
        var time = TimeProvider.System;
        DataFolder.Secure(options.DataFolder);
        if (options is { IsCluster: true, Database: null })
            throw new SettingsException("--cluster: the nodes need a PostgreSQL database that they share; name it with --database.");
        var delay = options.Settings.Duration("Shutdown:Delay", options.IsCluster ? TimeSpan.FromSeconds(3) : TimeSpan.Zero);
        if (delay > LongestDelay)
            throw new SettingsException($"Shutdown:Delay: at most {LongestDelay.TotalSeconds:0} seconds.");
        // What several servers may share is a PostgreSQL.
        var held = options.Database is null ? FolderLock.Take(options.DataFolder) : null;
        try
        {
            return await StartAsync(options, held, delay, output, time, cancellationToken);
        }
        catch
        {
            held?.Dispose();
            throw;
        }
    }

    private static async Task<FlowServer> StartAsync(
        ServeOptions options,
        FolderLock? held,
        TimeSpan delay,
        TextWriter output,
        TimeProvider time,
        CancellationToken cancellationToken
    )
    {
        await using var types = FlowEngineHost.ConnectorsOf(options.Settings);
        var storage = await ServerStorage.OpenAsync(
            options.Settings.Storage(options.DataFolder, options.Database) with
            {
                IsCluster = options.IsCluster,
            },
            type => types.Types.FirstOrDefault(known => known.Name == type)?.Settings,
            time,
            cancellationToken
        );
        var demo = options.IsDemo ? new DemoFolder() : null;
        var lost = new LostCalls();
        var connectors = FlowEngineHost.ConnectorsOf(
            options.Settings,
            options.IsCluster ? new ClusterTokens(storage.Database, storage.Protection, time) : null,
            await DatabasesAsync(options, storage, demo, cancellationToken),
            lost.Add
        );
        try
        {
            if (
                await ManagementKeyFile.EnsureAsync(storage.ManagementKey, options.Settings, options.DataFolder, cancellationToken) is
                { } keyFile
            )
                await output.WriteLineAsync($"The management key is in {keyFile}");
            var keys = await SigningKeys.OpenAsync(storage.SigningKeys, time, cancellationToken);
            var catalogue = new FlowCatalogue(storage.Flows, connectors);
            var refresh = await LoadAsync(options, storage, connectors, catalogue, demo, output, cancellationToken);
            var issuer = await IssuerAsync(options, storage, cancellationToken);
            var app = Build(options, storage, connectors, keys, catalogue, refresh, issuer, lost, time);
            var server = new FlowServer(held, storage, connectors, keys, app, delay, demo);
            try
            {
                await app.StartAsync(cancellationToken);
            }
            catch (Exception error)
            {
                // What has begun ends in order: disposed of while it runs, it would fill the log with its own complaints.
                await app.StopAsync(CancellationToken.None);
                await app.DisposeAsync();
                if (ListenProblem(options.Urls, error) is { } problem)
                    throw new SettingsException(problem);
                throw;
            }
            if (await storage.SetupTokens.CreateAsync(cancellationToken) is { } setup)
                await output.WriteLineAsync(
                    $"Set up the console: {options.FirstUrl}/console/setup#token={setup} (good for {SetupTokens.Lifetime.TotalHours:0} hours, once)"
                );
            else
                await output.WriteLineAsync($"The console is at {options.FirstUrl}/console");
            return server;
        }
        catch
        {
            await connectors.DisposeAsync();
            await storage.DisposeAsync();
            demo?.Dispose();
            throw;
        }
    }

    /// <summary>Serves until it is told to stop. Then it says for a moment that it is not ready, so that load balancers turn away; takes no
    /// more requests; finishes those that are under way; and leaves the cluster, whose other nodes go on with its runs.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        var stopping = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using var cancelled = cancellationToken.Register(() => stopping.TrySetResult());
        using var stopped = _app.Lifetime.ApplicationStopping.Register(() => stopping.TrySetResult());
        await stopping.Task;
        _app.Services.GetRequiredService<Draining>().Begin();
        await Task.Delay(_delay, CancellationToken.None);
        using var limit = new CancellationTokenSource(DrainTime);
        await _app.StopAsync(limit.Token);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _app.DisposeAsync();
        await _connectors.DisposeAsync();
        _keys.Dispose();
        await _storage.DisposeAsync();
        _demo?.Dispose();
        _folder?.Dispose();
    }

    /// <summary>What database connectors may reach; never what this server itself stores in.</summary>
    private static async Task<DatabaseModuleOptions> DatabasesAsync(
        ServeOptions options,
        ServerStorage storage,
        DemoFolder? demo,
        CancellationToken cancellationToken
    )
    {
        var databases = options.Settings.Databases(options.DataFolder, demo is null ? [] : [demo.Name]);
        return storage.Database is PostgresDatabase postgres
            ? databases with
            {
                OwnDatabase = await postgres.AskAsync(
                    connection => PostgresIdentity.ReadAsync(connection, cancellationToken),
                    cancellationToken
                ),
            }
            : databases;
    }

    /// <summary>Why the addresses cannot be listened on; null for another error.</summary>
    private static string? ListenProblem(string urls, Exception error) =>
        error switch
        {
            IOException { InnerException: AddressInUseException } => $"--urls {urls}: another program listens there already.",
            InvalidOperationException
                when urls.Contains("https:", StringComparison.OrdinalIgnoreCase)
                    && error.Message.Contains("certificate", StringComparison.OrdinalIgnoreCase) =>
                $"--urls {urls}: there is no certificate for https. Name one with the environment variables ASPNETCORE_Kestrel__Certificates__Default__Path and …__KeyPath or …__Password.",
            _ => null,
        };

    private static Project ProjectOf(ServerSettings settings) => new(settings.Text("ProjectId") ?? "default");

    /// <summary>Who issues the tokens. The nodes of a cluster agree: without the setting, on what the first of them took.</summary>
    private static async Task<TokenOptions> IssuerAsync(ServeOptions options, ServerStorage storage, CancellationToken cancellationToken)
    {
        var project = ProjectOf(options.Settings);
        var issuer = options.Settings.Text("Tokens:Issuer");
        if (issuer is null)
        {
            issuer = $"{options.FirstUrl}/{project.Id}";
            if (options.IsCluster)
                issuer = await storage.Settings.FindOrAddAsync("cluster.issuer", issuer, cancellationToken);
        }
        return new TokenOptions { Issuer = issuer, Audience = project.Id };
    }

    private static async Task<CatalogueService> LoadAsync(
        ServeOptions options,
        ServerStorage storage,
        ConnectorSet connectors,
        FlowCatalogue catalogue,
        DemoFolder? demo,
        TextWriter output,
        CancellationToken cancellationToken
    )
    {
        Func<FlowValue, FlowValue>? relocate = demo is null
            ? null
            : new DemoRelocation(options.FirstUrl + "/demo", demo.PeopleFile).Relocate;
        var import = new FolderImport(storage, connectors);
        var folder = Path.Combine(options.FlowFolder, "connectors");
        await import.ConnectorsAsync(folder, cancellationToken);
        var refresh = new CatalogueService(storage, connectors, catalogue, relocate, import.ConnectorFiles, folder);
        await refresh.RefreshAsync(cancellationToken);
        var count = await import.FlowsAsync(options.FlowFolder, catalogue, cancellationToken);
        var problems = await refresh.RefreshAsync(cancellationToken);
        DiagnosticWriter.WriteText(
            output,
            [
                .. import
                    .Problems.Items.Concat(problems)
                    .Where(problem =>
                        problem.Severity == FlowEngine.Errors.Severity.Error
                        || problem.Code == FlowEngine.Errors.FlowErrors.SecretMissing.Code
                    )
                    .Distinct(),
            ]
        );
        await output.WriteLineAsync(
            $"{catalogue.Published.Count(flow => flow.Plan is not null)} flows are published, {count} of them in a new version."
        );
        return refresh;
    }

    private static WebApplication Build(
        ServeOptions options,
        ServerStorage storage,
        ConnectorSet connectors,
        SigningKeys keys,
        FlowCatalogue catalogue,
        CatalogueService refresh,
        TokenOptions tokens,
        LostCalls lost,
        TimeProvider time
    )
    {
        var settings = options.Settings;
        var project = ProjectOf(settings);
        var limit = RequestLimit.Of(settings);
        var shares = ConnectionShares.Of(settings, time);
        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { ContentRootPath = AppContext.BaseDirectory });
        builder
            .WebHost.UseKestrelHttpsConfiguration()
            .UseUrls(options.Urls)
            .ConfigureKestrel(kestrel =>
            {
                kestrel.AddServerHeader = false;
                kestrel.Limits.MaxRequestBodySize = limit.HardBytes;
                ConnectionLimits.Set(kestrel.Limits, settings);
                kestrel.ConfigureEndpointDefaults(shares.AddTo);
            });
        ServerLogging.Set(builder.Logging, settings);
        builder.AddTelemetry(settings);
        if (options.IsCluster)
            builder.UseCluster(storage, ClusterAddress.Of(settings, options.Urls), time);
        else
            builder.UseSingleNode();

        var services = builder.Services;
        services.Configure<HostOptions>(host => host.ShutdownTimeout = DrainTime);
        services.AddSingleton(time);
        storage.AddTo(services);
        services.AddTokens(keys, storage, tokens);
        services.AddSingleton(project);
        services.AddSingleton(limit);
        services.AddSingleton(connectors);
        services.AddSingleton(catalogue);
        services.AddSingleton(refresh);
        services.AddHostedService<CatalogueWatch>();
        services.AddSingleton(settings.Http().Egress);
        services.AddManagementApi();
        services.AddSingleton<HostedFlows>(catalogue);
        services.AddSingleton<FlowEngine.AspNetCore.Web.Screens.OneTimeCodes>(new StoredCodes(storage.Codes));
        services.AddSingleton<KnownRuns>();
        services.AddSingleton<ConnectorFaults>();
        services.AddSingleton(new DrawnRuns(storage.RootKey, time));
        services.AddSingleton<RunService, OrleansRunService>();
        services.AddHostedService<RunRecovery>();
        services.AddSingleton<CallQueue>();
        services.AddHostedService<CallDeliveryService>();
        services.AddSingleton(lost);
        services.AddHostedService<LostCallsLog>();
        services.AddHostedService(_ => new MemoryTrim(time));
        services.AddSingleton<Draining>();
        services.AddHostedScreens(screens =>
        {
            screens.DefaultLocale = settings.Text("Screens:DefaultLocale") ?? screens.DefaultLocale;
            screens.Stylesheet = settings.Text("Screens:Stylesheet");
            screens.MaxFormBytes = limit.AnonymousBytes;
            foreach (var origin in settings.List("Screens:FrameAncestors"))
                screens.FrameAncestors.Add(origin);
        });
        services.AddCors(cors =>
            cors.AddDefaultPolicy(policy => policy.WithOrigins([.. settings.List("Cors:Origins")]).AllowAnyHeader().AllowAnyMethod())
        );

        services.AddRateLimits(settings);

        var app = builder.Build();
        app.UseKnownProxies(settings);
        app.UseMiddleware<ApiGuard>();
        app.UseRouting();
        app.UseCors();
        app.UseRateLimiter();
        app.UseManagementAccess();
        app.MapHostedScreens();
        app.MapFlowApi();
        app.MapTokens();
        app.MapFlowRun();
        app.MapManagementApi();
        app.MapConsole(new ConsoleFiles(settings.Text("Console:Folder") ?? Path.Combine(AppContext.BaseDirectory, "console")));
        app.MapHealth();
        app.MapReference();
        if (options.IsDemo)
            app.Map("/demo/{**path}", new DemoApi().HandleAsync).ExcludeFromDescription().RequireRateLimiting(RateLimits.Others);
        app.MapGet("/", () => Results.Redirect(options.IsDemo ? "/login/login" : "/console"))
            .ExcludeFromDescription()
            .RequireRateLimiting(RateLimits.Others);
        return app;
    }
}
