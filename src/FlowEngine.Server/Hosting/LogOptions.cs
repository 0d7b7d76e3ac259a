using FlowEngine.Settings;

namespace FlowEngine.Server.Hosting;

/// <summary>Set while the program starts, then read only: the section <c>Logging</c>.</summary>
internal sealed record LogOptions
{
    /// <summary>How the log is written. Default null: text at a terminal, else JSON.</summary>
    [Setting("How the log is written: `text` or `json`.", Choices = ["text", "json"], Otherwise = "`text` at a terminal, else `json`")]
    public string? Format { get; set; }
}
