using System.Buffers;
using System.Text;
using FlowEngine.HttpConnector.Connectors;

namespace FlowEngine.HttpConnector.Wire;

/// <summary>Per process, thread-safe. The rules that path and query text must meet before it may follow a host.</summary>
internal static class UrlText
{
    // What RFC 3986 lets stand in a path or query. Anything else in a designer's literal text is percent-encoded.
    private static readonly SearchValues<char> MayStand = SearchValues.Create(
        "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._~!$&'()*+,;=:@/?%[]"
    );

    public static string? Problem(string text, bool mayHaveQuery)
    {
        for (var i = 0; i < text.Length; i++)
        {
            var c = text[i];
            if (char.IsControl(c))
                return "The URL has a line break or another control character. Remove it, or percent-encode it.";
            if (char.IsWhiteSpace(c))
                return "The URL has a space. Write it as %20.";
            if (c == '\\')
                return "The URL has a backslash, which some servers read as '/'. Write '/' or %5C.";
            if (c == '#')
                return "The URL has a '#': a fragment is never sent. Write it as %23.";
            if (c == '?' && !mayHaveQuery)
                return "The base URL has a query. Move it to the activity's endpoint or query.";
            if (c == '%' && !(i + 2 < text.Length && char.IsAsciiHexDigit(text[i + 1]) && char.IsAsciiHexDigit(text[i + 2])))
                return "The URL has a '%' that begins no percent-encoding. Write it as %25.";
            if (char.IsSurrogate(c) && !IsPairAt(text, ref i))
                return "The URL is not valid Unicode text.";
        }

        var query = text.IndexOf('?', StringComparison.Ordinal);
        return HasDotSegment(query < 0 ? text : text.AsSpan(0, query))
            ? "The URL's path has a segment '.' or '..', encoded or not, which clients and servers resolve to another path. Remove it."
            : null;
    }

    /// <summary>Encodes what may not stand in a URL; percent-encodings, delimiters and unreserved characters stay as they are.</summary>
    public static string PercentEncodeRest(string text)
    {
        if (!text.AsSpan().ContainsAnyExcept(MayStand))
            return text;

        var result = new StringBuilder(text.Length + 16);
        Span<byte> utf8 = stackalloc byte[4];
        foreach (var rune in text.EnumerateRunes())
        {
            if (rune.IsAscii && MayStand.Contains((char)rune.Value))
            {
                result.Append((char)rune.Value);
                continue;
            }
            foreach (var b in utf8[..rune.EncodeToUtf8(utf8)])
                result.Append('%').Append(b.ToString("X2", null));
        }
        return result.ToString();
    }

    private static bool HasDotSegment(ReadOnlySpan<char> path)
    {
        foreach (var range in path.Split('/'))
            if (IsDots(path[range]))
                return true;
        return false;
    }

    private static bool IsDots(ReadOnlySpan<char> segment)
    {
        var dots = 0;
        while (segment.Length > 0)
        {
            if (segment[0] == '.')
                segment = segment[1..];
            else if (segment.StartsWith("%2e", StringComparison.OrdinalIgnoreCase))
                segment = segment[3..];
            else
                return false;
            dots++;
        }
        return dots is 1 or 2;
    }

    private static bool IsPairAt(string text, ref int index)
    {
        if (index + 1 >= text.Length || !char.IsSurrogatePair(text[index], text[index + 1]))
            return false;
        index++;
        return true;
    }
}
