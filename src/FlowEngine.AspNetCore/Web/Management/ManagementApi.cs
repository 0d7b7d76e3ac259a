using FlowEngine.AspNetCore.Web.Management.Access;
using FlowEngine.AspNetCore.Web.Management.Connectors;
using FlowEngine.AspNetCore.Web.Management.Environments;
using FlowEngine.AspNetCore.Web.Management.Flows;
using FlowEngine.AspNetCore.Web.Management.Schema;
using FlowEngine.AspNetCore.Web.Management.Sessions;

namespace FlowEngine.AspNetCore.Web.Management;

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
            .AddSingleton<ConnectorCertificates>()
            .AddSingleton<SchemaText>()
            .AddSingleton<EnvironmentPlanner>()
            .AddSingleton<AppliedState>()
            .AddTransient<CatalogueEffect>();

    /// <summary>Lets callers in by <see cref="AccessRule"/>; goes behind the routing.</summary>
    public static IApplicationBuilder UseManagementAccess(this IApplicationBuilder app) => app.UseMiddleware<ApiAccess>();
}
