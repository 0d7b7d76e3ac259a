using System.Text.Json.Serialization;
using FlowEngine.AspNetCore.Web.Edge;
using FlowEngine.Context;
using FlowEngine.Execution;
using FlowEngine.Json;
using FlowEngine.Storage;

namespace FlowEngine.AspNetCore.Web.Management.Flows;

/// <summary>A flow in a list.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Name">Its name; its id where it has none.</param>
/// <param name="PublishedVersion">The version that new runs take; null when none was published.</param>
/// <param name="Access">Who may start it; null where no published version compiles.</param>
/// <param name="UpdatedAt">When it was last published or deleted, or its draft first saved.</param>
/// <param name="DraftRevision">The draft's revision; null when there is no draft.</param>
/// <param name="UsedBy">The published flows that use it as a subflow, themselves or through another.</param>
[SchemaName("FlowHead")]
internal sealed record FlowHeadView(
    string Id,
    string Name,
    int? PublishedVersion,
    [property: OneOf("public", "key")] string? Access,
    UnixTime UpdatedAt,
    long? DraftRevision,
    IReadOnlyList<string> UsedBy
);

/// <summary>The flows there are.</summary>
/// <param name="Flows">All of them, by id.</param>
internal sealed record FlowList(IReadOnlyList<FlowHeadView> Flows);

/// <summary>A flow: what is published, and its draft.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Name">Its name; its id where it has none.</param>
/// <param name="Published">What new runs take; null for nothing.</param>
/// <param name="Draft">What somebody works on; null for nothing.</param>
/// <param name="UsedBy">The published flows that use it as a subflow, themselves or through another.</param>
[SchemaName("Flow")]
internal sealed record FlowView(string Id, string Name, PublishedFlowView? Published, FlowDraftView? Draft, IReadOnlyList<string> UsedBy);

/// <summary>The published version of a flow.</summary>
/// <param name="Version">Its number.</param>
/// <param name="Definition">The flow file.</param>
/// <param name="Note">What the author said about it.</param>
/// <param name="Author">Who published it.</param>
/// <param name="PublishedAt">When.</param>
[SchemaName("PublishedFlow")]
internal sealed record PublishedFlowView(int Version, FlowObject Definition, string Note, string Author, UnixTime PublishedAt)
{
    /// <summary>A version as answers have it.</summary>
    public static PublishedFlowView Of(FlowVersion version) =>
        new(version.Version, FlowViews.DefinitionIn(version.Definition), version.Note, version.Author, version.PublishedAt);
}

/// <summary>The draft of a flow.</summary>
/// <param name="Revision">Grows with each save; the next save names it.</param>
/// <param name="Definition">The flow file, which need not compile.</param>
/// <param name="Author">Who saved it.</param>
/// <param name="UpdatedAt">When.</param>
[SchemaName("FlowDraft")]
internal sealed record FlowDraftView(long Revision, FlowObject Definition, string Author, UnixTime UpdatedAt)
{
    /// <summary>A draft as answers have it.</summary>
    public static FlowDraftView Of(FlowDraft draft) =>
        new(draft.Revision, FlowViews.DefinitionIn(draft.Definition), draft.Author, draft.UpdatedAt);
}

/// <summary>A version of a flow.</summary>
/// <param name="Version">Its number.</param>
/// <param name="Note">What the author said about it.</param>
/// <param name="Author">Who published it.</param>
/// <param name="PublishedAt">When.</param>
/// <param name="IsPublished">Whether new runs take it.</param>
/// <param name="Definition">The flow file; missing in lists.</param>
[SchemaName("FlowVersion")]
internal sealed record FlowVersionView(
    int Version,
    string Note,
    string Author,
    UnixTime PublishedAt,
    bool IsPublished,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] FlowObject? Definition = null
)
{
    /// <summary>A version as answers have it.</summary>
    public static FlowVersionView Of(FlowVersion version, int? published) =>
        new(
            version.Version,
            version.Note,
            version.Author,
            version.PublishedAt,
            version.Version == published,
            version.Definition.Length > 0 ? FlowViews.DefinitionIn(version.Definition) : null
        );
}

/// <summary>Versions of a flow, the newest first.</summary>
/// <param name="Versions">The versions.</param>
/// <param name="Next">The <c>before</c> of the next page; null at the end.</param>
internal sealed record FlowVersionPage(IReadOnlyList<FlowVersionView> Versions, int? Next);

/// <summary>A flow file.</summary>
/// <param name="Definition">Its JSON.</param>
internal sealed record DefinitionBody(FlowObject Definition) : IRequestBody<DefinitionBody>;

/// <summary>The problems of a file.</summary>
/// <param name="Diagnostics">All of them.</param>
internal sealed record ProblemList(IReadOnlyList<FileProblem> Diagnostics);

/// <summary>What the compiler says of a flow file.</summary>
/// <param name="Diagnostics">All of its problems.</param>
/// <param name="Waits">How long a person may wait from each screen to the next when nobody answers, and from the start to the first; empty
/// where there are errors.</param>
internal sealed record FlowJudgement(IReadOnlyList<FileProblem> Diagnostics, IReadOnlyList<StretchWaitView> Waits);

/// <summary>How long a person may wait from one screen to the next when nobody answers.</summary>
/// <param name="From">The activity that shows the screen, that of a subflow behind its Subflow; <c>start</c> for the start of the
/// flow.</param>
/// <param name="Activity">The activity of this flow that it begins at; null for the start of the flow.</param>
/// <param name="Seconds">How long; null for without end: a loop without a screen asks somebody.</param>
/// <param name="Parts">What is waited for, in order, at most 20.</param>
internal sealed record StretchWaitView(string From, string? Activity, double? Seconds, IReadOnlyList<WaitPartView> Parts)
{
    public static IReadOnlyList<StretchWaitView> Of(FlowPlan? plan) =>
        [
            .. (plan?.Stretches ?? []).Select(stretch => new StretchWaitView(
                stretch.From,
                stretch.Position < 0 ? null : plan!.Definition.Activities[stretch.Position].Id,
                stretch.Longest?.TotalSeconds,
                [.. stretch.Parts.Select(part => new WaitPartView(part.Activity, part.Wait.Each.TotalSeconds, part.Wait.Times))]
            )),
        ];
}

/// <summary>An activity that is waited for.</summary>
/// <param name="Activity">Its id, that of a subflow's behind the id of its Subflow.</param>
/// <param name="Seconds">How long one try may take.</param>
/// <param name="Times">How many tries there are.</param>
internal sealed record WaitPartView(string Activity, double Seconds, int Times);

/// <summary>Stateless: flows as they are stored.</summary>
internal static class FlowViews
{
    /// <summary>The name in a definition; its id where it has none.</summary>
    public static string NameIn(string definition, string id) =>
        JsonReading.Parse(definition).Get("name").TryGetText(out var name) && name.Length > 0 ? name : id;

    /// <summary>A stored definition.</summary>
    public static FlowObject DefinitionIn(string json) =>
        JsonReading.Parse(json).TryGetObject(out var definition) ? definition : FlowObject.Empty;
}
