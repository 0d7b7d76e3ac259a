using FlowEngine.Context;
using FlowEngine.Errors;
using FlowEngine.Execution;

namespace FlowEngine.Testing;

/// <summary>Shared and immutable: an activity of a flow that asks somebody, wherever it stands: in a subflow, a Parallel, a
/// ForEach.</summary>
/// <param name="Id">Its id, qualified as a run qualifies it.</param>
/// <param name="Node">The activity.</param>
/// <param name="Plan">The flow in which it stands.</param>
/// <param name="Location">Where that says so; of one inside another, where that other stands.</param>
internal sealed record AskingActivity(string Id, PlanNode Node, FlowPlan Plan, SourceLocation Location)
{
    private const string EventMember = "event";

    /// <summary>Those that say in which ways they can end, in the order of the flow.</summary>
    public static IEnumerable<AskingActivity> In(FlowPlan plan) => In(plan, "", []);

    /// <summary>The activity of that id; null when there is none.</summary>
    public static AskingActivity? Find(FlowPlan plan, string id)
    {
        AskingActivity? found = null;
        foreach (var name in id.Split('/'))
        {
            var within = found is null ? plan : found.Node.Activity.Enters;
            found = within is null ? null : All(within).FirstOrDefault(one => one.Node.Id == name);
            if (found is null)
                return null;
        }
        return found! with { Id = id };
    }

    /// <summary>In which ways its calls can end; of one that does not say it, by each of its error events.</summary>
    /// <param name="usual">The reply that it gets when all goes well.</param>
    public IReadOnlyList<WayToEnd> WaysToEnd(FlowValue usual) =>
        Node.Activity.WaysToEnd(new DrilledCall(Plan.Definition, usual)) is { Count: > 0 } ways
            ? ways
            : [.. Node.ErrorRoutes.Select(route => new WayToEnd(route.Event, Failing(route.Event)))];

    private static FlowValue Failing(string errorEvent) =>
        FlowValue.Object(
            (
                "error",
                FlowValue.Object(
                    (EventMember, FlowValue.From(errorEvent)),
                    ("code", FlowValue.From(FlowErrors.Unexpected.Code)),
                    ("message", FlowValue.From(FlowErrors.Unexpected.Meaning))
                )
            )
        );

    private static IEnumerable<AskingActivity> In(FlowPlan plan, string prefix, Dictionary<FlowPlan, bool> known)
    {
        foreach (var one in All(plan))
        {
            if (one.Asks)
                yield return one with
                {
                    Id = prefix + one.Id,
                };
            // Only where there is something: flows that enter each other in many ways are not gone through in each.
            if (one.Node.Activity.Enters is not { } entered || !AsksAnybody(entered, known))
                continue;
            foreach (var inner in In(entered, $"{prefix}{one.Id}/", known))
                yield return inner;
        }
    }

    private bool Asks => Node.Activity.WaysToEnd(new DrilledCall(null, default)).Count > 0;

    private static bool AsksAnybody(FlowPlan plan, Dictionary<FlowPlan, bool> known)
    {
        if (!known.TryGetValue(plan, out var asks))
        {
            asks = All(plan).Any(one => one.Asks || (one.Node.Activity.Enters is { } entered && AsksAnybody(entered, known)));
            known.Add(plan, asks);
        }
        return asks;
    }

    /// <summary>The activities of a flow, and those inside them.</summary>
    private static IEnumerable<AskingActivity> All(FlowPlan plan)
    {
        for (var i = 0; i < plan.Nodes.Length; i++)
        {
            var at = plan.Definition.Activities[i].Location;
            yield return new AskingActivity(plan.Nodes[i].Id, plan.Nodes[i], plan, at);
            foreach (var inner in plan.Nodes[i].Activity.Inner)
                yield return new AskingActivity(inner.Id, inner, plan, at);
        }
    }
}
