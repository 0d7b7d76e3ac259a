using System.Text.Json.Serialization;
using FlowEngine.AspNetCore.Engine;
using FlowEngine.AspNetCore.Tokens;
using FlowEngine.AspNetCore.Web.Edge;
using FlowEngine.AspNetCore.Web.Screens;
using FlowEngine.Context;

namespace FlowEngine.AspNetCore.Web.Runtime;

/// <summary>The keys that tokens are verified with (RFC 7517, 5).</summary>
/// <param name="Keys">The keys.</param>
internal sealed record KeySet(IReadOnlyList<PublicKey> Keys);

/// <summary>A key (RFC 7517, 4).</summary>
/// <param name="Kty">Its kind.</param>
/// <param name="Crv">Its curve.</param>
/// <param name="X">A coordinate.</param>
/// <param name="Y">The other.</param>
/// <param name="Kid">Its id, which tokens name.</param>
/// <param name="Use">What it is for.</param>
/// <param name="Alg">Its algorithm.</param>
internal sealed record PublicKey(
    [property: OneOf("EC")] string Kty,
    [property: OneOf("P-256")] string Crv,
    string X,
    string Y,
    string Kid,
    [property: OneOf("sig")] string Use,
    [property: OneOf("ES256")] string Alg
);

/// <summary>A refresh token, when it is not in the header.</summary>
/// <param name="RefreshJwt">The token.</param>
internal sealed record RefreshBody([property: Holds(typeof(string))] FlowValue RefreshJwt = default);

/// <summary>Nothing more to say.</summary>
internal sealed record Nothing;

/// <summary>A code of a hosted login.</summary>
/// <param name="Code">The code.</param>
/// <param name="RedirectUri">Where it was sent.</param>
/// <param name="CodeVerifier">The verifier of the challenge that the login began with (RFC 7636).</param>
internal sealed record ExchangeBody([ShortText] string Code, [Text] string RedirectUri, [ShortText] string? CodeVerifier = null);

/// <summary>The result of a hosted login.</summary>
/// <param name="ExecutionId">The run.</param>
/// <param name="FlowId">The flow.</param>
/// <param name="AuthInfo">Tokens and person, when the flow set one.</param>
/// <param name="Output">The End's outputs.</param>
internal sealed record CodeExchange(
    string ExecutionId,
    string FlowId,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] AuthInfo? AuthInfo,
    [property: Holds(typeof(FlowObject)), JsonConverter(typeof(TellingValueConverter))]
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
        FlowValue Output
);

/// <summary>Stateless: public keys, new session tokens, logout, and the exchange of a hosted login's code.</summary>
internal static class TokenEndpoints
{
    /// <summary>The keys, where the published clients ask for them.</summary>
    public static Task KeysOfAsync(HttpContext http, string projectId, SigningKeys keys, Project project) =>
        projectId == project.Id ? KeysAsync(http, keys) : throw new ApiException(StatusCodes.Status404NotFound, ApiErrors.Project);

    /// <summary>Ends the login of a refresh token.</summary>
    public static Task LogoutAsync(HttpContext http, TokenService tokens, Project project) => LogoutAsync(http, tokens, project, false);

    /// <summary>Ends all logins of the person.</summary>
    public static Task LogoutAllAsync(HttpContext http, TokenService tokens, Project project) => LogoutAsync(http, tokens, project, true);

    /// <summary>The keys that tokens are verified with.</summary>
    public static async Task KeysAsync(HttpContext http, SigningKeys keys)
    {
        var content = await keys.KeySetAsync(http.RequestAborted);
        http.Response.Headers.CacheControl = "public, max-age=60";
        http.Response.Headers.AccessControlAllowOrigin = "*";
        http.Response.ContentType = "application/json";
        await http.Response.SendAsync(content);
    }

    /// <summary>A new session token, and the next refresh token.</summary>
    public static async Task RefreshAsync(HttpContext http, TokenService tokens, Project project)
    {
        var answer = await tokens.RefreshAsync(await TokenAsync(http, project), http.RequestAborted);
        if (answer.Tokens is not { } issued)
            throw new ApiException(StatusCodes.Status401Unauthorized, answer.Problem!);
        await ApiAnswer.WriteAsync(http, StatusCodes.Status200OK, AuthInfo.Of(issued, answer.User, answer.Claims));
    }

    private static async Task LogoutAsync(HttpContext http, TokenService tokens, Project project, bool everywhere)
    {
        if (await tokens.LogoutAsync(await TokenAsync(http, project), everywhere, http.RequestAborted) is { } problem)
            throw new ApiException(StatusCodes.Status401Unauthorized, problem);
        await ApiAnswer.WriteAsync(http, StatusCodes.Status200OK, new Nothing());
    }

    /// <summary><c>{ code, redirectUri, codeVerifier? }</c> for the result of a hosted login.</summary>
    public static async Task ExchangeAsync(HttpContext http, OneTimeCodes codes)
    {
        var body = await RequestBody.ReadAsync<ExchangeBody>(http);
        var grant =
            await codes.RedeemAsync(body.Code, body.RedirectUri, body.CodeVerifier, http.RequestAborted)
            ?? throw new ApiException(StatusCodes.Status400BadRequest, ApiErrors.Code);
        var auth = grant.Tokens is { } tokens ? AuthInfo.Of(tokens, grant.User, grant.Claims) : null;
        await ApiAnswer.WriteAsync(http, StatusCodes.Status200OK, new CodeExchange(grant.ExecutionId, grant.FlowId, auth, grant.Output));
    }

    private static async Task<string> TokenAsync(HttpContext http, Project project)
    {
        var body = await RequestBody.ReadAsync<RefreshBody>(http);
        var token = BearerToken.Of(http.Request, project.Id);
        if (token.Length == 0 && body.RefreshJwt.TryGetText(out var given))
            token = given;
        return token.Length > 0 ? token : throw new ApiException(StatusCodes.Status401Unauthorized, ApiErrors.Unauthorized);
    }
}
