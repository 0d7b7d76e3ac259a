using FlowEngine.AspNetCore.Runs;
using FlowEngine.Context;

namespace FlowEngine.AspNetCore.Web.Runtime;

/// <summary>Stateless: tokens and person as the published clients read them.</summary>
internal static class AuthInfo
{
    /// <summary><c>{ sessionJwt, refreshJwt, user, claims, sessionExpiration }</c>; the last in seconds since 1970.</summary>
    public static FlowValue Of(IssuedTokens tokens, FlowValue user, FlowValue claims)
    {
        var json = new FlowObjectBuilder(5);
        json.Set("sessionJwt", FlowValue.From(tokens.SessionJwt));
        json.Set("refreshJwt", FlowValue.From(tokens.RefreshJwt));
        json.Set("user", user);
        json.Set("claims", claims);
        json.Set("sessionExpiration", FlowValue.From(tokens.SessionExpiration.ToUnixTimeSeconds()));
        return FlowValue.From(json.Build());
    }
}
