using System.Diagnostics.CodeAnalysis;
using FlowEngine.Context;

namespace FlowEngine.ElsaFormat;

/// <summary>Writes one activity: its settings as inputs first, then what Elsa knows of every activity. Stateless.</summary>
internal static class ElsaActivityWriter
{
    /// <param name="activity">The activity of the flow.</param>
    /// <param name="entry">Its entry in the flow's designer map, or missing.</param>
    /// <param name="root">The id of the flowchart.</param>
    /// <param name="column">Where it is drawn when the flow does not say.</param>
    public static FlowValue Write(FlowObject activity, FlowValue entry, string root, long column)
    {
        var written = new FlowObjectBuilder(16);
        var custom = new FlowObjectBuilder();
        activity.Get("id").TryGetText(out var id);
        activity.Get("type").TryGetText(out var type);
        var hasName = activity.Get("name").TryGetText(out var name);
        var description = activity.Get("description");

        var isNamedEnd = hasName && type == "End";
        var oddEndName = FlowValue.Missing;
        if (isNamedEnd)
            written.Set(ElsaNames.EndName, Input(FlowValue.From(name)));

        foreach (var (member, value) in activity)
        {
            if (member is "id" or "type" || member is "name" or "description" && value.Kind == FlowValueKind.String)
                continue;
            if (type == "End" && member == ElsaNames.EndName)
                oddEndName = value;
            else if (IsKeptCustomProperties(member, value, out var foreign))
                SetAll(custom, foreign);
            else if (ElsaNames.TravelsAsCustomProperty(member) || member is "name" or "description")
                custom.Set(member, value);
            else
                written.Set(member, Input(value));
        }

        var (position, mark) = Place(entry, column);
        if (!oddEndName.IsMissing)
            mark = mark.With(ElsaNames.EndName, oddEndName);
        if (mark.Count > 0)
            custom.Set(ElsaNames.Mark, FlowValue.From(mark));

        written.Set("id", FlowValue.From(id));
        written.Set("nodeId", FlowValue.From($"Workflow1:{root}:{id}"));
        written.Set("name", hasName && !isNamedEnd ? FlowValue.From(name) : FlowValue.Null);
        written.Set("type", FlowValue.From(ElsaNames.TypePrefix + type));
        written.Set("version", FlowValue.From(1));
        written.Set("customProperties", FlowValue.From(custom.Build()));
        written.Set(
            "metadata",
            FlowValue.Object(
                ("displayText", FlowValue.From(hasName ? name : id)),
                ("description", description.Kind == FlowValueKind.String ? description : FlowValue.Missing),
                ("designer", FlowValue.Object(("position", position)))
            )
        );
        return FlowValue.From(written.Build());
    }

    /// <summary>Whether a member holds custom properties that Elsa gave the activity, and nothing else: they go where they came
    /// from.</summary>
    private static bool IsKeptCustomProperties(string member, FlowValue value, [NotNullWhen(true)] out FlowObject? properties)
    {
        properties = null;
        return member == ElsaNames.Kept
            && value.TryGetObject(out var kept)
            && kept.Count == 1
            && kept.Get("customProperties").TryGetObject(out properties)
            && properties.Count > 0
            && properties.All(property => ElsaNames.IsForeignCustomProperty(property.Key, property.Value));
    }

    private static void SetAll(FlowObjectBuilder into, FlowObject members)
    {
        foreach (var (name, value) in members)
            into.Set(name, value);
    }

    private static FlowValue Input(FlowValue value) =>
        FlowValue.Object(
            ("typeName", FlowValue.From(ElsaTypes.Of(value))),
            (
                "expression",
                FlowValue.Object(
                    ("type", FlowValue.From(value.Kind is FlowValueKind.Array or FlowValueKind.Object ? "Object" : "Literal")),
                    ("value", value)
                )
            )
        );

    /// <summary>The position, and what else the designer's entry says. Without a
    /// position one is made up, and noted, so that it does not come back.</summary>
    private static (FlowValue Position, FlowObject Mark) Place(FlowValue entry, long column)
    {
        if (entry.TryGetObject(out var obj) && IsPosition(entry))
        {
            var more = ElsaWriter.Without(obj, name => name is "x" or "y");
            var mark = more.Count == 0 ? FlowObject.Empty : FlowObject.Empty.With("designer", FlowValue.From(more));
            return (FlowValue.Object(("x", obj.Get("x")), ("y", obj.Get("y"))), mark);
        }

        var placed = FlowValue.Object(("x", FlowValue.From(column)), ("y", FlowValue.From(0)));
        var note = FlowObject.Empty.With("placed", placed);
        return (placed, entry.IsMissing ? note : note.With("designer", entry));
    }

    internal static bool IsPosition(FlowValue value) =>
        value.Get("x").Kind == FlowValueKind.Number && value.Get("y").Kind == FlowValueKind.Number;
}
