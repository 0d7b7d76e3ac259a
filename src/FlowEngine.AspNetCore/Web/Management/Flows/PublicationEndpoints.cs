using FlowEngine.AspNetCore.Flows;
using FlowEngine.AspNetCore.Web.Edge;
using FlowEngine.AspNetCore.Web.Management.Access;
using FlowEngine.Json;
using FlowEngine.Storage;

namespace FlowEngine.AspNetCore.Web.Management.Flows;

/// <summary>Which draft to publish.</summary>
/// <param name="Revision">Its revision: what somebody else saved meanwhile is not published unseen.</param>
/// <param name="Note">What to say about it; the first 2000 characters count.</param>
internal sealed record PublishBody(long? Revision, [Note] string? Note = null) : IRequestBody<PublishBody>;

/// <summary>Why an old version is published again.</summary>
/// <param name="Note">What to say about it; the first 2000 characters count.</param>
internal sealed record RestoreBody([Note] string? Note = null) : IRequestBody<RestoreBody>;

/// <summary>What was published.</summary>
/// <param name="Version">The version that new runs take.</param>
/// <param name="Warnings">What is questionable in it, and the errors of flows that it broke.</param>
internal sealed record Publication(int Version, IReadOnlyList<FileProblem> Warnings);

/// <summary>Which versions to list.</summary>
/// <param name="Before">Only those of lower numbers: the <c>next</c> of the page before.</param>
/// <param name="Limit">How many.</param>
internal sealed record VersionQuery(long? Before, PageSize Limit) : IRequestQuery<VersionQuery>;

/// <summary>Stateless: publishing flows, and the versions that were published.</summary>
internal static class PublicationEndpoints
{
    private const int LongestNote = 2000;

    /// <summary>Publishes the draft.</summary>
    public static async Task<Publication> PublishAsync(
        string id,
        PublishBody body,
        Caller caller,
        FlowStore store,
        FlowCatalogue catalogue,
        CatalogueEffect effect,
        PublishRules rules,
        CancellationToken cancellationToken
    )
    {
        var draft = await store.FindDraftAsync(ApiQuery.Id(id), cancellationToken);
        if (draft is null && await store.FindPublishedAsync(id, cancellationToken) is null)
            throw ApiQuery.NotFound($"There is no flow '{id}'.");
        if (draft is null || draft.Revision != body.Revision)
            throw DraftEndpoints.Conflict(draft);
        if (rules.SecondPerson && draft.Author == caller.Name)
            throw new ApiException(StatusCodes.Status403Forbidden, ManagementErrors.SecondPerson);

        var (_, warnings) = FlowCompilation.CompileOrRefuse(JsonReading.Parse(draft.Definition), catalogue, cancellationToken);
        var publication = new FlowPublication
        {
            FlowId = id,
            Definition = draft.Definition,
            Note = Cut(body.Note),
            Author = caller.Name,
            Tells = AuditAction.FlowPublish,
            DraftRevision = body.Revision,
        };
        if (await store.PublishAsync(publication, cancellationToken) is not { } published)
            throw DraftEndpoints.Conflict(await store.FindDraftAsync(id, cancellationToken));
        return new Publication(published.Version, FileProblem.Of([.. warnings, .. await effect.ApplyAsync(cancellationToken)]));
    }

    /// <summary>Publishes an old definition as a new version.</summary>
    public static async Task<Publication> RestoreAsync(
        string id,
        int version,
        RestoreBody body,
        Caller caller,
        FlowStore store,
        FlowCatalogue catalogue,
        CatalogueEffect effect,
        CancellationToken cancellationToken
    )
    {
        var old = await VersionAsync(id, version, store, cancellationToken);
        var (_, warnings) = FlowCompilation.CompileOrRefuse(JsonReading.Parse(old.Definition), catalogue, cancellationToken);
        var publication = new FlowPublication
        {
            FlowId = id,
            Definition = old.Definition,
            Note = Cut(body.Note) is { Length: > 0 } note ? note : $"Version {version} again",
            Author = caller.Name,
            Tells = AuditAction.FlowRestore,
        };
        var published = await store.PublishAsync(publication, cancellationToken);
        return new Publication(published!.Value.Version, FileProblem.Of([.. warnings, .. await effect.ApplyAsync(cancellationToken)]));
    }

    /// <summary>Lists the versions, the newest first.</summary>
    public static async Task<FlowVersionPage> ListAsync(string id, VersionQuery query, FlowStore store, CancellationToken cancellationToken)
    {
        var limit = query.Limit.Count;
        var before = (int)Math.Min(query.Before ?? int.MaxValue, int.MaxValue);
        var found = await store.ListVersionsAsync(ApiQuery.Id(id), before, limit + 1, cancellationToken);
        var published = (await store.FindPublishedAsync(id, cancellationToken))?.Version;
        var page = found.Take(limit).ToList();
        return new FlowVersionPage(
            [.. page.Select(version => FlowVersionView.Of(version, published))],
            found.Count > limit ? page[^1].Version : null
        );
    }

    /// <summary>A version with its definition.</summary>
    public static async Task<FlowVersionView> FindAsync(string id, int version, FlowStore store, CancellationToken cancellationToken)
    {
        var found = await VersionAsync(id, version, store, cancellationToken);
        return FlowVersionView.Of(found, (await store.FindPublishedAsync(id, cancellationToken))?.Version);
    }

    /// <summary>Deletes a flow that no flow uses.</summary>
    public static async Task DeleteAsync(
        string id,
        Caller caller,
        FlowStore store,
        FlowCatalogue catalogue,
        CatalogueEffect effect,
        CancellationToken cancellationToken
    )
    {
        await effect.RefreshAsync(cancellationToken);
        if (FlowUse.Of(catalogue)[ApiQuery.Id(id)].ToList() is { Count: > 0 } users)
        {
            throw new ApiException(
                StatusCodes.Status409Conflict,
                ManagementErrors.FlowInUse,
                $"'{id}' is used by {string.Join(", ", users)}."
            )
            {
                Members = new ProblemMembers { UsedBy = users },
            };
        }
        if (!await store.DeleteAsync(id, new AuditNote(caller.Name, AuditAction.FlowDelete, $"flow:{id}"), cancellationToken))
            throw ApiQuery.NotFound($"There is no flow '{id}'.");
        await effect.ApplyAsync(cancellationToken);
    }

    private static async Task<FlowVersion> VersionAsync(string id, int version, FlowStore store, CancellationToken cancellationToken) =>
        await store.FindVersionAsync(ApiQuery.Id(id), version, cancellationToken)
        ?? throw ApiQuery.NotFound($"There is no version {version} of '{id}'.");

    /// <summary>What is kept of a note.</summary>
    internal static string Cut(string? note)
    {
        note = (note ?? "").Trim();
        // Not in the middle of a character.
        return note.Length <= LongestNote ? note : note[..(char.IsHighSurrogate(note[LongestNote - 1]) ? LongestNote - 1 : LongestNote)];
    }
}
