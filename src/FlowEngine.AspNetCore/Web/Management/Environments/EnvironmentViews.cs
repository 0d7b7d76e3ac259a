using System.Text.Json.Serialization;
using FlowEngine.AspNetCore.Web.Edge;
using FlowEngine.AspNetCore.Web.Management.Flows;
using FlowEngine.Context;

namespace FlowEngine.AspNetCore.Web.Management.Environments;

/// <summary>A file of a folder.</summary>
/// <param name="Definition">A flow or a connector.</param>
/// <param name="File">What problems call it.</param>
[SchemaName("EnvironmentFile")]
internal sealed record EnvironmentFileBody(FlowObject Definition, [Note] string? File = null);

/// <summary>What shall run.</summary>
/// <param name="Flows">The flows.</param>
/// <param name="Connectors">The connectors; a secret of <c>***</c> is the one that is stored.</param>
/// <param name="Prune">Whether what is not among them is deleted. Missing: it stays.</param>
/// <param name="Revision">The plan's: to apply, what it was made of must still be there.</param>
/// <param name="Note">What to say about it; the first 2000 characters count.</param>
internal sealed record EnvironmentBody(
    IReadOnlyList<EnvironmentFileBody> Flows,
    IReadOnlyList<EnvironmentFileBody> Connectors,
    bool? Prune = null,
    long? Revision = null,
    [Note] string? Note = null
) : IRequestBody<EnvironmentBody>;

/// <summary>What applying would do, or did.</summary>
/// <param name="Revision">The number of the state that it was made of.</param>
/// <param name="Applied">Whether it was done.</param>
/// <param name="Items">What changes, flows before connectors, each by id. What stays as it is is not among them.</param>
/// <param name="Unchanged">How many flows and connectors are on the server as they were sent.</param>
/// <param name="Diagnostics">The problems of all that was sent, and of published flows that would break. Errors refuse all of it.</param>
internal sealed record EnvironmentPlan(
    long Revision,
    bool Applied,
    IReadOnlyList<EnvironmentItem> Items,
    int Unchanged,
    IReadOnlyList<FileProblem> Diagnostics
);

/// <summary>A flow or connector that differs.</summary>
/// <param name="Kind">Which of the two.</param>
/// <param name="Id">Its id.</param>
/// <param name="Change">What happens to it; <c>kept</c>: it is only on the server, and stays there.</param>
/// <param name="Version">The version that is published: before, and where it was applied, after. Missing for connectors.</param>
/// <param name="Changes">What differs in a flow.</param>
/// <param name="Settings">What differs in a connector.</param>
/// <param name="Truncated">True when more differs; missing otherwise.</param>
internal sealed record EnvironmentItem(
    [property: OneOf("flow", "connector")] string Kind,
    string Id,
    [property: OneOf("added", "changed", "removed", "kept")] string Change,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] int? Version = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] IReadOnlyList<ChangeView>? Changes = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] IReadOnlyList<SettingChangeView>? Settings = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] bool? Truncated = null
);

/// <summary>A setting of a connector that differs. Secrets are <c>***</c>.</summary>
/// <param name="Setting">Its name, by those of the configuration; of what stands beside that, its own.</param>
/// <param name="Before">What it was; missing for nothing, and for what is long.</param>
/// <param name="After">What it is; missing for nothing, and for what is long.</param>
[SchemaName("SettingChange")]
internal sealed record SettingChangeView(
    string Setting,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] FlowValue Before = default,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] FlowValue After = default
);

/// <summary>What was applied last, and what has been changed elsewhere since.</summary>
/// <param name="AppliedAt">When; null when nothing ever was.</param>
/// <param name="AppliedBy">Who did it; null when nothing ever was.</param>
/// <param name="Note">What they said about it.</param>
/// <param name="Drift">What is no longer as it was applied.</param>
[SchemaName("Environment")]
internal sealed record EnvironmentView(DateTimeOffset? AppliedAt, string? AppliedBy, string? Note, IReadOnlyList<DriftedItem> Drift);

/// <summary>A flow or connector that is not as it was applied.</summary>
/// <param name="Kind">Which of the two.</param>
/// <param name="Id">Its id.</param>
/// <param name="Change"><c>added</c>: it came since, or was here already and not in the folder.</param>
internal sealed record DriftedItem(
    [property: OneOf("flow", "connector")] string Kind,
    string Id,
    [property: OneOf("added", "changed", "removed")] string Change
);
