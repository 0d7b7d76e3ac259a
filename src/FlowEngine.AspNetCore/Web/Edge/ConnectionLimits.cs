using FlowEngine.AspNetCore.Engine;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace FlowEngine.AspNetCore.Web.Edge;

/// <summary>Stateless: what one client can hold of the server: connections, headers and time.</summary>
internal static class ConnectionLimits
{
    private const int MaxConnections = 10_000;
    private const int MaxHeaderBytes = 32 * 1024;

    private static readonly TimeSpan HeadersTime = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan IdleTime = TimeSpan.FromMinutes(2);

    /// <summary>Sets the limits.</summary>
    /// <exception cref="SettingsException">A setting is no positive whole number.</exception>
    public static void Set(KestrelServerLimits limits, ServerSettings settings)
    {
        limits.MaxConcurrentConnections = settings.Whole("Server:MaxConnections", MaxConnections);
        limits.MaxRequestHeadersTotalSize = settings.Whole("Server:MaxHeaderBytes", MaxHeaderBytes);
        limits.RequestHeadersTimeout = HeadersTime;
        limits.KeepAliveTimeout = IdleTime;
        // A body that drips, or an answer that nobody takes, ends after five seconds below 240 bytes a second.
        limits.MinRequestBodyDataRate = limits.MinResponseDataRate = new MinDataRate(240, TimeSpan.FromSeconds(5));
    }
}
