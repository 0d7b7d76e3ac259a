using FlowEngine.AspNetCore.Web.Edge;
using FlowEngine.Settings;

namespace FlowEngine.Server.Hosting;

/// <summary>Set while the program starts, then read only: the settings that are the server's own, and not FlowEngine's in any
/// program.</summary>
internal sealed record ProgramOptions
{
    /// <summary>What one client can hold of the server.</summary>
    [Setting("What one client can hold of the server.")]
    public ServerOptions Server { get; set; } = new();

    /// <summary>Where spans and metrics go.</summary>
    [Setting("Where spans and metrics go.")]
    public TelemetryOptions Telemetry { get; set; } = new();

    /// <summary>The log.</summary>
    [Setting("The log.")]
    public LogOptions Logging { get; set; } = new();
}
