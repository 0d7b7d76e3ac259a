using FlowEngine.Execution;
using FlowEngine.Model;
using FlowEngine.Server.Screens;

namespace FlowEngine.Server.Flows;

/// <summary>Shared and immutable: a published flow: what its file says, and what was made of it.</summary>
/// <param name="Definition">The flow.</param>
/// <param name="Version">The published version.</param>
/// <param name="Plan">The plan; null when the flow does not compile, because its connectors changed.</param>
/// <param name="Hosted">What the hosted screens know of it; null without a plan.</param>
internal sealed record PublishedFlow(FlowDefinition Definition, int Version, FlowPlan? Plan, HostedFlow? Hosted);
