using FlowEngine.AspNetCore.Flows;
using FlowEngine.AspNetCore.Web.Edge;
using FlowEngine.AspNetCore.Web.Management.Access;
using FlowEngine.Context;
using FlowEngine.Errors;
using FlowEngine.Model;
using FlowEngine.Storage;

namespace FlowEngine.AspNetCore.Web.Management.Flows;

/// <summary>Stateless: the flows there are, and their drafts.</summary>
internal static class DraftEndpoints
{
    /// <summary>Maps them.</summary>
    public static void MapDrafts(this IEndpointRouteBuilder api)
    {
        api.MapGet("/flows", ListAsync).RequireRole(Role.Viewer);
        api.MapPost("/flows", AddAsync).RequireRole(Role.Designer);
        api.MapGet("/flows/{id}", FindAsync).RequireRole(Role.Viewer);
        api.MapPut("/flows/{id}/draft", SaveAsync).RequireRole(Role.Designer);
        api.MapDelete("/flows/{id}/draft", DiscardAsync).RequireRole(Role.Designer);
        api.MapPost("/flows/validate", ValidateAsync).RequireRole(Role.Viewer);
    }

    private static async Task ListAsync(HttpContext http, FlowStore store, FlowCatalogue catalogue)
    {
        var published = catalogue.Published.ToDictionary(flow => flow.Definition.Id, StringComparer.Ordinal);
        var flows = new List<FlowValue>();
        var uses = FlowUse.Of(catalogue);
        foreach (var head in await store.ListAsync(http.RequestAborted))
        {
            // Few flows have a draft alone, and only these are read.
            var known = published.GetValueOrDefault(head.Id);
            var name =
                known?.Definition.Name
                ?? (
                    await store.FindDraftAsync(head.Id, http.RequestAborted) is { } draft
                        ? FlowViews.NameIn(draft.Definition, head.Id)
                        : head.Id
                );
            flows.Add(
                ApiJson.Object(
                    ("id", FlowValue.From(head.Id)),
                    ("name", FlowValue.From(name)),
                    ("publishedVersion", ApiJson.Number(head.PublishedVersion)),
                    (
                        "access",
                        known?.Plan is { } plan
                            ? FlowValue.From(plan.Options.Access == FlowAccess.Public ? "public" : "key")
                            : FlowValue.Null
                    ),
                    ("updatedAt", ApiJson.Time(head.UpdatedAt)),
                    ("draftRevision", ApiJson.Number(head.DraftRevision)),
                    ("usedBy", ApiJson.Texts(uses[head.Id]))
                )
            );
        }
        await ApiAnswer.WriteAsync(http, ApiJson.Object(("flows", ApiJson.Array(flows))));
    }

    private static async Task AddAsync(HttpContext http, Caller caller, FlowStore store, AuditLog audit)
    {
        var body = await ApiBody.ReadLargeAsync(http);
        var definition = ApiBody.RequiredMembers(body, "definition");
        if (!definition.Get("id").TryGetText(out var id) || !Identifier.IsValid(id))
            throw new ApiException(StatusCodes.Status400BadRequest, FlowErrors.Id, "'definition.id' cannot be a flow's id.");
        if (
            await store.FindPublishedAsync(id, http.RequestAborted) is not null
            || await store.SaveDraftAsync(id, FlowValue.From(definition).ToJson(), null, caller.Name, http.RequestAborted)
                is not { } revision
        )
        {
            throw new ApiException(StatusCodes.Status409Conflict, ManagementErrors.FlowExists, $"There is a flow '{id}'.");
        }
        await audit.WriteAsync(caller.Name, AuditAction.FlowDraft, $"flow:{id}", null, http.RequestAborted);
        await ApiAnswer.WriteAsync(
            http,
            StatusCodes.Status201Created,
            ApiJson.Object(("id", FlowValue.From(id)), ("revision", FlowValue.From(revision)))
        );
    }

    private static async Task FindAsync(HttpContext http, string id, FlowStore store, FlowCatalogue catalogue)
    {
        var published = await store.FindPublishedAsync(ApiQuery.Id(id), http.RequestAborted);
        var draft = await store.FindDraftAsync(id, http.RequestAborted);
        if ((published?.Definition ?? draft?.Definition) is not { } definition)
            throw ApiQuery.NotFound($"There is no flow '{id}'.");
        await ApiAnswer.WriteAsync(
            http,
            ApiJson.Object(
                ("id", FlowValue.From(id)),
                ("name", FlowValue.From(FlowViews.NameIn(definition, id))),
                ("published", published is null ? FlowValue.Null : FlowViews.Published(published)),
                ("draft", draft is null ? FlowValue.Null : FlowViews.Of(draft)),
                ("usedBy", ApiJson.Texts(FlowUse.Of(catalogue)[id]))
            )
        );
    }

    private static async Task SaveAsync(HttpContext http, string id, Caller caller, FlowStore store, AuditLog audit)
    {
        var body = await ApiBody.ReadLargeAsync(http);
        var definition = ApiBody.RequiredMembers(body, "definition");
        var revision = ApiBody.OptionalNumber(body, "revision");
        if (definition.Get("id") != FlowValue.From(ApiQuery.Id(id)))
            throw new ApiException(StatusCodes.Status400BadRequest, ManagementErrors.OtherId, $"'definition.id' is not '{id}'.");

        var before = await store.FindDraftAsync(id, http.RequestAborted);
        if (
            await store.SaveDraftAsync(id, FlowValue.From(definition).ToJson(), revision, caller.Name, http.RequestAborted) is not { } saved
        )
            throw Conflict(await store.FindDraftAsync(id, http.RequestAborted));
        // The designer saves by itself every few seconds: one entry for each person who goes on with a draft is what can be read.
        if (before?.Author != caller.Name)
            await audit.WriteAsync(caller.Name, AuditAction.FlowDraft, $"flow:{id}", null, http.RequestAborted);
        await ApiAnswer.WriteAsync(http, ApiJson.Object(("revision", FlowValue.From(saved))));
    }

    /// <summary>With <c>?revision=</c> only the draft that the caller saw:
    /// somebody else's later changes are not thrown away unseen.</summary>
    private static async Task DiscardAsync(HttpContext http, string id, Caller caller, FlowStore store, AuditLog audit)
    {
        if (await store.FindDraftAsync(ApiQuery.Id(id), http.RequestAborted) is null)
            throw ApiQuery.NotFound($"There is no draft of '{id}'.");
        if (!await store.DeleteDraftAsync(id, ApiQuery.Number(http, "revision"), http.RequestAborted))
            throw Conflict(await store.FindDraftAsync(id, http.RequestAborted));
        await audit.WriteAsync(caller.Name, AuditAction.FlowDraftDiscard, $"flow:{id}", null, http.RequestAborted);
        await ApiAnswer.DoneAsync(http);
    }

    private static async Task ValidateAsync(HttpContext http, FlowCatalogue catalogue)
    {
        var body = await ApiBody.ReadLargeAsync(http);
        var (_, diagnostics) = FlowCompilation.Compile(
            FlowValue.From(ApiBody.RequiredMembers(body, "definition")),
            null,
            catalogue,
            http.RequestAborted
        );
        await ApiAnswer.WriteAsync(http, ApiJson.Object(("diagnostics", ApiJson.Diagnostics(diagnostics))));
    }

    /// <summary>The refusal of a save that would overwrite somebody else's.</summary>
    public static ApiException Conflict(FlowDraft? current) =>
        new(StatusCodes.Status409Conflict, ApiErrors.Conflict)
        {
            Members = ApiJson.Object(("current", current is null ? FlowValue.Null : FlowViews.Of(current))),
        };
}
