using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using System.Formats.Asn1;
using System.Security.Cryptography;
using System.Text;
using FlowEngine.HttpConnector.Wire.Tls;
using Org.BouncyCastle.Crypto.Parameters;

namespace FlowEngine.HttpConnector.Signing;

/// <summary>
/// Shared, thread-safe: a key that signs, by one of the algorithms of RFC 9421 section 3.3. ECDSA, RSA and HMAC are .NET's, which has no
/// Ed25519 (RFC 8032): that is BouncyCastle's.
/// </summary>
internal abstract class SigningKey
{
    public const string EcdsaP256 = "ecdsa-p256-sha256";
    public const string EcdsaP384 = "ecdsa-p384-sha384";
    public const string Ed25519 = "ed25519";
    public const string RsaPss = "rsa-pss-sha512";
    public const string RsaPkcs1 = "rsa-v1_5-sha256";
    public const string Hmac = "hmac-sha256";

    private const int SmallestRsaKey = 2048;

    /// <summary>NIST SP 800-107: a key of an HMAC that is shorter gives less than 112 bits.</summary>
    private const int ShortestHmacKey = 14;

    /// <summary>The algorithm's name in the HTTP Signature Algorithms registry.</summary>
    public abstract string Algorithm { get; }

    /// <summary>What verifies the signatures, in PEM; null for a key that both sides share.</summary>
    public virtual string? PublicKeyPem => null;

    /// <summary>Signs a message.</summary>
    public abstract byte[] Sign(byte[] message);

    /// <summary>Whether a signature is one of a message by this key.</summary>
    public abstract bool Verifies(byte[] message, byte[] signature);

    /// <summary>Whether it is one that is only written otherwise: of ECDSA, in DER or as two numbers side by side.</summary>
    public virtual bool VerifiesOtherwise(byte[] message, byte[] signature) => false;

    /// <summary>Reads a key.</summary>
    /// <param name="text">A private key in PEM (RFC 7468: PKCS #8, SEC 1 or PKCS #1), or the text that an HMAC is made with.</param>
    /// <param name="algorithm">What it has to sign by; null for what follows from the key.</param>
    /// <param name="der">Whether ECDSA signatures are DER (RFC 3279) instead of r and s side by side, as RFC 9421 asks for.</param>
    /// <param name="key">The key.</param>
    /// <param name="problem">What is wrong, and what to do; it repeats nothing of the key.</param>
    public static bool TryRead(
        string text,
        string? algorithm,
        bool der,
        [NotNullWhen(true)] out SigningKey? key,
        [NotNullWhen(false)] out string? problem
    )
    {
        key = null;
        try
        {
            (key, problem) = Pem.IsPem(text) ? ReadPem(Pem.Normalize(text), algorithm, der) : ReadText(text, algorithm);
        }
        catch (Exception e) when (e is CryptographicException or ArgumentException or AsnContentException or FormatException)
        {
            problem =
                "The key cannot be read: it is damaged, or of a kind that is not supported. Paste the whole file, BEGIN and END lines included.";
        }
        if (key is not null && algorithm is not null && key.Algorithm != algorithm)
        {
            problem = $"The key signs by {key.Algorithm}, not by {algorithm}. Remove \"algorithm\", or use a key that fits.";
            key = null;
        }
        problem ??= key is null ? "The key cannot be read." : null;
        return key is not null;
    }

    private static (SigningKey?, string?) ReadText(string text, string? algorithm)
    {
        if (algorithm is not (null or Hmac))
            return (null, $"A key for {algorithm} is a private key in PEM. Paste the whole file, BEGIN and END lines included.");
        var bytes = Encoding.UTF8.GetBytes(text);
        return bytes.Length < ShortestHmacKey
            ? (null, $"A key for {Hmac} has at least {ShortestHmacKey} bytes. Use a random one of 32.")
            : (new HmacKey(bytes), null);
    }

    private static (SigningKey?, string?) ReadPem(string pem, string? algorithm, bool der)
    {
        if (!Pem.TryFind(pem, "PRIVATE KEY", out var label, out var bytes))
            return (null, "There is no private key in the text. A certificate or a public key cannot sign.");
        return label switch
        {
            "EC PRIVATE KEY" => OfCurve(ecdsa => ecdsa.ImportECPrivateKey(bytes, out _), der),
            "RSA PRIVATE KEY" => OfRsa(bytes, algorithm, pssOnly: false),
            "PRIVATE KEY" => OfPkcs8(bytes, algorithm, der),
            "ENCRYPTED PRIVATE KEY" => (null, "The key is encrypted. Give it without its passphrase: it is stored like any secret."),
            _ => (null, $"A {label} is not supported. Use PKCS #8 (BEGIN PRIVATE KEY)."),
        };
    }

    /// <summary>RFC 5958: a version, whose key it is, and the key.</summary>
    private static (SigningKey?, string?) OfPkcs8(byte[] bytes, string? algorithm, bool der)
    {
        var info = new AsnReader(bytes, AsnEncodingRules.BER).ReadSequence();
        info.ReadInteger();
        var kind = info.ReadSequence().ReadObjectIdentifier();
        var inner = info.ReadOctetString();
        return kind switch
        {
            "1.2.840.10045.2.1" => OfCurve(ecdsa => ecdsa.ImportPkcs8PrivateKey(bytes, out _), der),
            "1.2.840.113549.1.1.1" => OfRsa(inner, algorithm, pssOnly: false),
            // A key that says of itself that it signs by PSS (RFC 4055) is refused by .NET's import of PKCS #8.
            "1.2.840.113549.1.1.10" => OfRsa(inner, algorithm, pssOnly: true),
            "1.3.101.112" => (new Ed25519Key(new AsnReader(inner, AsnEncodingRules.DER).ReadOctetString()), null),
            _ => (null, "Keys are ECDSA P-256 or P-384, Ed25519 or RSA; this is another kind."),
        };
    }

    private static (SigningKey?, string?) OfCurve(Action<ECDsa> import, bool der)
    {
        var curve = Made().ExportParameters(false).Curve.Oid.Value;
        return curve switch
        {
            "1.2.840.10045.3.1.7" => (new EcdsaKey(Made, EcdsaP256, HashAlgorithmName.SHA256, der), null),
            "1.3.132.0.34" => (new EcdsaKey(Made, EcdsaP384, HashAlgorithmName.SHA384, der), null),
            _ => (null, "An ECDSA key is on the curve P-256 or P-384; this one is on another."),
        };

        ECDsa Made()
        {
            var made = ECDsa.Create();
            import(made);
            return made;
        }
    }

    private static (SigningKey?, string?) OfRsa(byte[] bytes, string? algorithm, bool pssOnly)
    {
        var size = Made().KeySize;
        if (size < SmallestRsaKey)
            return (null, $"An RSA key has at least {SmallestRsaKey} bits; this one has {size}.");
        if (algorithm == RsaPkcs1 && pssOnly)
            return (null, $"The key is for PSS alone. Use {RsaPss}.");
        return (new RsaKey(Made, algorithm == RsaPkcs1), null);

        RSA Made()
        {
            var made = RSA.Create();
            made.ImportRSAPrivateKey(bytes, out _);
            return made;
        }
    }

    private sealed class EcdsaKey(Func<ECDsa> make, string algorithm, HashAlgorithmName hash, bool der) : SigningKey
    {
        private readonly KeyPool<ECDsa> _keys = new(make);

        public override string Algorithm => algorithm;

        public override string PublicKeyPem => _keys.Use(key => key.ExportSubjectPublicKeyInfoPem());

        public override byte[] Sign(byte[] message) => _keys.Use(key => key.SignData(message, hash, FormatOf(der)));

        public override bool Verifies(byte[] message, byte[] signature) => Verifies(message, signature, FormatOf(der));

        public override bool VerifiesOtherwise(byte[] message, byte[] signature) => Verifies(message, signature, FormatOf(!der));

        private bool Verifies(byte[] message, byte[] signature, DSASignatureFormat format)
        {
            try
            {
                return _keys.Use(key => key.VerifyData(message, signature, hash, format));
            }
            catch (CryptographicException)
            {
                // It is none in that format.
                return false;
            }
        }

        private static DSASignatureFormat FormatOf(bool isDer) =>
            isDer ? DSASignatureFormat.Rfc3279DerSequence : DSASignatureFormat.IeeeP1363FixedFieldConcatenation;
    }

    private sealed class RsaKey(Func<RSA> make, bool isPkcs1) : SigningKey
    {
        private readonly KeyPool<RSA> _keys = new(make);

        public override string Algorithm => isPkcs1 ? RsaPkcs1 : RsaPss;

        public override string PublicKeyPem => _keys.Use(key => key.ExportSubjectPublicKeyInfoPem());

        // The salt of .NET's PSS has the length of the hash: 64 bytes, as RFC 9421 section 3.3.1 asks for.
        public override byte[] Sign(byte[] message) =>
            _keys.Use(key =>
                isPkcs1
                    ? key.SignData(message, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1)
                    : key.SignData(message, HashAlgorithmName.SHA512, RSASignaturePadding.Pss)
            );

        public override bool Verifies(byte[] message, byte[] signature) =>
            _keys.Use(key =>
                isPkcs1
                    ? key.VerifyData(message, signature, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1)
                    : key.VerifyData(message, signature, HashAlgorithmName.SHA512, RSASignaturePadding.Pss)
            );
    }

    private sealed class Ed25519Key(byte[] seed) : SigningKey
    {
        /// <summary>What stands before the bytes of a public key: its kind (RFC 8410 section 4).</summary>
        private static readonly byte[] PublicPrefix = Convert.FromHexString("302A300506032B6570032100");

        private readonly Ed25519PrivateKeyParameters _key = new(seed);

        public override string Algorithm => Ed25519;

        public override string PublicKeyPem =>
            PemEncoding.WriteString("PUBLIC KEY", (byte[])[.. PublicPrefix, .. _key.GeneratePublicKey().GetEncoded()]);

        public override byte[] Sign(byte[] message)
        {
            var signature = new byte[Ed25519PrivateKeyParameters.SignatureSize];
            _key.Sign(Org.BouncyCastle.Math.EC.Rfc8032.Ed25519.Algorithm.Ed25519, null, message, 0, message.Length, signature, 0);
            return signature;
        }

        public override bool Verifies(byte[] message, byte[] signature) =>
            signature.Length == Ed25519PrivateKeyParameters.SignatureSize
            && _key.GeneratePublicKey()
                .Verify(Org.BouncyCastle.Math.EC.Rfc8032.Ed25519.Algorithm.Ed25519, null, message, 0, message.Length, signature, 0);
    }

    private sealed class HmacKey(byte[] key) : SigningKey
    {
        public override string Algorithm => Hmac;

        public override byte[] Sign(byte[] message) => HMACSHA256.HashData(key, message);

        public override bool Verifies(byte[] message, byte[] signature) =>
            CryptographicOperations.FixedTimeEquals(HMACSHA256.HashData(key, message), signature);
    }

    /// <summary>Keys of .NET are not for several threads at once: each call has one to itself.</summary>
    private sealed class KeyPool<TKey>(Func<TKey> make)
        where TKey : class
    {
        private readonly ConcurrentBag<TKey> _idle = [];

        public TResult Use<TResult>(Func<TKey, TResult> use)
        {
            var key = _idle.TryTake(out var idle) ? idle : make();
            var result = use(key);
            _idle.Add(key);
            return result;
        }
    }
}
