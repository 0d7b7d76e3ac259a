using FlowEngine.Connectors;
using FlowEngine.Context;
using FlowEngine.Errors;
using FlowEngine.Storage;

namespace FlowEngine.AspNetCore.Flows;

/// <summary>
/// Per process, thread-safe: brings connectors and flows up to what the storage says. Whoever publishes or saves calls
/// <see cref="RefreshAsync"/> afterwards and this node knows at once; the
/// others see it when <see cref="CatalogueWatch"/> looks the next time.
/// </summary>
/// <param name="storage">The storage.</param>
/// <param name="connectors">The connectors in use.</param>
/// <param name="catalogue">The flows in use.</param>
/// <param name="relocate">Applied to every connector's content, or null.</param>
/// <param name="files">The files that connectors came from, by id, for messages.</param>
/// <param name="folder">The folder of the connectors, where relative paths in them begin.</param>
internal sealed class CatalogueService(
    ServerStorage storage,
    ConnectorSet connectors,
    FlowCatalogue catalogue,
    Func<FlowValue, FlowValue>? relocate,
    IReadOnlyDictionary<string, string> files,
    string folder
) : IDisposable
{
    /// <summary>Longer than any run can stay with a plan that is not the newest: one advance.</summary>
    private static readonly TimeSpan KeepRetired = TimeSpan.FromMinutes(10);

    private readonly SemaphoreSlim _refreshing = new(1, 1);
    private readonly OperatorFiles _operatorFiles = new(storage);
    private readonly Dictionary<string, (long Revision, ConnectorOrigin Origin)> _revisions = new(StringComparer.Ordinal);
    private readonly Dictionary<string, IReadOnlyList<Diagnostic>> _unreadable = new(StringComparer.Ordinal);
    private long? _revision;
    private IReadOnlyList<Diagnostic> _problems = [];

    /// <summary>Reads what changed and compiles what depends on it; one cheap read when nothing did.</summary>
    /// <returns>The problems of connectors and published flows as they are now.
    /// A flow with errors cannot be started until they are gone.</returns>
    /// <exception cref="StorageException">The storage does not answer. What was known goes on, and the next call tries again.</exception>
    public async Task<IReadOnlyList<Diagnostic>> RefreshAsync(CancellationToken cancellationToken)
    {
        await _refreshing.WaitAsync(cancellationToken);
        try
        {
            await connectors.CloseRetiredAsync(KeepRetired);
            // Read first: what changes after this is seen again by the next call.
            var revision = await storage.Settings.CatalogueRevisionAsync(cancellationToken);
            if (revision == _revision)
                return _problems;

            var stored = await storage.Connectors.ListAsync(cancellationToken);
            var versions = await storage.Flows.ListPublishedAsync(cancellationToken);
            var fresh = new List<FlowVersion>();
            foreach (var (id, version) in versions)
            {
                if (
                    catalogue.PublishedVersion(id) != version
                    && await storage.Flows.FindVersionAsync(id, version, cancellationToken) is { } found
                )
                    fresh.Add(found);
            }

            var origins = new Dictionary<string, ConnectorOrigin>(StringComparer.Ordinal);
            foreach (var connector in stored)
                origins[connector.Id] = await _operatorFiles.OriginOfAsync(connector.Definition, cancellationToken);

            // All is read: from here to the end nothing fails in the middle.
            var problems = catalogue.Apply(versions, fresh, Take(stored, origins));
            _problems = [.. _unreadable.Values.SelectMany(found => found).Concat(problems)];
            _revision = revision;
            return _problems;
        }
        finally
        {
            _refreshing.Release();
        }
    }

    /// <summary>Reads a connector's definition as this server uses it.</summary>
    /// <param name="definition">The connector file's JSON, with its secrets; stored, or about to be.</param>
    /// <param name="problems">Where problems go.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    /// <returns>The connector, or null when problems were reported.</returns>
    public async Task<ConnectorDefinition?> ReadAsync(FlowObject definition, DiagnosticBag problems, CancellationToken cancellationToken) =>
        Read(definition, await _operatorFiles.OriginOfAsync(definition, cancellationToken), null, problems);

    /// <summary>A definition as this server uses it: in the demo, addresses of the
    /// demo lead to where that is. Null where that is the definition itself.</summary>
    public FlowObject? ActualOf(FlowObject definition) =>
        relocate?.Invoke(FlowValue.From(definition)).TryGetObject(out var actual) == true
        && FlowValue.From(actual) != FlowValue.From(definition)
            ? actual
            : null;

    /// <inheritdoc/>
    public void Dispose() => _refreshing.Dispose();

    private ConnectorDefinition? Read(FlowObject definition, ConnectorOrigin origin, string? file, DiagnosticBag problems)
    {
        var json = FlowValue.From(definition);
        var read = ConnectorDefinition.Read(relocate?.Invoke(json) ?? json, file, problems);
        // From a file, saved, or about to be tried: a relative path in it leads to the same place.
        return read is null ? null : read with { Folder = Path.GetFullPath(folder), Origin = origin };
    }

    /// <summary>Gives the connectors to the engine.</summary>
    /// <returns>The ids of those that changed.</returns>
    private HashSet<string> Take(IReadOnlyList<StoredConnector> stored, Dictionary<string, ConnectorOrigin> origins)
    {
        var changed = _revisions
            .Keys.Except(stored.Select(connector => connector.Id), StringComparer.Ordinal)
            .ToHashSet(StringComparer.Ordinal);
        foreach (var id in changed)
            Forget(id);
        foreach (var connector in stored)
        {
            var now = (connector.Revision, origins[connector.Id]);
            if (_revisions.TryGetValue(connector.Id, out var known) && known == now)
                continue;
            changed.Add(connector.Id);
            var problems = new DiagnosticBag();
            if (Read(connector.Definition, origins[connector.Id], files.GetValueOrDefault(connector.Id), problems) is { } definition)
            {
                connectors.Set(definition);
                _unreadable.Remove(connector.Id);
            }
            else
            {
                Forget(connector.Id);
                _unreadable[connector.Id] = problems.Items;
            }
            _revisions[connector.Id] = now;
        }
        return changed;
    }

    private void Forget(string id)
    {
        connectors.Remove(id);
        _revisions.Remove(id);
        _unreadable.Remove(id);
    }
}
