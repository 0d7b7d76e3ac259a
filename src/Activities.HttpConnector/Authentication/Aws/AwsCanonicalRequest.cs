using System.Text;
using FlowEngine.HttpConnector.Wire;

namespace FlowEngine.HttpConnector.Authentication.Aws;

/// <summary>Stateless: a request as Signature Version 4 sees it, from the one that is sent.</summary>
internal static class AwsCanonicalRequest
{
    /// <summary>Makes the canonical request.</summary>
    /// <param name="request">The request, complete but for its signature.</param>
    /// <param name="headers">Its signed headers, in lower case and sorted.</param>
    /// <param name="isS3">Whether paths are encoded once, as S3 alone does it, and stay as they are.</param>
    /// <param name="bodyHash">The SHA-256 of the body, in hexadecimal.</param>
    public static string Make(OutgoingRequest request, IReadOnlyList<KeyValuePair<string, string>> headers, bool isS3, string bodyHash)
    {
        var target = request.Uri.PathAndQuery;
        var mark = target.IndexOf('?', StringComparison.Ordinal);
        var text = new StringBuilder(256)
            .Append(request.Method)
            .Append('\n')
            .Append(PathOf(mark < 0 ? target : target[..mark], isS3))
            .Append('\n')
            .Append(QueryOf(mark < 0 ? "" : target[(mark + 1)..]))
            .Append('\n');
        foreach (var (name, value) in headers)
            text.Append(name).Append(':').Append(Squeeze(value)).Append('\n');
        return text.Append('\n').Append(NamesOf(headers)).Append('\n').Append(bodyHash).ToString();
    }

    /// <summary>The names of signed headers, as the signature says them.</summary>
    public static string NamesOf(IEnumerable<KeyValuePair<string, string>> headers) =>
        string.Join(';', headers.Select(header => header.Key));

    /// <summary>All services but S3 encode the path that is sent once more, and take several slashes for one.</summary>
    private static string PathOf(string path, bool isS3)
    {
        if (path.Length == 0)
            return "/";
        if (isS3)
            // To S3 a slash of a key is one, however it is written.
            return Encode(Uri.UnescapeDataString(path)).Replace("%2F", "/", StringComparison.Ordinal);
        var kept = path.Split('/').Where(segment => segment.Length > 0).Select(Encode).ToList();
        return kept.Count == 0 ? "/" : $"/{string.Join('/', kept)}{(path.EndsWith('/') ? "/" : "")}";
    }

    /// <summary>Sorted by what they are encoded as, not by what they say.</summary>
    private static string QueryOf(string query)
    {
        var pairs = new List<(string Name, string Value)>();
        foreach (var pair in query.Split('&', StringSplitOptions.RemoveEmptyEntries))
        {
            var sides = pair.Split('=', 2);
            pairs.Add((Recode(sides[0]), sides.Length == 2 ? Recode(sides[1]) : ""));
        }
        pairs.Sort(
            static (one, other) =>
                string.CompareOrdinal(one.Name, other.Name) is not 0 and var order ? order : string.CompareOrdinal(one.Value, other.Value)
        );
        return string.Join('&', pairs.Select(pair => $"{pair.Name}={pair.Value}"));

        static string Recode(string text) => Encode(Uri.UnescapeDataString(text.Replace('+', ' ')));
    }

    /// <summary>All but the unreserved characters of RFC 3986.</summary>
    private static string Encode(string text) => Uri.EscapeDataString(text);

    /// <summary>Several spaces in a value count as one.</summary>
    private static string Squeeze(string value) =>
        value.Contains("  ", StringComparison.Ordinal) ? string.Join(' ', value.Split(' ', StringSplitOptions.RemoveEmptyEntries)) : value;
}
