using FlowEngine.Context;
using FlowEngine.Errors;
using FlowEngine.Execution;
using FlowEngine.Settings;
using FlowEngine.Templates;

namespace FlowEngine.Compilation.Paths;

/// <summary>
/// Per compilation and single-threaded: checks that what is read can have a value where it is read. What nothing on any way there writes
/// is <c>path.unknown</c>; what
/// only some ways write, and nobody says what stands in, is <c>path.maybe</c>. What cannot be known is not reported.
/// </summary>
internal sealed class PathChecks
{
    /// <summary>How many places are looked at closely for their messages: a large flow with a problem at every activity must still be
    /// answered at once.</summary>
    private const int MaxClosely = 100;

    private readonly FlowGraph _graph;
    private readonly PathFlow _flow;
    private readonly PlanNode?[] _nodes;
    private readonly DiagnosticBag _problems;
    private readonly Severity _severity;
    private readonly bool[] _isReached;
    private List<FlowStep>?[]? _sources;
    private int _closely;

    private PathChecks(FlowGraph graph, PlanNode?[] nodes, bool isEntered, Severity severity, DiagnosticBag problems)
    {
        _graph = graph;
        _nodes = nodes;
        _severity = severity;
        _problems = problems;
        _flow = new PathFlow(graph, isEntered);
        _isReached = new bool[graph.Points];
        foreach (var point in graph.Order)
            _isReached[point] = true;
    }

    private enum Verdict : byte
    {
        Fine,
        Unknown,
        Maybe,
    }

    /// <summary>Checks them.</summary>
    /// <param name="graph">The ways through the flow.</param>
    /// <param name="nodes">The activities; null for one that has errors.</param>
    /// <param name="reads">What is read.</param>
    /// <param name="isEntered">Whether another flow enters this one.</param>
    /// <param name="severity">How bad a path is that nothing writes.</param>
    /// <param name="problems">Where problems go.</param>
    /// <returns>How many steps it took, for whoever wants to know what grows how.</returns>
    public static long Run(
        FlowGraph graph,
        PlanNode?[] nodes,
        IReadOnlyList<ReadPath> reads,
        bool isEntered,
        Severity severity,
        DiagnosticBag problems
    )
    {
        var checks = new PathChecks(graph, nodes, isEntered, severity, problems);
        checks.Check(reads);
        return checks._flow.Steps;
    }

    private void Check(IReadOnlyList<ReadPath> reads)
    {
        var verdicts = new (Verdict Verdict, string? Way)[reads.Count];
        var facts = new Dictionary<string, (PathFact Fact, List<int> Reads)>(StringComparer.Ordinal);
        for (var i = 0; i < reads.Count; i++)
        {
            if (!reads[i].Nodes.Any(node => _isReached[node]) || PathFact.Of(reads[i].Read) is not { } fact)
                continue;
            if (!_flow.IsWrittenSomewhere(fact))
                verdicts[i].Verdict = Verdict.Unknown;
            else if (facts.TryGetValue(reads[i].Read.ToText(), out var known))
                known.Reads.Add(i);
            else
                facts.Add(reads[i].Read.ToText(), (fact, [i]));
        }

        foreach (var block in facts.Values.Chunk(PathFlow.BlockSize))
        {
            if (!_flow.TryFollow([.. block.Select(fact => fact.Fact)]))
                break;
            for (var bit = 0; bit < block.Length; bit++)
            {
                foreach (var read in block[bit].Reads)
                    verdicts[read] = Judge(reads[read], bit);
            }
        }

        var told = new HashSet<(SourceLocation At, string Path)>();
        for (var i = 0; i < reads.Count && !_problems.IsFull; i++)
        {
            // A text may name a path twice; a connector's own are named where it is used.
            if (verdicts[i].Verdict == Verdict.Fine || !told.Add((reads[i].Read.At, reads[i].Read.ToText())))
                continue;
            if (verdicts[i].Verdict == Verdict.Unknown)
                ReportUnknown(reads[i]);
            else if (verdicts[i].Verdict == Verdict.Maybe)
                ReportMaybe(reads[i].Read, verdicts[i].Way);
        }
    }

    private (Verdict Verdict, string? Way) Judge(ReadPath read, int bit)
    {
        var reached = read.Nodes.Where(node => _isReached[node]);
        if (!reached.Any(node => _flow.May(node, bit)))
            return (Verdict.Unknown, null);
        if (read.Read.Use != PathUse.Value || reached.All(node => _flow.Must(node, bit)))
            return default;
        return (Verdict.Maybe, WayWithout(reached.First(node => !_flow.Must(node, bit)), bit));
    }

    /// <summary>From where a run comes without a value: an activity just before, or the start of the flow.</summary>
    private string? WayWithout(int node, int bit)
    {
        if (++_closely > MaxClosely)
            return null;
        _sources ??= _graph.FindSources();
        var seen = new HashSet<int> { node };
        var pending = new Queue<int>([node]);
        while (pending.TryDequeue(out var point))
        {
            foreach (var step in _sources[point] ?? [])
            {
                if (!_isReached[step.From] || _flow.MustBehind(step, bit))
                    continue;
                if (_graph.OwnerOf(step.From) is var owner && owner >= 0 && owner != node && _nodes[owner] is { } before)
                    return $"coming from '{before.Id}'";
                if (seen.Add(step.From))
                    pending.Enqueue(step.From);
            }
        }
        return node == _graph.Start ? "at the start of the flow" : null;
    }

    private void ReportMaybe(PathRead read, string? way)
    {
        var message = $"Not every way here writes {read.ToText()}{(way is null ? "" : $": {way}, it has no value")}.";
        _problems.Warning(FlowErrors.MaybePath, read.At, message);
    }

    private void ReportUnknown(ReadPath read)
    {
        if (Explain(read) is not { } told)
            return;
        var (message, advice, meant) = told;
        if (_severity == Severity.Warning || read.IsOptional)
            _problems.Warning(FlowErrors.UnknownPath, read.Read.At, message, advice, meant);
        else
            _problems.Error(FlowErrors.UnknownPath, read.Read.At, message, advice, meant: meant);
    }

    /// <summary>What is wrong, and what to do; null where it is the list that is wrong, not what is read of its items.</summary>
    private (string Message, string? Advice, MeantPath? Meant)? Explain(ReadPath read)
    {
        var fact = PathFact.Of(read.Read)!;
        var path = read.Read.ToText();
        var written = WrittenBefore(read.Nodes);
        var here = written.Where(item => item.Root == fact.Root && item.Key == fact.Key && item.Shape is not null).ToList();
        if (here.Count > 0)
            return ExplainMember(read, fact, here);
        if (read.Item is not null)
            return null;

        var keys = written
            .Where(item => item.Root == fact.Root && item is { Key: not null, Shape: not null })
            .Select(item => item.Key!)
            .Distinct()
            .ToList();
        var message = $"{read.Reader} reads {path}, which nothing on any way here writes";
        if (WriterOf(fact) is { } writer)
            return (
                $"{message}: '{writer}' writes {read.Read.ToText(1)}, but is not before it.",
                "Lead every way through it first, or read something else.",
                null
            );
        return (
            $"{message}.",
            Suggestion.For(fact.Key, keys) is { } suggestion ? $"{suggestion} {FlowErrors.UnknownPath.Advice}" : null,
            Suggestion.Nearest(fact.Key, keys) is { } near ? new MeantPath(path, 1, near) : null
        );
    }

    /// <summary>The key is written, but its value does not have the member.</summary>
    private static (string Message, string? Advice, MeantPath? Meant)? ExplainMember(ReadPath read, PathFact fact, List<ContextWrite> here)
    {
        var skipped = fact.Key == ContextWrite.Whole ? 0 : 1;
        var length = here.Max(item => fact.LengthIn(item.Shape));
        var path = read.ToText();
        if (length >= fact.Parts.Count)
            return (
                $"{read.Reader} reads {path}, but on no way here " + "there is still such a value: it was replaced or cleared since.",
                null,
                null
            );
        var part = read.PartAt(length + skipped);
        if (part < 0)
            return null;

        var holders = here.Where(item => fact.LengthIn(item.Shape) == length).Select(item => fact.ShapeIn(item.Shape, length)!).ToList();
        var name = fact.Parts[length].ToString();
        var names = holders.SelectMany(shape => shape.MemberNames).Distinct().ToList();
        var has = ValueShape.Describe(holders);
        var advice = holders.Select(shape => shape.HintFor(name)).FirstOrDefault(hint => hint is not null) ?? Suggestion.For(name, names);
        var meant = Suggestion.Nearest(name, names) is { } near ? new MeantPath(path, part + 1, near) : null;
        return ($"{read.Reader} reads {path}, but there is no '{name}': {read.ToText(length + skipped)} {has}.", advice, meant);
    }

    /// <summary>What is written on any way to the activities; of a flow with very many problems, what is written at all.</summary>
    private List<ContextWrite> WrittenBefore(IReadOnlyList<int> nodes)
    {
        if (++_closely > MaxClosely)
            return [.. _graph.Writes.Take(1000).SelectMany(writes => writes.Items)];
        _sources ??= _graph.FindSources();
        var found = new HashSet<int>();
        var seen = nodes.ToHashSet();
        var pending = new Queue<int>(nodes);
        while (pending.TryDequeue(out var point))
        {
            foreach (var step in _sources[point] ?? [])
            {
                if (!_isReached[step.From])
                    continue;
                if (step.Writes >= 0)
                    found.Add(step.Writes);
                if (seen.Add(step.From))
                    pending.Enqueue(step.From);
            }
        }
        return [.. found.Order().SelectMany(position => _graph.Writes[position].Items)];
    }

    /// <summary>The id of an activity that writes the key, wherever it is.</summary>
    private string? WriterOf(PathFact fact)
    {
        if (_closely > MaxClosely)
            return null;
        for (var point = 0; point < _graph.Points; point++)
        {
            foreach (var step in _graph.From(point))
            {
                if (
                    step.Writes >= 0
                    && _graph.OwnerOf(point) is var owner
                    && owner >= 0
                    && _nodes[owner] is { } node
                    && _graph
                        .Writes[step.Writes]
                        .Items.Any(item => item.Root == fact.Root && item.Key == fact.Key && item.Shape is not null)
                )
                {
                    return node.Id;
                }
            }
        }
        return null;
    }
}
