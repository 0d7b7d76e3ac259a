using FlowEngine.AspNetCore.Web.Edge;
using FlowEngine.Context;
using FlowEngine.Json;
using FlowEngine.Storage;

namespace FlowEngine.AspNetCore.Web.Management.Flows;

/// <summary>Stateless: flows as the API shows them.</summary>
internal static class FlowViews
{
    /// <summary>A draft.</summary>
    public static FlowValue Of(FlowDraft draft) =>
        ApiJson.Object(
            ("revision", FlowValue.From(draft.Revision)),
            ("definition", JsonReading.Parse(draft.Definition)),
            ("author", FlowValue.From(draft.Author)),
            ("updatedAt", ApiJson.Time(draft.UpdatedAt))
        );

    /// <summary>The published version of a flow.</summary>
    public static FlowValue Published(FlowVersion version) =>
        ApiJson.Object(
            ("version", FlowValue.From(version.Version)),
            ("definition", JsonReading.Parse(version.Definition)),
            ("note", FlowValue.From(version.Note)),
            ("author", FlowValue.From(version.Author)),
            ("publishedAt", ApiJson.Time(version.PublishedAt))
        );

    /// <summary>A version; its definition where it was read.</summary>
    public static FlowValue Of(FlowVersion version, int? published) =>
        ApiJson.Object(
            ("version", FlowValue.From(version.Version)),
            ("note", FlowValue.From(version.Note)),
            ("author", FlowValue.From(version.Author)),
            ("publishedAt", ApiJson.Time(version.PublishedAt)),
            ("isPublished", FlowValue.From(version.Version == published)),
            ("definition", version.Definition.Length > 0 ? JsonReading.Parse(version.Definition) : FlowValue.Missing)
        );

    /// <summary>The name in a definition; its id where it has none.</summary>
    public static string NameIn(string definition, string id) =>
        JsonReading.Parse(definition).Get("name").TryGetText(out var name) && name.Length > 0 ? name : id;
}
