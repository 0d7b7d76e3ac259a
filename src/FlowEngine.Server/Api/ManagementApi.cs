using FlowEngine.Server.Api.Access;
using FlowEngine.Server.Api.Calls;
using FlowEngine.Server.Api.Connectors;
using FlowEngine.Server.Api.Flows;
using FlowEngine.Server.Api.People;
using FlowEngine.Server.Api.Runs;
using FlowEngine.Server.Api.Runs.Cases;
using FlowEngine.Server.Api.Schema;
using FlowEngine.Server.Api.Screens;
using FlowEngine.Server.Api.Sessions;
using FlowEngine.Server.Edge;

namespace FlowEngine.Server.Api;

/// <summary>Stateless: the management API under <c>/api</c>, which
/// docs/management-api.md specifies: what the console and programs use.</summary>
internal static class ManagementApi
{
    /// <summary>Registers what it needs beyond the stores.</summary>
    public static IServiceCollection AddManagementApi(this IServiceCollection services) =>
        services
            .AddSingleton<KnownPeople>()
            .AddSingleton<SignInLimit>()
            .AddSingleton<KnownDevices>()
            .AddSingleton(_ => new ConsolePasswords())
            .AddSingleton<ConsoleSessions>()
            .AddSingleton<ConnectorChecks>()
            .AddTransient<CatalogueEffect>();

    /// <summary>Lets callers in by <see cref="AccessRule"/>; goes behind the routing.</summary>
    public static IApplicationBuilder UseManagementAccess(this IApplicationBuilder app) => app.UseMiddleware<ApiAccess>();

    /// <summary>Maps it. Each endpoint says who may call it.</summary>
    public static void MapManagementApi(this IEndpointRouteBuilder endpoints)
    {
        var api = endpoints.MapGroup("/api").RequireRateLimiting(RateLimits.Management);
        api.MapSessions();
        api.MapUsers();
        api.MapAudit();
        api.MapSchema();
        api.MapDrafts();
        api.MapPublications();
        api.MapDiffs();
        api.MapFlowFiles();
        api.MapTry();
        api.MapScreenPreview();
        api.MapConnectors();
        api.MapEgress();
        api.MapRuns();
        api.MapCases();
        api.MapCalls();
    }
}
