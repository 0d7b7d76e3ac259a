using FlowEngine.AspNetCore.Flows;
using FlowEngine.AspNetCore.Web.Edge;
using FlowEngine.AspNetCore.Web.Management.Access;
using FlowEngine.Context;
using FlowEngine.Errors;
using FlowEngine.Execution;
using FlowEngine.Model;
using FlowEngine.Storage;

namespace FlowEngine.AspNetCore.Web.Management.Flows;

/// <summary>A draft that was begun.</summary>
/// <param name="Id">The flow's id.</param>
/// <param name="Revision">The draft's revision.</param>
internal sealed record AddedDraft(string Id, long Revision);

/// <summary>A draft to save.</summary>
/// <param name="Definition">The flow file, which need not compile.</param>
/// <param name="Revision">The revision that was edited; null to begin a draft.</param>
internal sealed record DraftBody(FlowObject Definition, long? Revision) : IRequestBody<DraftBody>;

/// <summary>A draft that was saved.</summary>
/// <param name="Revision">Its revision from now on.</param>
internal sealed record SavedDraft(long Revision);

/// <summary>Which draft to discard.</summary>
/// <param name="Revision">Only this one, so that nobody's later changes are thrown away unseen.</param>
internal sealed record DiscardQuery(long? Revision) : IRequestQuery<DiscardQuery>;

/// <summary>Stateless: the flows there are, and their drafts.</summary>
internal static class DraftEndpoints
{
    /// <summary>Lists the flows.</summary>
    public static async Task<FlowList> ListAsync(FlowStore store, FlowCatalogue catalogue, CancellationToken cancellationToken)
    {
        var published = catalogue.Published.ToDictionary(flow => flow.Definition.Id, StringComparer.Ordinal);
        var flows = new List<FlowHeadView>();
        var uses = FlowUse.Of(catalogue);
        foreach (var head in await store.ListAsync(cancellationToken))
        {
            // Few flows have a draft alone, and only these are read.
            var known = published.GetValueOrDefault(head.Id);
            var name =
                known?.Definition.Name
                ?? (
                    await store.FindDraftAsync(head.Id, cancellationToken) is { } draft
                        ? FlowViews.NameIn(draft.Definition, head.Id)
                        : head.Id
                );
            var access = known?.Plan is { } plan ? (plan.Options.Access == FlowAccess.Public ? "public" : "key") : null;
            flows.Add(
                new FlowHeadView(head.Id, name, head.PublishedVersion, access, head.UpdatedAt, head.DraftRevision, [.. uses[head.Id]])
            );
        }
        return new FlowList(flows);
    }

    /// <summary>Begins a draft of a new flow.</summary>
    public static async Task<AddedDraft> AddAsync(DefinitionBody body, Caller caller, FlowStore store, CancellationToken cancellationToken)
    {
        if (!body.Definition.Get("id").TryGetText(out var id) || !Identifier.IsValid(id))
            throw new ApiException(StatusCodes.Status400BadRequest, FlowErrors.Id, "'definition.id' cannot be a flow's id.");
        return
            await store.FindPublishedAsync(id, cancellationToken) is null
            && await store.SaveDraftAsync(id, FlowValue.From(body.Definition).ToJson(), null, caller.Name, cancellationToken)
                is { } revision
            ? new AddedDraft(id, revision)
            : throw new ApiException(StatusCodes.Status409Conflict, ManagementErrors.FlowExists, $"There is a flow '{id}'.");
    }

    /// <summary>A flow: what is published, and its draft.</summary>
    public static async Task<FlowView> FindAsync(string id, FlowStore store, FlowCatalogue catalogue, CancellationToken cancellationToken)
    {
        var published = await store.FindPublishedAsync(ApiQuery.Id(id), cancellationToken);
        var draft = await store.FindDraftAsync(id, cancellationToken);
        if ((published?.Definition ?? draft?.Definition) is not { } definition)
            throw ApiQuery.NotFound($"There is no flow '{id}'.");
        return new FlowView(
            id,
            FlowViews.NameIn(definition, id),
            published is null ? null : PublishedFlowView.Of(published),
            draft is null ? null : FlowDraftView.Of(draft),
            [.. FlowUse.Of(catalogue)[id]]
        );
    }

    /// <summary>Saves the draft.</summary>
    public static async Task<SavedDraft> SaveAsync(
        string id,
        DraftBody body,
        Caller caller,
        FlowStore store,
        CancellationToken cancellationToken
    )
    {
        if (body.Definition.Get("id") != FlowValue.From(ApiQuery.Id(id)))
            throw new ApiException(StatusCodes.Status400BadRequest, ManagementErrors.OtherId, $"'definition.id' is not '{id}'.");
        var definition = FlowValue.From(body.Definition).ToJson();
        return await store.SaveDraftAsync(id, definition, body.Revision, caller.Name, cancellationToken) is { } saved
            ? new SavedDraft(saved)
            : throw Conflict(await store.FindDraftAsync(id, cancellationToken));
    }

    /// <summary>Discards the draft; with a revision only the one that the caller saw.</summary>
    public static async Task DiscardAsync(
        string id,
        DiscardQuery query,
        Caller caller,
        FlowStore store,
        CancellationToken cancellationToken
    )
    {
        if (await store.FindDraftAsync(ApiQuery.Id(id), cancellationToken) is null)
            throw ApiQuery.NotFound($"There is no draft of '{id}'.");
        var note = new AuditNote(caller.Name, AuditAction.FlowDraftDiscard, $"flow:{id}");
        if (!await store.DeleteDraftAsync(id, query.Revision, note, cancellationToken))
            throw Conflict(await store.FindDraftAsync(id, cancellationToken));
    }

    /// <summary>The problems of a definition, and how long it may have people wait.</summary>
    public static FlowJudgement Validate(DefinitionBody body, FlowCatalogue catalogue, CancellationToken cancellationToken)
    {
        var (plan, diagnostics) = FlowCompilation.Compile(FlowValue.From(body.Definition), null, catalogue, cancellationToken);
        return new FlowJudgement(FileProblem.Of(diagnostics), StretchWaitView.Of(plan));
    }

    /// <summary>The refusal of a save that would overwrite somebody else's.</summary>
    public static ApiException Conflict(FlowDraft? current) =>
        new(StatusCodes.Status409Conflict, ApiErrors.Conflict)
        {
            Members = new ProblemMembers { Current = new ProblemCurrent(current is null ? null : FlowDraftView.Of(current)) },
        };
}
