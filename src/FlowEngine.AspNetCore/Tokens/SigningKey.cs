using System.Buffers;
using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using FlowEngine.Context;
using FlowEngine.Json;
using Microsoft.IdentityModel.Tokens;

namespace FlowEngine.AspNetCore.Tokens;

/// <summary>Per process, thread-safe: a P-256 key that signs tokens (ES256, RFC
/// 7518, 3.4). Its id is the thumbprint of its public half (RFC 7638).</summary>
internal sealed class SigningKey
{
    private const int SignatureSize = 64;

    private readonly byte[] _header;

    private SigningKey(ECDsa key, bool isEphemeral)
    {
        IsEphemeral = isEphemeral;
        Key = new ECDsaSecurityKey(key);
        Id = Base64UrlEncoder.Encode(Key.ComputeJwkThumbprint());
        Key.KeyId = Id;
        var point = key.ExportParameters(includePrivateParameters: false).Q;
        var jwk = new FlowObjectBuilder(4);
        jwk.Set("kty", FlowValue.From("EC"));
        jwk.Set("crv", FlowValue.From("P-256"));
        jwk.Set("x", FlowValue.From(Base64UrlEncoder.Encode(point.X)));
        jwk.Set("y", FlowValue.From(Base64UrlEncoder.Encode(point.Y)));
        PublicJwk = jwk.Build();
        _header = Encoding.ASCII.GetBytes(Base64Url.EncodeToString(JsonWriting.ToUtf8(Header())) + ".");
    }

    /// <summary>The key's id, <c>kid</c>.</summary>
    public string Id { get; }

    /// <summary>Whether the key ends with the process, so that no key set can serve its public half.</summary>
    public bool IsEphemeral { get; }

    /// <summary>The public half as a JSON Web Key (RFC 7517).</summary>
    public FlowObject PublicJwk { get; }

    /// <summary>The key for the token library.</summary>
    public ECDsaSecurityKey Key { get; }

    /// <summary>Signs a token: a JWS in its compact form (RFC 7515, 7.1).</summary>
    /// <param name="claims">What it says, UTF-8 JSON.</param>
    public string Sign(ReadOnlySpan<byte> claims)
    {
        var signed = _header.Length + Base64Url.GetEncodedLength(claims.Length);
        var length = signed + 1 + Base64Url.GetEncodedLength(SignatureSize);
        var rented = ArrayPool<byte>.Shared.Rent(length);
        var token = rented.AsSpan(0, length);
        _header.CopyTo(token);
        Base64Url.EncodeToUtf8(claims, token[_header.Length..]);
        Span<byte> signature = stackalloc byte[SignatureSize];
        Key.ECDsa.SignData(token[..signed], signature, HashAlgorithmName.SHA256, DSASignatureFormat.IeeeP1363FixedFieldConcatenation);
        token[signed] = (byte)'.';
        Base64Url.EncodeToUtf8(signature, token[(signed + 1)..]);
        var text = Encoding.ASCII.GetString(token);
        ArrayPool<byte>.Shared.Return(rented);
        return text;
    }

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

    /// <summary>What stands in front of each token (RFC 7515, 4). Of a key that no set serves, its public half too.</summary>
    private FlowValue Header()
    {
        var header = new FlowObjectBuilder(4);
        header.Set("alg", FlowValue.From(SecurityAlgorithms.EcdsaSha256));
        header.Set("kid", FlowValue.From(Id));
        header.Set("typ", FlowValue.From("JWT"));
        if (IsEphemeral)
            header.Set("jwk", FlowValue.From(PublicJwk));
        return FlowValue.From(header.Build());
    }
}
