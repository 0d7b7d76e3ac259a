using System.Security.Cryptography;
using Microsoft.IdentityModel.Tokens;

namespace FlowEngine.AspNetCore.Tokens;

/// <summary>Per process, thread-safe: a P-256 key that signs tokens (ES256, RFC
/// 7518, 3.4). Its id is the thumbprint of its public half (RFC 7638).</summary>
internal sealed class SigningKey
{
    private SigningKey(ECDsa key, bool isEphemeral)
    {
        IsEphemeral = isEphemeral;
        Key = new ECDsaSecurityKey(key);
        Id = Base64UrlEncoder.Encode(Key.ComputeJwkThumbprint());
        Key.KeyId = Id;
        Credentials = new SigningCredentials(Key, SecurityAlgorithms.EcdsaSha256);
        var point = key.ExportParameters(includePrivateParameters: false).Q;
        PublicJwk = new Dictionary<string, object>
        {
            ["kty"] = "EC",
            ["crv"] = "P-256",
            ["x"] = Base64UrlEncoder.Encode(point.X),
            ["y"] = Base64UrlEncoder.Encode(point.Y),
        };
    }

    /// <summary>The key's id, <c>kid</c>.</summary>
    public string Id { get; }

    /// <summary>Whether the key ends with the process, so that no key set can serve its public half.</summary>
    public bool IsEphemeral { get; }

    /// <summary>The public half as a JSON Web Key (RFC 7517).</summary>
    public IDictionary<string, object> PublicJwk { get; }

    /// <summary>The key for the token library.</summary>
    public ECDsaSecurityKey Key { get; }

    /// <summary>What the token library signs with.</summary>
    public SigningCredentials Credentials { get; }

    /// <summary>Makes a key that ends with the process.</summary>
    public static SigningKey Ephemeral() => new(ECDsa.Create(ECCurve.NamedCurves.nistP256), isEphemeral: true);

    /// <summary>Makes a key to store.</summary>
    /// <returns>The private key, PKCS #8 (RFC 5208), and its id.</returns>
    public static (byte[] Pkcs8, string Id) Generate()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        return (key.ExportPkcs8PrivateKey(), Base64UrlEncoder.Encode(new ECDsaSecurityKey(key).ComputeJwkThumbprint()));
    }

    /// <summary>Reads a private key that <see cref="Generate"/> made.</summary>
    /// <exception cref="CryptographicException">It is damaged.</exception>
    public static SigningKey FromPkcs8(byte[] pkcs8)
    {
        var key = ECDsa.Create();
        key.ImportPkcs8PrivateKey(pkcs8, out _);
        return new SigningKey(key, isEphemeral: false);
    }

    /// <summary>Reads a private key from PEM text.</summary>
    /// <exception cref="ArgumentException">The text holds no such key.</exception>
    /// <exception cref="CryptographicException">The key is not on the curve P-256, or is damaged.</exception>
    public static SigningKey FromPem(string pem)
    {
        var key = ECDsa.Create();
        key.ImportFromPem(pem);
        return key.KeySize == 256
            ? new SigningKey(key, isEphemeral: false)
            : throw new CryptographicException("The key is not on the curve P-256.");
    }
}
