using FlowEngine.Errors;

namespace FlowEngine.Server.Cli;

/// <summary>Shared and immutable: the codes of the command line itself.</summary>
internal static class CliErrors
{
    /// <summary>A setting of the operator that cannot be used.</summary>
    public static readonly ErrorCode Setting = new("cli.setting", "A setting cannot be used.", "Correct it in appsettings.json, the environment or --set.");

    /// <summary>A file that cannot be read or written.</summary>
    public static readonly ErrorCode File = new("cli.file", "A file cannot be read or written.", "Check the path and the permissions.");

    /// <summary>Anything that nobody expected.</summary>
    public static readonly ErrorCode Unexpected = new("cli.unexpected", "The command failed unexpectedly.", "This is a defect: please report it with the command line.");
}
