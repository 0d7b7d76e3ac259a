using System.Net.Security;
using System.Security.Authentication;

namespace FlowEngine.HttpConnector.Wire.Tls;

/// <summary>
/// Stateless: a handshake for another name than that of the URL. .NET's handler always asks for the host of the URL, or for that of the
/// <c>host</c> header, which would change what the API sees; so such a connection is secured before the handler gets it, which takes the
/// request for one without TLS.
/// </summary>
internal static class NamedHandshake
{
    private static readonly HttpRequestOptionsKey<bool> Key = new("FlowEngine.NamedHandshake");

    public static bool Is(Uri uri, string? host) =>
        uri.Scheme == Uri.UriSchemeHttps && uri.IdnHost.Equals(host, StringComparison.OrdinalIgnoreCase);

    public static bool IsMeant(HttpRequestMessage message) => message.Options.TryGetValue(Key, out var isMeant) && isMeant;

    public static void AttachTo(HttpRequestMessage message)
    {
        var uri = message.RequestUri!;
        message.Options.Set(Key, true);
        message.Headers.Host = uri.Authority;
        message.RequestUri = RequestUri.AsWritten($"http://{HostOf(uri)}:{uri.Port}{uri.PathAndQuery}");
    }

    /// <summary>Secures a connection.</summary>
    /// <exception cref="AuthenticationException">It cannot be.</exception>
    public static async ValueTask<Stream> SecureAsync(
        Stream stream,
        SslClientAuthenticationOptions options,
        CancellationToken cancellationToken
    )
    {
        var secured = new SslStream(stream);
        try
        {
            await secured.AuthenticateAsClientAsync(options, cancellationToken).ConfigureAwait(false);
            return secured;
        }
        catch (Exception e)
        {
            await secured.DisposeAsync().ConfigureAwait(false);
            if (e is IOException)
                throw new AuthenticationException("The connection ended in the middle of the handshake.", e);
            throw;
        }
    }

    private static string HostOf(Uri uri) => uri.HostNameType == UriHostNameType.IPv6 ? uri.Host : uri.IdnHost;
}
