using FlowEngine.Context;

namespace FlowEngine.Diff;

/// <summary>What happened to a part of a flow.</summary>
public enum ChangeKind
{
    /// <summary>It is new.</summary>
    Added,

    /// <summary>It is gone.</summary>
    Removed,

    /// <summary>It is another than before.</summary>
    Changed,
}

/// <summary>Shared and immutable: one difference between two versions of a flow, as a person would tell it.</summary>
/// <param name="Change">What happened.</param>
/// <param name="Part">To what: <c>flow</c>, <c>activity</c>, <c>connection</c>, <c>screen</c>, <c>component</c> or <c>setting</c>.</param>
/// <param name="Id">The flow, the activity (of a connection: the one it leaves), or the screen.</param>
public sealed record FlowChange(ChangeKind Change, string Part, string Id)
{
    /// <summary>The activity's name, the screen's title, or of a connection's setting its port; null when there is none.</summary>
    public string? Name { get; init; }

    /// <summary>For a setting, whose: <c>activity</c>, <c>connection</c> or <c>screen</c>; null otherwise.</summary>
    public string? Of { get; init; }

    /// <summary>The path of the setting, such as <c>headers.x-user-tier</c>; of a connection its port; of a component its place, such as
    /// <c>components[1]</c>. Null for the whole.</summary>
    public string? Setting { get; init; }

    /// <summary>What it was; missing for nothing.</summary>
    public FlowValue Before { get; init; }

    /// <summary>What it is now; missing for nothing.</summary>
    public FlowValue After { get; init; }

    /// <summary><c>{ change, kind, of?, id, name?, setting?, before?, after? }</c>.</summary>
    public FlowValue ToValue()
    {
        var view = new FlowObjectBuilder(8);
        view.Set("change", FlowValue.From(Change.ToString().ToLowerInvariant()));
        view.Set("kind", FlowValue.From(Part));
        if (Of is not null)
            view.Set("of", FlowValue.From(Of));
        view.Set("id", FlowValue.From(Id));
        if (Name is not null)
            view.Set("name", FlowValue.From(Name));
        if (Setting is not null)
            view.Set("setting", FlowValue.From(Setting));
        if (!Before.IsMissing)
            view.Set("before", Before);
        if (!After.IsMissing)
            view.Set("after", After);
        return FlowValue.From(view.Build());
    }
}
