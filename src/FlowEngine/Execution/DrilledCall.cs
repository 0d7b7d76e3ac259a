using FlowEngine.Conditions;
using FlowEngine.Context;
using FlowEngine.Model;

namespace FlowEngine.Execution;

/// <summary>Shared and immutable: what an activity may know of its call when it says in which ways that can end.</summary>
public sealed class DrilledCall
{
    private readonly FlowDefinition? _flow;

    /// <summary>Makes it.</summary>
    /// <param name="flow">The flow in which the activity stands; null where nobody knows.</param>
    /// <param name="usual">The reply that it gets when all goes well; missing where nobody knows.</param>
    public DrilledCall(FlowDefinition? flow, FlowValue usual) => (_flow, Usual) = (flow, usual);

    /// <summary>The reply that it gets when all goes well, that of the golden case; missing where nobody knows.</summary>
    public FlowValue Usual { get; }

    /// <summary>Which values of a path the flow's conditions tell apart: each candidate that a rule names, and of those between which no
    /// rule decides, the first. Rules whose value has templates in it are left out, as are scripts.</summary>
    /// <param name="path">The path, such as <c>connectors.profile.statusCode</c>.</param>
    /// <param name="candidates">The values, the likely ones first.</param>
    public IReadOnlyList<FlowValue> TellApart(string path, IEnumerable<FlowValue> candidates) =>
        _flow is null ? [] : PathComparisons.In(_flow, path).TellApart(candidates);
}
