namespace FlowEngine.AspNetCore.Web.Management.Access;

/// <summary>Shared and immutable: who may call an endpoint. Each endpoint under
/// <c>/api</c> declares one; one without is refused to everybody.</summary>
/// <param name="Role">The least role; null for anybody, with or without a credential.</param>
internal sealed record AccessRule(Role? Role);
