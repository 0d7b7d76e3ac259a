namespace FlowEngine.AspNetCore.Web.Management.Sessions;

/// <summary>
/// Stateless: how the cookies of the console are named and given: for this FlowEngine's path and no other, never to scripts, never with
/// what
/// other sites ask for. Over HTTPS their names have a prefix that browsers hold them to: at the root of a host <c>__Host-</c>, under a path
/// <c>__Secure-</c>, because the former is for the root alone.
/// </summary>
internal static class ConsoleCookie
{
    /// <summary>Its name, for this request.</summary>
    public static string NameFor(HttpRequest request, string name) =>
        !request.IsHttps ? name
        : request.PathBase.HasValue ? "__Secure-" + name
        : "__Host-" + name;

    /// <summary>How it is given.</summary>
    /// <param name="request">The request that the answer is for.</param>
    /// <param name="expires">Until when browsers keep it; null (the default) for as long as they run.</param>
    public static CookieOptions OptionsFor(HttpRequest request, DateTimeOffset? expires = null) =>
        new()
        {
            Path = request.PathBase.HasValue ? request.PathBase.ToUriComponent() : "/",
            HttpOnly = true,
            SameSite = SameSiteMode.Strict,
            Secure = request.IsHttps,
            IsEssential = true,
            Expires = expires,
        };
}
