using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using FlowEngine.HttpConnector.Connectors;
using FlowEngine.HttpConnector.Wire;

namespace FlowEngine.HttpConnector.Signing;

/// <summary>
/// Shared and immutable. Signs requests of one connector: HMAC-SHA256 (RFC 2104) under the UTF-8 secret, in base64 (RFC 4648
/// section 4). Without a template the message is the body, byte for byte; with one, its elements' values joined by nothing.
/// </summary>
public sealed class HmacSignature
{
    /// <summary>The header that carries the signature.</summary>
    public const string SignatureHeader = "x-descope-webhook-s256";

    /// <summary>The header whose presence asks for a template.</summary>
    public const string TemplateHeader = "x-descope-signature-template";

    /// <summary>The header that carries the time of signing, in Unix seconds.</summary>
    public const string TimestampHeader = "x-descope-timestamp";

    /// <summary>The header that says which of two secrets signed, by its place in the connector's list, from 1.</summary>
    public const string KeyHeader = "x-descope-webhook-key";

    private readonly byte[] _key;
    private readonly string? _keyNumber;
    private readonly SignatureTemplate? _template;
    private readonly TimeProvider _time;

    /// <summary>Makes a signer.</summary>
    /// <param name="secret">The shared secret.</param>
    /// <param name="template">What is signed; null for the body alone.</param>
    /// <param name="time">The clock of the timestamp; the system's when null.</param>
    /// <param name="keyNumber">Which of two secrets it is, told in <see cref="KeyHeader"/>; null where there is one.</param>
    public HmacSignature(string secret, SignatureTemplate? template = null, TimeProvider? time = null, int? keyNumber = null) =>
        (_key, _template, _time, _keyNumber) = (
            Encoding.UTF8.GetBytes(secret),
            template,
            time ?? TimeProvider.System,
            keyNumber?.ToString(CultureInfo.InvariantCulture)
        );

    /// <summary>
    /// Signs a request as the last step before it is sent, and sets <see cref="SignatureHeader"/>. Signing the same request again, for a
    /// retry, makes timestamp and signature afresh; a timestamp that the caller has set stays.
    /// </summary>
    /// <param name="request">The request, complete but for its signature.</param>
    /// <returns>What was signed.</returns>
    public SignedMessage Sign(OutgoingRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        if (_keyNumber is not null)
            request.Headers.SetGenerated(KeyHeader, _keyNumber);
        if (_template is not null)
            Complete(request.Headers);
        var message = MessageOf(request, _template);
        var signature = Convert.ToBase64String(HMACSHA256.HashData(_key, message.Span));
        request.Headers.SetGenerated(SignatureHeader, signature);
        return new(message, signature);
    }

    /// <summary>Whether a request that somebody received carries this signature of it.</summary>
    /// <param name="request">The request.</param>
    /// <param name="signature">The signature, as it stands in <see cref="SignatureHeader"/>.</param>
    internal bool Verifies(OutgoingRequest request, string signature)
    {
        var expected = HMACSHA256.HashData(_key, MessageOf(request, _template).Span);
        Span<byte> given = stackalloc byte[HMACSHA256.HashSizeInBytes];
        return Convert.TryFromBase64String(signature, given, out var length)
            && CryptographicOperations.FixedTimeEquals(expected, given[..length]);
    }

    /// <summary>What is signed of a request.</summary>
    internal static ReadOnlyMemory<byte> MessageOf(OutgoingRequest request, SignatureTemplate? template) =>
        template is null
            ? request.Body ?? ReadOnlyMemory<byte>.Empty
            : Concat(template.Elements.Select(element => ValueOf(request, element)));

    /// <summary>What an element of a template is in a request.</summary>
    internal static ReadOnlyMemory<byte> ValueOf(OutgoingRequest request, SignatureElement element) =>
        element.Part == SignaturePart.Body ? request.Body ?? default : Encoding.UTF8.GetBytes(Text(request, element));

    private static byte[] Concat(IEnumerable<ReadOnlyMemory<byte>> values)
    {
        using var message = new MemoryStream();
        foreach (var value in values)
            message.Write(value.Span);
        return message.ToArray();
    }

    // Headers that would be added later are added now, so that what is signed is what is sent.
    private void Complete(RequestHeaders headers)
    {
        if (Names(TimestampHeader) && headers.MayGenerate(TimestampHeader))
            headers.SetGenerated(TimestampHeader, _time.GetUtcNow().ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture));
        if (Names(ContentCodings.AcceptEncoding) && headers.MayGenerate(ContentCodings.AcceptEncoding))
            headers.SetGenerated(ContentCodings.AcceptEncoding, ContentCodings.Accepted);
    }

    private bool Names(string header)
    {
        foreach (var element in _template!.Elements)
            if (string.Equals(element.HeaderName, header, StringComparison.OrdinalIgnoreCase))
                return true;
        return false;
    }

    private static string Text(OutgoingRequest request, SignatureElement element) =>
        element.Part switch
        {
            SignaturePart.Method => request.Method.ToUpperInvariant(),
            SignaturePart.Uri => request.Uri.PathAndQuery,
            _ => HeaderAsSent(request, element.HeaderName!),
        };

    // The transport's own two headers can be foretold; all others are in the request.
    private static string HeaderAsSent(OutgoingRequest request, string name)
    {
        if (name.Equals("host", StringComparison.OrdinalIgnoreCase))
            return request.Uri.Authority;
        if (name.Equals("content-length", StringComparison.OrdinalIgnoreCase))
            return request.ContentLength?.ToString(CultureInfo.InvariantCulture) ?? "";
        return request.Headers[name] ?? "";
    }
}
