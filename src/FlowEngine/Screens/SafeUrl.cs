namespace FlowEngine.Screens;

/// <summary>Which addresses a link or image may have: http, https, or relative to the page. Stateless.</summary>
public static class SafeUrl
{
    /// <summary>The address; null when it could run a script, or when browsers and servers could read it differently.</summary>
    public static string? Of(string url)
    {
        url = url.Trim();
        // Browsers drop tabs and line breaks inside a scheme and read a backslash as a slash.
        if (url.Length == 0 || url.Any(c => char.IsControl(c) || c == '\\'))
            return null;

        var colon = url.IndexOf(':', StringComparison.Ordinal);
        var end = url.AsSpan().IndexOfAny('/', '?', '#');
        var hasScheme = colon >= 0 && (end < 0 || colon < end);
        if (!hasScheme && !url.StartsWith("//", StringComparison.Ordinal))
            return url;

        var absolute = hasScheme ? url : "https:" + url;
        return
            Uri.TryCreate(absolute, UriKind.Absolute, out var uri)
            && uri.Host.Length > 0
            && (uri.Scheme == Uri.UriSchemeHttp || uri.Scheme == Uri.UriSchemeHttps)
            ? url
            : null;
    }
}
