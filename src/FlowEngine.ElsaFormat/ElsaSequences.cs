using FlowEngine.Context;

namespace FlowEngine.ElsaFormat;

/// <summary>Shared and immutable: an activity of a definition.</summary>
/// <param name="Json">The activity, unwrapped.</param>
/// <param name="Origin">Where it stands in the file.</param>
/// <param name="Wrapper">Where its wrapper stands, inside which there are no places; null without one.</param>
internal sealed record ElsaNode(FlowValue Json, string Origin, string? Wrapper);

/// <summary>Per file and single-threaded: the activities of a definition, with each sequence replaced by what is in it, one after the
/// other.</summary>
internal sealed class ElsaSequences
{
    public const string Type = "Elsa.Sequence";

    private readonly Dictionary<string, (string First, string Last)> _ends = new(StringComparer.Ordinal);

    /// <summary>The activities, in the order of the file.</summary>
    public List<ElsaNode> Nodes { get; } = [];

    /// <summary>Which activity follows which, by sequences, and where that one stands.</summary>
    public List<(string Source, string Target, string Origin)> Links { get; } = [];

    /// <summary>What the sequences say of themselves.</summary>
    public List<FlowValue> Kept { get; } = [];

    /// <summary>Takes in an activity, or all of a sequence; one without activities is an activity without an equal.</summary>
    /// <returns>The ids of the first and the last.</returns>
    public (string First, string Last) Expand(FlowValue written, string origin, ElsaVariables variables) =>
        Expand(written, origin, null, variables);

    private (string First, string Last) Expand(FlowValue written, string origin, string? wrapper, ElsaVariables variables)
    {
        var node = ElsaNotFound.Unwrap(written);
        if (node != written)
            wrapper ??= origin;
        var list = node.Get("activities");
        if (node.Get("type").ToText() != Type || ElsaChart.Elements(list) is not { Count: > 0 } activities)
        {
            Nodes.Add(new ElsaNode(node, origin, wrapper));
            var own = node.Get("id").ToText();
            return (own, own);
        }

        variables.Declare(node.Get("variables"));
        node.TryGetObject(out var members);
        Kept.Add(FlowValue.From(ElsaWriter.Without(members!, name => name == "activities")));
        var place = ElsaChart.PlaceOfElements(list, origin + "/activities");
        var ends = Expand(activities[0], $"{place}/0", wrapper, variables);
        for (var i = 1; i < activities.Count; i++)
        {
            var (first, last) = Expand(activities[i], $"{place}/{i}", wrapper, variables);
            Links.Add((ends.Last, first, wrapper ?? $"{place}/{i}"));
            ends.Last = last;
        }
        _ends.TryAdd(node.Get("id").ToText(), ends);
        return ends;
    }

    /// <summary>A connection to a sequence leads to its first activity, one from it leaves the last.</summary>
    public ElsaConnection Resolve(ElsaConnection connection)
    {
        if (_ends.TryGetValue(connection.Target, out var target))
            connection = connection with { Target = target.First };
        if (connection.Port == ElsaChart.DefaultPort && _ends.TryGetValue(connection.Source, out var source))
            connection = connection with { Source = source.Last };
        return connection;
    }
}
