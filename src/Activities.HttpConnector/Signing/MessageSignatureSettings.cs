using FlowEngine.Settings;

namespace FlowEngine.HttpConnector.Signing;

/// <summary>Bound once, then read only: how requests are signed by RFC 9421.</summary>
public sealed class MessageSignatureSettings
{
    /// <summary>What is covered where nothing is said: method, address and body.</summary>
    internal static readonly IReadOnlyList<string> UsualComponents = ["@method", "@target-uri", "@authority", "content-digest"];

    /// <summary>By what name the receiver knows the key.</summary>
    [Setting("By what name the receiver knows the key: keyid in the signature.", Label = "Key id", Required = true)]
    public string KeyId { get; set; } = "";

    /// <summary>The key.</summary>
    [Setting(
        "The private key in PEM (ECDSA P-256 or P-384, Ed25519, RSA), or a text that both sides share, for hmac-sha256.",
        Required = true
    )]
    public Secret Key { get; set; } = new("");

    /// <summary>The algorithm; null (the default) for the key's own.</summary>
    [Setting(
        "The algorithm. Not given, it follows from the key: RSA signs by rsa-pss-sha512, a text by hmac-sha256.",
        Choices = [SigningKey.EcdsaP256, SigningKey.EcdsaP384, SigningKey.Ed25519, SigningKey.RsaPss, SigningKey.RsaPkcs1, SigningKey.Hmac]
    )]
    public string? Algorithm { get; set; }

    /// <summary>What is covered.</summary>
    [Setting(
        "What the signature covers, in this order: parts of the request such as @method, and names of headers. content-digest (RFC 9530, "
            + "sha-256) is made of the body when it is listed.",
        MaxItems = 50,
        Suggests = [
            "@method",
            "@target-uri",
            "@authority",
            "@scheme",
            "@request-target",
            "@path",
            "@query",
            "@query-param;name=\"page\"",
            "content-digest",
            "content-type",
            "content-length",
            "authorization",
            "idempotency-key",
        ]
    )]
    public IReadOnlyList<string> Components { get; set; } = UsualComponents;

    /// <summary>How long a signature is good for, in seconds. Default 300.</summary>
    [Setting("How long a signature is good for: expires is that much after created.", Minimum = 1, Maximum = 86_400, Unit = "seconds")]
    public int Ttl { get; set; } = 300;

    /// <summary>What the signature is called among others of the request. Default <c>sig1</c>.</summary>
    [Setting("What the signature is called among others of the request: small letters, digits, '-', '_', '.' and '*'.")]
    public string Label { get; set; } = "sig1";

    /// <summary>How an ECDSA signature is written: <c>rfc</c> (the default) or <c>der</c>.</summary>
    [Setting(
        "How an ECDSA signature is written: r and s side by side, as RFC 9421 says, or in DER, as some verifiers expect it.",
        Choices = ["rfc", "der"],
        Label = "ECDSA encoding"
    )]
    public string EcdsaEncoding { get; set; } = "rfc";
}
