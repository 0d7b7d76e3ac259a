using System.Globalization;
using Dapper;
using FlowEngine.Context;
using FlowEngine.Storage.Engines;

namespace FlowEngine.Storage;

/// <summary>Shared and immutable: flows and connectors that take effect together.</summary>
internal sealed record EnvironmentChange
{
    /// <summary>The number of the state that the change was planned against, of <see cref="SettingStore.CatalogueRevisionAsync"/>.</summary>
    public required long Revision { get; init; }

    /// <summary>The flows to publish.</summary>
    public required IReadOnlyList<FlowPublication> Flows { get; init; }

    /// <summary>The connectors to add or save, by id, with their secrets.</summary>
    public required IReadOnlyDictionary<string, FlowObject> Connectors { get; init; }

    /// <summary>The flows to delete.</summary>
    public IReadOnlyList<string> DeletedFlows { get; init; } = [];

    /// <summary>The connectors to delete.</summary>
    public IReadOnlyList<string> DeletedConnectors { get; init; } = [];

    /// <summary>What the source says, as JSON: kept, to tell later what was changed elsewhere since.</summary>
    public required string Applied { get; init; }

    /// <summary>The one entry of the audit log.</summary>
    public required AuditNote Note { get; init; }
}

/// <summary>Per process, thread-safe: changes of many flows and connectors at once: all of them are stored, or none.</summary>
internal sealed class EnvironmentStore(
    StorageDatabase database,
    SettingStore settings,
    FlowStore flows,
    ConnectorStore connectors,
    TimeProvider time
)
{
    private const string Setting = "environment.applied";

    /// <summary>Applies a change.</summary>
    /// <returns>The published versions by flow; null when flows or connectors have changed since it was planned: then nothing was
    /// stored.</returns>
    public async Task<IReadOnlyDictionary<string, int>?> ApplyAsync(EnvironmentChange change, CancellationToken cancellationToken)
    {
        try
        {
            return await database
                .TransactAsync<IReadOnlyDictionary<string, int>>(
                    async (connection, transaction) =>
                    {
                        var now = (UnixTime)time.GetUtcNow();
                        var versions = new Dictionary<string, int>(StringComparer.Ordinal);
                        // One change at a time holds this row. The number comes last, as with whoever publishes a single flow: nobody
                        // waits for somebody who waits for him.
                        await connection
                            .ExecuteAsync(
                                To(
                                    """
                                    insert into settings (name, value, updated_at) values (@Setting, @Applied, @now)
                                    on conflict (name) do update set value = @Applied, updated_at = @now
                                    """,
                                    new
                                    {
                                        Setting,
                                        change.Applied,
                                        now,
                                    }
                                )
                            )
                            .ConfigureAwait(false);
                        foreach (var flow in change.Flows.OrderBy(flow => flow.FlowId, StringComparer.Ordinal))
                        {
                            var published = await FlowStore
                                .PublishAsync(connection, transaction, flow, now, cancellationToken)
                                .ConfigureAwait(false);
                            versions.Add(flow.FlowId, published!.Value.Version);
                        }
                        foreach (var id in change.DeletedFlows.Order(StringComparer.Ordinal))
                            await flows.DeleteAsync(connection, transaction, id, now, cancellationToken).ConfigureAwait(false);
                        foreach (var (id, definition) in change.Connectors.OrderBy(connector => connector.Key, StringComparer.Ordinal))
                        {
                            await connectors
                                .PutAsync(connection, transaction, id, definition, change.Note.Actor, cancellationToken)
                                .ConfigureAwait(false);
                        }
                        foreach (var id in change.DeletedConnectors.Order(StringComparer.Ordinal))
                            await ConnectorStore.DeleteAsync(connection, transaction, id, cancellationToken).ConfigureAwait(false);

                        if (
                            await connection
                                .ExecuteAsync(
                                    To(
                                        $"{SettingStore.CatalogueChanged} and value = @revision",
                                        new { revision = change.Revision.ToString(CultureInfo.InvariantCulture) }
                                    )
                                )
                                .ConfigureAwait(false) == 0
                        )
                            throw new OtherStateException();
                        await AuditedChanges
                            .TellAsync(connection, transaction, [change.Note], now, cancellationToken)
                            .ConfigureAwait(false);
                        return versions;

                        CommandDefinition To(string sql, object? arguments) =>
                            StorageDatabase.Command(sql, arguments, transaction, cancellationToken);
                    },
                    cancellationToken
                )
                .ConfigureAwait(false);
        }
        catch (OtherStateException)
        {
            return null;
        }
    }

    /// <summary>What was applied last, see <see cref="EnvironmentChange.Applied"/>; null when nothing was.</summary>
    public Task<string?> AppliedAsync(CancellationToken cancellationToken) => settings.FindAsync(Setting, cancellationToken);

    /// <summary>Rolls the transaction back.</summary>
    private sealed class OtherStateException : Exception;
}
