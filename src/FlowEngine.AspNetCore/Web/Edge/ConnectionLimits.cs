using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace FlowEngine.AspNetCore.Web.Edge;

/// <summary>Stateless: what one client can hold of the server: connections, headers and time.</summary>
internal static class ConnectionLimits
{
    private static readonly TimeSpan HeadersTime = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan IdleTime = TimeSpan.FromMinutes(2);

    /// <summary>Sets the limits.</summary>
    public static void Set(KestrelServerLimits limits, ServerOptions options)
    {
        limits.MaxConcurrentConnections = options.MaxConnections;
        limits.MaxRequestHeadersTotalSize = options.MaxHeaderBytes;
        limits.RequestHeadersTimeout = HeadersTime;
        limits.KeepAliveTimeout = IdleTime;
        // A body that drips, or an answer that nobody takes, ends after five seconds below 240 bytes a second.
        limits.MinRequestBodyDataRate = limits.MinResponseDataRate = new MinDataRate(240, TimeSpan.FromSeconds(5));
    }
}
