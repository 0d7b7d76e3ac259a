using FlowEngine.Context;

namespace FlowEngine.Execution;

/// <summary>Per run and single-threaded: one flow that a run is in. A subflow's frame has that of its caller as parent.</summary>
internal sealed class Frame(FlowPlan plan, Frame? parent, int returnNode)
{
    internal static readonly FlowShape FlowShape = FlowShape.Of("id", "version", "runId", "startedAt");

    public FlowPlan Plan { get; } = plan;

    public Frame? Parent { get; } = parent;

    /// <summary>The position in the parent of the Subflow activity that entered this frame.</summary>
    public int ReturnNode { get; } = returnNode;

    public FlowValue Form { get; set; } = FlowValue.From(FlowObject.Empty);

    public FlowValue Client { get; set; } = FlowValue.From(FlowObject.Empty);

    public FlowValue Connectors { get; set; } = FlowValue.From(FlowObject.Empty);

    public FlowValue Scripts { get; set; } = FlowValue.From(FlowObject.Empty);

    public int Depth => Parent is null ? 0 : Parent.Depth + 1;

    /// <summary>The id of an activity of this frame, behind the ids of the Subflow activities that lead to it.</summary>
    public string Qualify(string activityId) =>
        Parent is null ? activityId : $"{Parent.Qualify(Parent.Plan.Nodes[ReturnNode].Id)}/{activityId}";

    public Frame Copy() =>
        new(Plan, Parent, ReturnNode)
        {
            Form = Form,
            Client = Client,
            Connectors = Connectors,
            Scripts = Scripts,
        };

    public void Clear() => Form = Connectors = Scripts = FlowValue.From(FlowObject.Empty);
}
