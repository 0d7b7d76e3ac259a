using FlowEngine.AspNetCore.Engine;
using FlowEngine.AspNetCore.Flows;
using FlowEngine.AspNetCore.Runs.Calls;
using FlowEngine.AspNetCore.Runs.Cluster;
using FlowEngine.AspNetCore.Tokens;
using FlowEngine.AspNetCore.Web.Edge;
using FlowEngine.Connectors;
using FlowEngine.Database;
using FlowEngine.Database.Engines.Postgres;
using FlowEngine.Database.Network;
using FlowEngine.Errors;
using FlowEngine.HttpConnector.Authentication.OAuth;
using FlowEngine.HttpConnector.Connectors;
using FlowEngine.Storage;
using FlowEngine.Storage.Engines;
using FlowEngine.Storage.Engines.Postgres;
using FlowEngine.Storage.Engines.Sqlite;

namespace FlowEngine.AspNetCore.Hosting;

/// <summary>
/// Per host, thread-safe: the engine as it runs: storage, keys and flows, which are opened first, and then a host of its own with the
/// services that use them: Orleans, what works in the background, and the routes.
/// </summary>
internal sealed class RunningEngine : IAsyncDisposable
{
    private readonly Stack<IAsyncDisposable> _opened = new();
    private IHost _host = null!;
    private EnginePipeline _pipeline = null!;

    private RunningEngine() { }

    /// <summary>The services of the engine's own host.</summary>
    public IServiceProvider Services => _host.Services;

    /// <summary>What the start found.</summary>
    public EngineStart Start { get; private set; } = null!;

    /// <summary>Where it is served, as a client on this machine names it, without a slash at its end.</summary>
    public required string Address { get; init; }

    /// <summary>For how long it says that it is not ready, before the program takes no more requests.</summary>
    public required TimeSpan Delay { get; init; }

    /// <summary>Opens the storage, takes the folder's flows over, and starts what works in the background.</summary>
    /// <param name="options">What is served.</param>
    /// <param name="program">The program's services.</param>
    /// <param name="root">The path that it is served under.</param>
    /// <param name="cancellationToken">Ends the start.</param>
    /// <exception cref="StorageException">The storage cannot be used.</exception>
    /// <exception cref="SettingsException">A setting cannot be used.</exception>
    public static async Task<RunningEngine> OpenAsync(
        FlowEngineOptions options,
        IServiceProvider program,
        PathString root,
        CancellationToken cancellationToken
    )
    {
        EngineChecks.Run(options, program.GetRequiredService<ILoggerFactory>());
        var delay = options.Shutdown.Delay ?? (options.IsCluster ? TimeSpan.FromSeconds(3) : TimeSpan.Zero);
        var urls = OwnAddress.UrlsOf(program);
        var engine = new RunningEngine { Address = OwnAddress.First(urls) + root.ToUriComponent(), Delay = delay };
        try
        {
            await engine.OpenAsync(options, program, root, urls, cancellationToken);
            return engine;
        }
        catch
        {
            await engine.DisposeAsync();
            throw;
        }
    }

    /// <summary>Answers a request.</summary>
    public Task InvokeAsync(HttpContext http) => _pipeline.InvokeAsync(http);

    /// <summary>Finishes what runs are doing, and leaves the cluster, whose other nodes go on with them.</summary>
    public Task StopAsync(CancellationToken cancellationToken) => _host.StopAsync(cancellationToken);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        while (_opened.TryPop(out var last))
            await last.DisposeAsync();
    }

    private async Task OpenAsync(
        FlowEngineOptions options,
        IServiceProvider program,
        PathString root,
        string urls,
        CancellationToken cancellationToken
    )
    {
        var time = program.GetService<TimeProvider>() ?? TimeProvider.System;
        // Before anything is made: what is refused keeps the server from starting.
        _ = options.Modules();
        DataFolder.Secure(options.Data);
        // What several servers may share is a PostgreSQL.
        if (options.Database is null)
            Close(FolderLock.Take(options.Data));
        var storage = await StorageAsync(options, time, cancellationToken);
        _opened.Push(storage);
        var lost = new LostCalls();
        var modules = await ModulesAsync(options, storage, lost, time, cancellationToken);
        var connectors = modules.NewConnectors();
        _opened.Push(connectors);
        var keyFile = await ManagementKeyFile.EnsureAsync(storage.ManagementKey, options.Management, options.Data, cancellationToken);
        var keys = await SigningKeys.OpenAsync(storage.SigningKeys, time, cancellationToken);
        Close(keys);
        var catalogue = new FlowCatalogue(storage.Flows, connectors, modules.Activities(), modules.Components());
        var (refresh, problems, count) = await LoadAsync(options, storage, connectors, catalogue, cancellationToken);
        Start = new EngineStart(keyFile, problems, catalogue.Published.Count(flow => flow.Plan is not null), count)
        {
            Extensions = modules.Extensions.All,
        };

        _host = EngineServices.Build(
            new EngineParts
            {
                Options = options,
                Project = new Project(options.ProjectId),
                Storage = storage,
                Connectors = connectors,
                Extensions = modules.Extensions,
                Keys = keys,
                Catalogue = catalogue,
                Refresh = refresh,
                Tokens = await IssuerAsync(options, storage, cancellationToken),
                Lost = lost,
                Time = time,
                Node = options.IsCluster ? ClusterAddress.Of(options.Cluster, urls) : null,
            },
            program
        );
        _opened.Push((IAsyncDisposable)_host);
        _pipeline = new EnginePipeline(_host.Services, options, root);
        try
        {
            await _host.StartAsync(cancellationToken);
        }
        catch
        {
            try
            {
                // What has begun ends in order: disposed of while it runs, it would fill the log with its own complaints.
                await _host.StopAsync(CancellationToken.None);
            }
            catch (InvalidOperationException)
            {
                // A silo that has not begun cannot be stopped; why it has not is what is told.
            }
            throw;
        }
    }

    private void Close(IDisposable opened) => _opened.Push(new Closing(opened));

    private static async Task<ServerStorage> StorageAsync(FlowEngineOptions options, TimeProvider time, CancellationToken cancellationToken)
    {
        await using var types = options.Modules().NewConnectors();
        return await ServerStorage.OpenAsync(
            options.StorageSetup(),
            type => types.Types.FirstOrDefault(known => known.Name == type)?.Settings,
            time,
            cancellationToken
        );
    }

    /// <summary>What connectors may do; never reach what this engine itself stores in.</summary>
    private static async Task<EngineModules> ModulesAsync(
        FlowEngineOptions options,
        ServerStorage storage,
        LostCalls lost,
        TimeProvider time,
        CancellationToken cancellationToken
    )
    {
        var modules = options.Modules(options.Data);
        var own = storage.Database is PostgresDatabase postgres
            ? await postgres.AskAsync(connection => PostgresIdentity.ReadAsync(connection, cancellationToken), cancellationToken)
            : null;
        return modules with
        {
            Http = modules.Http with
            {
                Tokens = options.IsCluster ? new ClusterTokens(storage.Database, storage.Vaults, time) : TokenSharing.None,
                Cooldowns = options.IsCluster ? new ClusterCooldowns(storage.Database) : CooldownSharing.None,
                Lost = lost.Add,
            },
            Databases = modules.Databases with { OwnDatabase = own },
        };
    }

    /// <summary>Who issues the tokens. The nodes of a cluster agree: without the setting, on what the first of them took.</summary>
    private async Task<TokenRules> IssuerAsync(FlowEngineOptions options, ServerStorage storage, CancellationToken cancellationToken)
    {
        var project = options.ProjectId;
        var issuer = options.Tokens.Issuer?.OriginalString;
        if (issuer is null)
        {
            issuer = $"{Address}/{project}";
            if (options.IsCluster)
                issuer = await storage.Settings.FindOrAddAsync("cluster.issuer", issuer, cancellationToken);
        }
        return new TokenRules { Issuer = issuer, Audience = project };
    }

    private static async Task<(CatalogueService Refresh, IReadOnlyList<Diagnostic> Problems, int New)> LoadAsync(
        FlowEngineOptions options,
        ServerStorage storage,
        ConnectorSet connectors,
        FlowCatalogue catalogue,
        CancellationToken cancellationToken
    )
    {
        var import = new FolderImport(storage, connectors);
        var folder = Path.Combine(options.Flows, "connectors");
        await import.ConnectorsAsync(folder, cancellationToken);
        var refresh = new CatalogueService(storage, connectors, catalogue, options.Relocate, import.ConnectorFiles, folder);
        await refresh.RefreshAsync(cancellationToken);
        var count = await import.FlowsAsync(options.Flows, catalogue, cancellationToken);
        var problems = await refresh.RefreshAsync(cancellationToken);
        return (
            refresh,
            [
                .. import
                    .Problems.Items.Concat(problems)
                    .Where(problem => problem.Severity == Severity.Error || problem.Code == FlowErrors.SecretMissing.Code)
                    .Distinct(),
            ],
            count
        );
    }

    private sealed class Closing(IDisposable opened) : IAsyncDisposable
    {
        public ValueTask DisposeAsync()
        {
            opened.Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
