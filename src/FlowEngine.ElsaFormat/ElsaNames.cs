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

    public const string Flowchart = "Elsa.Flowchart";

    /// <summary>Members of our activities whose names mean something else in Elsa,
    /// or that are no settings: they travel in its custom properties.</summary>
    public static bool TravelsAsCustomProperty(string name) =>
        name is "nodeId" or "version" or "customProperties" or "metadata" or "errorHandling";

    /// <summary>Custom properties that Elsa itself adds to every activity.</summary>
    public static bool IsElsasOwnCustomProperty(string name) =>
        name
            is "canStartWorkflow"
                or "runAsynchronously"
                or "source"
                or "commitStrategyName"
                or "logPersistenceMode"
                or "logPersistenceConfig";
}
