using FlowEngine.AspNetCore.Engine;
using FlowEngine.AspNetCore.Hosting;
using FlowEngine.Context;

namespace FlowEngine.AspNetCore;

/// <summary>
/// Bound once at start, then read only: what FlowEngine serves in a program, and where it keeps what it stores. The program's configuration
/// sets them first, section <c>FlowEngine</c>, then what <c>AddFlowEngine</c> is given.
/// </summary>
public sealed class FlowEngineOptions
{
    /// <summary>The section of the program's configuration.</summary>
    public const string Section = "FlowEngine";

    /// <summary>The folder of the flows, with <c>connectors/</c> in it. A file in it that changed becomes a new published version when the
    /// program starts. A relative one counts from the current folder. Default <c>flows</c>.</summary>
    public string Flows { get; set; } = "flows";

    /// <summary>The folder of the embedded database, the keys, and the link that sets up the console. It belongs to this program alone, and
    /// is made when it is not there. A relative one counts from the current folder. Default <c>data</c>.</summary>
    public string Data { get; set; } = "data";

    /// <summary>The connection string of a PostgreSQL database, or where it stands: <c>env:NAME</c>, <c>file:PATH</c>. Default null: SQLite in
    /// <see cref="Data"/>.</summary>
    public string? Database { get; set; }

    /// <summary>Whether other nodes share <see cref="Database"/>, and the runs with it. They need the same setting <c>Storage:RootKey</c>.
    /// Default false.</summary>
    public bool IsCluster { get; set; }

    /// <summary>
    /// The settings of <c>docs/operations.md</c> by their names, such as <c>Tokens:Issuer</c>; one that is set here goes before the
    /// configuration's. Those of the program itself (<c>Server:…</c>, <c>Logging:…</c>, <c>Telemetry:…</c>) have no effect here: they are the
    /// host's. A list is one text with commas.
    /// </summary>
    public IDictionary<string, string?> Settings { get; } = new Dictionary<string, string?>(StringComparer.OrdinalIgnoreCase);

    /// <summary>Applied to the content of every connector; null for nothing.</summary>
    internal Func<FlowValue, FlowValue>? Relocate { get; set; }

    /// <summary>Folders for SQLite files of connectors beside those of the settings.</summary>
    internal IReadOnlyList<string> SqliteFolders { get; set; } = [];

    /// <summary>All settings, read; null until they are.</summary>
    internal ServerSettings? Read { get; set; }

    /// <summary>Is told what the start found, in the place of the log; null for the log.</summary>
    internal Action<EngineStart>? Started { get; set; }
}
