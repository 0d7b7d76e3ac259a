using System.Collections.Concurrent;
using FlowEngine.Errors;
using FlowEngine.Settings;

namespace FlowEngine.Connectors;

/// <summary>Per process, thread-safe: the connectors that flows can refer to. A connector is made when a flow first asks for it.</summary>
/// <remarks>One that is replaced or removed stays open for the plans that were compiled
/// before, until <see cref="CloseRetiredAsync"/> finds it old enough.</remarks>
public sealed class ConnectorSet : IAsyncDisposable
{
    private readonly Dictionary<string, ConnectorType> _types;
    private readonly ConcurrentDictionary<string, Lazy<Entry>> _entries = new(StringComparer.Ordinal);
    private readonly ConcurrentQueue<(string Id, Connector Connector, long Since)> _retired = new();

    /// <summary>Makes a set without connectors.</summary>
    /// <param name="types">The types of connectors there are.</param>
    public ConnectorSet(params IEnumerable<ConnectorType> types) => _types = types.ToDictionary(type => type.Name, StringComparer.Ordinal);

    /// <summary>A set without types and connectors.</summary>
    public static ConnectorSet Empty => new();

    /// <summary>The clock. Default the system's.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>The ids of the connectors.</summary>
    public IEnumerable<string> Ids => _entries.Keys.Order(StringComparer.Ordinal);

    /// <summary>The types of connectors there are.</summary>
    public IEnumerable<ConnectorType> Types => _types.Values;

    /// <summary>The connectors that are in use and have something to tell of how they are.</summary>
    public IEnumerable<(string Id, ConnectorState State)> States =>
        from connector in Made(_entries.Values)
        let state = connector.State
        where state is not null
        select (connector.Id, state);

    /// <summary>The secrets that the connectors in use hold now; see <see cref="Connector.SecretValues"/>.</summary>
    public IEnumerable<string> SecretValues =>
        Made(_entries.Select(pair => pair.Value))
            .Concat(_retired.Select(retired => retired.Connector))
            .SelectMany(connector => connector.SecretValues);

    /// <summary>The secrets that some of the connectors hold now, or held before
    /// they were replaced; see <see cref="Connector.SecretValues"/>.</summary>
    /// <param name="ids">The connectors that a flow uses. What others hold cannot be
    /// in what its runs show, and to look for it would tell who guesses it.</param>
    public IEnumerable<string> SecretsOf(IReadOnlySet<string> ids) =>
        Made(ids.Select(id => _entries.GetValueOrDefault(id)).OfType<Lazy<Entry>>())
            .Concat(_retired.Where(retired => ids.Contains(retired.Id)).Select(retired => retired.Connector))
            .SelectMany(connector => connector.SecretValues);

    /// <summary>Adds a connector, or puts it in the place of the one with its id.
    /// Plans that were compiled before keep the connector they had.</summary>
    public void Set(ConnectorDefinition definition)
    {
        var entry = new Lazy<Entry>(() => Create(definition));
        _entries.AddOrUpdate(
            definition.Id,
            _ => entry,
            (_, before) =>
            {
                Retire(definition.Id, before);
                return entry;
            }
        );
    }

    /// <summary>Removes a connector. Plans that were compiled before keep it.</summary>
    public void Remove(string id)
    {
        if (_entries.TryRemove(id, out var before))
            Retire(id, before);
    }

    /// <summary>Closes the connectors that were replaced or removed at least
    /// that long ago: nobody may use a plan with them any more.</summary>
    public async Task CloseRetiredAsync(TimeSpan age)
    {
        while (_retired.TryPeek(out var oldest) && Time.GetElapsedTime(oldest.Since) >= age && _retired.TryDequeue(out oldest))
            await oldest.Connector.DisposeAsync().ConfigureAwait(false);
    }

    /// <summary>The connector of that id, or null when there is none or its file has errors.</summary>
    /// <param name="id">The id.</param>
    /// <param name="problems">The problems of its file; empty when there is no such connector.</param>
    public Connector? Find(string id, out IReadOnlyList<Diagnostic> problems)
    {
        problems = [];
        if (!_entries.TryGetValue(id, out var entry))
            return null;
        problems = entry.Value.Problems;
        return entry.Value.Connector;
    }

    /// <summary>What the connector of that id reads of the context of the
    /// flows that use it; nothing when there is no such connector.</summary>
    internal IReadOnlyList<PathRead> ReadsOf(string id) => _entries.TryGetValue(id, out var entry) ? entry.Value.Reads : [];

    /// <summary>Closes all connectors.</summary>
    public async ValueTask DisposeAsync()
    {
        foreach (var connector in Made(_entries.Values))
            await connector.DisposeAsync().ConfigureAwait(false);
        await CloseRetiredAsync(TimeSpan.Zero).ConfigureAwait(false);
    }

    private static IEnumerable<Connector> Made(IEnumerable<Lazy<Entry>> entries) =>
        entries.Where(entry => entry.IsValueCreated).Select(entry => entry.Value.Connector).OfType<Connector>();

    private void Retire(string id, Lazy<Entry> before)
    {
        foreach (var connector in Made([before]))
            _retired.Enqueue((id, connector, Time.GetTimestamp()));
    }

    private Entry Create(ConnectorDefinition definition)
    {
        var reads = new List<PathRead>();
        var problems = new DiagnosticBag { OnRead = reads.Add };
        if (!_types.TryGetValue(definition.Type, out var type))
        {
            problems.Error(
                FlowErrors.UnknownConnectorType,
                definition.Location.At("type"),
                $"There is no connector type '{definition.Type}'.",
                Suggestion.For(definition.Type, _types.Keys)
            );
            return new Entry(null, problems.Items, reads);
        }

        var connector = type.Create(definition, problems);
        return new Entry(problems.HasErrors ? null : connector, problems.Items, reads);
    }

    private sealed record Entry(Connector? Connector, IReadOnlyList<Diagnostic> Problems, IReadOnlyList<PathRead> Reads);
}
