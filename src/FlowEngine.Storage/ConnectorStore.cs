using System.Data.Common;
using Dapper;
using FlowEngine.Context;
using FlowEngine.Json;
using FlowEngine.Settings;
using FlowEngine.Storage.Engines;
using FlowEngine.Storage.Protection;

namespace FlowEngine.Storage;

/// <summary>Shared and immutable: a connector as it is stored.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Definition">The connector file's JSON. Its secrets are
/// marked sensitive; nobody but the connector itself may see them.</param>
/// <param name="Revision">Grows with each save; the next save names it. Fits a JavaScript number.</param>
/// <param name="Author">Who saved it.</param>
/// <param name="UpdatedAt">When.</param>
internal sealed record StoredConnector(string Id, FlowObject Definition, long Revision, string Author, UnixTime UpdatedAt);

/// <summary>Per process, thread-safe: the connectors, whose literal secrets are encrypted.</summary>
/// <param name="database">The database.</param>
/// <param name="vaults">The key ring.</param>
/// <param name="settingsOf">The settings of a connector type, which tell the secret fields; null for a type that is not known.</param>
/// <param name="time">The clock.</param>
internal sealed class ConnectorStore(
    StorageDatabase database,
    Vaults vaults,
    Func<string, SettingsDescriptor?> settingsOf,
    TimeProvider time
)
{
    private const string Columns = "id as Id, definition as Definition, revision as Revision, author as Author, updated_at as UpdatedAt";

    private readonly ConnectorSecrets _secrets = new(vaults.Of("connectors"), settingsOf);

    /// <summary>The names of the settings by which a connector warns whoever looks at it, by what its type says of them.</summary>
    public IEnumerable<string> WarningsIn(FlowObject definition) =>
        (settingsOf(definition.Get("type").ToText())?.Settings ?? [])
            .Where(setting => setting.WarnsOf(definition.Get("configuration").Get(setting.Name)))
            .Select(setting => setting.Name);

    /// <summary>All connectors, by id.</summary>
    public async Task<IReadOnlyList<StoredConnector>> ListAsync(CancellationToken cancellationToken) =>
        [
            .. (
                await database
                    .ListAsync<Row>($"select {Columns} from connectors order by id", null, cancellationToken)
                    .ConfigureAwait(false)
            ).Select(Open),
        ];

    /// <summary>A connector; null when there is none.</summary>
    public async Task<StoredConnector?> FindAsync(string id, CancellationToken cancellationToken) =>
        await database
            .FirstAsync<Row>($"select {Columns} from connectors where id = @id", new { id }, cancellationToken)
            .ConfigureAwait(false)
            is { } row
            ? Open(row)
            : null;

    /// <summary>A definition as people may see it: every literal secret is <c>***</c>.</summary>
    public FlowObject Mask(FlowObject definition) => _secrets.Mask(definition);

    /// <summary>A definition that somebody edited who saw only masks, with the stored secrets in their places.</summary>
    public FlowObject Unmask(FlowObject edited, FlowObject stored) => _secrets.Unmask(edited, stored);

    /// <summary>The secrets in a definition; references to an environment variable or file too.</summary>
    public IReadOnlyList<SecretPlace> SecretsIn(FlowObject definition) => _secrets.In(definition);

    /// <summary>Adds a connector.</summary>
    /// <returns>Its revision; null when there is one of that id.</returns>
    public Task<long?> AddAsync(string id, FlowObject definition, string author, AuditNote? note, CancellationToken cancellationToken) =>
        database.ChangeAsync<long?>(
            $"""
            insert into connectors (id, type, definition, revision, author, updated_at) values (@id, @type, @definition, @now, @author,
              @now) on conflict (id) do nothing returning revision;
            {SettingStore.CatalogueChanged};
            """,
            Arguments(id, definition, author, 0),
            note,
            time.GetUtcNow(),
            cancellationToken
        );

    /// <summary>Saves a connector. Where the definition has <c>***</c> for a secret, the stored one stays.</summary>
    /// <returns>The new revision; null when somebody else saved or deleted it meanwhile: then nothing changed.</returns>
    public async Task<long?> SaveAsync(
        string id,
        FlowObject definition,
        long revision,
        string author,
        AuditNote? note,
        CancellationToken cancellationToken
    )
    {
        var before = await FindAsync(id, cancellationToken).ConfigureAwait(false);
        if (before is null || before.Revision != revision)
            return null;
        return await database
            .ChangeAsync<long?>(
                $"""
                update connectors set type = @type, definition = @definition, revision = revision + 1, author = @author, updated_at = @now
                  where id = @id and revision = @revision returning revision;
                {SettingStore.CatalogueChanged};
                """,
                Arguments(id, _secrets.Unmask(definition, before.Definition), author, revision),
                note,
                time.GetUtcNow(),
                cancellationToken
            )
            .ConfigureAwait(false);
    }

    /// <summary>Adds or saves a connector as a part of a larger change, which tells the audit log and the catalogue.</summary>
    /// <param name="connection">The connection of the change.</param>
    /// <param name="transaction">Its transaction.</param>
    /// <param name="id">The connector.</param>
    /// <param name="definition">The connector file's JSON, with its secrets.</param>
    /// <param name="author">Who changes it.</param>
    /// <param name="cancellationToken">The caller's.</param>
    public Task PutAsync(
        DbConnection connection,
        DbTransaction transaction,
        string id,
        FlowObject definition,
        string author,
        CancellationToken cancellationToken
    ) =>
        connection.ExecuteAsync(
            StorageDatabase.Command(
                """
                insert into connectors (id, type, definition, revision, author, updated_at) values (@id, @type, @definition, @now, @author,
                  @now) on conflict (id) do update set type = @type, definition = @definition, revision = connectors.revision + 1,
                  author = @author, updated_at = @now
                """,
                Arguments(id, definition, author, 0),
                transaction,
                cancellationToken
            )
        );

    /// <summary>Deletes a connector as a part of a larger change, which tells the audit log and the catalogue.</summary>
    public static Task DeleteAsync(DbConnection connection, DbTransaction transaction, string id, CancellationToken cancellationToken) =>
        connection.ExecuteAsync(
            StorageDatabase.Command("delete from connectors where id = @id", new { id }, transaction, cancellationToken)
        );

    /// <summary>Deletes a connector.</summary>
    /// <returns>Whether there was one.</returns>
    public async Task<bool> DeleteAsync(string id, AuditNote? note, CancellationToken cancellationToken) =>
        await database
            .ChangeAsync<string>(
                $"delete from connectors where id = @id returning id; {SettingStore.CatalogueChanged};",
                new { id },
                note,
                time.GetUtcNow(),
                cancellationToken
            )
            .ConfigureAwait(false)
            is not null;

    private object Arguments(string id, FlowObject definition, string author, long revision) =>
        new
        {
            id,
            type = definition.Get("type").ToText(),
            definition = FlowValue.From(_secrets.Seal(definition)).ToJson(),
            revision,
            author,
            now = (UnixTime)time.GetUtcNow(),
        };

    private StoredConnector Open(Row row) =>
        new(
            row.Id,
            JsonReading.Parse(row.Definition).TryGetObject(out var definition) ? _secrets.Open(definition) : FlowObject.Empty,
            row.Revision,
            row.Author,
            row.UpdatedAt
        );

    private sealed record Row
    {
        public string Id { get; init; } = "";

        public string Definition { get; init; } = "";

        public long Revision { get; init; }

        public string Author { get; init; } = "";

        public UnixTime UpdatedAt { get; init; }
    }
}
