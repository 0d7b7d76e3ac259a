using FlowEngine.Context;

namespace FlowEngine.ElsaFormat;

/// <summary>The names that writer and reader agree on. Stateless.</summary>
internal static class ElsaNames
{
    /// <summary>What stands before our own types.</summary>
    public const string TypePrefix = "FlowEngine.";

    /// <summary>The custom property of definitions and activities that holds what Elsa's format has no place for.</summary>
    public const string Mark = "flowEngine";

    /// <summary>The member of a flow that keeps what came from a foreign definition.</summary>
    public const string Kept = "elsa";

    /// <summary>The outcome of an activity of ours that did what it is for.</summary>
    public const string Success = "Success";

    public const string Flowchart = "Elsa.Flowchart";

    /// <summary>Members of our activities whose names mean something else in Elsa,
    /// or that are no settings: they travel in its custom properties.</summary>
    public static bool TravelsAsCustomProperty(string name) =>
        name is "nodeId" or "version" or "customProperties" or "metadata" or "errorHandling";

    /// <summary>The input by which the name of an End travels: an activity's own name is Elsa's.</summary>
    public const string EndName = "endName";

    /// <summary>Custom properties that Elsa itself adds to every activity, as long as nobody set them.</summary>
    public static bool IsElsasOwnCustomProperty(string name, FlowValue value) =>
        name == "source"
        || name is "canStartWorkflow" or "runAsynchronously" && value == FlowValue.False
        || name is "commitStrategyName" or "logPersistenceMode" && value.IsNothing
        || name is "logPersistenceConfig" && (value.IsNothing || value == FlowValue.From(FlowObject.Empty));

    /// <summary>Whether a custom property of an activity is neither ours nor added by Elsa by itself: it is kept, and given back.</summary>
    public static bool IsForeignCustomProperty(string name, FlowValue value) =>
        name != Mark && name is not ("name" or "description") && !TravelsAsCustomProperty(name) && !IsElsasOwnCustomProperty(name, value);
}
