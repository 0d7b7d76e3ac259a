using FlowEngine.Errors;
using FlowEngine.Execution;
using FlowEngine.Model;
using FlowEngine.Settings;

namespace FlowEngine.Compilation;

/// <summary>Reads a flow's <c>accepts</c>, and checks that each entry names a failure that its activities can have. Stateless.</summary>
internal static class AcceptedFailuresReader
{
    private const string Setting = "accepts";

    /// <summary>Reads them.</summary>
    /// <param name="flow">The flow.</param>
    /// <param name="entries">What it says.</param>
    /// <param name="nodes">Its activities; null for one that has errors.</param>
    /// <param name="severity">How bad an entry is that names nothing.</param>
    /// <param name="problems">Where problems go.</param>
    public static AcceptedFailures Read(
        FlowDefinition flow,
        IReadOnlyList<string> entries,
        PlanNode?[] nodes,
        Severity severity,
        DiagnosticBag problems
    )
    {
        if (entries.Count == 0)
            return AcceptedFailures.None;
        var known = new HashSet<string>(StringComparer.Ordinal);
        var ids = new Dictionary<IReadOnlyList<PlanNode?>, Dictionary<string, PlanNode>>(ReferenceEqualityComparer.Instance);
        var isComplete = Array.IndexOf(nodes, null) < 0;
        var read = new List<AcceptedFailure>(entries.Count);
        for (var i = 0; i < entries.Count && !problems.IsHopeless; i++)
        {
            var at = flow.Location.At(Setting).At(i);
            if (AcceptedFailure.Parse(entries[i]) is not { } entry)
                Report(at, $"'{entries[i]}' does not say which failure is accepted.", FlowErrors.Accepts.Advice);
            else if (!known.Add(entry.ToString()))
                Report(at, $"'{entry}' stands in \"accepts\" twice.", "Remove one of the two.");
            else if (Find(nodes, entry.Activity, ids, out var among) is { } node)
            {
                read.Add(entry);
                if (Ways(node) is var ways && !ways.Contains(entry))
                    Report(at, $"'{entry.Activity}' cannot fail by '{entry.Way}'.", Suggestion.For(entry.Way, ways.Words));
            }
            // Of one that has errors nobody knows how it fails, nor what stands inside it.
            else if (isComplete)
            {
                Report(at, $"There is no activity '{entry.Activity}'.", Suggestion.For(entry.Activity, among));
            }
        }
        return new AcceptedFailures(read);

        void Report(SourceLocation at, string message, string? advice)
        {
            if (severity == Severity.Error)
                problems.Error(FlowErrors.Accepts, at, message, advice);
            else
                problems.Warning(FlowErrors.Accepts, at, message, advice);
        }
    }

    /// <summary>The activity of a qualified id, also inside another activity or in a subflow; null for none.</summary>
    private static PlanNode? Find(
        IReadOnlyList<PlanNode?> nodes,
        string activity,
        Dictionary<IReadOnlyList<PlanNode?>, Dictionary<string, PlanNode>> ids,
        out IEnumerable<string> among
    )
    {
        var path = activity.Split('/');
        var prefix = "";
        for (var i = 0; ; i++)
        {
            if (!ids.TryGetValue(nodes, out var byId))
                ids.Add(nodes, byId = IdsOf(nodes));
            var before = prefix;
            among = byId.Keys.Select(id => before + id);
            if (!byId.TryGetValue(path[i], out var found) || i == path.Length - 1)
                return found;
            if (found.Activity.Enters is not { } flow)
                return null;
            nodes = flow.Nodes;
            prefix += $"{path[i]}/";
        }
    }

    private static Dictionary<string, PlanNode> IdsOf(IReadOnlyList<PlanNode?> nodes)
    {
        var ids = new Dictionary<string, PlanNode>(StringComparer.Ordinal);
        foreach (var node in nodes.OfType<PlanNode>().SelectMany(node => node.Activity.Inner.Prepend(node)))
            ids.TryAdd(node.Id, node);
        return ids;
    }

    private static KnownWays Ways(PlanNode node)
    {
        var named = Enumerable
            .Range(0, node.OwnOutcomes)
            .Where(port => node.Activity.FailsBy(port) != Fails.Never)
            .Select(port => (Name: node.Outcomes[port], Ways: node.Activity.WaysByOutcome(port)));
        var events = node.ErrorRoutes.Select((route, i) => (Name: route.Event, Ways: node.Activity.WaysByError(i)));
        List<(string Name, FailureWays Ways)> all = [.. named, .. events];
        return new KnownWays(
            [.. all.Select(way => way.Name)],
            [.. all.SelectMany(way => way.Ways.Codes).Distinct()],
            [.. all.SelectMany(way => way.Ways.Statuses)]
        );
    }

    private sealed record KnownWays(IReadOnlyList<string> Names, IReadOnlyList<string> Codes, IReadOnlyList<int> Statuses)
    {
        public IEnumerable<string> Words => [.. Names, .. Codes.Select(FailureWays.WordOf)];

        public bool Contains(AcceptedFailure entry) =>
            Names.Contains(entry.Way) || Codes.Any(entry.CoversCode) || Statuses.Any(entry.CoversStatus);
    }
}
