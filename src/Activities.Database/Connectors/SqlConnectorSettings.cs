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
<<<<<<< HEAD
    public DatabaseEngine Engine { get; set; }

    /// <summary>The server's name or address.</summary>
    [Setting(
        "The server's name or address. Not for SQLite.",
        Hint = "The server's name or address.",
        Section = "Database",
        When = Server,
        RequiredThen = true
    )]
    public string Host { get; set; } = "";

    /// <summary>The server's port; null (the default) is the engine's usual one.</summary>
    [Setting(
        "The server's port. Default 5432 (postgres), 3306 (mysql), 1433 (sqlserver). Not for SQLite.",
        Hint = "The server's port. Default 5432 (postgres), 3306 (mysql), 1433 (sqlserver).",
        Minimum = 1,
        Maximum = 65535,
        Section = "Database",
        When = Server
    )]
    public int? Port { get; set; }

    /// <summary>The database on the server.</summary>
    [Setting(
        "The database on the server. Not for SQLite.",
        Hint = "The database on the server.",
        Section = "Database",
        When = Server,
        RequiredThen = true
    )]
    public string Database { get; set; } = "";

    /// <summary>Who signs in.</summary>
    [Setting(
        "The user that the connector signs in as; give it no more rights than the flows need. Not for SQLite.",
        Hint = "The user that the connector signs in as; give it no more rights than the flows need.",
        SecretsStay = true,
        Section = "Sign-in",
        When = Server,
        RequiredThen = true
    )]
    public string Username { get; set; } = "";

    /// <summary>The user's password; null (the default) when the server asks for none.</summary>
    [Setting("The user's password. Not for SQLite.", Hint = "", Section = "Sign-in", When = Server)]
    public Secret? Password { get; set; }

    /// <summary>The SQLite file; it must exist.</summary>
    [Setting(
        "The SQLite file, which must exist. A relative path begins at the folder of the connector's file. Only for SQLite.",
        Hint = "The SQLite file, which must exist. A relative path begins at the folder of the connector's file.",
        Section = "Database",
        When = "engine=sqlite",
        RequiredThen = true
    )]
    public string File { get; set; } = "";

    /// <summary>How the connection is encrypted. Default <see cref="SslMode.Prefer"/>.</summary>
    [Setting(
        "How the connection is encrypted and the server's certificate checked. Not for SQLite.",
        Hint = "How the connection is encrypted and the server's certificate checked.",
        Label = "Encryption (TLS)",
        Section = "Connections",
        When = Server
    )]
    public SslMode Ssl { get; set; } = SslMode.Prefer;
=======
    public string Engine { get; set; } = "";
>>>>>>> main

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
