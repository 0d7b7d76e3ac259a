namespace FlowEngine.AspNetCore.Tokens;

/// <summary>Stateless: the credential of a request: <c>Authorization: Bearer &lt;token&gt;</c>,
/// or <c>Bearer &lt;projectId&gt;:&lt;token&gt;</c> as the published clients send it.</summary>
internal static class BearerToken
{
    private const string Scheme = "Bearer ";

    /// <summary>The token; "" for none. A project id alone is none.</summary>
    public static string Of(HttpRequest request, string projectId) => In(request.Headers.Authorization.ToString(), projectId);

    /// <summary>The token in the text of a header <c>Authorization</c>; "" for none.</summary>
    public static string In(string? header, string projectId)
    {
        if (header is null || !header.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase))
            return "";
        var token = header[Scheme.Length..].Trim();
        if (token.StartsWith(projectId + ":", StringComparison.Ordinal))
            return token[(projectId.Length + 1)..];
        return token == projectId ? "" : token;
    }
}
