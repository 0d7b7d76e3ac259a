using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using FlowEngine.HttpConnector.Connectors;

namespace FlowEngine.HttpConnector.Wire;

/// <summary>
/// Shared and immutable. A connector's base URL, checked once. It alone decides scheme, host and port of every request; see
/// <see cref="RequestUri"/>. Stricter than RFC 3986, because parsers disagree on what lies beyond: no userinfo, query, fragment,
/// backslash, whitespace or dot segment; a host in ASCII. An IPv4 address written as decimal, octal or hex is normalised to dotted
/// form, and what only looks like an address is refused.
/// </summary>
public sealed class BaseUrl
{
    private static readonly SearchValues<char> HostCharacters = SearchValues.Create(
        "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._"
    );

    private static readonly SearchValues<char> HexDigits = SearchValues.Create("0123456789abcdefABCDEF");

    private BaseUrl(string origin, string path) => (Origin, Path) = (origin, path);

    /// <summary>Scheme, host and port, such as <c>https://api.example.com:8443</c>;
    /// the port only when it is not the scheme's own.</summary>
    public string Origin { get; }

    /// <summary>The path without its trailing slash, such as <c>/v2</c>; empty when there is none.</summary>
    public string Path { get; }

    internal bool IsHttps => Origin.StartsWith("https:", StringComparison.Ordinal);

    /// <summary>The host alone, IPv6 without brackets.</summary>
    internal string Host => new Uri(Origin).IdnHost;

    /// <summary>Parses a base URL.</summary>
    /// <param name="text">The URL, such as <c>https://api.example.com/v2/</c>.</param>
    /// <param name="url">The base URL, when true is returned.</param>
    /// <param name="problem">What is wrong and what to do, when false is
    /// returned. Never repeats the URL, which may hold a password.</param>
    /// <returns>True when the text is a base URL.</returns>
    public static bool TryParse(string? text, [NotNullWhen(true)] out BaseUrl? url, [NotNullWhen(false)] out string? problem)
    {
        url = null;
        problem = Split(text, out var scheme, out var authority, out var rest) ?? UrlText.Problem(rest, mayHaveQuery: false);
        if (problem is not null)
            return false;
        if (ReadOrigin(scheme, authority, out var origin) is { } bad)
        {
            problem = bad;
            return false;
        }

        var path = UrlText.PercentEncodeRest(rest);
        url = new(origin, path.EndsWith('/') ? path[..^1] : path);
        return true;
    }

    /// <inheritdoc/>
    public override string ToString() => Origin + Path;

    internal static string? Split(string? text, out string scheme, out string authority, out string rest)
    {
        (scheme, authority, rest) = ("", "", "");
        if (string.IsNullOrEmpty(text))
            return "The URL is missing. Give one such as https://api.example.com.";

        if (text.StartsWith("https://", StringComparison.OrdinalIgnoreCase))
            scheme = "https";
        else if (text.StartsWith("http://", StringComparison.OrdinalIgnoreCase))
            scheme = "http";
        else
            return "The URL must be absolute and begin with https:// or http://.";

        var afterScheme = text[(scheme.Length + 3)..];
        var end = afterScheme.AsSpan().IndexOfAny('/', '?');
        authority = end < 0 ? afterScheme : afterScheme[..end];
        rest = end < 0 ? "" : afterScheme[end..];
        return null;
    }

    internal static string? ReadOrigin(string scheme, string authority, out string origin)
    {
        origin = "";
        if (authority.Contains('@', StringComparison.Ordinal))
            return "The URL has a user name or password before the host. Use the connector's authentication instead.";

        var isIPv6 = authority.StartsWith('[');
        var portColon = authority.IndexOf(':', isIPv6 ? Math.Max(authority.IndexOf(']', StringComparison.Ordinal), 0) : 0);
        var host = portColon < 0 ? authority : authority[..portColon];
        if (host.Length == 0)
            return "The URL has no host. Give one such as https://api.example.com.";
        if (!isIPv6 && host.AsSpan().ContainsAnyExcept(HostCharacters))
            return "The URL's host has characters that a host name cannot have. Write an international name in its xn-- form.";
        if (isIPv6 && !host.EndsWith(']'))
            return "The URL's host is an IPv6 address with more text after its ']'. Remove the text.";
        if (isIPv6 && host.Contains('%', StringComparison.Ordinal))
            return "The URL's host is an address with a zone. Use a host name or a global address.";
        if (portColon == authority.Length - 1 && portColon >= 0)
            return "The URL has a ':' with no port after it.";
        if (
            !Uri.TryCreate($"{scheme}://{authority}/", UriKind.Absolute, out var uri)
            || uri.HostNameType is UriHostNameType.Unknown or UriHostNameType.Basic
        )
            return "The URL's host or port is not valid.";
        if (uri.Port is < 1 or > 65535)
            return "The URL's port must be 1 to 65535.";
        // "1.2.3.4.5", "256.1.1.1", "127.0.0.1.": resolvers and proxies do not agree on what such a host means (WHATWG URL 3.5).
        if (uri.HostNameType == UriHostNameType.Dns && EndsInNumber(uri.Host))
            return "The URL's host looks like an IP address but is none. Write it as four numbers of 0 to 255.";

        origin = uri.GetLeftPart(UriPartial.Authority);
        return null;
    }

    private static bool EndsInNumber(string host)
    {
        var last = host.TrimEnd('.').AsSpan();
        last = last[(last.LastIndexOf('.') + 1)..];
        return last.Length == 0
            || !last.ContainsAnyExceptInRange('0', '9')
            || (last.StartsWith("0x", StringComparison.OrdinalIgnoreCase) && !last[2..].ContainsAnyExcept(HexDigits));
    }
}
