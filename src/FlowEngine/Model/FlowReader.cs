using FlowEngine.Context;
using FlowEngine.Errors;

namespace FlowEngine.Model;

/// <summary>Reads the shape of a flow file: what is there and has the right
/// JSON type. What it means is the compiler's concern. Stateless.</summary>
public static class FlowReader
{
    /// <summary>Reads a flow.</summary>
    /// <param name="json">The file's content.</param>
    /// <param name="file">The file as the caller names it, or null.</param>
    /// <param name="problems">Where problems go.</param>
    /// <returns>The flow, as far as it could be read; null when there is nothing to compile.</returns>
    public static FlowDefinition? Read(FlowValue json, string? file, DiagnosticBag problems) =>
        ReadAt(json, SourceLocation.Root(file), problems);

    /// <summary>Reads a flow that stands at a place of its own, as one does that was made from a file of another format.</summary>
    /// <param name="json">The content.</param>
    /// <param name="root">Where it stands; what is wrong in it is told from there.</param>
    /// <param name="problems">Where problems go.</param>
    /// <returns>The flow, as far as it could be read; null when there is nothing to compile.</returns>
    public static FlowDefinition? ReadAt(FlowValue json, SourceLocation root, DiagnosticBag problems)
    {
        var found = new DiagnosticBag();
        var flow = ReadShape(json, root, found);
        problems.AddRange(found.Items);
        return flow is null ? null : flow with { HasErrors = found.HasErrors };
    }

    private static FlowDefinition? ReadShape(FlowValue json, SourceLocation root, DiagnosticBag problems)
    {
        if (!json.TryGetObject(out var obj))
        {
            problems.Error(
                FlowErrors.Type,
                root,
                "A flow file holds one JSON object.",
                "Choose a file that begins with { and holds a flow."
            );
            return null;
        }

        var id = Text(obj, "id", root, problems);
        if (id.Length > 0 && !Identifier.IsValid(id))
            problems.Error(FlowErrors.Id, root.At("id"), $"'{id}' cannot be a flow's id.");

        // Before anything is said of each of them.
        if (
            IsTooLong(obj, "activities", FlowLimits.Activities, root, problems)
            | IsTooLong(obj, "connections", FlowLimits.Connections, root, problems)
            | IsTooLong(obj, "screens", FlowLimits.Screens, root, problems)
        )
        {
            return null;
        }

        var activities = Objects(obj, "activities", root, problems)
            .Select(item => new ActivityDefinition(
                Text(item.Json, "id", item.At, problems),
                Text(item.Json, "type", item.At, problems),
                item.Json,
                item.At
            ))
            .ToList();
        var connections = Objects(obj, "connections", root, problems)
            .Select(item => new ConnectionDefinition(
                Text(item.Json, "source", item.At, problems),
                Text(item.Json, "port", item.At, problems),
                Text(item.Json, "target", item.At, problems),
                item.At
            )
            {
                Message = OptionalText(item.Json, "message", item.At, problems),
            })
            .ToList();
        var screens = Objects(obj, "screens", root, problems)
            .Select(item => new ScreenDefinition(Text(item.Json, "id", item.At, problems), item.Json, item.At))
            .ToList();

        if (activities.Count == 0)
            problems.Error(FlowErrors.Required, root.At("activities"), "The flow has no activities.", "Add at least a start and an End.");

        return new FlowDefinition
        {
            Id = id,
            Name = OptionalText(obj, "name", root, problems) ?? id,
            Start = Text(obj, "start", root, problems),
            Activities = activities,
            Connections = connections,
            Screens = screens,
            Json = obj,
            Location = root,
        };
    }

    private static bool IsTooLong(FlowObject obj, string name, int limit, SourceLocation root, DiagnosticBag problems)
    {
        if (!obj.Get(name).TryGetArray(out var array) || array.Count <= limit)
            return false;
        problems.Error(FlowErrors.TooLarge, root.At(name), $"The flow has {array.Count} {name}; {limit} are allowed.");
        return true;
    }

    private static string Text(FlowObject obj, string name, SourceLocation at, DiagnosticBag problems)
    {
        var text = OptionalText(obj, name, at, problems);
        if (text is null && obj.Get(name).IsNothing || text is "")
            problems.Error(FlowErrors.Required, at.At(name), $"'{name}' is missing or empty.", $"Add \"{name}\".");
        return text ?? "";
    }

    private static string? OptionalText(FlowObject obj, string name, SourceLocation at, DiagnosticBag problems)
    {
        var value = obj.Get(name);
        if (value.TryGetText(out var text))
            return text;
        if (!value.IsNothing)
            problems.Error(FlowErrors.Type, at.At(name), $"'{name}' is not a text.", "Write a text here.");
        return null;
    }

    private static List<(FlowObject Json, SourceLocation At)> Objects(
        FlowObject obj,
        string name,
        SourceLocation root,
        DiagnosticBag problems
    )
    {
        var found = new List<(FlowObject, SourceLocation)>();
        var at = root.At(name);
        var value = obj.Get(name);
        if (value.IsNothing)
            return found;
        if (!value.TryGetArray(out var array))
        {
            problems.Error(FlowErrors.Type, at, $"'{name}' is not an array.", "Write an array here.");
            return found;
        }

        for (var i = 0; i < array.Count; i++)
        {
            if (array[i].TryGetObject(out var item))
                found.Add((item, at.At(i)));
            else
                problems.Error(FlowErrors.Type, at.At(i), $"An element of '{name}' is not an object.", "Write an object here.");
        }
        return found;
    }
}
