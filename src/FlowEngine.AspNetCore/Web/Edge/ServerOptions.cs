using FlowEngine.Errors;
using FlowEngine.Settings;

namespace FlowEngine.AspNetCore.Web.Edge;

/// <summary>Set while a program starts, then read only: the section <c>Server</c>, what one client can hold of a program that FlowEngine
/// has to itself, and where in it everything is.</summary>
internal sealed record ServerOptions : ICheckedSettings
{
    /// <summary>The path that everything is served under. Default <c>/</c>.</summary>
    [Setting("The path that everything is served under, such as `/auth`, where a reverse proxy keeps the path that it is asked for.")]
    public string Path { get; set; } = "/";

    /// <summary>How many connections a node takes at once. Default 10,000.</summary>
    [Setting("How many connections a node takes at once.", Minimum = 1)]
    public int MaxConnections { get; set; } = 10_000;

    /// <summary>How many of them one network may hold. Default 500; 0 is no limit.</summary>
    [Setting(
        "How many of them one network (a /24, of IPv6 a /48) may hold; known proxies may hold any number. 0 is no limit.",
        Minimum = 0
    )]
    public int MaxConnectionsPerNetwork { get; set; } = 500;

    /// <summary>How large the headers of a request may be together, in bytes. Default 32 KiB.</summary>
    [Setting("How large the headers of a request may be together.", Unit = "bytes", Minimum = 1)]
    public int MaxHeaderBytes { get; set; } = 32 * 1024;

    /// <inheritdoc/>
    void ICheckedSettings.Check(SourceLocation at, DiagnosticBag problems)
    {
        if (OwnPath.Parse(Path) is null)
            problems.Error(FlowErrors.Value, at.At("path"), OwnPath.Problem(Path), "");
    }
}
