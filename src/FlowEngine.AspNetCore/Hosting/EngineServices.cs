using System.Diagnostics;
using System.Net;
using FlowEngine.AspNetCore.Engine;
using FlowEngine.AspNetCore.Engine.Extensions;
using FlowEngine.AspNetCore.Flows;
using FlowEngine.AspNetCore.Runs;
using FlowEngine.AspNetCore.Runs.Calls;
using FlowEngine.AspNetCore.Runs.Cluster;
using FlowEngine.AspNetCore.Tokens;
using FlowEngine.AspNetCore.Web.Contract;
using FlowEngine.AspNetCore.Web.Edge;
using FlowEngine.AspNetCore.Web.Management;
using FlowEngine.AspNetCore.Web.Management.Flows;
using FlowEngine.AspNetCore.Web.Screens;
using FlowEngine.Connectors;
using FlowEngine.Execution;
using FlowEngine.Storage;

namespace FlowEngine.AspNetCore.Hosting;

/// <summary>Shared and immutable: what was opened before there are services.</summary>
internal sealed record EngineParts
{
    public required FlowEngineOptions Options { get; init; }

    public required Project Project { get; init; }

    public required ServerStorage Storage { get; init; }

    public required ConnectorSet Connectors { get; init; }

    public required ExtensionSet Extensions { get; init; }

    public required SigningKeys Keys { get; init; }

    public required FlowCatalogue Catalogue { get; init; }

    public required CatalogueService Refresh { get; init; }

    public required TokenRules Tokens { get; init; }

    public required LostCalls Lost { get; init; }

    public required TimeProvider Time { get; init; }

    /// <summary>Where the other nodes reach this one; null without a cluster.</summary>
    public required IPEndPoint? Node { get; init; }
}

/// <summary>Stateless: the engine's own host. The program's services know nothing of what is in it, and it takes three things from
/// them: the log, the name of the environment, and what requests are diagnosed with.</summary>
internal static class EngineServices
{
    /// <summary>Builds it; it has not started.</summary>
    public static IHost Build(EngineParts parts, IServiceProvider program)
    {
        var environment = program.GetRequiredService<IHostEnvironment>();
        // Empty: no configuration, environment variables or log of its own.
        var builder = Host.CreateEmptyApplicationBuilder(
            new HostApplicationBuilderSettings { EnvironmentName = environment.EnvironmentName, ContentRootPath = AppContext.BaseDirectory }
        );
        if (parts.Node is { } node)
            builder.UseCluster(parts.Storage, node, parts.Time);
        else
            builder.UseSingleNode();
        builder.Services.AddSingleton<IHostLifetime, ProgramLifetime>();
        builder.Services.AddSingleton<ILoggerFactory>(new EngineLogging(program.GetRequiredService<ILoggerFactory>()));
        builder.Services.AddSingleton(program.GetRequiredService<DiagnosticListener>());
        Add(builder.Services, parts);
        return builder.Build();
    }

    private static void Add(IServiceCollection services, EngineParts parts)
    {
        var (options, storage) = (parts.Options, parts.Storage);
        services.AddSingleton(parts.Time);
        storage.AddTo(services);
        // What stops last: until then there is something to count.
        services.AddSingleton<RunCounts>();
        services.AddSingleton(new CountedNode(parts.Node?.ToString() ?? Environment.MachineName));
        services.AddHostedService<CountingService>();
        services.AddTokens(parts.Keys, storage, parts.Tokens);
        services.AddSingleton(parts.Project);
        services.AddSingleton(options.Api);
        services.AddSingleton(new PublishRules(options.Console.SecondPerson));
        services.AddSingleton(parts.Connectors);
        services.AddSingleton(parts.Extensions);
        services.AddSingleton(parts.Catalogue);
        services.AddSingleton(parts.Catalogue.Components);
        services.AddSingleton(parts.Refresh);
        services.AddHostedService<CatalogueWatch>();
        services.AddHostedService<CertificateMetric>();
        services.AddSingleton(options.Egress.Http());
        services.AddManagementApi();
        services.AddApiContract();
        services.AddSingleton<HostedFlows, HostedCatalogue>();
        services.AddSingleton<Web.Screens.OneTimeCodes>(new StoredCodes(storage.Codes));
        services.AddSingleton<KnownRuns>();
        services.AddSingleton<ConnectorFaults>();
        services.AddSingleton(new DrawnRuns(storage.RootKey, parts.Time));
        services.AddSingleton<RunService, OrleansRunService>();
        services.AddHostedService<RunRecovery>();
        services.AddSingleton<CallQueue>();
        services.AddHostedService<CallDeliveryService>();
        services.AddSingleton(parts.Lost);
        services.AddHostedService<LostCallsLog>();
        services.AddSingleton<Draining>();
        services.AddHostedScreens(options.Screens);
        services.AddRouting();
        services.AddCors(cors =>
            cors.AddDefaultPolicy(policy => policy.WithOrigins([.. options.Cors.Origins]).AllowAnyHeader().AllowAnyMethod())
        );
        services.AddRateLimits(options.RateLimits);
    }

    /// <summary>Stateless: the engine starts and stops with the program; it listens to no signal.</summary>
    private sealed class ProgramLifetime : IHostLifetime
    {
        public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
