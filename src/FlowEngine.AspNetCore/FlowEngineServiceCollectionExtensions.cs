using FlowEngine.AspNetCore;
using FlowEngine.AspNetCore.Engine;
using FlowEngine.AspNetCore.Hosting;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Stateless: adds FlowEngine to a program.</summary>
public static class FlowEngineServiceCollectionExtensions
{
    /// <summary>
    /// Adds FlowEngine: it opens its storage and publishes its flows before the program listens, and stops when the program has answered its
    /// last request. <c>MapFlowEngine</c> gives it a path. Its services live in a container of their own: the program's see nothing of them,
    /// and the program's Orleans, rate limits, CORS and authentication stay as they are. Called again, it changes the options further.
    /// </summary>
    /// <param name="services">The program's services.</param>
    /// <param name="configure">Changes the options that the configuration's section <c>FlowEngine</c> gave; null (the default) keeps them.</param>
    public static IServiceCollection AddFlowEngine(this IServiceCollection services, Action<FlowEngineOptions>? configure = null)
    {
        if (!services.Any(service => service.ServiceType == typeof(EngineService)))
        {
            services
                .AddOptions<FlowEngineOptions>()
                .Configure<IConfiguration>((options, configuration) => Bind(options, configuration.GetSection(FlowEngineOptions.Section)));
            services.AddSingleton<EngineService>();
            services.AddHostedService(provider => provider.GetRequiredService<EngineService>());
        }
        if (configure is not null)
            services.Configure(configure);
        return services;
    }

    /// <summary>The options of their own names; all else is a setting.</summary>
    private static void Bind(FlowEngineOptions options, IConfigurationSection section)
    {
        foreach (var (name, value) in section.AsEnumerable(makePathsRelative: true).Where(pair => pair.Value is not null))
        {
            switch (name)
            {
                case nameof(FlowEngineOptions.Flows):
                    options.Flows = value!;
                    break;
                case nameof(FlowEngineOptions.Data):
                    options.Data = value!;
                    break;
                case nameof(FlowEngineOptions.Database):
                    options.Database = value;
                    break;
                case nameof(FlowEngineOptions.IsCluster):
                    options.IsCluster = ServerSettings.FlagOf($"{section.Path}:{name}", value!);
                    break;
                default:
                    options.Settings[name] = value;
                    break;
            }
        }
    }
}
