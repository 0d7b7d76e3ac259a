using System.IO.Compression;
using FlowEngine.HttpConnector.Connectors;

namespace FlowEngine.HttpConnector.Wire;

/// <summary>
/// Per process, thread-safe. Content codings of RFC 9110 section 8.4.1, and Brotli of RFC 7932. A request that sets
/// <c>accept-encoding</c> itself keeps it as it is, which a signature may rely on.
/// </summary>
internal static class ContentCodings
{
    public const string AcceptEncoding = "accept-encoding";

    /// <summary>What a request accepts that does not say so itself.</summary>
    public const string Accepted = "gzip, deflate, br";

    // More than one coding is rare and three are an attack on the reader.
    private const int MaxCodings = 3;

    /// <summary>The codings to undo, in the order in which they were applied;
    /// empty when there is none or one that we do not know.</summary>
    public static IReadOnlyList<string> Of(HttpResponseMessage response)
    {
        if (!response.Content.Headers.NonValidated.TryGetValues("Content-Encoding", out var values))
            return [];

        var codings = string.Join(',', values)
            .Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
            .Where(coding => !coding.Equals("identity", StringComparison.OrdinalIgnoreCase))
            .ToList();
        return codings.Count <= MaxCodings && codings.TrueForAll(IsKnown) ? codings : [];
    }

    public static async ValueTask<Stream> DecodeAsync(Stream body, IReadOnlyList<string> codings, CancellationToken cancellationToken)
    {
        for (var i = codings.Count - 1; i >= 0; i--)
        {
            body = Normalise(codings[i]) switch
            {
                "GZIP" => new GZipStream(body, CompressionMode.Decompress),
                "BR" => new BrotliStream(body, CompressionMode.Decompress),
                _ => await InflateAsync(body, cancellationToken).ConfigureAwait(false),
            };
        }
        return body;
    }

    // "deflate" is zlib (RFC 1950) by the standard, and raw deflate (RFC 1951) by many servers; the first byte tells.
    private static async ValueTask<Stream> InflateAsync(Stream body, CancellationToken cancellationToken)
    {
        var first = new byte[1];
        var count = await body.ReadAsync(first, cancellationToken).ConfigureAwait(false);
        var whole = new PrefixedStream(first.AsMemory(0, count), body);
        return count == 1 && (first[0] & 0x0F) == 8
            ? new ZLibStream(whole, CompressionMode.Decompress)
            : new DeflateStream(whole, CompressionMode.Decompress);
    }

    private static bool IsKnown(string coding) => Normalise(coding) is "GZIP" or "BR" or "DEFLATE";

    private static string Normalise(string coding) => coding.ToUpperInvariant() is var upper && upper == "X-GZIP" ? "GZIP" : upper;
}
