using FlowEngine.Connectors;
using FlowEngine.Database.Engines;
using FlowEngine.Errors;
using FlowEngine.Settings;

namespace FlowEngine.Database.Connectors;

/// <summary>Bound once, then read only: the configuration of a connector of type <c>sql</c> (SPEC 8). The chosen engine's settings stand
/// beside these.</summary>
public sealed class SqlConnectorSettings : VariantSettings
{
    /// <summary>The connections that a connector holds at most, when the file does not say.</summary>
    public const int DefaultMaxPoolSize = 20;

    /// <summary>The kind of database.</summary>
    [Setting("The kind of database.", Required = true, Section = "Database")]
    public string Engine { get; set; } = "";

    /// <summary>How many connections may be open at once. Default 20; a query beyond it waits, within its timeout.</summary>
    [Setting(
        "How many connections may be open at once; a query beyond that waits, within its timeout.",
        Minimum = 1,
        Maximum = 1000,
        Unit = "connections",
        SecretsStay = true,
        Label = "Most connections",
        Section = "Connections"
    )]
    public int MaxPoolSize { get; set; } = DefaultMaxPoolSize;

    /// <summary>Whether it is switched off. Default false.</summary>
    [Setting(
        "Switched off, every query ends with db.disabled and asks nobody; flows that use the connector are warned.",
        SecretsStay = true,
        Label = "Switched off",
        Section = "Connections",
        WarnsWhen = "true",
        Warning = "Switched off"
    )]
    public bool Disabled { get; set; }

    /// <summary>The settings, those of every engine among them.</summary>
    internal static SettingsDescriptor Descriptor { get; } =
        SettingsDescriptor.Choosing(typeof(SqlConnectorSettings), "engine", SqlEngineKind.All.Select(kind => kind.Variant));

    /// <summary>The chosen engine's settings; null only when problems were reported.</summary>
    internal SqlEngineSettings? Chosen => (SqlEngineSettings?)Variant;

    /// <summary>Reports every setting that does not fit the engine.</summary>
    internal void Check(ConnectorDefinition definition, DiagnosticBag problems, DatabaseModuleOptions options)
    {
        if (Chosen is null)
            return;
        Chosen.Check(definition, problems, options);
        foreach (var setting in Descriptor.Settings)
        {
            if (
                setting.Condition is { } condition
                && !condition.Values.Contains(Engine)
                && !definition.Configuration.Get(setting.Name).IsNothing
            )
                problems.Error(
                    FlowErrors.ConnectorSetting,
                    definition.Location.At("configuration").At(setting.Name),
                    $"'{setting.Name}' does not belong to the engine {Engine}, only to {string.Join(", ", condition.Values)}.",
                    "Remove it."
                );
        }
    }
}
