using FlowEngine.Errors;
using FlowEngine.Execution;
using FlowEngine.Model;

namespace FlowEngine.Compilation;

/// <summary>Looks at a connected graph as a whole: what no path reaches, loops
/// without a screen, ignored errors on the way to a token. Stateless.</summary>
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
        var reached = Reach(
            nodes,
            start,
            Enumerable.Empty<(int Source, int Target)>().ToLookup(connection => connection.Source, connection => connection.Target)
        );
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

        WarnOfIgnoredErrors(flow, nodes, start, reached, problems);
    }

    private static void WarnOfIgnoredErrors(FlowDefinition flow, PlanNode[] nodes, int start, bool[] reached, DiagnosticBag problems)
    {
        if (!Array.Exists(nodes, node => node.KnowsPerson))
            return;

        int[]? ends = null;
        for (var i = 0; i < nodes.Length; i++)
        {
            var ignored = Array.FindIndex(nodes[i].ErrorRoutes, route => route.Mode == ErrorMode.Ignore);
            if (ignored < 0 || !reached[i] || nodes[i].Targets[0] < 0)
                continue;

            ends ??= ReachableEnds(nodes, start);
            if (ends[nodes[i].Targets[0]] is var end && end < 0)
                continue;
            problems.Warning(
                FlowErrors.ErrorToToken,
                flow.Activities[i].Location.At("errorHandling").At(nodes[i].ErrorRoutes[ignored].Event),
                $"'{nodes[i].Id}' ignores the error '{nodes[i].ErrorRoutes[ignored].Event}', "
                    + $"and from there the End '{nodes[end].Id}' can be reached, which issues a token."
            );
        }
    }

    /// <summary>For each activity the position of an End that can be reached from it and may issue a token, or -1: one walk backwards from
    /// all Ends, not one forward from each activity.</summary>
    private static int[] ReachableEnds(PlanNode[] nodes, int start)
    {
        var sources = new List<int>?[nodes.Length];
        var ends = new int[nodes.Length];
        var pending = new Queue<int>();
        for (var i = 0; i < nodes.Length; i++)
        {
            ends[i] = nodes[i].Activity.Exit is { MayIssueTokens: true } ? i : -1;
            if (ends[i] >= 0)
                pending.Enqueue(i);
            foreach (var target in GraphComponents.Successors(nodes[i], start))
            {
                if (target >= 0)
                    (sources[target] ??= []).Add(i);
            }
        }

        while (pending.TryDequeue(out var position))
        {
            foreach (var source in sources[position] ?? [])
            {
                if (ends[source] >= 0)
                    continue;
                ends[source] = ends[position];
                pending.Enqueue(source);
            }
        }
        return ends;
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
