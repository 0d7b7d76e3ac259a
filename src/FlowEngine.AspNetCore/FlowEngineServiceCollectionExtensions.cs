using FlowEngine.AspNetCore;
using FlowEngine.AspNetCore.Engine;
using FlowEngine.AspNetCore.Hosting;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Stateless: adds FlowEngine to a program.</summary>
public static class FlowEngineServiceCollectionExtensions
{
    /// <summary>
    /// Adds FlowEngine: it opens its storage and publishes its flows before the program listens, and stops when the program has answered
    /// its
    /// last request. <c>MapFlowEngine</c> gives it a path. Its services live in a container of their own: the program's see nothing of
    /// them,
    /// and the program's Orleans, rate limits, CORS and authentication stay as they are. Called again, it changes the options further.
    /// </summary>
    /// <param name="services">The program's services.</param>
    /// <param name="configure">Changes the options that the configuration's section <c>FlowEngine</c> gave; null (the default) keeps
    /// them.</param>
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

    /// <summary>Where things are, and the settings.</summary>
    private static void Bind(FlowEngineOptions options, IConfigurationSection section)
    {
        options.Flows = section[nameof(options.Flows)] ?? options.Flows;
        options.Data = section[nameof(options.Data)] ?? options.Data;
        options.Database = section[nameof(options.Database)] ?? options.Database;
        if (section[nameof(options.IsCluster)] is { } isCluster)
            options.IsCluster = bool.TryParse(isCluster, out var flag)
                ? flag
                : throw new SettingsException($"{section.Path}:IsCluster: '{isCluster}' is neither true nor false.");
        options.Bind(section);
        options.Unknown = ConfiguredSettings.Unknown(
            section,
            [.. SettingCatalogue.Of(typeof(FlowEngineOptions)).Select(setting => setting.Name)],
            [nameof(options.Flows), nameof(options.Data), nameof(options.Database), nameof(options.IsCluster)]
        );
    }
}
