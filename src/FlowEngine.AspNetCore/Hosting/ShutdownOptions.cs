using FlowEngine.Settings;

namespace FlowEngine.AspNetCore.Hosting;

/// <summary>Set while a program starts, then read only: the section <c>Shutdown</c>.</summary>
public sealed record ShutdownOptions
{
    /// <summary>How long <c>/readyz</c> says 503 before the program takes no more requests. Default null: 3 seconds in a cluster, else
    /// none.</summary>
    [Setting(
        "How long `/readyz` says 503 before the server takes no more requests.",
        Otherwise = "`PT3S` in a cluster, else none",
        Longest = "PT8S"
    )]
    public TimeSpan? Delay { get; set; }
}
