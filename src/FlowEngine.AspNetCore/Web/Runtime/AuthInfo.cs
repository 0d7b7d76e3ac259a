using System.Text.Json.Serialization;
using FlowEngine.AspNetCore.Runs;
using FlowEngine.AspNetCore.Tokens;
using FlowEngine.AspNetCore.Web.Edge;
using FlowEngine.Context;

namespace FlowEngine.AspNetCore.Web.Runtime;

/// <summary>Tokens and person as the published clients read them.</summary>
/// <param name="SessionJwt">The session token.</param>
/// <param name="RefreshJwt">The refresh token, good once.</param>
/// <param name="User">The person.</param>
/// <param name="Claims">The custom claims.</param>
/// <param name="SessionExpiration">Until when the session token is valid, in seconds since 1970.</param>
internal sealed record AuthInfo(
    string SessionJwt,
    string RefreshJwt,
    [property: Holds(typeof(LoginUser)), JsonConverter(typeof(TellingValueConverter))]
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
        FlowValue User,
    [property: Holds(typeof(FlowObject)), JsonConverter(typeof(TellingValueConverter))]
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
        FlowValue Claims,
    long SessionExpiration
)
{
    /// <summary>What a login gave.</summary>
    public static AuthInfo Of(IssuedTokens tokens, FlowValue user, FlowValue claims) =>
        new(tokens.SessionJwt, tokens.RefreshJwt, user, claims, tokens.SessionExpiration.ToUnixTimeSeconds());
}

/// <summary>A person who signed in.</summary>
/// <param name="UserId">Their id.</param>
/// <param name="LoginId">What they sign in with.</param>
/// <param name="Email">Their e-mail address.</param>
/// <param name="Name">Their name.</param>
/// <param name="CustomAttributes">What else the flow says of them.</param>
[SchemaName("User")]
internal sealed record LoginUser(
    string UserId,
    string? LoginId = null,
    string? Email = null,
    string? Name = null,
    FlowObject? CustomAttributes = null
);
