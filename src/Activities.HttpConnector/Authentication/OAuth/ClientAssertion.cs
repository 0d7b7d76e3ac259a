using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text;
using FlowEngine.Context;
using FlowEngine.HttpConnector.Connectors;
using FlowEngine.HttpConnector.Signing;
using FlowEngine.HttpConnector.Wire.Tls;

namespace FlowEngine.HttpConnector.Authentication.OAuth;

/// <summary>Shared, thread-safe: the statements by which a client proves itself with a key (<c>private_key_jwt</c>: RFC 7523 section 2.2),
/// each good for a minute and for one request.</summary>
internal sealed class ClientAssertion(OAuthClientOptions options, SigningKey key, TimeProvider time)
{
    private static readonly TimeSpan Lifetime = TimeSpan.FromSeconds(60);

    /// <summary>Reads the key. RSA signs by RS256, which every server takes, unless the key is for PSS alone.</summary>
    public static bool TryReadKey(string text, [NotNullWhen(true)] out SigningKey? key, [NotNullWhen(false)] out string? problem)
    {
        key = null;
        problem = "There is no private key in PEM.";
        if (!Pem.IsPem(text) || !SigningKey.TryRead(text, null, der: false, out key, out problem))
            return false;
        if (key.Algorithm == SigningKey.RsaPss && SigningKey.TryRead(text, SigningKey.RsaPkcs1, der: false, out var usual, out _))
            key = usual;
        return true;
    }

    /// <summary>A statement, signed.</summary>
    public string Make()
    {
        var now = time.GetUtcNow().ToUnixTimeSeconds();
        var head = Encode(
            FlowValue.Object([
                ("alg", FlowValue.From(AlgorithmOf(key))),
                ("typ", FlowValue.From("JWT")),
                ("kid", options.KeyId is { Length: > 0 } id ? FlowValue.From(id) : FlowValue.Missing),
            ])
        );
        var claims = Encode(
            FlowValue.Object([
                ("iss", FlowValue.From(options.ClientId)),
                ("sub", FlowValue.From(options.ClientId)),
                ("aud", FlowValue.From(options.TokenUri.OriginalString)),
                ("jti", FlowValue.From(Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16)))),
                ("iat", FlowValue.From(now)),
                ("exp", FlowValue.From(now + (long)Lifetime.TotalSeconds)),
            ])
        );
        var signature = key.Sign(Encoding.ASCII.GetBytes($"{head}.{claims}"));
        return $"{head}.{claims}.{System.Buffers.Text.Base64Url.EncodeToString(signature)}";
    }

    private static string Encode(FlowValue json) => System.Buffers.Text.Base64Url.EncodeToString(Encoding.UTF8.GetBytes(json.ToJson()));

    /// <summary>The same by the names of RFC 7518 and RFC 8037.</summary>
    private static string AlgorithmOf(SigningKey key) =>
        key.Algorithm switch
        {
            SigningKey.EcdsaP256 => "ES256",
            SigningKey.EcdsaP384 => "ES384",
            SigningKey.Ed25519 => "EdDSA",
            SigningKey.RsaPkcs1 => "RS256",
            _ => "PS512",
        };
}
