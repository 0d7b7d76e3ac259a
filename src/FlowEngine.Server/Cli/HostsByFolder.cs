using FlowEngine.AspNetCore.Engine;

namespace FlowEngine.Server.Cli;

/// <summary>Per command, single-threaded: one engine for each folder of flows that a command meets.</summary>
internal sealed class HostsByFolder(string? connectorFolder, EngineModules modules) : IAsyncDisposable
{
    private readonly Dictionary<string, FlowEngineHost> _hosts = new(StringComparer.Ordinal);

    /// <summary>The engine for the flows beside this one.</summary>
    public FlowEngineHost Of(string flowFile)
    {
        var folder = Path.GetDirectoryName(flowFile) ?? "";
        if (!_hosts.TryGetValue(folder, out var host))
            _hosts.Add(folder, host = FlowEngineHost.Open(folder, connectorFolder, modules));
        return host;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var host in _hosts.Values)
            await host.DisposeAsync();
    }
}
