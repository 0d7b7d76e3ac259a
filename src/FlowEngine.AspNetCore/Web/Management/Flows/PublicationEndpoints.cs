using FlowEngine.AspNetCore.Flows;
using FlowEngine.AspNetCore.Web.Edge;
using FlowEngine.AspNetCore.Web.Management.Access;
using FlowEngine.Context;
using FlowEngine.Errors;
using FlowEngine.Json;
using FlowEngine.Storage;

namespace FlowEngine.AspNetCore.Web.Management.Flows;

/// <summary>Stateless: publishing flows, and the versions that were published.</summary>
internal static class PublicationEndpoints
{
    private const int LongestNote = 2000;

    /// <summary>Maps them.</summary>
    public static void MapPublications(this IEndpointRouteBuilder api)
    {
        api.MapPost("/flows/{id}/publish", PublishAsync).RequireRole(Role.Designer);
        api.MapGet("/flows/{id}/versions", ListAsync).RequireRole(Role.Viewer);
        api.MapGet("/flows/{id}/versions/{version:int}", FindAsync).RequireRole(Role.Viewer);
        api.MapPost("/flows/{id}/versions/{version:int}/restore", RestoreAsync).RequireRole(Role.Designer);
        api.MapDelete("/flows/{id}", DeleteAsync).RequireRole(Role.Designer);
    }

    private static async Task PublishAsync(
        HttpContext http,
        string id,
        Caller caller,
        FlowStore store,
        FlowCatalogue catalogue,
        CatalogueEffect effect,
        AuditLog audit
    )
    {
        var body = await ApiBody.ReadAsync(http);
        var (revision, note) = (ApiBody.OptionalNumber(body, "revision"), NoteIn(body));
        var draft = await store.FindDraftAsync(ApiQuery.Id(id), http.RequestAborted);
        if (draft is null && await store.FindPublishedAsync(id, http.RequestAborted) is null)
            throw ApiQuery.NotFound($"There is no flow '{id}'.");
        if (draft is null || draft.Revision != revision)
            throw DraftEndpoints.Conflict(draft);

        var (_, warnings) = FlowCompilation.CompileOrRefuse(JsonReading.Parse(draft.Definition), catalogue, http.RequestAborted);
        var publication = new FlowPublication
        {
            FlowId = id,
            Definition = draft.Definition,
            Note = note,
            Author = caller.Name,
            DraftRevision = revision,
        };
        if (await store.PublishAsync(publication, http.RequestAborted) is not { } published)
            throw DraftEndpoints.Conflict(await store.FindDraftAsync(id, http.RequestAborted));
        await FinishAsync(http, caller, AuditAction.FlowPublish, id, published.Version, note, warnings, effect, audit);
    }

    private static async Task RestoreAsync(
        HttpContext http,
        string id,
        int version,
        Caller caller,
        FlowStore store,
        FlowCatalogue catalogue,
        CatalogueEffect effect,
        AuditLog audit
    )
    {
        var note = NoteIn(await ApiBody.ReadAsync(http, isOptional: true));
        var old = await VersionAsync(http, id, version, store);
        var (_, warnings) = FlowCompilation.CompileOrRefuse(JsonReading.Parse(old.Definition), catalogue, http.RequestAborted);
        note = note.Length > 0 ? note : $"Version {version} again";
        var publication = new FlowPublication
        {
            FlowId = id,
            Definition = old.Definition,
            Note = note,
            Author = caller.Name,
        };
        var published = await store.PublishAsync(publication, http.RequestAborted);
        await FinishAsync(http, caller, AuditAction.FlowRestore, id, published!.Value.Version, note, warnings, effect, audit);
    }

    private static async Task FinishAsync(
        HttpContext http,
        Caller caller,
        AuditAction action,
        string id,
        int version,
        string note,
        IReadOnlyList<Diagnostic> warnings,
        CatalogueEffect effect,
        AuditLog audit
    )
    {
        var detail = ApiJson.Object(("version", FlowValue.From(version)), ("note", FlowValue.From(note)));
        await audit.WriteAsync(caller.Name, action, $"flow:{id}", detail.ToJson(), http.RequestAborted);
        var broken = await effect.ApplyAsync(http.RequestAborted);
        await ApiAnswer.WriteAsync(
            http,
            ApiJson.Object(("version", FlowValue.From(version)), ("warnings", ApiJson.Diagnostics(warnings.Concat(broken))))
        );
    }

    private static async Task ListAsync(HttpContext http, string id, FlowStore store)
    {
        var limit = ApiQuery.Limit(http);
        var before = (int?)Math.Min(ApiQuery.Number(http, "before") ?? int.MaxValue, int.MaxValue);
        var found = await store.ListVersionsAsync(ApiQuery.Id(id), before, limit + 1, http.RequestAborted);
        var published = (await store.FindPublishedAsync(id, http.RequestAborted))?.Version;
        var page = found.Take(limit).ToList();
        await ApiAnswer.WriteAsync(
            http,
            ApiJson.Object(
                ("versions", ApiJson.Array(page.Select(version => FlowViews.Of(version, published)))),
                ("next", found.Count > limit ? FlowValue.From(page[^1].Version) : FlowValue.Null)
            )
        );
    }

    private static async Task FindAsync(HttpContext http, string id, int version, FlowStore store)
    {
        var found = await VersionAsync(http, id, version, store);
        var published = (await store.FindPublishedAsync(id, http.RequestAborted))?.Version;
        await ApiAnswer.WriteAsync(http, FlowViews.Of(found, published));
    }

    private static async Task DeleteAsync(
        HttpContext http,
        string id,
        Caller caller,
        FlowStore store,
        FlowCatalogue catalogue,
        CatalogueEffect effect,
        AuditLog audit
    )
    {
        await effect.RefreshAsync(http.RequestAborted);
        if (FlowUse.Of(catalogue)[ApiQuery.Id(id)].ToList() is { Count: > 0 } users)
        {
            throw new ApiException(
                StatusCodes.Status409Conflict,
                ManagementErrors.FlowInUse,
                $"'{id}' is used by {string.Join(", ", users)}."
            )
            {
                Members = ApiJson.Object(("usedBy", ApiJson.Texts(users))),
            };
        }
        if (!await store.DeleteAsync(ApiQuery.Id(id), http.RequestAborted))
            throw ApiQuery.NotFound($"There is no flow '{id}'.");
        await audit.WriteAsync(caller.Name, AuditAction.FlowDelete, $"flow:{id}", null, http.RequestAborted);
        await effect.ApplyAsync(http.RequestAborted);
        await ApiAnswer.DoneAsync(http);
    }

    private static async Task<FlowVersion> VersionAsync(HttpContext http, string id, int version, FlowStore store) =>
        await store.FindVersionAsync(ApiQuery.Id(id), version, http.RequestAborted)
        ?? throw ApiQuery.NotFound($"There is no version {version} of '{id}'.");

    private static string NoteIn(FlowObject body)
    {
        var note = ApiBody.OptionalText(body, "note").Trim();
        // Not in the middle of a character.
        return note.Length <= LongestNote ? note : note[..(char.IsHighSurrogate(note[LongestNote - 1]) ? LongestNote - 1 : LongestNote)];
    }
}
