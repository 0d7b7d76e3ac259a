using System.Globalization;
using FlowEngine.Context;
using FlowEngine.Templates;

namespace FlowEngine.Execution;

/// <summary>Per run and single-threaded: one flow that a run is in. A subflow's frame has that of its caller as parent.</summary>
internal class Frame(FlowPlan plan, Frame? parent, int returnNode)
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

    /// <summary>Which items of which ForEach it belongs to, such as <c>#3</c>; "" for none.</summary>
    public virtual string Items => Parent?.Items ?? "";

    /// <summary>The id of an activity of this frame, behind the ids of the Subflow activities that lead to it.</summary>
    public string Qualify(string activityId) =>
        Parent is null ? activityId : $"{Parent.Qualify(Parent.Plan.Nodes[ReturnNode].Id)}/{activityId}";

    /// <summary>The value of a root that only an activity here knows.</summary>
    public virtual FlowValue Local(ContextRoot root) => FlowValue.Missing;

    public virtual Frame Copy() => With(new Frame(Plan, Parent, ReturnNode));

    /// <summary>A copy for one item of a ForEach.</summary>
    /// <param name="item">The item.</param>
    /// <param name="index">Its place, from 0.</param>
    /// <param name="used">The copy for an item before it, which nobody uses any more; null for none.</param>
    public ItemFrame CopyFor(FlowValue item, int index, ItemFrame? used)
    {
        var copy = used ?? new ItemFrame(Plan, Parent, ReturnNode, Items, index);
        (copy.Item, copy.Index) = (item, index);
        return With(copy);
    }

    /// <summary>The frame of a flow that is entered beside others from here.</summary>
    public Frame Beside(FlowPlan plan) =>
        Items is { Length: > 0 } items ? new ItemFrame(plan, null, -1, items, null) : new Frame(plan, null, -1);

    public void Clear() => Form = Connectors = Scripts = FlowValue.From(FlowObject.Empty);

    protected TFrame With<TFrame>(TFrame copy)
        where TFrame : Frame
    {
        copy.Form = Form;
        copy.Client = Client;
        copy.Connectors = Connectors;
        copy.Scripts = Scripts;
        return copy;
    }
}

/// <summary>Per run and single-threaded: what one item of a ForEach sees, and what the flow sees that is entered for it.</summary>
/// <param name="plan">The flow.</param>
/// <param name="parent">The frame of its caller.</param>
/// <param name="returnNode">The position in the parent of what entered it.</param>
/// <param name="around">Which items of which ForEach around it belongs to.</param>
/// <param name="index">The item's place, from 0; null in a flow that is entered for it, which has no items of its own.</param>
internal sealed class ItemFrame(FlowPlan plan, Frame? parent, int returnNode, string around, int? index) : Frame(plan, parent, returnNode)
{
    /// <summary>The item; missing where it has no place.</summary>
    public FlowValue Item { get; set; }

    /// <summary>The item's place, from 0; null in a flow that is entered for it, which has no items of its own.</summary>
    public int? Index { get; set; } = index;

    /// <inheritdoc/>
    public override string Items => Index is { } place ? string.Create(CultureInfo.InvariantCulture, $"{around}#{place}") : around;

    /// <inheritdoc/>
    public override FlowValue Local(ContextRoot root) =>
        root switch
        {
            ContextRoot.Item => Item,
            ContextRoot.Index => Index is { } place ? FlowValue.From(place) : FlowValue.Missing,
            _ => FlowValue.Missing,
        };

    /// <inheritdoc/>
    public override Frame Copy() => With(new ItemFrame(Plan, Parent, ReturnNode, around, Index) { Item = Item });
}
