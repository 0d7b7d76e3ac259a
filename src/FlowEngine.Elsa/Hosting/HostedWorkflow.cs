using FlowEngine.Context;

namespace FlowEngine.ElsaActivities.Hosting;

/// <summary>Shared and immutable: what a host's workflow has of our activities; those of the host are left out.</summary>
/// <param name="Id">The workflow definition's id.</param>
/// <param name="Name">Its name.</param>
/// <param name="CustomProperties">Its custom properties: the screens, inputs and options of the flow; anything but an object for
/// none.</param>
/// <param name="Activities">Our activities, that first with which the workflow begins.</param>
/// <param name="Connections">The connections that leave them.</param>
internal sealed record HostedWorkflow(
    string Id,
    string Name,
    FlowValue CustomProperties,
    IReadOnlyList<HostedActivity> Activities,
    IReadOnlyList<HostedConnection> Connections
);

/// <summary>Shared and immutable: an activity of ours in a host's workflow.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Type">Its type, without the namespace that Elsa knows it by.</param>
/// <param name="Name">Its name; null for none.</param>
/// <param name="Inputs">Its settings.</param>
/// <param name="CustomProperties">Its custom properties: error handling, and what else travels in them.</param>
internal sealed record HostedActivity(string Id, string Type, string? Name, IReadOnlyList<HostedInput> Inputs, FlowValue CustomProperties);

/// <summary>Shared and immutable: a setting as a host holds it.</summary>
/// <param name="Name">The setting.</param>
/// <param name="Syntax">The type of its expression, such as <c>Literal</c>, <c>Object</c>, <c>JavaScript</c>.</param>
/// <param name="Value">What is written there; of no meaning for what only the host can evaluate.</param>
internal sealed record HostedInput(string Name, string Syntax, FlowValue Value)
{
    /// <summary>Whether the value stands there; what does not is the host's to evaluate, each time the activity is executed.</summary>
    public bool IsWritten => Syntax is "Literal" or "Object" or "Json";
}

/// <summary>Shared and immutable: a connection that leaves an activity of ours.</summary>
/// <param name="Source">Our activity.</param>
/// <param name="Port">Its outcome or error event.</param>
/// <param name="Target">The activity of ours that it leads to; null for one of the host's.</param>
internal sealed record HostedConnection(string Source, string Port, string? Target);
