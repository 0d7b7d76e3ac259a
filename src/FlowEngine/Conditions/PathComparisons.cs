using FlowEngine.Context;
using FlowEngine.Model;
using FlowEngine.Templates;

namespace FlowEngine.Conditions;

/// <summary>Shared and immutable: what the rules of a flow compare one path with, whatever activity they belong to.</summary>
internal sealed class PathComparisons
{
    private readonly List<Comparison> _comparisons = [];
    private readonly HashSet<string> _named = new(StringComparer.Ordinal);

    private PathComparisons() { }

    /// <summary>Finds the rules. Those whose value has templates in it, and scripts, decide by more than is known here.</summary>
    public static PathComparisons In(FlowDefinition flow, string path)
    {
        var found = new PathComparisons();
        if (!ContextPath.TryParse(path, out var wanted, out _))
            return found;
        var pending = new Stack<FlowValue>(flow.Activities.Select(activity => FlowValue.From(activity.Json)).Reverse());
        while (pending.TryPop(out var value))
        {
            if (value.TryGetArray(out var items))
            {
                foreach (var item in items)
                    pending.Push(item);
            }
            else if (value.TryGetObject(out var members))
            {
                found.TakeRule(members, wanted!);
                foreach (var (_, member) in members)
                    pending.Push(member);
            }
        }
        return found;
    }

    /// <summary>Each candidate that a rule names, and the first of those between which no rule decides.</summary>
    public IReadOnlyList<FlowValue> TellApart(IEnumerable<FlowValue> candidates)
    {
        if (_comparisons.Count == 0)
            return [];
        var seen = new HashSet<string>(StringComparer.Ordinal);
        return
        [
            .. candidates.Where(candidate =>
                // Each kind is taken note of, also where the candidate is wanted for itself.
                seen.Add(string.Concat(_comparisons.Select(comparison => comparison(candidate) ? '1' : '0')))
                | _named.Contains(candidate.ToText())
            ),
        ];
    }

    private void TakeRule(FlowObject rule, ContextPath wanted)
    {
        if (
            !rule.Get("key").TryGetText(out var key)
            || !rule.Get("operator").TryGetText(out var name)
            || !ContextPath.TryParse(key, out var path, out _)
            || path!.Root != wanted.Root
            || !path.Segments.SequenceEqual(wanted.Segments)
        )
            return;
        var value = rule.Get("value");
        if (value.ToText().Contains("{{", StringComparison.Ordinal) || Operators.Compare(name, value) is not { } comparison)
            return;
        _comparisons.Add(comparison);
        _named.UnionWith(Operators.Listed(name, value));
    }
}
