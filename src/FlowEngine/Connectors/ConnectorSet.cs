using System.Collections.Concurrent;
using FlowEngine.Errors;
using FlowEngine.Settings;

namespace FlowEngine.Connectors;

/// <summary>Per process, thread-safe: the connectors that flows can refer to. A connector is made when a flow first asks for it.</summary>
public sealed class ConnectorSet : IAsyncDisposable
{
    private readonly Dictionary<string, ConnectorType> _types;
    private readonly ConcurrentDictionary<string, Lazy<Entry>> _entries = new(StringComparer.Ordinal);

    /// <summary>Makes a set without connectors.</summary>
    /// <param name="types">The types of connectors there are.</param>
    public ConnectorSet(params IEnumerable<ConnectorType> types) => _types = types.ToDictionary(type => type.Name, StringComparer.Ordinal);

    /// <summary>A set without types and connectors.</summary>
    public static ConnectorSet Empty => new();

    /// <summary>The ids of the connectors.</summary>
    public IEnumerable<string> Ids => _entries.Keys.Order(StringComparer.Ordinal);

    /// <summary>The types of connectors there are.</summary>
    public IEnumerable<ConnectorType> Types => _types.Values;

    /// <summary>The secrets that the connectors in use hold now; see <see cref="Connector.SecretValues"/>.</summary>
    public IEnumerable<string> SecretValues
    {
        get
        {
            // Not its Values: they would lock the whole set, for every run that is stored.
            foreach (var (_, entry) in _entries)
            {
                if (!entry.IsValueCreated || entry.Value.Connector is not { } connector)
                    continue;
                foreach (var secret in connector.SecretValues)
                    yield return secret;
            }
        }
    }

    /// <summary>Adds a connector, or puts it in the place of the one with its id. Plans that were compiled before keep the connector they had.</summary>
    public void Set(ConnectorDefinition definition) => _entries[definition.Id] = new Lazy<Entry>(() => Create(definition));

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

    /// <summary>Closes all connectors.</summary>
    public async ValueTask DisposeAsync()
    {
        foreach (var entry in _entries.Values)
        {
            if (entry.IsValueCreated && entry.Value.Connector is { } connector)
                await connector.DisposeAsync().ConfigureAwait(false);
        }
    }

    private Entry Create(ConnectorDefinition definition)
    {
        var problems = new DiagnosticBag();
        if (!_types.TryGetValue(definition.Type, out var type))
        {
            problems.Error(
                FlowErrors.UnknownConnectorType, definition.Location.At("type"), $"There is no connector type '{definition.Type}'.", Suggestion.For(definition.Type, _types.Keys));
            return new Entry(null, problems.Items);
        }

        var connector = type.Create(definition, problems);
        return new Entry(problems.HasErrors ? null : connector, problems.Items);
    }

    private sealed record Entry(Connector? Connector, IReadOnlyList<Diagnostic> Problems);
}
