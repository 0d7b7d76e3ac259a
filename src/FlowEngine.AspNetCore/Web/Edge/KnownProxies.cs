using System.Net;
using Microsoft.AspNetCore.HttpOverrides;

namespace FlowEngine.AspNetCore.Web.Edge;

/// <summary>
/// Stateless: the reverse proxies whose <c>X-Forwarded-For</c> and <c>X-Forwarded-Proto</c> are believed, setting <c>Proxies:Known</c>:
/// addresses and networks. Everybody else's are ignored: an address that limits and traces go by must not be what a client says. Their
/// <c>X-Forwarded-Prefix</c>, the path that a proxy took off, is believed where the setting <c>Proxies:Prefixes</c> lists it: many a proxy
/// passes on what a client sends, and pages name their scripts by it.
/// </summary>
internal static class KnownProxies
{
    private const string PrefixHeader = "X-Forwarded-Prefix";

    /// <summary>Believes the proxies of the settings.</summary>
    public static void UseKnownProxies(this IApplicationBuilder app, ProxyOptions proxies)
    {
        var options = Of(proxies);
        if (options.KnownProxies.Count + options.KnownIPNetworks.Count == 0)
        {
            app.UseMiddleware<UnknownProxyWarning>();
            return;
        }
        var prefixes = PrefixesOf(proxies);
        if (prefixes.Count > 0)
        {
            options.ForwardedHeaders |= ForwardedHeaders.XForwardedPrefix;
            app.Use(
                (http, next) =>
                {
                    if (http.Request.Headers[PrefixHeader] is not [{ } prefix] || !prefixes.Contains(prefix))
                        http.Request.Headers.Remove(PrefixHeader);
                    return next(http);
                }
            );
        }
        app.UseForwardedHeaders(options);
    }

    /// <summary>The paths that a known proxy may have taken off.</summary>
    private static HashSet<string> PrefixesOf(ProxyOptions proxies) =>
        proxies.Prefixes.Select(OwnPath.Parse).OfType<string>().Where(path => path.Length > 0).ToHashSet();

    /// <summary>The proxies of the settings.</summary>
    public static ForwardedHeadersOptions Of(ProxyOptions proxies)
    {
        var options = new ForwardedHeadersOptions
        {
            ForwardedHeaders = ForwardedHeaders.XForwardedFor | ForwardedHeaders.XForwardedProto,
            ForwardLimit = null,
        };
        // The framework would believe the loopback address unasked.
        options.KnownProxies.Clear();
        options.KnownIPNetworks.Clear();
        foreach (var text in proxies.Known)
        {
            if (IPAddress.TryParse(text, out var address))
                options.KnownProxies.Add(address);
            else if (System.Net.IPNetwork.TryParse(text, out var network))
                options.KnownIPNetworks.Add(network);
        }
        return options;
    }
}

/// <summary>Per process, thread-safe: says once that a proxy seems to stand in
/// front which no setting names: all its clients would share one limit.</summary>
internal sealed partial class UnknownProxyWarning(RequestDelegate next, ILogger<UnknownProxyWarning> log)
{
    private int _told;

    /// <summary>Looks at a request.</summary>
    public Task InvokeAsync(HttpContext http)
    {
        if (_told == 0 && http.Request.Headers.ContainsKey("X-Forwarded-For") && Interlocked.Exchange(ref _told, 1) == 0)
            Tell(log, ClientAddress.Of(http));
        return next(http);
    }

    [LoggerMessage(
        EventId = 1301,
        Level = LogLevel.Warning,
        Message = "A request from {Address} has the header X-Forwarded-For, which is ignored. If that is your reverse "
            + "proxy, name it in Proxies:Known: until then all its clients count as one for rate limits and device.ip."
    )]
    private static partial void Tell(ILogger logger, string address);
}
