using FlowEngine.AspNetCore.Engine;
using FlowEngine.AspNetCore.Tokens;
using FlowEngine.AspNetCore.Web.Edge;
using FlowEngine.AspNetCore.Web.Screens;
using FlowEngine.Context;

namespace FlowEngine.AspNetCore.Web.Runtime;

/// <summary>Stateless: public keys, new session tokens, logout, and the exchange of a hosted login's code.</summary>
internal static class TokenEndpoints
{
    /// <summary>Maps them.</summary>
    public static void MapTokens(this IEndpointRouteBuilder endpoints)
    {
        endpoints.MapGet("/.well-known/jwks.json", KeysAsync).RequireRateLimiting(RateLimits.Others);
        endpoints
            .MapGet(
                "/v2/keys/{projectId}",
                (HttpContext http, string projectId, SigningKeys keys, Project project) =>
                    projectId == project.Id
                        ? KeysAsync(http, keys)
                        : throw new ApiException(StatusCodes.Status404NotFound, ApiErrors.Project)
            )
            .RequireRateLimiting(RateLimits.Others);
        var tokens = endpoints.MapGroup("/v1/auth").RequireRateLimiting(RateLimits.Tokens);
        tokens.MapPost("/refresh", RefreshAsync);
        tokens.MapPost("/logout", (HttpContext http, TokenService service, Project project) => LogoutAsync(http, service, project, false));
        tokens.MapPost(
            "/logoutall",
            (HttpContext http, TokenService service, Project project) => LogoutAsync(http, service, project, true)
        );
        tokens.MapPost("/code/exchange", ExchangeAsync);
    }

    private static async Task KeysAsync(HttpContext http, SigningKeys keys)
    {
        var content = await keys.KeySetAsync(http.RequestAborted);
        http.Response.Headers.CacheControl = "public, max-age=60";
        http.Response.Headers.AccessControlAllowOrigin = "*";
        http.Response.ContentType = "application/json";
        await http.Response.SendAsync(content);
    }

    private static async Task RefreshAsync(HttpContext http, TokenService tokens, Project project)
    {
        var answer = await tokens.RefreshAsync(await TokenAsync(http, project), http.RequestAborted);
        if (answer.Tokens is not { } issued)
            throw new ApiException(StatusCodes.Status401Unauthorized, answer.Problem!);
        await ApiAnswer.WriteAsync(http, AuthInfo.Of(issued, answer.User, answer.Claims));
    }

    private static async Task LogoutAsync(HttpContext http, TokenService tokens, Project project, bool everywhere)
    {
        if (await tokens.LogoutAsync(await TokenAsync(http, project), everywhere, http.RequestAborted) is { } problem)
            throw new ApiException(StatusCodes.Status401Unauthorized, problem);
        await ApiAnswer.WriteAsync(http, FlowValue.From(FlowObject.Empty));
    }

    /// <summary><c>{ code, redirectUri, codeVerifier? }</c> for the result of a hosted login.</summary>
    private static async Task ExchangeAsync(HttpContext http, OneTimeCodes codes)
    {
        var body = await ApiBody.ReadAsync(http);
        var (code, redirectUri, verifier) = (
            ApiBody.Id(body, "code"),
            ApiBody.Text(body, "redirectUri"),
            ApiBody.OptionalId(body, "codeVerifier")
        );
        var grant =
            await codes.RedeemAsync(code, redirectUri, verifier, http.RequestAborted)
            ?? throw new ApiException(StatusCodes.Status400BadRequest, ApiErrors.Code);
        var json = new FlowObjectBuilder(4);
        json.Set("executionId", FlowValue.From(grant.ExecutionId));
        json.Set("flowId", FlowValue.From(grant.FlowId));
        if (grant.Tokens is { } tokens)
            json.Set("authInfo", AuthInfo.Of(tokens, grant.User, grant.Claims));
        json.Set("output", grant.Output);
        await ApiAnswer.WriteAsync(http, FlowValue.From(json.Build()));
    }

    private static async Task<string> TokenAsync(HttpContext http, Project project)
    {
        var body = await ApiBody.ReadAsync(http, isOptional: true);
        var token = BearerToken.Of(http.Request, project.Id);
        if (token.Length == 0 && body.Get("refreshJwt").TryGetText(out var given))
            token = given;
        return token.Length > 0 ? token : throw new ApiException(StatusCodes.Status401Unauthorized, ApiErrors.Unauthorized);
    }
}
