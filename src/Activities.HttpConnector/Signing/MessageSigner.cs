using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using FlowEngine.HttpConnector.Connectors;
using FlowEngine.HttpConnector.Wire;

namespace FlowEngine.HttpConnector.Signing;

/// <summary>Shared, thread-safe: signs requests of one connector by RFC 9421, each time with a time, an end and a nonce of its own.</summary>
/// <param name="plan">What is covered, and how the signature is called.</param>
/// <param name="key">The key.</param>
/// <param name="time">The clock of <c>created</c>.</param>
internal sealed class MessageSigner(MessageSigning plan, SigningKey key, TimeProvider time)
{
    public const string InputHeader = "signature-input";
    public const string SignatureHeader = "signature";
    public const string DigestHeader = "content-digest";

    private const int NonceBytes = 16;

    private readonly bool _coversDigest = plan.Covers(DigestHeader);
    private readonly bool _coversCodings = plan.Covers(ContentCodings.AcceptEncoding);

    public SigningKey Key => key;

    public MessageSigning Plan => plan;

    /// <summary>Adds what is made of the request and covered. It comes before every signature, so that no header changes after one.</summary>
    public void Complete(OutgoingRequest request)
    {
        if (_coversDigest)
            request.Headers.SetGenerated(DigestHeader, DigestOf(request.Body ?? default));
        if (_coversCodings && request.Headers.MayGenerate(ContentCodings.AcceptEncoding))
            request.Headers.SetGenerated(ContentCodings.AcceptEncoding, ContentCodings.Accepted);
    }

    /// <summary>Signs a request as the last step before it is sent, in place of an earlier signature.</summary>
    /// <param name="request">The request, complete but for its signature.</param>
    /// <param name="signed">What was signed.</param>
    /// <returns>Null, or why it may not be sent.</returns>
    public HttpFault? Sign(OutgoingRequest request, out SignedBase? signed)
    {
        signed = null;
        var created = time.GetUtcNow().ToUnixTimeSeconds();
        var expires = created + (long)plan.Lifetime.TotalSeconds;
        Span<byte> nonce = stackalloc byte[NonceBytes];
        RandomNumberGenerator.Fill(nonce);
        var once = string.Create(
            CultureInfo.InvariantCulture,
            $"created={created};expires={expires};nonce=\"{Convert.ToBase64String(nonce)}\""
        );
        var parameters = $"{plan.Covered};{once};keyid=\"{plan.KeyId}\";alg=\"{key.Algorithm}\"";
        if (SignatureBase.Make(request, plan.Components, parameters, out var text) is { } fault)
            return fault;
        var value = Convert.ToBase64String(key.Sign(Encoding.ASCII.GetBytes(text)));
        request.Headers.SetGenerated(InputHeader, $"{plan.Settings.Label}={parameters}");
        request.Headers.SetGenerated(SignatureHeader, $"{plan.Settings.Label}=:{value}:");
        signed = new SignedBase(text, value);
        return null;
    }

    /// <summary>RFC 9530, of the bytes that are sent: with a content coding, those that are encoded.</summary>
    public static string DigestOf(ReadOnlyMemory<byte> body) => $"sha-256=:{Convert.ToBase64String(SHA256.HashData(body.Span))}:";
}

/// <summary>Shared and immutable: what a message signature was made over, and the signature in base64.</summary>
/// <param name="Text">The signature base; it may hold values of headers that are secrets: mask them before it is shown.</param>
/// <param name="Value">The signature.</param>
internal sealed record SignedBase(string Text, string Value);
