using FlowEngine.Connectors;
using FlowEngine.Context;
using FlowEngine.Errors;
using FlowEngine.Server.Storage;

namespace FlowEngine.Server.Flows;

/// <summary>Per process, thread-safe: makes flows and connectors that were stored take effect: the next run uses them.</summary>
/// <param name="store">The stored connectors.</param>
/// <param name="connectors">The connectors that flows are compiled with.</param>
/// <param name="flows">The published flows.</param>
/// <param name="relocate">Applied to each connector's content, or null.</param>
internal sealed class CatalogueChanges(ConnectorStore store, ConnectorSet connectors, FlowCatalogue flows, Func<FlowValue, FlowValue>? relocate) : IDisposable
{
    private readonly SemaphoreSlim _oneByOne = new(1);

    /// <summary>Takes the published flows over, as they are stored now.</summary>
    /// <returns>The errors of flows that could be run before and cannot now.</returns>
    public async Task<IReadOnlyList<Diagnostic>> ApplyAsync(CancellationToken cancellationToken)
    {
        await _oneByOne.WaitAsync(cancellationToken);
        try
        {
            var before = flows.Published.Where(flow => flow.Plan is not null).Select(flow => flow.Definition.Id).ToHashSet(StringComparer.Ordinal);
            var problems = await flows.RefreshAsync(cancellationToken);
            var broken = flows.Published.Where(flow => flow.Plan is null && before.Contains(flow.Definition.Id)).Select(flow => flow.Definition.Location.File).ToHashSet();
            return [.. problems.Where(problem => problem.Severity == Severity.Error && broken.Contains(problem.File))];
        }
        finally
        {
            _oneByOne.Release();
        }
    }

    /// <summary>Takes a connector over, as it is stored now, and compiles the flows anew.</summary>
    /// <returns>The errors of flows that could be run before and cannot now.</returns>
    public async Task<IReadOnlyList<Diagnostic>> ApplyConnectorAsync(string id, CancellationToken cancellationToken)
    {
        if (await store.FindAsync(id, cancellationToken) is not { } stored)
            connectors.Remove(id);
        else if (Read(stored.Definition, new DiagnosticBag()) is { } definition)
            connectors.Set(definition);
        return await ApplyAsync(cancellationToken);
    }

    /// <summary>A connector as this server uses it.</summary>
    public ConnectorDefinition? Read(FlowObject definition, DiagnosticBag problems)
    {
        var json = FlowValue.From(definition);
        return ConnectorDefinition.Read(relocate?.Invoke(json) ?? json, null, problems);
    }

    /// <inheritdoc/>
    public void Dispose() => _oneByOne.Dispose();
}
