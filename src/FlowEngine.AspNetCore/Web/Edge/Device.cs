using FlowEngine.Context;
using Microsoft.Net.Http.Headers;

namespace FlowEngine.AspNetCore.Web.Edge;

/// <summary>Stateless: <c>device.*</c> of a request, the same at every door.</summary>
internal static class Device
{
    /// <summary><c>{ ip, userAgent, language }</c>.</summary>
    public static FlowValue Of(HttpContext http)
    {
        var device = new FlowObjectBuilder(3);
        device.Set("ip", FlowValue.From(ClientAddress.Of(http)));
        device.Set("userAgent", FlowValue.From(http.Request.Headers.UserAgent.ToString()));
        device.Set("language", FlowValue.From(LanguageOf(http.Request.Headers.AcceptLanguage.ToString())));
        return FlowValue.From(device.Build());
    }

    /// <summary>The language that <c>Accept-Language</c> likes best (RFC 9110, 12.5.4); of
    /// several alike the first. "" for none, and for a header that is not well-formed.</summary>
    private static string LanguageOf(string acceptLanguage)
    {
        if (!StringWithQualityHeaderValue.TryParseList([acceptLanguage], out var accepted))
            return "";
        return accepted.Where(range => range.Quality is not 0 && range.Value != "*").MaxBy(range => range.Quality ?? 1)?.Value.ToString()
            ?? "";
    }
}
