using FlowEngine.Context;

namespace FlowEngine.Screens;

/// <summary>Shared and immutable: what a person submits.</summary>
/// <param name="Interaction">The id of the button or link.</param>
/// <param name="Form">The inputs by name, an object.</param>
public sealed record ScreenSubmission(string Interaction, FlowValue Form);
