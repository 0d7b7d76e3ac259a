using FlowEngine.Context;
using FlowEngine.Model;

namespace FlowEngine.ElsaFormat;

/// <summary>Shared and immutable: a fork that is a Parallel here.</summary>
/// <param name="Node">The fork.</param>
/// <param name="Branches">The activities between it and its join, in the order of its branches.</param>
/// <param name="Join">The join.</param>
/// <param name="Connections">What connects the three.</param>
internal sealed record ElsaFork(ElsaNode Node, IReadOnlyList<ElsaNode> Branches, ElsaNode Join, IReadOnlyList<ElsaConnection> Connections);

/// <summary>
/// Per file; built single-threaded, then read only: the forks that are a Parallel here. Each of their branches is one activity that is
/// left by its success, or none, and all of them lead to one join, which nothing else leads to and which waits for all.
/// </summary>
internal sealed class ElsaForks
{
    public const string Fork = "Elsa.FlowFork";
    public const string Join = "Elsa.FlowJoin";

    private readonly Dictionary<string, ElsaFork> _forks = new(StringComparer.Ordinal);
    private readonly HashSet<string> _inside = new(StringComparer.Ordinal);

    private readonly Dictionary<string, ElsaNode?> _nodes = new(StringComparer.Ordinal);
    private readonly ILookup<string, ElsaConnection> _from;
    private readonly ILookup<string, ElsaConnection> _to;

    /// <param name="nodes">The activities.</param>
    /// <param name="connections">The connections.</param>
    /// <param name="others">The ids of those that are no part of any: what stands in a sequence, or is kept as it is.</param>
    public ElsaForks(IReadOnlyList<ElsaNode> nodes, IReadOnlyList<ElsaConnection> connections, IEnumerable<string> others)
    {
        _from = connections.ToLookup(connection => connection.Source, StringComparer.Ordinal);
        _to = connections.ToLookup(connection => connection.Target, StringComparer.Ordinal);
        foreach (var node in nodes)
        {
            // An id that stands for two activities stands for none.
            var id = node.Json.Get("id").ToText();
            if (!_nodes.TryAdd(id, node))
                _nodes[id] = null;
        }
        foreach (var id in others)
            _nodes[id] = null;
        foreach (var node in nodes)
        {
            if (node.Json.Get("type").ToText() != Fork || Read(node) is not { } fork)
                continue;
            _forks.Add(Id(node), fork);
            _inside.UnionWith(fork.Branches.Append(fork.Join).Select(Id));
        }
    }

    /// <summary>The fork of this id, if it is a Parallel here.</summary>
    public ElsaFork? Find(string id) => _forks.GetValueOrDefault(id);

    /// <summary>Whether an activity is a branch or the join of such a fork.</summary>
    public bool IsInside(string id) => _inside.Contains(id);

    /// <summary>Whether a connection lies between such a fork and its join.</summary>
    public bool IsInside(ElsaConnection connection) =>
        _forks.ContainsKey(connection.Source) || IsInside(connection.Source) && IsInside(connection.Target);

    /// <summary>How a join waits.</summary>
    public static string ModeOf(FlowValue join) => ElsaInput.Written(join.Get("mode")).ToText();

    private ElsaFork? Read(ElsaNode node)
    {
        var labels = Labels(node.Json);
        var ways = _from[Id(node)].ToList();
        if (
            ways.Count is 0 or > FlowLimits.Items
            || _nodes[Id(node)] is null
            || ways.Exists(way => way.Json.Kind != FlowValueKind.Object || !labels.Contains(way.Port))
        )
            return null;

        var branches = new List<ElsaNode>(ways.Count);
        var connections = new List<ElsaConnection>(ways);
        var join = "";
        foreach (var way in ways.OrderBy(way => labels.IndexOf(way.Port)))
        {
            var last = way;
            if (_nodes.GetValueOrDefault(way.Target) is { } branch && branch.Json.Get("type").ToText() != Join)
            {
                if (!IsBranch(branch))
                    return null;
                last = _from[way.Target].First();
                connections.Add(last);
                branches.Add(branch);
            }
            if (join.Length > 0 && last.Target != join)
                return null;
            join = last.Target;
        }

        return branches.Count > 0 && _nodes.GetValueOrDefault(join) is { } end && IsJoinOf(end, ways.Count)
            ? new ElsaFork(node, branches, end, connections)
            : null;
    }

    /// <summary>Whether a branch may consist of this activity: it is reached once, and left once, when it has succeeded.</summary>
    private bool IsBranch(ElsaNode node)
    {
        if (StartsFlow(node) || _to[Id(node)].Count() != 1 || _from[Id(node)].Count() != 1)
            return false;

        var (type, port) = (node.Json.Get("type").ToText(), _from[Id(node)].First().Port);
        if (ElsaHttpRequest.IsType(type))
            return ElsaHttpRequest.SucceedsBy(node.Json, port);
        if (type is ElsaValues.WriteLine or ElsaValues.SetOutput)
            return port == ElsaChart.DefaultPort;

        // In a Parallel any End of a subflow is a success. Which others may stand there the compiler knows.
        return type.StartsWith(ElsaNames.TypePrefix, StringComparison.Ordinal)
            && type != ElsaNames.TypePrefix + "Subflow"
            && port == ElsaNames.Success;
    }

    private bool IsJoinOf(ElsaNode node, int branches) =>
        node.Json.Get("type").ToText() == Join
        && !StartsFlow(node)
        && ModeOf(node.Json) is "WaitAll" or "WaitAllActive"
        && _to[Id(node)].Count() == branches;

    private static bool StartsFlow(ElsaNode node) => node.Json.Get("customProperties").Get("canStartWorkflow") == FlowValue.True;

    /// <summary>The names of a fork's branches; none where they are not written out.</summary>
    private static List<string> Labels(FlowValue fork)
    {
        if (fork.Get("branches").IsNothing)
            return [ElsaChart.DefaultPort];
        var labels = ElsaChart.Elements(ElsaInput.Written(fork.Get("branches"))).Select(label => label.ToText()).ToList();
        return labels.Count == labels.Distinct(StringComparer.Ordinal).Count() ? labels : [];
    }

    private static string Id(ElsaNode node) => node.Json.Get("id").ToText();
}
