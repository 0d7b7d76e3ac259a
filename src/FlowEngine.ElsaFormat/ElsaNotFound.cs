using System.Text.Json;
using FlowEngine.Context;

namespace FlowEngine.ElsaFormat;

/// <summary>
/// Reads what an Elsa saved that did not know the types of a definition: it wraps each such activity, as a text, in an
/// <c>Elsa.NotFoundActivity</c>, and moves the connections of the flowchart into a custom property of it. Stateless.
/// </summary>
internal static class ElsaNotFound
{
    /// <summary>The type of the wrapper.</summary>
    public const string Type = "Elsa.NotFoundActivity";

    /// <summary>The custom property of a flowchart that holds its connections.</summary>
    public const string MovedConnections = "notFoundConnections";

    /// <summary>The activity that was wrapped, where the wrapper now stands; anything else as it is.</summary>
    public static FlowValue Unwrap(FlowValue node)
    {
        if (node.Get("type").ToText() != Type || !node.Get("originalActivityJson").TryGetText(out var text))
            return node;
        try
        {
            return FlowValue.Parse(text).TryGetObject(out var original) && original.Get("type").Kind == FlowValueKind.String
                ? FlowValue.From(Placed(original, node.Get("metadata").Get("designer")))
                : node;
        }
        catch (JsonException)
        {
            return node;
        }
    }

    /// <summary>The connections of a flowchart, then those that were moved.</summary>
    public static List<ElsaConnection> Connections(FlowValue chart) =>
        [
            .. ElsaChart.Connections(chart.Get("connections"), "/root/connections"),
            .. ElsaChart.Connections(chart.Get("customProperties").Get(MovedConnections), "/root/customProperties/" + MovedConnections),
        ];

    /// <summary>Whoever moved the activity in the designer moved the wrapper.</summary>
    private static FlowObject Placed(FlowObject original, FlowValue designer)
    {
        if (designer.Kind != FlowValueKind.Object)
            return original;
        original.Get("metadata").TryGetObject(out var metadata);
        return original.With("metadata", FlowValue.From((metadata ?? FlowObject.Empty).With("designer", designer)));
    }
}
