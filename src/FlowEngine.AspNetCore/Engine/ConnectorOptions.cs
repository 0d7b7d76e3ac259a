using FlowEngine.Settings;

namespace FlowEngine.AspNetCore.Engine;

/// <summary>Set while a program starts, then read only: the section <c>Connectors</c>.</summary>
public sealed record ConnectorOptions
{
    /// <summary>Folders below which saved connectors may open SQLite files. Default none.</summary>
    [Setting(
        "Folders below which connectors that were saved in the console or through the API may open SQLite files. "
            + "Those of the folder of connectors open any; none opens one of the data folder.",
        Otherwise = "none; with `--demo` the demo's own"
    )]
    public IReadOnlyList<string> SqliteFolders { get; set; } = [];
}
