namespace FlowEngine.AspNetCore.Web.Management.Access;

/// <summary>Shared and immutable: who may call an endpoint. Each endpoint under
/// <c>/api</c> declares one; one without is refused to everybody.</summary>
/// <param name="Role">The least role; null for anybody, with or without a credential.</param>
internal sealed record AccessRule(Role? Role);

/// <summary>Stateless: declares access rules.</summary>
internal static class AccessRules
{
    /// <summary>Only callers of this role or a greater one.</summary>
    public static TBuilder RequireRole<TBuilder>(this TBuilder endpoint, Role role)
        where TBuilder : IEndpointConventionBuilder => endpoint.WithMetadata(new AccessRule(role));

    /// <summary>Anybody.</summary>
    public static TBuilder AllowAnybody<TBuilder>(this TBuilder endpoint)
        where TBuilder : IEndpointConventionBuilder => endpoint.WithMetadata(new AccessRule(null));
}
