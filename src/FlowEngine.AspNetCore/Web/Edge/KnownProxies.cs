using System.Net;
using FlowEngine.AspNetCore.Engine;
using Microsoft.AspNetCore.HttpOverrides;

namespace FlowEngine.AspNetCore.Web.Edge;

/// <summary>
/// Stateless: the reverse proxies whose <c>X-Forwarded-For</c> and <c>X-Forwarded-Proto</c> are believed, setting <c>Proxies:Known</c>:
/// addresses and networks. Everybody else's are ignored: an address that limits and traces go by must not be what a client says.
/// </summary>
internal static class KnownProxies
{
    private const string Setting = "Proxies:Known";

    /// <summary>Believes the proxies of the settings.</summary>
    /// <exception cref="SettingsException">One of them is neither an address nor a network.</exception>
    public static void UseKnownProxies(this WebApplication app, ServerSettings settings)
    {
        var options = Of(settings);
        if (options.KnownProxies.Count + options.KnownIPNetworks.Count > 0)
            app.UseForwardedHeaders(options);
        else
            app.UseMiddleware<UnknownProxyWarning>();
    }

    /// <summary>The proxies of the settings.</summary>
    /// <exception cref="SettingsException">One of them is neither an address nor a network.</exception>
    public static ForwardedHeadersOptions Of(ServerSettings settings)
    {
        var options = new ForwardedHeadersOptions
        {
            ForwardedHeaders = ForwardedHeaders.XForwardedFor | ForwardedHeaders.XForwardedProto,
            ForwardLimit = null,
        };
        // The framework would believe the loopback address unasked.
        options.KnownProxies.Clear();
        options.KnownIPNetworks.Clear();
        foreach (var text in settings.List(Setting))
        {
            if (IPAddress.TryParse(text, out var address))
                options.KnownProxies.Add(address);
            else if (System.Net.IPNetwork.TryParse(text, out var network))
                options.KnownIPNetworks.Add(network);
            else
                throw new SettingsException($"{Setting}: '{text}' is neither an IP address nor a network such as 10.0.0.0/8.");
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
        Message = "A request from {Address} has the header X-Forwarded-For, which is ignored. If that is your reverse proxy, name it in Proxies:Known: until then all its clients count as one for rate limits and device.ip."
    )]
    private static partial void Tell(ILogger logger, string address);
}
