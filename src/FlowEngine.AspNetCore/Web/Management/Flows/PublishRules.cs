namespace FlowEngine.AspNetCore.Web.Management.Flows;

/// <summary>Shared and immutable: what the operator asks of those who publish.</summary>
/// <param name="SecondPerson">Whether a draft is published by somebody else than who saved it last.</param>
internal sealed record PublishRules(bool SecondPerson);
