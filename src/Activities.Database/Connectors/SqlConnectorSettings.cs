using FlowEngine.Connectors;
using FlowEngine.Context;
using FlowEngine.Database.Network;
using FlowEngine.Errors;
using FlowEngine.Settings;

namespace FlowEngine.Database.Connectors;

/// <summary>The databases that a connector can talk to.</summary>
public enum DatabaseEngine
{
    /// <summary>PostgreSQL, written <c>postgres</c>.</summary>
    Postgres,

    /// <summary>SQLite, written <c>sqlite</c>.</summary>
    Sqlite,

    /// <summary>MySQL or MariaDB, written <c>mysql</c>.</summary>
    Mysql,

    /// <summary>Microsoft SQL Server, written <c>sqlserver</c>.</summary>
    Sqlserver,
}

/// <summary>How a connection is encrypted.</summary>
public enum SslMode
{
    /// <summary>Never.</summary>
    Disable,

    /// <summary>When the server offers it; its certificate is not checked.</summary>
    Prefer,

    /// <summary>Always; the server's certificate is not checked.</summary>
    Require,

    /// <summary>Always; the certificate must come from a trusted authority. On SQL Server the host name is checked as well.</summary>
    VerifyCa,

    /// <summary>Always; the certificate must come from a trusted authority and name the host.</summary>
    VerifyFull,
}

/// <summary>Bound once, then read only: the configuration of a connector of type <c>sql</c> (SPEC 8).</summary>
public sealed class SqlConnectorSettings
{
    /// <summary>The connections that a connector holds at most, when the file does not say.</summary>
    public const int DefaultMaxPoolSize = 20;

    private const string Server = "engine=postgres,mysql,sqlserver";

    /// <summary>The kind of database.</summary>
    [Setting("The kind of database.", Required = true, Section = "Database")]
    public DatabaseEngine Engine { get; set; }

    /// <summary>The server's name or address.</summary>
    [Setting("The server's name or address. Not for SQLite.", Section = "Database", When = Server, RequiredThen = true)]
    public string Host { get; set; } = "";

    /// <summary>The server's port; null (the default) is the engine's usual one.</summary>
    [Setting(
        "The server's port. Default 5432 (postgres), 3306 (mysql), 1433 (sqlserver). Not for SQLite.",
        Minimum = 1,
        Maximum = 65535,
        Section = "Database",
        When = Server
    )]
    public int? Port { get; set; }

    /// <summary>The database on the server.</summary>
    [Setting("The database on the server. Not for SQLite.", Section = "Database", When = Server, RequiredThen = true)]
    public string Database { get; set; } = "";

    /// <summary>Who signs in.</summary>
    [Setting(
        "The user that the connector signs in as; give it no more rights than the flows need. Not for SQLite.",
        SecretsStay = true,
        Section = "Sign-in",
        When = Server,
        RequiredThen = true
    )]
    public string Username { get; set; } = "";

    /// <summary>The user's password; null (the default) when the server asks for none.</summary>
    [Setting("The user's password. Not for SQLite.", Section = "Sign-in", When = Server)]
    public Secret? Password { get; set; }

    /// <summary>The SQLite file; it must exist.</summary>
    [Setting(
        "The SQLite file, which must exist. A relative path begins at the folder of the connector's file. Only for SQLite.",
        Section = "Database",
        When = "engine=sqlite",
        RequiredThen = true
    )]
    public string File { get; set; } = "";

    /// <summary>How the connection is encrypted. Default <see cref="SslMode.Prefer"/>.</summary>
    [Setting(
        "How the connection is encrypted and the server's certificate checked. Not for SQLite.",
        Label = "Encryption (TLS)",
        Section = "Connections",
        When = Server
    )]
    public SslMode Ssl { get; set; } = SslMode.Prefer;

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

    /// <summary>Reports every setting that does not fit the engine.</summary>
    internal void Check(ConnectorDefinition definition, DiagnosticBag problems, DatabaseModuleOptions options)
    {
        var at = definition.Location.At("configuration");
        var given = definition.Configuration;
        if (given.Get("engine").IsNothing)
            return;

        if (Engine == DatabaseEngine.Sqlite)
        {
            Need("file", File);
            if (File == ":memory:" || File.StartsWith("file:", StringComparison.OrdinalIgnoreCase))
                problems.Error(
                    FlowErrors.ConnectorSetting,
                    at.At("file"),
                    $"'{File}' is not a file's path.",
                    "Name a file; a database in memory would be empty for every query."
                );
            foreach (var name in (string[])["host", "port", "database", "username", "password", "ssl"])
                Refuse(name, "A SQLite database is a file.");
            if (
                File.Length > 0
                && (
                    File.Contains('\0', StringComparison.Ordinal)
                    || options.SqliteFiles.Resolve(FullPath(definition), definition.Origin) is null
                )
            )
            {
                problems.Error(
                    DatabaseErrors.File,
                    at.At("file"),
                    definition.Origin == ConnectorOrigin.Operator
                        ? $"'{File}' is in the server's data folder, which no connector reaches."
                        : $"'{File}' is in none of the folders that the operator has set for SQLite files."
                );
            }
            return;
        }

        Need("host", Host);
        if (
            Host.Length > 0
            && !HostName.IsUsable(
                Host,
                takesSockets: Engine != DatabaseEngine.Sqlserver,
                takesInstances: Engine == DatabaseEngine.Sqlserver
            )
        )
            problems.Error(
                FlowErrors.ConnectorSetting,
                at.At("host"),
                "This is neither one name nor one address.",
                "Write the name or address of one server; its port is a setting of its own."
            );
        Need("database", Database);
        Need("username", Username);
        Refuse("file", "Only SQLite reads a file.");

        void Need(string name, string value)
        {
            if (value.Length == 0)
                problems.Error(
                    FlowErrors.Required,
                    at.At(name),
                    $"'{name}' is missing: the engine {EngineName} needs it.",
                    $"Add \"{name}\"."
                );
        }

        void Refuse(string name, string reason)
        {
            if (!given.Get(name).IsNothing)
                problems.Error(
                    FlowErrors.ConnectorSetting,
                    at.At(name),
                    $"'{name}' does not belong to the engine {EngineName}. {reason}",
                    "Remove it."
                );
        }
    }

    internal string EngineName => Engine.ToString().ToLowerInvariant();

    /// <summary>The SQLite file's full path.</summary>
    internal string FullPath(ConnectorDefinition definition) => Path.GetFullPath(File, definition.Folder ?? Environment.CurrentDirectory);
}
