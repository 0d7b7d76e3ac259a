using FlowEngine.AspNetCore.Web.Edge;
using FlowEngine.AspNetCore.Web.Management.Access;

namespace FlowEngine.AspNetCore.Web.Management.Reference;

/// <summary>Shared and immutable: what the reference says of one endpoint. A test holds the
/// descriptions against the endpoints that are mapped: none may be without the other.</summary>
/// <param name="Method">The HTTP method.</param>
/// <param name="Path">The path, with its parameters in braces.</param>
/// <param name="Summary">What it does, in a few words.</param>
internal sealed record ApiOperation(string Method, string Path, string Summary)
{
    /// <summary>The group that it stands in.</summary>
    public required string Group { get; init; }

    /// <summary>More about it, in Markdown; null for nothing.</summary>
    public string? Description { get; init; }

    /// <summary>What credential it takes; null for none.</summary>
    public Credential? Credential { get; init; }

    /// <summary>The query's parameters as members of <see cref="TypeText"/>; null for none.</summary>
    public string? Query { get; init; }

    /// <summary>The body's type as <see cref="TypeText"/>; null for none.</summary>
    public string? Body { get; init; }

    /// <summary>The status of success. Default 200.</summary>
    public int Status { get; init; } = StatusCodes.Status200OK;

    /// <summary>The answer's type as <see cref="TypeText"/>; null for no body.</summary>
    public string? Answer { get; init; }

    /// <summary>The answer's media type. Default JSON.</summary>
    public string AnswerType { get; init; } = "application/json";

    /// <summary>What it refuses with: status and code.</summary>
    public IReadOnlyList<(int Status, ErrorCode Code)> Errors { get; init; } = [];

    /// <summary>The same, with what every endpoint of its credential refuses with.</summary>
    public IEnumerable<(int Status, ErrorCode Code)> AllErrors =>
        Credential switch
        {
            Reference.Credential.Management => Errors.Concat([
                (401, ApiErrors.Unauthorized),
                (403, ApiErrors.Forbidden),
                (403, ApiErrors.Csrf),
            ]),
            _ => Errors,
        };

    /// <summary>The description that also says which role it needs.</summary>
    public ApiOperation For(Role? role) =>
        role is { } least ? this with { Description = $"{Description} Needs the role `{Roles.Name(least)}`.".TrimStart() } : this;
}

/// <summary>Credentials of endpoints.</summary>
internal enum Credential
{
    /// <summary>The management key, or the console's session with its CSRF token.</summary>
    Management,

    /// <summary>The management key alone.</summary>
    ManagementKey,

    /// <summary>A refresh token.</summary>
    RefreshToken,
}
