using FlowEngine.Connectors;
using FlowEngine.Database.Network;
using FlowEngine.Errors;
using FlowEngine.Settings;

namespace FlowEngine.Database.Engines;

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

/// <summary>Bound once, then read only: the settings of an engine that is a server.</summary>
public abstract class ServerSettings : SqlEngineSettings
{
    /// <summary>The server's name or address.</summary>
    [Setting("The server's name or address.", Required = true, Section = "Database")]
    public string Host { get; set; } = "";

    /// <summary>The server's port; null (the default) is the engine's usual one.</summary>
    [Setting("The server's port. Default the engine's usual one.", Minimum = 1, Maximum = 65535, Section = "Database")]
    public int? Port { get; set; }

    /// <summary>The database on the server.</summary>
    [Setting("The database on the server.", Required = true, Section = "Database")]
    public string Database { get; set; } = "";

    /// <summary>Who signs in.</summary>
    [Setting(
        "The user that the connector signs in as; give it no more rights than the flows need.",
        Required = true,
        SecretsStay = true,
        Section = "Sign-in"
    )]
    public string Username { get; set; } = "";

    /// <summary>The user's password; null (the default) when the server asks for none.</summary>
    [Setting("The user's password.", Hint = "", Section = "Sign-in")]
    public Secret? Password { get; set; }

    /// <summary>How the connection is encrypted. Default <see cref="SslMode.Prefer"/>.</summary>
    [Setting("How the connection is encrypted and the server's certificate checked.", Label = "Encryption (TLS)", Section = "Connections")]
    public SslMode Ssl { get; set; } = SslMode.Prefer;

    /// <summary>Whether the host may be the path of a Unix socket. Default true.</summary>
    internal virtual bool TakesSockets => true;

    /// <summary>Whether the host may go on with <c>\</c> and the name of an instance. Default false.</summary>
    internal virtual bool TakesInstances => false;

    internal override Secret? SignInSecret => Password;

    internal override void Check(ConnectorDefinition definition, DiagnosticBag problems, DatabaseModuleOptions options)
    {
        if (Host.Length > 0 && !HostName.IsUsable(Host, TakesSockets, TakesInstances))
            problems.Error(
                FlowErrors.ConnectorSetting,
                definition.Location.At("configuration").At("host"),
                "This is neither one name nor one address.",
                "Write the name or address of one server; its port is a setting of its own."
            );
    }
}
