using FlowEngine.AspNetCore.Hosting;
using FlowEngine.AspNetCore.Web.Edge;

namespace FlowEngine.Server.Hosting;

/// <summary>Shared and immutable: what a server serves, and where.</summary>
internal sealed record ServeOptions
{
    /// <summary>The address that is used when none is given.</summary>
    public const string DefaultUrl = "http://127.0.0.1:5080";

    /// <summary>The folder of the flows, with <c>connectors/</c> in it.</summary>
    public required string FlowFolder { get; init; }

    /// <summary>The folder of the embedded database, the root key and the management key.</summary>
    public required string DataFolder { get; init; }

    /// <summary>The addresses to listen on, separated by semicolons.</summary>
    public required string Urls { get; init; }

    /// <summary>The connection string of a PostgreSQL database; null for SQLite in the data folder.</summary>
    public string? Database { get; init; }

    /// <summary>Whether other nodes share the database, and the runs with it.</summary>
    public bool IsCluster { get; init; }

    /// <summary>Whether the demo's people and API are there.</summary>
    public bool IsDemo { get; init; }

    /// <summary>The operator's settings.</summary>
    public required ServerSettings Settings { get; init; }

    /// <summary>The first of the addresses, as a client on this machine names it.</summary>
    public string FirstUrl => OwnAddress.First(Urls) is { Length: > 0 } first ? first : DefaultUrl;

    /// <summary>The path below it that everything is served under, setting <c>Server:Path</c>: "" for the root.</summary>
    public string Path => OwnPath.Parse(Settings.Program.Server.Path) ?? "";
}
