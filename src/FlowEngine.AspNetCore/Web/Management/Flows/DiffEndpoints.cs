using System.Globalization;
using System.Text.Json.Serialization;
using FlowEngine.AspNetCore.Web.Edge;
using FlowEngine.AspNetCore.Web.Management.Access;
using FlowEngine.Context;
using FlowEngine.Diff;
using FlowEngine.Json;
using FlowEngine.Storage;

namespace FlowEngine.AspNetCore.Web.Management.Flows;

/// <summary>Which versions to compare: each a version's number, <c>draft</c> or <c>published</c>.</summary>
/// <param name="From">The one before.</param>
/// <param name="To">The one after.</param>
internal sealed record DiffQuery([Needed] string? From, [Needed] string? To) : IRequestQuery<DiffQuery>;

/// <summary>Which definitions to compare.</summary>
/// <param name="From">The one before.</param>
/// <param name="To">The one after.</param>
internal sealed record DiffBody(FlowObject From, FlowObject To) : IRequestBody<DiffBody>;

/// <summary>What differs.</summary>
/// <param name="Changes">The differences.</param>
/// <param name="Truncated">True when there are more; missing otherwise.</param>
internal sealed record ChangeList(
    IReadOnlyList<ChangeView> Changes,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] bool? Truncated = null
);

/// <summary>One difference between two definitions.</summary>
/// <param name="Change">What happened.</param>
/// <param name="Kind">To what.</param>
/// <param name="Of">What a setting belongs to.</param>
/// <param name="Id">The id of what changed, or of what the setting belongs to.</param>
/// <param name="Name">Its name.</param>
/// <param name="Setting">The setting.</param>
/// <param name="Before">What it was.</param>
/// <param name="After">What it is.</param>
[SchemaName("Change")]
internal sealed record ChangeView(
    [property: OneOf("added", "removed", "changed")] string Change,
    [property: OneOf("flow", "activity", "connection", "screen", "component", "setting")] string Kind,
    [property: OneOf("activity", "connection", "screen"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Of,
    string Id,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Name = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Setting = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] FlowValue Before = default,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] FlowValue After = default
)
{
    /// <summary>A difference as answers have it.</summary>
    public static ChangeView From(FlowChange change) =>
        new(
            change.Change.ToString().ToLowerInvariant(),
            change.Part,
            change.Of,
            change.Id,
            change.Name,
            change.Setting,
            change.Before,
            change.After
        );
}

/// <summary>Stateless: what changed between two versions of a flow.</summary>
internal static class DiffEndpoints
{
    /// <summary>What differs between two versions.</summary>
    public static async Task<ChangeList> OfVersionsAsync(string id, DiffQuery query, FlowStore store, CancellationToken cancellationToken)
    {
        var from = await DefinitionAsync(ApiQuery.Id(id), "from", query.From, store, cancellationToken);
        var to = await DefinitionAsync(id, "to", query.To, store, cancellationToken);
        return Between(from, to, cancellationToken);
    }

    /// <summary>What differs between two definitions.</summary>
    public static ChangeList OfDefinitions(DiffBody body, CancellationToken cancellationToken) =>
        Between(FlowValue.From(body.From), FlowValue.From(body.To), cancellationToken);

    private static ChangeList Between(FlowValue from, FlowValue to, CancellationToken cancellationToken)
    {
        var changes = FlowDiff.Between(from, to, out var isCut, cancellationToken);
        return new ChangeList([.. changes.Select(ChangeView.From)], isCut ? true : null);
    }

    /// <summary>A number is that version; <c>draft</c> and <c>published</c> are these.</summary>
    private static async Task<FlowValue> DefinitionAsync(
        string id,
        string parameter,
        string? which,
        FlowStore store,
        CancellationToken cancellationToken
    )
    {
        var definition = which switch
        {
            null => throw ApiQuery.Wrong(parameter, "there: a version's number, 'draft' or 'published'"),
            "draft" => (await store.FindDraftAsync(id, cancellationToken))?.Definition,
            "published" => (await store.FindPublishedAsync(id, cancellationToken))?.Definition,
            _ when int.TryParse(which, NumberStyles.None, CultureInfo.InvariantCulture, out var version) => (
                await store.FindVersionAsync(id, version, cancellationToken)
            )?.Definition,
            _ => throw ApiQuery.Wrong(parameter, "a version's number, 'draft' or 'published'"),
        };
        return definition is null ? throw ApiQuery.NotFound($"'{id}' has no such version: {which}.") : JsonReading.Parse(definition);
    }
}
