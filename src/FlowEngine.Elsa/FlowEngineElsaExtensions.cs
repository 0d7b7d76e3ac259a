using Elsa.Features.Services;
using Elsa.Workflows;
using Elsa.Workflows.Management.Options;
using FlowEngine.ElsaActivities;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

// Where Elsa's own modules have theirs, so that they are found beside AddElsa.
namespace Elsa.Extensions;

/// <summary>Stateless: adds the activities of FlowEngine to an Elsa.</summary>
public static class FlowEngineElsaExtensions
{
    /// <summary>Adds the activities of FlowEngine, and RunFlow, to Elsa's registry:
    /// <c>services.AddElsa(elsa => elsa.AddFlowEngineActivities(options => options.AddConnectors("connectors")))</c>.</summary>
    /// <param name="elsa">Elsa's module.</param>
    /// <param name="configure">Connectors, flows, and what they may do.</param>
    public static IModule AddFlowEngineActivities(this IModule elsa, Action<FlowEngineActivitiesOptions>? configure = null)
    {
        elsa.Services.AddFlowEngineActivities(configure);
        return elsa;
    }

    /// <summary>Adds the activities of FlowEngine, and RunFlow, to the registry of the Elsa of these services. What their runs keep is
    /// encrypted with ASP.NET Core Data Protection: where several hosts share their workflow instances, they share its keys too.</summary>
    /// <param name="services">The services.</param>
    /// <param name="configure">Connectors, flows, and what they may do.</param>
    public static IServiceCollection AddFlowEngineActivities(
        this IServiceCollection services,
        Action<FlowEngineActivitiesOptions>? configure = null
    )
    {
        services.AddDataProtection();
        services.AddOptions<FlowEngineActivitiesOptions>();
        if (configure is not null)
            services.Configure(configure);
        services.TryAddSingleton<HostedEngine>();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IActivityProvider, FlowEngineActivityProvider>());
        services.Configure<ManagementOptions>(options => options.ActivityTypes.Add(typeof(RunFlow)));
        return services;
    }
}
