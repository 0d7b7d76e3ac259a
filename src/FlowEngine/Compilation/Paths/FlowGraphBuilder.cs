using FlowEngine.Activities;
using FlowEngine.Execution;
using FlowEngine.Templates;

namespace FlowEngine.Compilation.Paths;

/// <summary>Per compilation and single-threaded: makes the graph of a flow from its activities and their connections, as far as they are
/// right.</summary>
internal sealed class FlowGraphBuilder
{
    /// <summary>How many steps a graph may have: some times what the largest flow has that anybody draws.</summary>
    private const int MaxSteps = 1_000_000;

    private readonly PlanNode?[] _nodes;
    private readonly FlowGraph _graph;
    private readonly bool _isEntered;

    /// <summary>The points from which an automatic error goes back to a screen, each with the activity that it happens in.</summary>
    private readonly List<(int Point, int Node)> _backs = [];

    /// <summary>The points where the flow ends.</summary>
    private readonly List<int> _ends = [];

    /// <summary>The activities in which a run may wait, each with the point that is behind its waiting: of a screen itself, of a subflow
    /// within it.</summary>
    private readonly List<(int Node, int Point)> _waiting = [];

    private FlowGraphBuilder(PlanNode?[] nodes, int start, bool isEntered)
    {
        _nodes = nodes;
        _isEntered = isEntered;
        _graph = new FlowGraph(nodes.Length, start);
    }

    /// <summary>Makes the graph.</summary>
    /// <param name="nodes">The activities; null for one that has errors.</param>
    /// <param name="start">The first one's position.</param>
    /// <param name="loose">Connections that could not be tied to an outcome: where they lead is reached, nobody knows with what.</param>
    /// <param name="isEntered">Whether the flow is entered by another one.</param>
    /// <param name="traits">What the flow is to one that enters it.</param>
    /// <returns>The graph; null when it would be too large to be looked through.</returns>
    public static FlowGraph? Build(
        PlanNode?[] nodes,
        int start,
        IReadOnlyList<(int Source, int Target)> loose,
        bool isEntered,
        out FlowTraits traits
    )
    {
        var builder = new FlowGraphBuilder(nodes, start, isEntered);
        for (var i = 0; i < nodes.Length; i++)
        {
            if (nodes[i] is { Activity.HasUnknownOutcomes: false } node)
                builder.Add(i, node);
        }
        foreach (var (source, target) in loose)
            builder._graph.Add(source, target, ContextWrites.Unknown);
        return builder.Finish(out traits);
    }

    private void Add(int position, PlanNode node)
    {
        var activity = node.Activity;
        var from = position;
        if (activity.Enters is not null && node.Waits)
        {
            from = _graph.AddPoint(position);
            _graph.Add(position, from);
        }
        if (node.Waits)
        {
            _waiting.Add((position, from));
            if (activity.Enters is not { Traits.EndsUnseen: true })
                _graph.AddWaiting(from);
        }
        if (activity.Exit is not null)
            _ends.Add(position);
        if (node.Restarts)
            _graph.Add(position, _graph.Start, ContextWrites.Cleared);
        if (activity.Enters is { Traits: { ErrorLeaves: true } traits })
            _backs.Add((Behind(position, ContextWrites.LastError.And(traits.SharedWrites)), position));

        AddOutcomes(from, position, node);
        for (var i = 0; i < node.ErrorRoutes.Length; i++)
        {
            ref readonly var route = ref node.ErrorRoutes[i];
            var behind = Behind(position, activity.WritesByError(i).And(ContextWrites.LastError));
            var port = route.Mode == ErrorMode.Custom ? route.Port : 0;
            if (route.Mode == ErrorMode.Automatic)
                _backs.Add((behind, position));
            else if (port < node.Targets.Length && node.Targets[port] >= 0)
                Lead(behind, position, node, port);
        }
    }

    /// <summary>Leads to where an outcome does; what its connection says is made on the way.</summary>
    private void Lead(int from, int position, PlanNode node, int port)
    {
        var target = node.Targets[port];
        _graph.Add(from, node.Messages?[port] is null ? target : _graph.AddMessage(position, port, target));
    }

    private void AddOutcomes(int from, int position, PlanNode node)
    {
        var behind = new Dictionary<ContextWrites, int>(ReferenceEqualityComparer.Instance);
        for (var port = 0; port < node.OwnOutcomes; port++)
        {
            if (node.Targets[port] < 0)
                continue;
            var writes = node.Activity.WritesByOutcome(port);
            if (node.Activity.FailsBy(port) is not Fails.Never and var fails)
                writes = writes.And(fails == Fails.Always ? ContextWrites.LastError : ContextWrites.LastError.Perhaps());
            if (writes.Items.Count == 0)
            {
                Lead(from, position, node, port);
                continue;
            }
            if (!behind.TryGetValue(writes, out var point))
                behind.Add(writes, point = Behind(from, writes));
            Lead(point, position, node, port);
        }
    }

    /// <summary>A point behind what is written.</summary>
    private int Behind(int from, ContextWrites writes)
    {
        var point = _graph.AddPoint(_graph.OwnerOf(from));
        _graph.Add(from, point, writes);
        return point;
    }

    /// <summary>Adds the ways back to the last screen, which only those who know all other ways can tell.</summary>
    private FlowGraph? Finish(out FlowTraits traits)
    {
        _graph.Complete();
        var screens = LastScreens.Find(_graph, _nodes, _waiting);
        var isReached = new bool[_graph.Points];
        foreach (var point in _graph.Order)
            isReached[point] = true;
        traits = new FlowTraits(
            _backs.Exists(back => isReached[back.Node] && (screens is null || screens.MayBeNone(back.Node))),
            screens is null || _ends.Exists(end => isReached[end] && screens.MayBeNone(end)),
            SharedWrites()
        );
        if (screens is null)
            return null;

        // A caller's error leads back to the last screen of a subflow that has ended.
        if (_isEntered)
            _backs.AddRange(_ends.Select(end => (end, end)));
        var returns = new Dictionary<int, int>();
        foreach (var (point, node) in _backs)
        {
            if (!isReached[node] || screens.SetOf(node) is var set && set < 0)
                continue;
            if (!returns.TryGetValue(set, out var back))
            {
                returns.Add(set, back = _graph.AddPoint(-1));
                foreach (var waiting in screens.Members(set))
                    _graph.Add(back, _waiting[waiting].Point);
                if (_graph.StepCount > MaxSteps)
                    return null;
            }
            _graph.Add(point, back);
        }
        _graph.Complete();
        return _graph;
    }

    /// <summary>Whatever the flow does to person, claims and last error: how exactly is not followed into its callers.</summary>
    private ContextWrites SharedWrites()
    {
        ContextRoot[] shared = [ContextRoot.User, ContextRoot.Claims, ContextRoot.Error];
        var written = _graph.Writes.SelectMany(writes => writes.Items).Select(item => item.Root).ToHashSet();
        return ContextWrites.Every(shared.Where(written.Contains), Context.ValueShape.Any);
    }
}
