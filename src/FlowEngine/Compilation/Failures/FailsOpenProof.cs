using System.Text;
using FlowEngine.Errors;
using FlowEngine.Execution;

namespace FlowEngine.Compilation.Failures;

/// <summary>
/// Per compilation and single-threaded: proves that no way leads from a failure that nobody named to a token (SPEC 6.3, decision 30), or
/// shows the way. It says nothing of a flow that another one enters: tokens are issued at the Ends of the one that was started.
/// </summary>
internal sealed class FailsOpenProof
{
    /// <summary>How many ways are told: a flow with more such failures must still be answered at once.</summary>
    private const int MaxWays = 20;

    /// <summary>How many activities of a way are named before the failure, and how many behind it.</summary>
    private const int MaxBefore = 5;
    private const int MaxBehind = 12;

    private readonly FailureGraph _graph;
    private readonly FailureFlow _flow;
    private readonly KnownPersons _persons;
    private Dictionary<int, (int State, FailureStep Step)>? _before;

    private FailsOpenProof(FailureGraph graph, KnownPersons persons)
    {
        (_graph, _persons) = (graph, persons);
        _flow = new FailureFlow(graph, new FailureNames(graph), persons);
    }

    /// <summary>Looks for ways from a failure to a token.</summary>
    /// <param name="nodes">The activities, all of them right and connected.</param>
    /// <param name="start">The position of the first.</param>
    /// <param name="accepts">What the flow accepts.</param>
    /// <param name="locations">Where an activity stands, by its id.</param>
    /// <param name="severity">How bad it is.</param>
    /// <param name="problems">Where problems go.</param>
    /// <returns>How many steps it took, for whoever wants to know what grows how.</returns>
    public static long Run(
        PlanNode[] nodes,
        int start,
        AcceptedFailures accepts,
        Func<string, SourceLocation> locations,
        Severity severity,
        DiagnosticBag problems
    )
    {
        if (FailureGraphBuilder.Build(nodes, start, accepts, locations, out var persons) is not { } graph)
            return 0;
        var proof = new FailsOpenProof(graph, persons!);
        var told = 0;
        for (var block = 0; block * FailureFlow.BlockSize < graph.Failures.Count && !problems.IsFull; block++)
        {
            var open = proof.OpenAt(block, nodes.Length);
            for (var bit = 0; bit < FailureFlow.BlockSize && !problems.IsFull; bit++)
            {
                if (open[bit] >= 0)
                    Report(proof, block * FailureFlow.BlockSize + bit, open[bit], told++ < MaxWays);
            }
        }
        return proof._flow.Steps;

        void Report(FailsOpenProof proof, int failure, int end, bool closely)
        {
            var found = graph.Failures[failure];
            var message = proof.Describe(failure, end, closely);
            if (severity == Severity.Error)
                problems.Error(FlowErrors.FailsOpen, found.At, message, Advice(found));
            else
                problems.Warning(FlowErrors.FailsOpen, found.At, message, Advice(found));
        }
    }

    private static string Advice(OpenFailure failure) =>
        (
            failure.Handled == "back to the screen"
                ? "Find out who the person is behind the call, or let the buttons of the screen lead to no End that issues tokens; "
                : "Let the error be \"automatic\"; or name the failure on the way: by an outcome of its own, or by a condition on what the "
                    + "call wrote, or on error.code, that does not hold when there is no value; "
        ) + $"or, if it is meant so, add \"{failure.Activity}: {failure.Way}\" to the flow's \"accepts\".";

    /// <summary>Of each failure of a block an End at which it leads to a token; -1 for none.</summary>
    private int[] OpenAt(int block, int count)
    {
        var ends = new int[FailureFlow.BlockSize];
        Array.Fill(ends, -1);
        var pending = _flow.Follow(block);
        for (var i = 0; i < count; i++)
        {
            if (!_graph.IssuesTokens(i))
                continue;
            for (var open = pending[i].Known; open != 0; open &= open - 1)
            {
                ref var end = ref ends[System.Numerics.BitOperations.TrailingZeroCount(open)];
                end = end < 0 ? i : end;
            }
        }
        return ends;
    }

    private string Describe(int index, int end, bool closely)
    {
        var failure = _graph.Failures[index];
        var text = new StringBuilder(
            $"When '{failure.Activity}' fails ({failure.Way}{(failure.Handled.Length > 0 ? $", {failure.Handled}" : "")}), "
                + $"the End '{_graph.IdOf(end)}' may issue a token all the same, and nothing on the way names the failure"
        );
        return closely && FindWay(index, end) is { } way
            ? text.Append(": ").Append(way).Append('.').ToString()
            : text.Append('.').ToString();
    }

    /// <summary>The shortest way from the failure to the End, with the shortest from the start to it.</summary>
    private string? FindWay(int index, int end)
    {
        var failure = _graph.Failures[index];
        var from = new Dictionary<int, (int State, FailureStep Step)>();
        var queue = new Queue<int>();
        foreach (var step in _graph.From(failure.Point))
        {
            if (index >= step.FirstGiven && index < step.FirstGiven + step.Given)
                Take(step, -1, _flow.Behind(step, default));
        }
        while (queue.TryDequeue(out var state))
        {
            var point = state / Pending.Count;
            if (point == end && state % Pending.Count >= Pending.Each)
                return Write(index, state, from);
            var before = default(Pending);
            before[state % Pending.Count] = 1UL << (index % FailureFlow.BlockSize);
            foreach (var step in _graph.From(point))
                Take(step, state, _flow.Behind(step, before));
        }
        return null;

        void Take(in FailureStep step, int state, in Pending behind)
        {
            for (var i = 0; i < Pending.Count; i++)
            {
                var next = step.To * Pending.Count + i;
                if ((behind[i] >> (index % FailureFlow.BlockSize) & 1) != 0 && from.TryAdd(next, (state, step)))
                    queue.Enqueue(next);
            }
        }
    }

    private string Write(int index, int state, Dictionary<int, (int State, FailureStep Step)> from)
    {
        var behind = new List<FailureStep>();
        var first = state;
        for (; state >= 0; state = from[state].State)
        {
            behind.Add(from[state].Step);
            first = state;
        }
        behind.Reverse();
        var way = new StringBuilder();
        var before = WayTo(behind[0], (Knowledge)(1 << (first % Pending.Count / Pending.Each)));
        if (before.Count > MaxBefore)
            before = [.. before.Take(2), default, .. before.TakeLast(MaxBefore - 3)];
        foreach (var step in before)
            Append(way, step, LabelOf(step));
        Append(way, behind[0], LabelOf(index, behind[0]));
        var hidden = behind.Count > MaxBehind ? behind.Count - MaxBehind : 0;
        for (var i = 1; i < behind.Count; i++)
        {
            if (hidden > 0 && i == MaxBehind / 2)
            {
                Append(way, default, "");
                i += hidden;
            }
            // On its way back to a screen the run passes nothing.
            if (behind[i].From < _graph.Activities)
                Append(way, behind[i], LabelOf(behind[i]));
        }
        return way.Append(_graph.IdOf(behind[^1].To)).ToString();
    }

    private static string LabelOf(in FailureStep step) =>
        step.Effects.HasFlag(StepEffects.SendsBack) ? $"{step.Label} (back to the screen)" : step.Label;

    private string LabelOf(int index, FailureStep step)
    {
        var failure = _graph.Failures[index];
        var handled = failure.Handled.Length > 0 ? $" ({failure.Handled})" : "";
        return failure.Activity == _graph.IdOf(step.From)
            ? failure.Way + handled
            : $"{step.Label}, {failure.Activity}: {failure.Way}{handled}";
    }

    private void Append(StringBuilder way, in FailureStep step, string label)
    {
        if (step == default)
            way.Append("… -> ");
        else
            way.Append(_graph.IdOf(step.From)).Append(label.Length == 0 ? " -> " : $" -{label}-> ");
    }

    /// <summary>The shortest way from the start of the flow to a step behind which that is known of the person.</summary>
    private List<FailureStep> WayTo(in FailureStep last, Knowledge known)
    {
        _before ??= FindBefore();
        var way = new List<FailureStep>();
        for (var i = 0; i < Pending.Persons; i++)
        {
            var state = last.From * Pending.Persons + i;
            if (!_before.ContainsKey(state) || !_persons.Behind(last, (Knowledge)(1 << i)).HasFlag(known))
                continue;
            for (; _before[state] is { State: >= 0 } before; state = before.State)
                way.Add(before.Step);
            way.Reverse();
            break;
        }
        return way;
    }

    /// <summary>From where each point is reached first, with each that may be known of the person there.</summary>
    private Dictionary<int, (int State, FailureStep Step)> FindBefore()
    {
        var found = new Dictionary<int, (int State, FailureStep Step)> { [_graph.Start * Pending.Persons] = (-1, default) };
        var queue = new Queue<int>([_graph.Start * Pending.Persons]);
        while (queue.TryDequeue(out var state))
        {
            var before = (Knowledge)(1 << (state % Pending.Persons));
            foreach (var step in _graph.From(state / Pending.Persons))
            {
                // Ways on which nothing has failed come first to mind.
                if (step.Effects.HasFlag(StepEffects.SendsBack) || step.Given > 0)
                    continue;
                var behind = _persons.Behind(step, before);
                for (var i = 0; i < Pending.Persons; i++)
                {
                    var next = step.To * Pending.Persons + i;
                    if (((int)behind >> i & 1) != 0 && found.TryAdd(next, (state, step)))
                        queue.Enqueue(next);
                }
            }
        }
        return found;
    }
}
