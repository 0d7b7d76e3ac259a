using System.Diagnostics.CodeAnalysis;
using System.Text;
using FlowEngine.HttpConnector.Connectors;

namespace FlowEngine.HttpConnector.Wire;

/// <summary>
/// Per process, thread-safe. Joins a base URL, an endpoint and a query into the URI that is sent exactly as written (RFC 3986, no
/// canonicalisation by .NET). Nothing after the base URL can change scheme, host or port: a "/" always stands between them.
/// </summary>
public static class RequestUri
{
    /// <summary>The longest URI that is sent, in characters: 32,768.</summary>
    public const int MaxLength = 32 * 1024;

    // .NET would otherwise rewrite %41 to A and resolve dots: what was signed would not be what is sent.
    private static readonly UriCreationOptions Written = new() { DangerousDisablePathAndQueryCanonicalization = true };

    /// <summary>Percent-encodes a value for a path segment, or a query name
    /// or value: all but RFC 3986 unreserved characters, as UTF-8.</summary>
    /// <param name="value">Any text.</param>
    /// <returns>The encoded text.</returns>
    public static string Encode(string value) => Uri.EscapeDataString(value);

    /// <summary>Joins the parts of a request's URI.</summary>
    /// <param name="baseUrl">Where the request goes.</param>
    /// <param name="endpoint">
    /// Path and perhaps query, its values already encoded by <see cref="Encode"/>; may be empty. A missing "/" is put before it,
    /// unless it begins with "?".
    /// </param>
    /// <param name="query">Further query pairs as plain text, encoded here; empty for none.</param>
    /// <param name="uri">The URI, when true is returned.</param>
    /// <param name="fault">The fault <c>http.url_invalid</c>, when false is returned.</param>
    /// <returns>True when the parts make a URI that may be sent.</returns>
    public static bool TryJoin(
        BaseUrl baseUrl,
        string endpoint,
        ReadOnlySpan<KeyValuePair<string, string>> query,
        [NotNullWhen(true)] out Uri? uri,
        [NotNullWhen(false)] out HttpFault? fault
    )
    {
        uri = null;
        return TryCompose(baseUrl, endpoint, query, out var text, out fault) && TryCreate(text, baseUrl.Origin, out uri, out fault);
    }

    /// <summary>Joins the parts to the URI's text; see <see cref="TryJoin"/>, whose rules it applies.</summary>
    internal static bool TryCompose(
        BaseUrl baseUrl,
        string endpoint,
        ReadOnlySpan<KeyValuePair<string, string>> query,
        [NotNullWhen(true)] out string? uri,
        [NotNullWhen(false)] out HttpFault? fault
    )
    {
        ArgumentNullException.ThrowIfNull(baseUrl);
        ArgumentNullException.ThrowIfNull(endpoint);
        uri = null;
        fault = null;
        if (UrlText.Problem(endpoint, mayHaveQuery: true) is { } problem)
        {
            fault = Invalid(problem);
            return false;
        }

        var slash =
            endpoint.Length > 0
                ? endpoint[0] is not ('/' or '?') || (baseUrl.Path.Length == 0 && endpoint[0] == '?')
                : baseUrl.Path.Length == 0;
        var path = UrlText.PercentEncodeRest(endpoint);
        uri = query.IsEmpty
            ? string.Concat(baseUrl.Origin, baseUrl.Path, slash ? "/" : "", path)
            : AppendQuery(new StringBuilder(baseUrl.Origin).Append(baseUrl.Path).Append(slash ? "/" : "").Append(path), endpoint, query);
        return true;
    }

    /// <summary>Makes the URI of a text from <see cref="TryCompose"/>.</summary>
    internal static bool TryCreate(
        BaseUrl baseUrl,
        string text,
        [NotNullWhen(true)] out Uri? uri,
        [NotNullWhen(false)] out HttpFault? fault
    ) => TryCreate(text, baseUrl.Origin, out uri, out fault);

    /// <summary>Parses a whole URL that may have a query, such as an OAuth token endpoint, by the rules of <see cref="BaseUrl"/>.</summary>
    /// <param name="text">The URL.</param>
    /// <param name="uri">The URI, when true is returned.</param>
    /// <param name="fault">The fault <c>http.url_invalid</c>, when false is returned.</param>
    /// <returns>True when the text is a URL that may be sent.</returns>
    public static bool TryParse(string? text, [NotNullWhen(true)] out Uri? uri, [NotNullWhen(false)] out HttpFault? fault)
    {
        uri = null;
        var origin = "";
        var problem =
            BaseUrl.Split(text, out var scheme, out var authority, out var rest)
            ?? UrlText.Problem(rest, mayHaveQuery: true)
            ?? BaseUrl.ReadOrigin(scheme, authority, out origin);
        if (problem is not null)
        {
            fault = Invalid(problem);
            return false;
        }

        var slash = rest.StartsWith('/') ? "" : "/";
        return TryCreate(origin + slash + UrlText.PercentEncodeRest(rest), origin, out uri, out fault);
    }

    /// <summary>A URL with one parameter of its query set: those of that name go, the others stay as they are written.</summary>
    /// <param name="url">A URL without fragment.</param>
    /// <param name="name">The parameter, as plain text.</param>
    /// <param name="value">Its value, as plain text.</param>
    internal static string With(string url, string name, string value)
    {
        var query = url.IndexOf('?', StringComparison.Ordinal);
        var text = new StringBuilder(url, 0, query < 0 ? url.Length : query, url.Length + name.Length + value.Length + 2);
        var separator = '?';
        foreach (var pair in query < 0 ? [] : url[(query + 1)..].Split('&', StringSplitOptions.RemoveEmptyEntries))
        {
            if (Uri.UnescapeDataString(pair.Split('=', 2)[0].Replace('+', ' ')) == name)
                continue;
            text.Append(separator).Append(pair);
            separator = '&';
        }
        return text.Append(separator).Append(Encode(name)).Append('=').Append(Encode(value)).ToString();
    }

    private static string AppendQuery(StringBuilder text, string endpoint, ReadOnlySpan<KeyValuePair<string, string>> query)
    {
        var separator =
            !endpoint.Contains('?', StringComparison.Ordinal) ? "?"
            : endpoint[^1] is '?' or '&' ? ""
            : "&";
        foreach (var (name, value) in query)
        {
            text.Append(separator).Append(Encode(name)).Append('=').Append(Encode(value));
            separator = "&";
        }
        return text.ToString();
    }

    private static bool TryCreate(string text, string origin, [NotNullWhen(true)] out Uri? uri, [NotNullWhen(false)] out HttpFault? fault)
    {
        uri = null;
        if (text.Length > MaxLength)
        {
            fault = Invalid($"The URL is longer than {MaxLength} characters. Send the values in the body.");
            return false;
        }
        // The second test restates the promise of this class, should the rules above ever miss a case.
        if (!Uri.TryCreate(text, Written, out var made) || made.GetLeftPart(UriPartial.Authority) != origin)
        {
            fault = Invalid("The URL is not valid. Check the endpoint's text.");
            return false;
        }

        (uri, fault) = (made, null);
        return true;
    }

    /// <summary>A URI that was made here, with another beginning.</summary>
    internal static Uri AsWritten(string text) => new(text, Written);

    private static HttpFault Invalid(string message) => new(HttpFaultCodes.UrlInvalid, message);
}
