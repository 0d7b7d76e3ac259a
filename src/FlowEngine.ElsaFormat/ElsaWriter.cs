using FlowEngine.Context;
using FlowEngine.Errors;
using FlowEngine.Model;

namespace FlowEngine.ElsaFormat;

/// <summary>
/// Stateless: writes a flow as an Elsa 3 workflow definition (SPEC 14).
/// Nothing is lost: <see cref="ElsaReader"/> makes an equal flow of it.
/// </summary>
/// <remarks>
/// What Elsa has a place for stands in that place, so that its designer shows and edits it; other members of the flow (screens, options)
/// are custom properties of the same name; and what even those cannot tell (that a name was missing, how a connection was annotated) is
/// under the custom property <c>flowEngine</c>.
/// </remarks>
public static class ElsaWriter
{
    /// <summary>The version of Elsa whose format is written.</summary>
    public const string ToolVersion = "3.7.1";

    private const int ColumnWidth = 220;

    /// <summary>Writes a flow.</summary>
    /// <param name="flow">The flow. It need not compile.</param>
    /// <param name="version">The version that the definition carries.</param>
    /// <param name="problems">Where warnings go of what Elsa will not run: <c>elsa.irreducible_loop</c>.</param>
    public static FlowValue Write(FlowDefinition flow, int version, DiagnosticBag problems)
    {
        ElsaLoops.Check(flow, problems);
        return Write(flow, version);
    }

    /// <summary>Writes a flow without a look at what Elsa will not run.</summary>
    /// <param name="flow">The flow. It need not compile.</param>
    /// <param name="version">The version that the definition carries.</param>
    public static FlowValue Write(FlowDefinition flow, int version)
    {
        var json = flow.Json;
        var mark = new FlowObjectBuilder();
        var custom = new FlowObjectBuilder();
        var (activities, designer) = WriteActivities(json, mark);
        var connections = WriteConnections(json, mark);
        WriteOthers(json, designer, custom, mark);
        custom.Set(ElsaNames.Mark, FlowValue.From(mark.Build()));

        return FlowValue.Object(
            ("id", FlowValue.From($"{flow.Id}:{version}")),
            ("definitionId", FlowValue.From(flow.Id)),
            ("name", FlowValue.From(flow.Name)),
            ("description", json.Get("description").TryGetText(out var description) ? FlowValue.From(description) : FlowValue.Missing),
            ("version", FlowValue.From(version)),
            ("toolVersion", FlowValue.From(ToolVersion)),
            ("variables", FlowValue.From(FlowArray.Empty)),
            ("inputs", WriteInputs(json.Get("inputs"))),
            ("outputs", FlowValue.From(FlowArray.Empty)),
            ("outcomes", WriteOutcomes(flow)),
            ("customProperties", FlowValue.From(custom.Build())),
            ("isReadonly", FlowValue.False),
            ("isSystem", FlowValue.False),
            ("isLatest", FlowValue.True),
            ("isPublished", FlowValue.True),
            ("options", FlowValue.From(FlowObject.Empty)),
            (
                "root",
                FlowValue.Object(
                    ("id", FlowValue.From(RootId(flow))),
                    ("nodeId", FlowValue.From($"Workflow1:{RootId(flow)}")),
                    ("name", FlowValue.Null),
                    ("type", FlowValue.From(ElsaNames.Flowchart)),
                    ("version", FlowValue.From(1)),
                    ("customProperties", FlowValue.From(FlowObject.Empty)),
                    ("metadata", FlowValue.From(FlowObject.Empty)),
                    ("activities", activities),
                    ("variables", FlowValue.From(FlowArray.Empty)),
                    ("connections", connections)
                )
            )
        );
    }

    internal static bool IsActivity(FlowValue json) =>
        json.Get("id").Kind == FlowValueKind.String && json.Get("type").Kind == FlowValueKind.String;

    /// <summary>The root's id must be unlike those of the activities.</summary>
    private static string RootId(FlowDefinition flow) => flow.Activities.Any(activity => activity.Id == "flow") ? "flowchart" : "flow";

    /// <summary>The activities, and those designer entries that none of
    /// them took along; missing when the flow has no map of them.</summary>
    private static (FlowValue Activities, FlowValue Designer) WriteActivities(FlowObject flow, FlowObjectBuilder mark)
    {
        var designer = flow.Get("designer");
        if (!flow.Get("activities").TryGetArray(out var all))
            return (FlowValue.From(FlowArray.Empty), designer);

        KeepIrregular(all, IsActivity, "activities", mark);
        var regular = all.Where(IsActivity).Select(value => value.TryGetObject(out var obj) ? obj : FlowObject.Empty).ToList();
        if (
            flow.Get("start").TryGetText(out var start)
            && regular.FindIndex(activity => activity.Get("id") == FlowValue.From(start)) is > 0 and var position
        )
        {
            // Elsa has no start: it takes the first that nothing leads to, else the first.
            mark.Set("startIndex", FlowValue.From(position));
            var first = regular[position];
            regular.RemoveAt(position);
            regular.Insert(0, first);
        }

        designer.TryGetObject(out var entries);
        var taken = new HashSet<string>(StringComparer.Ordinal);
        var root = regular.Exists(activity => activity.Get("id") == FlowValue.From("flow")) ? "flowchart" : "flow";
        var written = new List<FlowValue>(regular.Count);
        var kept = new List<FlowValue>();
        foreach (var activity in regular)
        {
            activity.Get("id").TryGetText(out var id);
            var entry = entries is not null && taken.Add(id!) ? entries.Get(id!) : FlowValue.Missing;
            var isKept = ElsaReader.IsKeptAsItWas(activity, entry);
            if (isKept && ElsaReading.IsForkOrJoin(activity.Get("type").ToText()))
                kept.Add(FlowValue.From(id));
            written.Add(
                isKept ? activity.Get(ElsaNames.Kept) : ElsaActivityWriter.Write(activity, entry, root, written.Count * ColumnWidth)
            );
        }
        // Read back, each would be told by what it is connected to.
        if (kept.Count > 0)
            mark.Set(ElsaNames.Kept, FlowValue.Array(kept));

        var rest = entries is null ? designer : FlowValue.From(Without(entries, taken.Contains));
        return (FlowValue.Array(written), rest);
    }

    private static FlowValue WriteConnections(FlowObject flow, FlowObjectBuilder mark)
    {
        if (!flow.Get("connections").TryGetArray(out var all))
            return FlowValue.From(FlowArray.Empty);

        KeepIrregular(all, IsConnection, "connections", mark);
        var written = new List<FlowValue>(all.Count);
        var annotated = new List<FlowValue>();
        foreach (var connection in all.Where(IsConnection))
        {
            connection.TryGetObject(out var obj);
            var hasVertices = connection.Get("vertices").TryGetArray(out var vertices) && vertices.Count > 0;
            var more = Without(obj!, name => name is "source" or "port" or "target" || name is "vertices" && hasVertices);
            if (more.Count > 0)
                annotated.Add(
                    FlowValue.Object(
                        ("connection", FlowValue.From(written.Count)),
                        ("source", obj!.Get("source")),
                        ("port", obj.Get("port")),
                        ("target", obj.Get("target")),
                        ("members", FlowValue.From(more))
                    )
                );
            written.Add(
                FlowValue.Object(
                    ("source", FlowValue.Object(("activity", obj!.Get("source")), ("port", obj.Get("port")))),
                    ("target", FlowValue.Object(("activity", obj.Get("target")))),
                    ("vertices", FlowValue.From(hasVertices ? vertices! : FlowArray.Empty))
                )
            );
        }
        if (annotated.Count > 0)
            mark.Set("connections", FlowValue.Array(annotated));
        return FlowValue.Array(written);
    }

    private static bool IsConnection(FlowValue json) =>
        json.Get("source").Kind == FlowValueKind.String
        && json.Get("port").Kind == FlowValueKind.String
        && json.Get("target").Kind == FlowValueKind.String;

    /// <summary>Elements that cannot be written as activities or connections are kept with their places.</summary>
    private static void KeepIrregular(FlowArray all, Func<FlowValue, bool> isRegular, string list, FlowObjectBuilder mark)
    {
        var irregular = new List<FlowValue>();
        for (var i = 0; i < all.Count; i++)
        {
            if (!isRegular(all[i]))
                irregular.Add(FlowValue.Object(("index", FlowValue.From(i)), ("value", all[i])));
        }
        if (irregular.Count > 0)
            mark.Set(list + "Kept", FlowValue.Array(irregular));
    }

    /// <summary>The members that Elsa has no place for become custom
    /// properties; those of an unexpected type are kept as they are.</summary>
    private static void WriteOthers(FlowObject flow, FlowValue designer, FlowObjectBuilder custom, FlowObjectBuilder mark)
    {
        var members = new FlowObjectBuilder();
        foreach (var (name, value) in flow)
        {
            switch (name)
            {
                case "id" or "name" or "description" when value.Kind == FlowValueKind.String:
                case "activities" or "connections" when value.Kind == FlowValueKind.Array:
                    break;
                case "designer" when value.Kind == FlowValueKind.Object:
                    custom.Set(name, designer);
                    break;
                case "id" or "name" or "description" or "activities" or "connections" or "designer" or ElsaNames.Mark:
                    members.Set(name, value);
                    break;
                default:
                    custom.Set(name, value);
                    break;
            }
        }

        string[] absent = [.. new[] { "id", "name", "activities", "connections" }.Where(name => flow.Get(name).IsMissing)];
        if (absent.Length > 0)
            mark.Set("absent", FlowValue.Texts(absent));
        if (members.Count > 0)
            mark.Set("members", FlowValue.From(members.Build()));
    }

    private static FlowValue WriteInputs(FlowValue inputs)
    {
        if (!inputs.TryGetObject(out var byName))
            return FlowValue.From(FlowArray.Empty);
        return FlowValue.Array(
            byName.Select(input =>
                FlowValue.Object(
                    ("type", FlowValue.From(ElsaTypes.OfInput(input.Value.Get("type").ToText()))),
                    ("name", FlowValue.From(input.Key)),
                    ("displayName", FlowValue.EmptyText),
                    ("description", FlowValue.EmptyText),
                    ("category", FlowValue.EmptyText)
                )
            )
        );
    }

    private static FlowValue WriteOutcomes(FlowDefinition flow) =>
        FlowValue.Array(
            flow.Activities.Where(activity => activity.Type == "End")
                .Select(activity => activity.Json.Get("name").TryGetText(out var name) ? name : Activities.End.DefaultName)
                .Distinct(StringComparer.Ordinal)
                .Select(FlowValue.From)
        );

    internal static FlowObject Without(FlowObject obj, Func<string, bool> leaveOut)
    {
        var builder = new FlowObjectBuilder(obj.Count);
        foreach (var (name, value) in obj)
        {
            if (!leaveOut(name))
                builder.Set(name, value);
        }
        return builder.Build();
    }
}
