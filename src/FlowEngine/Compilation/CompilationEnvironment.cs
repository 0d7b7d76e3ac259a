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

    /// <summary>
    /// Whether outcomes may lead nowhere, because a host decides what follows. Default false. Flows that it enters are followed by the
    /// engine, so theirs must be connected all the same. What needs to know all ways is not checked then: what no path reaches, whether a
    /// path of the context has a value on every way (inputs and members are), and the proof that no failure ends in a token
    /// (<c>flow.fails_open</c>), which is the host's to see to.
    /// </summary>
    public bool OpenOutcomes { get; init; }
}
