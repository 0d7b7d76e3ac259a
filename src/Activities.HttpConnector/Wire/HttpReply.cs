using System.Net.Http.Headers;
using System.Text;
using FlowEngine.HttpConnector.Connectors;

namespace FlowEngine.HttpConnector.Wire;

/// <summary>Shared and immutable. An answer, read to its end and decompressed.</summary>
public sealed class HttpReply
{
    internal HttpReply(
        int statusCode,
        IReadOnlyList<KeyValuePair<string, string>> headers,
        ReadOnlyMemory<byte> body,
        ExchangeTimings? timings
    )
    {
        (StatusCode, Headers, Body, Timings) = (statusCode, headers, body, timings);
        var contentType = Header("content-type");
        if (contentType is null)
            return;

        if (MediaTypeHeaderValue.TryParse(contentType, out var parsed))
            (MediaType, Charset) = (Lower(parsed.MediaType), Lower(parsed.CharSet?.Trim('"')));
        else
            MediaType = Lower(contentType.Split(';', 2)[0].Trim());
    }

    /// <summary>The status code, 200 to 999.</summary>
    public int StatusCode { get; }

    /// <summary>
    /// The answer's headers: each name once, in lower case, several values joined by <c>", "</c>, in the order of arrival.
    /// When the body was decompressed, <c>content-encoding</c> and <c>content-length</c> are left out: they describe other bytes.
    /// </summary>
    public IReadOnlyList<KeyValuePair<string, string>> Headers { get; }

    /// <summary>The body after decompression; empty for HEAD, 204 and 304.</summary>
    public ReadOnlyMemory<byte> Body { get; }

    /// <summary>The media type in lower case, such as <c>application/json</c>; null when the answer names none.</summary>
    public string? MediaType { get; }

    /// <summary>The charset parameter in lower case, such as <c>utf-8</c>; null when the answer names none.</summary>
    public string? Charset { get; }

    /// <summary>Where the time went; null unless <see cref="OutgoingRequest.MeasureTimings"/> asked for it.</summary>
    public ExchangeTimings? Timings { get; }

    /// <summary>The value of a header.</summary>
    /// <param name="name">The header's name, in any case.</param>
    /// <returns>The value, or null when the answer has no such header.</returns>
    public string? Header(string name)
    {
        foreach (var header in Headers)
            if (string.Equals(header.Key, name, StringComparison.OrdinalIgnoreCase))
                return header.Value;
        return null;
    }

    /// <summary>
    /// The body as text: a byte order mark decides, then <see cref="Charset"/>, then UTF-8. Bytes that do not fit become U+FFFD.
    /// </summary>
    /// <returns>The text, without a byte order mark.</returns>
    public string ReadText()
    {
        var encoding = Encoding.UTF8;
        if (Charset is { } charset)
        {
            try
            {
                encoding = Encoding.GetEncoding(charset);
            }
            catch (Exception e) when (e is ArgumentException or NotSupportedException)
            { /* An unknown charset, or UTF-7, is read as UTF-8, as browsers' fetch does. */
            }
        }

        foreach (var candidate in (ReadOnlySpan<Encoding>)[Encoding.UTF8, Encoding.Unicode, Encoding.BigEndianUnicode])
            if (Body.Span.StartsWith(candidate.Preamble))
                return candidate.GetString(Body.Span[candidate.Preamble.Length..]);
        return encoding.GetString(Body.Span);
    }

    private static string? Lower(string? text) => string.IsNullOrEmpty(text) ? null : text.ToLowerInvariant();
}
