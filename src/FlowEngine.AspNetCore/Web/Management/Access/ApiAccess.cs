using System.Security.Cryptography;
using System.Text;
using FlowEngine.AspNetCore.Engine;
using FlowEngine.AspNetCore.Tokens;
using FlowEngine.AspNetCore.Web.Edge;
using FlowEngine.AspNetCore.Web.Management.Sessions;
using FlowEngine.AspNetCore.Web.Runtime;
using FlowEngine.Storage;

namespace FlowEngine.AspNetCore.Web.Management.Access;

/// <summary>
/// Per process, thread-safe: lets a request under <c>/api</c> through to its endpoint when the caller may call it: the management key, or
/// the console's session with its CSRF token on everything that changes something.
/// </summary>
internal sealed class ApiAccess(RequestDelegate next, ManagementKey key, ConsoleSessions sessions, Project project)
{
    /// <summary>The header of the CSRF token.</summary>
    public const string CsrfHeader = "X-CSRF-Token";

    /// <summary>Handles a request.</summary>
    public async Task InvokeAsync(HttpContext http)
    {
        // What has no route, or not for this method, is told so without looking at who asks.
        if (
            http.Request.Path.StartsWithSegments("/api", StringComparison.OrdinalIgnoreCase) && http.GetEndpoint() is RouteEndpoint endpoint
        )
            await CheckAsync(
                http,
                endpoint.Metadata.GetMetadata<AccessRule>() ?? throw new ApiException(StatusCodes.Status403Forbidden, ApiErrors.Forbidden)
            );
        await next(http);
    }

    private async Task CheckAsync(HttpContext http, AccessRule rule)
    {
        var caller = await IdentifyAsync(http);
        if (rule.Role is not { } role)
        {
            // Whoever signs in has no token yet. The body has to be application/json, which no form of another site can send.
            if (IsChange(http) && http.Request.Headers["Sec-Fetch-Site"] == "cross-site")
                throw new ApiException(StatusCodes.Status403Forbidden, ApiErrors.Csrf);
        }
        else
        {
            if (caller is null)
                throw new ApiException(StatusCodes.Status401Unauthorized, ApiErrors.Unauthorized);
            if (caller.Session is { } session && IsChange(http) && !IsToken(session, http.Request.Headers[CsrfHeader].ToString()))
                throw new ApiException(StatusCodes.Status403Forbidden, ApiErrors.Csrf);
            if (caller.Role < role)
                throw new ApiException(StatusCodes.Status403Forbidden, ApiErrors.Forbidden, $"This needs the role {Roles.Name(role)}.");
        }
        http.Features.Set(caller);
        http.Features.Set<IKnownCaller>(caller);
    }

    private async Task<Caller?> IdentifyAsync(HttpContext http)
    {
        if (http.Request.Headers.Authorization.Count > 0)
        {
            var token = BearerToken.Of(http.Request, project.Id);
            return token.Length > 0 && await key.IsValidAsync(token, http.RequestAborted)
                ? new Caller(Caller.KeyName, Role.Admin, null)
                : null;
        }
        return await sessions.FindAsync(http);
    }

    private static bool IsChange(HttpContext http) => !HttpMethods.IsGet(http.Request.Method) && !HttpMethods.IsHead(http.Request.Method);

    private static bool IsToken(ConsoleSession session, string token) =>
        CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(session.CsrfToken), Encoding.UTF8.GetBytes(token));
}
