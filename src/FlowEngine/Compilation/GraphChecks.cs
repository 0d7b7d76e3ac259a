using FlowEngine.Errors;
using FlowEngine.Execution;
using FlowEngine.Model;

namespace FlowEngine.Compilation;

/// <summary>Looks at a connected graph as a whole: what no path reaches, loops without a screen. Stateless.</summary>
internal static class GraphChecks
{
    /// <summary>Warns of what no path reaches, also in a flow that has errors: when an activity is taken out, those behind it are what
    /// one has to look at.</summary>
    /// <param name="flow">The flow.</param>
    /// <param name="nodes">The activities; null for one that has errors.</param>
    /// <param name="start">The position of the first.</param>
    /// <param name="loose">Connections that could not be tied to an outcome; they reach what they lead to.</param>
    /// <param name="problems">Where problems go.</param>
    public static void FindUnreachable(
        FlowDefinition flow,
        PlanNode?[] nodes,
        int start,
        IReadOnlyList<(int Source, int Target)> loose,
        DiagnosticBag problems
    )
    {
        var reached = Reach(nodes, start, loose.ToLookup(connection => connection.Source, connection => connection.Target));
        for (var i = 0; i < nodes.Length; i++)
        {
            if (!reached[i])
                problems.Warning(
                    FlowErrors.Unreachable,
                    flow.Activities[i].Location,
                    $"No path from the start reaches '{flow.Activities[i].Id}'."
                );
        }
    }

    /// <summary>Looks at a flow in which everything is connected.</summary>
    public static void Run(FlowDefinition flow, PlanNode[] nodes, int start, DiagnosticBag problems)
    {
        foreach (var loop in GraphComponents.Of(nodes, start, node => node.Waits))
        {
            if (!GraphComponents.IsLoop(loop, nodes, start))
                continue;
            var first = loop.Min();
            var members = string.Join(", ", loop.Order().Take(5).Select(i => $"'{nodes[i].Id}'"));
            problems.Warning(
                FlowErrors.Loop,
                flow.Activities[first].Location,
                $"A loop through {members}{(loop.Count > 5 ? ", …" : "")} has no screen in it."
            );
        }
    }

    private static bool[] Reach(PlanNode?[] nodes, int start, ILookup<int, int> loose)
    {
        var reached = new bool[nodes.Length];
        var pending = new Stack<int>([start]);
        reached[start] = true;
        while (pending.TryPop(out var position))
        {
            var known = nodes[position] is { } node ? GraphComponents.Successors(node, start) : [];
            foreach (var target in known.Concat(loose[position]))
            {
                if (target < 0 || reached[target])
                    continue;
                reached[target] = true;
                pending.Push(target);
            }
        }
        return reached;
    }
}
