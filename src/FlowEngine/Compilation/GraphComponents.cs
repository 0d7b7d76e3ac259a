using FlowEngine.Execution;

namespace FlowEngine.Compilation;

/// <summary>Stateless: the strongly connected parts of a flow, in which every activity can be reached from every other.</summary>
internal static class GraphComponents
{
    /// <summary>The parts of the graph, each behind those that it leads to (Tarjan 1972, with a stack of its own: flows may be 20,000
    /// activities deep).</summary>
    /// <param name="nodes">The activities.</param>
    /// <param name="start">The position of the first.</param>
    /// <param name="isLeftOut">Whether an activity, and all steps to and from it, are left out.</param>
    public static List<List<int>> Of(PlanNode[] nodes, int start, Predicate<PlanNode> isLeftOut)
    {
        var found = new List<List<int>>();
        var order = new int[nodes.Length];
        var low = new int[nodes.Length];
        var onStack = new bool[nodes.Length];
        var component = new Stack<int>();
        var work = new Stack<(int Node, int Next)>();
        var counter = 0;

        for (var root = 0; root < nodes.Length; root++)
        {
            if (order[root] != 0 || isLeftOut(nodes[root]))
                continue;

            work.Push((root, 0));
            while (work.TryPop(out var frame))
            {
                var (node, next) = frame;
                var successors = Successors(nodes[node], start);
                if (next == 0)
                {
                    order[node] = low[node] = ++counter;
                    component.Push(node);
                    onStack[node] = true;
                }
                else
                {
                    low[node] = Math.Min(low[node], low[successors[next - 1]]);
                }

                var descended = false;
                for (; next < successors.Length; next++)
                {
                    var target = successors[next];
                    if (target < 0 || isLeftOut(nodes[target]))
                        continue;
                    if (order[target] == 0)
                    {
                        work.Push((node, next + 1));
                        work.Push((target, 0));
                        descended = true;
                        break;
                    }
                    if (onStack[target])
                        low[node] = Math.Min(low[node], order[target]);
                }
                if (descended || low[node] != order[node])
                    continue;

                var members = new List<int>();
                int member;
                do
                {
                    member = component.Pop();
                    onStack[member] = false;
                    members.Add(member);
                } while (member != node);
                found.Add(members);
            }
        }
        return found;
    }

    /// <summary>Whether a part is a loop: more than one activity, or one that leads to itself.</summary>
    public static bool IsLoop(IReadOnlyList<int> members, PlanNode[] nodes, int start) =>
        members.Count > 1 || Array.IndexOf(Successors(nodes[members[0]], start), members[0]) >= 0;

    /// <summary>Where an activity leads; -1 where nothing is connected.</summary>
    public static int[] Successors(PlanNode node, int start) => node.Restarts ? [start, .. node.Targets] : node.Targets;
}
