using System.Data.Common;
using Dapper;
using FlowEngine.Context;
using FlowEngine.Storage.Engines;

namespace FlowEngine.Storage;

/// <summary>Shared and immutable: a flow in a list.</summary>
internal sealed record FlowHead
{
    /// <summary>The flow's id.</summary>
    public string Id { get; init; } = "";

    /// <summary>The version that new runs take; null when none was published.</summary>
    public int? PublishedVersion { get; init; }

    /// <summary>When it was last published or deleted, or its draft first saved.</summary>
    public UnixTime UpdatedAt { get; init; }

    /// <summary>The draft's revision; null when there is no draft.</summary>
    public long? DraftRevision { get; init; }
}

/// <summary>Shared and immutable: a published version. Its number and definition never change.</summary>
internal sealed record FlowVersion
{
    /// <summary>The flow.</summary>
    public string FlowId { get; init; } = "";

    /// <summary>The number: 1, 2, 3…</summary>
    public int Version { get; init; }

    /// <summary>The flow file's JSON; "" in lists.</summary>
    public string Definition { get; init; } = "";

    /// <summary>What the author said about it.</summary>
    public string Note { get; init; } = "";

    /// <summary>Who published it.</summary>
    public string Author { get; init; } = "";

    /// <summary>When.</summary>
    public UnixTime PublishedAt { get; init; }
}

/// <summary>Shared and immutable: a draft.</summary>
internal sealed record FlowDraft
{
    /// <summary>The flow.</summary>
    public string FlowId { get; init; } = "";

    /// <summary>The flow file's JSON, which need not compile.</summary>
    public string Definition { get; init; } = "";

    /// <summary>Grows with each save; the next save names it. Fits a JavaScript number.</summary>
    public long Revision { get; init; }

    /// <summary>Who saved it.</summary>
    public string Author { get; init; } = "";

    /// <summary>When.</summary>
    public UnixTime UpdatedAt { get; init; }
}

/// <summary>Shared and immutable: what to publish.</summary>
internal sealed record FlowPublication
{
    /// <summary>The flow.</summary>
    public required string FlowId { get; init; }

    /// <summary>The flow file's JSON, which compiled.</summary>
    public required string Definition { get; init; }

    /// <summary>What the author says about it.</summary>
    public string Note { get; init; } = "";

    /// <summary>Who publishes it.</summary>
    public required string Author { get; init; }

    /// <summary>What the audit log is told of it: that it was published, or restored; null for a flow from a file, which no person
    /// published here.</summary>
    public required AuditAction? Tells { get; init; }

    /// <summary>The draft that becomes this version, by its revision: it is removed. Null when none does; a draft then stays.</summary>
    public long? DraftRevision { get; init; }

    /// <summary>Whether to publish nothing when the published version has this definition already:
    /// for flows from files, which every node of a cluster loads. Default false.</summary>
    public bool OnlyIfChanged { get; init; }
}

/// <summary>Shared and immutable: what became of a publication.</summary>
/// <param name="Version">The version that is published now.</param>
/// <param name="IsNew">Whether this publication made it.</param>
internal readonly record struct PublishResult(int Version, bool IsNew);

/// <summary>Per process, thread-safe: flows: their published versions, which never
/// change, and one draft each. Publications of one flow come one after another.</summary>
internal sealed class FlowStore(StorageDatabase database, TimeProvider time)
{
    private const string VersionColumns =
        "flow_id as FlowId, version as Version, note as Note, author as Author, published_at as PublishedAt";

    private const string DraftColumns =
        "flow_id as FlowId, definition as Definition, revision as Revision, author as Author, updated_at as UpdatedAt";

    private const string EnsureFlow =
        "insert into flows (id, latest_version, updated_at) values (@FlowId, 0, @now) on conflict "
        + "(id) do update set deleted_at = null, updated_at = @now where flows.deleted_at is not null;";

    /// <summary>All flows that were not deleted, by id.</summary>
    public Task<IReadOnlyList<FlowHead>> ListAsync(CancellationToken cancellationToken) =>
        database.ListAsync<FlowHead>(
            """
            select f.id as Id, f.published_version as PublishedVersion, f.updated_at as UpdatedAt, d.revision as DraftRevision
            from flows f left join flow_drafts d on d.flow_id = f.id
            where f.deleted_at is null and (f.published_version is not null or d.flow_id is not null) order by f.id
            """,
            null,
            cancellationToken
        );

    /// <summary>The numbers of the published versions, by flow.</summary>
    public async Task<IReadOnlyDictionary<string, int>> ListPublishedAsync(CancellationToken cancellationToken) =>
        (
            await database
                .ListAsync<FlowHead>(
                    "select id as Id, published_version as PublishedVersion from flows "
                        + "where deleted_at is null and published_version is not null order by id",
                    null,
                    cancellationToken
                )
                .ConfigureAwait(false)
        ).ToDictionary(head => head.Id, head => head.PublishedVersion!.Value, StringComparer.Ordinal);

    /// <summary>The published version; null when there is none.</summary>
    public Task<FlowVersion?> FindPublishedAsync(string flowId, CancellationToken cancellationToken) =>
        database.FirstAsync<FlowVersion>(
            $"select {VersionColumns}, definition as Definition from flow_versions where flow_id "
                + "= @flowId and version = (select published_version from flows where id = @flowId)",
            new { flowId },
            cancellationToken
        );

    /// <summary>A version, also of a flow that was deleted: runs stay on theirs.</summary>
    public Task<FlowVersion?> FindVersionAsync(string flowId, int version, CancellationToken cancellationToken) =>
        database.FirstAsync<FlowVersion>(
            $"select {VersionColumns}, definition as Definition from flow_versions where flow_id = @flowId and version = @version",
            new { flowId, version },
            cancellationToken
        );

    /// <summary>The versions without their definitions, the newest first.</summary>
    /// <param name="flowId">The flow.</param>
    /// <param name="before">Only those of lower numbers: the last of the page before; null for the first page.</param>
    /// <param name="limit">How many at most.</param>
    /// <param name="cancellationToken">The caller's.</param>
    public Task<IReadOnlyList<FlowVersion>> ListVersionsAsync(string flowId, int? before, int limit, CancellationToken cancellationToken) =>
        database.ListAsync<FlowVersion>(
            $"select {VersionColumns} from flow_versions where flow_id = @flowId and version < @before order by version desc limit @limit",
            new
            {
                flowId,
                before = before ?? int.MaxValue,
                limit,
            },
            cancellationToken
        );

    /// <summary>Publishes a version. Runs that began earlier stay on theirs.</summary>
    /// <returns>The published version; null when <see cref="FlowPublication.DraftRevision"/>
    /// is not the draft's revision: then nothing changed.</returns>
    public Task<PublishResult?> PublishAsync(FlowPublication publication, CancellationToken cancellationToken) =>
        database.TransactAsync(
            async (connection, transaction) =>
            {
                var now = (UnixTime)time.GetUtcNow();
                var result = await PublishAsync(connection, transaction, publication, now, cancellationToken).ConfigureAwait(false);
                if (result is not { IsNew: true })
                    return result;
                await connection
                    .ExecuteAsync(StorageDatabase.Command(SettingStore.CatalogueChanged, null, transaction, cancellationToken))
                    .ConfigureAwait(false);
                if (publication.Tells is { } action)
                {
                    var detail = AuditNote.DetailOf(
                        ("version", FlowValue.From(result.Value.Version)),
                        ("note", FlowValue.From(publication.Note))
                    );
                    var note = new AuditNote(publication.Author, action, $"flow:{publication.FlowId}", detail);
                    await AuditedChanges.TellAsync(connection, transaction, [note], now, cancellationToken).ConfigureAwait(false);
                }
                return result;
            },
            cancellationToken
        );

    /// <summary>Publishes a version as a part of a larger change, which tells the audit log and the catalogue.</summary>
    public static async Task<PublishResult?> PublishAsync(
        DbConnection connection,
        DbTransaction transaction,
        FlowPublication publication,
        UnixTime now,
        CancellationToken cancellationToken
    )
    {
        var arguments = new
        {
            publication.FlowId,
            publication.Definition,
            publication.Note,
            publication.Author,
            now,
            publication.DraftRevision,
        };
        if (
            publication.DraftRevision is not null
            && await connection
                .ExecuteAsync(To("delete from flow_drafts where flow_id = @FlowId and revision = @DraftRevision"))
                .ConfigureAwait(false) == 0
        )
        {
            return null;
        }

        // The row is locked from here to the end, so that numbers are given one after another.
        var row = await connection
            .QuerySingleAsync<Numbers>(
                To(
                    """
                    insert into flows (id, latest_version, updated_at) values (@FlowId, 0, @now) on conflict (id) do update
                      set updated_at = @now
                    returning latest_version as LatestVersion, published_version as PublishedVersion
                    """
                )
            )
            .ConfigureAwait(false);
        if (
            publication.OnlyIfChanged
            && row.PublishedVersion is { } current
            && await connection
                .QuerySingleAsync<string>(To($"select definition from flow_versions where flow_id = @FlowId and version = {current}"))
                .ConfigureAwait(false) == publication.Definition
        )
        {
            return new PublishResult(current, false);
        }

        var version = row.LatestVersion + 1;
        await connection
            .ExecuteAsync(
                To(
                    $"""
                    insert into flow_versions (flow_id, version, definition, note, author, published_at)
                      values (@FlowId, {version}, @Definition, @Note, @Author, @now);
                    update flows set latest_version = {version}, published_version = {version}, deleted_at = null where id = @FlowId;
                    """
                )
            )
            .ConfigureAwait(false);
        return new PublishResult(version, true);

        CommandDefinition To(string sql) => StorageDatabase.Command(sql, arguments, transaction, cancellationToken);
    }

    /// <summary>The draft; null when there is none.</summary>
    public Task<FlowDraft?> FindDraftAsync(string flowId, CancellationToken cancellationToken) =>
        database.FirstAsync<FlowDraft>(
            $"select {DraftColumns} from flow_drafts where flow_id = @flowId",
            new { flowId },
            cancellationToken
        );

    /// <summary>Saves the draft. The designer does so by itself every few seconds: the audit log is
    /// told once of each person who goes on with a draft, which is what can be read.</summary>
    /// <param name="flowId">The flow, which need not exist yet.</param>
    /// <param name="definition">The flow file's JSON.</param>
    /// <param name="revision">The revision that was edited; null to begin a draft.</param>
    /// <param name="author">Who saves it.</param>
    /// <param name="cancellationToken">The caller's.</param>
    /// <returns>The new revision; null when somebody else saved or removed the draft meanwhile: then nothing changed.</returns>
    public Task<long?> SaveDraftAsync(string flowId, string definition, long? revision, string author, CancellationToken cancellationToken)
    {
        var now = (UnixTime)time.GetUtcNow();
        return database.TransactAsync<long?>(
            async (connection, transaction) =>
            {
                var arguments = new
                {
                    FlowId = flowId,
                    definition,
                    revision,
                    author,
                    now,
                };
                var before = await connection
                    .QueryFirstOrDefaultAsync<string>(
                        StorageDatabase.Command(
                            "select author from flow_drafts where flow_id = @FlowId" + database.Lock,
                            arguments,
                            transaction,
                            cancellationToken
                        )
                    )
                    .ConfigureAwait(false);
                // Revisions begin at the time, so that a draft that was removed and begun anew never has one again.
                var saved = await connection
                    .QueryFirstOrDefaultAsync<long?>(
                        StorageDatabase.Command(
                            revision is null
                                ? "insert into flow_drafts (flow_id, definition, revision, author, updated_at) values (@FlowId, "
                                    + "@definition, @now, @author, @now) on conflict (flow_id) do nothing returning revision"
                                : "update flow_drafts set definition = @definition, revision = revision + 1, author = @author, "
                                    + "updated_at = @now where flow_id = @FlowId and revision = @revision returning revision",
                            arguments,
                            transaction,
                            cancellationToken
                        )
                    )
                    .ConfigureAwait(false);
                if (saved is null)
                    return null;
                await connection
                    .ExecuteAsync(StorageDatabase.Command(EnsureFlow, arguments, transaction, cancellationToken))
                    .ConfigureAwait(false);
                if (before != author)
                    await AuditedChanges
                        .TellAsync(
                            connection,
                            transaction,
                            [new AuditNote(author, AuditAction.FlowDraft, $"flow:{flowId}")],
                            now,
                            cancellationToken
                        )
                        .ConfigureAwait(false);
                return saved;
            },
            cancellationToken
        );
    }

    /// <summary>Removes the draft.</summary>
    /// <param name="flowId">The flow.</param>
    /// <param name="revision">The revision that is meant; null for whichever there is.</param>
    /// <param name="note">What the audit log is told of it.</param>
    /// <param name="cancellationToken">The caller's.</param>
    /// <returns>Whether there was such a draft; when not, nothing changed.</returns>
    public async Task<bool> DeleteDraftAsync(string flowId, long? revision, AuditNote note, CancellationToken cancellationToken) =>
        await database
            .ChangeAsync<string>(
                $"delete from flow_drafts where flow_id = @flowId {(revision is null ? "" : "and revision = @revision")} returning flow_id",
                new { flowId, revision },
                note,
                time.GetUtcNow(),
                cancellationToken
            )
            .ConfigureAwait(false)
            is not null;

    /// <summary>Deletes a flow: no run starts any more, those in progress go
    /// on. Publishing it again brings it back with the next number.</summary>
    /// <returns>Whether there was such a flow.</returns>
    public Task<bool> DeleteAsync(string flowId, AuditNote note, CancellationToken cancellationToken) =>
        database.TransactAsync(
            async (connection, transaction) =>
            {
                var now = (UnixTime)time.GetUtcNow();
                if (!await DeleteAsync(connection, transaction, flowId, now, cancellationToken).ConfigureAwait(false))
                    return false;
                await connection
                    .ExecuteAsync(StorageDatabase.Command(SettingStore.CatalogueChanged, null, transaction, cancellationToken))
                    .ConfigureAwait(false);
                await AuditedChanges.TellAsync(connection, transaction, [note], now, cancellationToken).ConfigureAwait(false);
                return true;
            },
            cancellationToken
        );

    /// <summary>Deletes a flow as a part of a larger change, which tells the audit log and the catalogue.</summary>
    public async Task<bool> DeleteAsync(
        DbConnection connection,
        DbTransaction transaction,
        string flowId,
        UnixTime now,
        CancellationToken cancellationToken
    )
    {
        // The draft first, as whoever saves or publishes one: nobody waits for somebody who waits for him.
        await connection.ExecuteAsync(To("select 1 from flow_drafts where flow_id = @flowId" + database.Lock)).ConfigureAwait(false);
        var deleted = await connection
            .ExecuteAsync(
                To(
                    "update flows set deleted_at = @now, published_version = null, "
                        + "updated_at = @now where id = @flowId and deleted_at is null"
                )
            )
            .ConfigureAwait(false);
        if (deleted == 0)
            return false;
        await connection.ExecuteAsync(To("delete from flow_drafts where flow_id = @flowId")).ConfigureAwait(false);
        return true;

        CommandDefinition To(string sql) => StorageDatabase.Command(sql, new { flowId, now }, transaction, cancellationToken);
    }

    private sealed record Numbers
    {
        public int LatestVersion { get; init; }

        public int? PublishedVersion { get; init; }
    }
}
