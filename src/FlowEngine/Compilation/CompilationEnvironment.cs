using FlowEngine.Activities;
using FlowEngine.Connectors;
using FlowEngine.Model;
using FlowEngine.Screens;

namespace FlowEngine.Compilation;

/// <summary>Shared, thread-safe: what flows are compiled against.</summary>
public sealed record CompilationEnvironment
{
    /// <summary>The activity types. Default the engine's own.</summary>
    public ActivityCatalog Activities { get; init; } = new();

    /// <summary>The types of components that screens have. Default the engine's own.</summary>
    public ComponentCatalog Components { get; init; } = ComponentCatalog.BuiltIn;

    /// <summary>The connectors. Default none.</summary>
    public ConnectorSet Connectors { get; init; } = ConnectorSet.Empty;

    /// <summary>Finds the flow that a Subflow activity names, and its version; null when there is none. Default finds nothing.</summary>
    public Func<string, (FlowDefinition Flow, int Version)?> FindFlow { get; init; } = _ => null;
}
