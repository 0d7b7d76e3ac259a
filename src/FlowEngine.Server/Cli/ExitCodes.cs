namespace FlowEngine.Server.Cli;

/// <summary>Shared and immutable: the exit codes of every command (SPEC 13).</summary>
internal static class ExitCodes
{
    public const int Completed = 0;

    /// <summary>The run failed, a file was refused, or a check found a difference.</summary>
    public const int Failed = 1;

    /// <summary>The command line itself is wrong.</summary>
    public const int Usage = 2;

    /// <summary>The run waits for a screen and no answer is left.</summary>
    public const int Waiting = 3;
}
