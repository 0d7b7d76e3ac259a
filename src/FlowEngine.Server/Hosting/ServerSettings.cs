using FlowEngine.AspNetCore;
using FlowEngine.AspNetCore.Engine;
using FlowEngine.Errors;
using FlowEngine.Settings;

namespace FlowEngine.Server.Hosting;

/// <summary>Shared and immutable: the operator's settings: <c>appsettings.json</c> beside the executable, then
/// <c>appsettings.Development.json</c> in that environment, then environment variables <c>FLOWENGINE_&lt;Section&gt;__&lt;Name&gt;</c>,
/// then <c>--set</c>; the later goes before the earlier.</summary>
internal sealed class ServerSettings
{
    /// <summary>Sections of appsettings.json that the framework reads.</summary>
    private static readonly string[] Foreign = ["Kestrel", "AllowedHosts"];

    private readonly IConfigurationRoot _configuration;
    private readonly DiagnosticBag _problems = new();

    private ServerSettings(IConfigurationRoot configuration) => _configuration = configuration;

    /// <summary>Every setting that there is, in the order of the page.</summary>
    public static IReadOnlyList<KnownSetting> All { get; } =
    [.. SettingCatalogue.Of(typeof(FlowEngineOptions)), .. SettingCatalogue.Of(typeof(ProgramOptions))];

    /// <summary>FlowEngine's, as in any program.</summary>
    public FlowEngineOptions Engine { get; } = new();

    /// <summary>The server's own.</summary>
    public ProgramOptions Program { get; } = new();

    /// <summary>Reads the settings; what is wrong with them <see cref="Check"/> tells.</summary>
    /// <param name="given">Settings from the command line, which go before all others.</param>
    /// <param name="isDemo">Whether the demo runs: its API lives on the loopback address, so private networks are allowed unless a setting
    /// says otherwise.</param>
    public static ServerSettings Load(IEnumerable<KeyValuePair<string, string>> given, bool isDemo)
    {
        var settings = new ServerSettings(Read(given, isDemo));
        foreach (var options in new object[] { settings.Engine, settings.Program })
        {
            ConfiguredSettings.Bind(options, settings._configuration, settings._problems);
            SettingsDescriptor.Of(options.GetType()).Check(options, SourceLocation.Root(null), settings._problems);
        }
        return settings;
    }

    /// <summary>Tells what is wrong.</summary>
    /// <exception cref="SettingsException">Some cannot be used; it tells of all.</exception>
    public ServerSettings Check()
    {
        ConfiguredSettings.ThrowAny(_problems);
        return this;
    }

    /// <summary>Sets what the settings say.</summary>
    public void AddTo(FlowEngineOptions engine) => engine.Bind(_configuration);

    /// <summary>The settings that were given and do not exist, each with advice that names what was probably meant, or null. A section of
    /// other programs is none of ours.</summary>
    public IReadOnlyList<(string Name, string? Advice)> Unknown() =>
        ConfiguredSettings.Unknown(_configuration, [.. All.Select(setting => setting.Name)], Foreign);

    private static IConfigurationRoot Read(IEnumerable<KeyValuePair<string, string>> given, bool isDemo)
    {
        var environment =
            Environment.GetEnvironmentVariable("DOTNET_ENVIRONMENT") ?? Environment.GetEnvironmentVariable("ASPNETCORE_ENVIRONMENT");
        var builder = new ConfigurationBuilder().SetBasePath(AppContext.BaseDirectory).AddJsonFile("appsettings.json", optional: true);
        if (string.Equals(environment, "Development", StringComparison.OrdinalIgnoreCase))
            builder.AddJsonFile("appsettings.Development.json", optional: true);
        if (isDemo)
            builder.AddInMemoryCollection([KeyValuePair.Create<string, string?>("Egress:AllowPrivateNetworks", "true")]);
        builder.AddEnvironmentVariables("FLOWENGINE_");
        // Of a setting that is given twice the last one counts, as it does everywhere else.
        builder.AddInMemoryCollection(
            given
                .GroupBy(pair => pair.Key, StringComparer.OrdinalIgnoreCase)
                .Select(pairs => KeyValuePair.Create<string, string?>(pairs.Key, pairs.Last().Value))
        );
        return builder.Build();
    }
}
