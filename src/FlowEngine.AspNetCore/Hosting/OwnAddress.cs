using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;

namespace FlowEngine.AspNetCore.Hosting;

/// <summary>Stateless: the addresses that a program listens on, as far as they are known before it does.</summary>
internal static class OwnAddress
{
    /// <summary>What Kestrel takes when nothing is said.</summary>
    private const string Default = "http://localhost:5000";

    /// <summary>The addresses, separated by semicolons.</summary>
    public static string UrlsOf(IServiceProvider host) =>
        host.GetService<IServer>()?.Features.Get<IServerAddressesFeature>()?.Addresses is { Count: > 0 } addresses
            ? string.Join(';', addresses)
        : host.GetService<IConfiguration>()?[WebHostDefaults.ServerUrlsKey] is { Length: > 0 } urls ? urls
        : Default;

    /// <summary>The first of the addresses, as a client on this machine names it; "" for none.</summary>
    public static string First(string urls) =>
        urls.Split(';', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries) is [var first, ..]
            ? first
                .TrimEnd('/')
                .Replace("://+", "://localhost", StringComparison.Ordinal)
                .Replace("://*", "://localhost", StringComparison.Ordinal)
                .Replace("://0.0.0.0", "://localhost", StringComparison.Ordinal)
                .Replace("://[::]", "://localhost", StringComparison.Ordinal)
            : "";
}
