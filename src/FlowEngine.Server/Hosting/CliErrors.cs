using FlowEngine.Errors;

namespace FlowEngine.Server.Hosting;

/// <summary>Shared and immutable: the codes of the command line itself.</summary>
internal static class CliErrors
{
    /// <summary>A setting of the operator that cannot be used.</summary>
    public static readonly ErrorCode Setting = new(
        "cli.setting",
        "A setting cannot be used.",
        "Correct it in appsettings.json, the environment or --set."
    );

    /// <summary>A file that cannot be read or written.</summary>
    public static readonly ErrorCode File = new("cli.file", "A file cannot be read or written.", "Check the path and the permissions.");

    /// <summary>A setting that there is not.</summary>
    public static readonly ErrorCode UnknownSetting = new(
        "cli.unknown_setting",
        "A setting does not exist; it has no effect.",
        "Compare its name with docs/operations.md."
    );

    /// <summary>Plain HTTP for other machines.</summary>
    public static readonly ErrorCode PlainHttp = new(
        "cli.plain_http",
        "The server is reached from other machines without TLS.",
        "Give an https address and a certificate, or put a reverse proxy with TLS in front and name it in Proxies:Known."
    );

    /// <summary>A server that was asked and gave no answer that can be used.</summary>
    public static readonly ErrorCode Server = new(
        "cli.server",
        "The server cannot be asked.",
        "Check its address, that it runs (flowengine health), and the management key."
    );

    /// <summary>A person who is not there.</summary>
    public static readonly ErrorCode User = new("cli.user", "There is nobody of this name.", "See 'flowengine users list' for the names.");

    /// <summary>A key that cannot be revoked.</summary>
    public static readonly ErrorCode Key = new(
        "cli.key",
        "There is no such key among those that have stopped signing.",
        "See 'flowengine keys list'; a key that signs is first replaced with 'flowengine keys rotate --now'."
    );

    /// <summary>Anything that nobody expected.</summary>
    public static readonly ErrorCode Unexpected = new(
        "cli.unexpected",
        "The command failed unexpectedly.",
        "This is a defect: please report it with the command line."
    );
}
