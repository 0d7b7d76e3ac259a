using System.Security.Cryptography;
using System.Text;
using FlowEngine.HttpConnector.Connectors;
using FlowEngine.HttpConnector.Signing;

namespace FlowEngine.HttpConnector.Tests.Signing;

/// <summary>Keys as people have them, and what they sign by.</summary>
public sealed class SigningKeyTests
{
    private static readonly byte[] Message = "message"u8.ToArray();

    public static TheoryData<string, string?, string> Keys =>
        new()
        {
            { SigningKeyVectors.P256, null, "ecdsa-p256-sha256" },
            { SigningKeyVectors.P384, null, "ecdsa-p384-sha384" },
            { SigningKeyVectors.Ed25519, null, "ed25519" },
            { SigningKeyVectors.RsaPss, null, "rsa-pss-sha512" },
            { SigningKeyVectors.Rsa, null, "rsa-pss-sha512" },
            { SigningKeyVectors.Rsa, "rsa-v1_5-sha256", "rsa-v1_5-sha256" },
            { "a text of both sides", null, "hmac-sha256" },
        };

    [Theory]
    [MemberData(nameof(Keys))]
    public void TryRead_AKeyOfEachKind_SaysItsAlgorithm(string text, string? algorithm, string expected) =>
        Assert.Equal(expected, Read(text, algorithm).Algorithm);

    /// <summary>A form of one line, and a variable of the environment, lose what a file has.</summary>
    [Theory]
    [InlineData("")]
    [InlineData("\\n")]
    [InlineData("\r\n")]
    public void TryRead_PemWithoutItsLineBreaks_IsTheSameKey(string lineBreak)
    {
        var written = SigningKeyVectors.Ed25519.ReplaceLineEndings(lineBreak);

        Assert.Equal(Read(SigningKeyVectors.Ed25519).Sign(Message), Read(written).Sign(Message));
    }

    [Fact]
    public void TryRead_PemBehindOtherBlocks_TakesThePrivateKey()
    {
        using var certified = ECDsa.Create(ECCurve.NamedCurves.nistP256);

        Assert.Equal("ed25519", Read(certified.ExportSubjectPublicKeyInfoPem() + "\n" + SigningKeyVectors.Ed25519).Algorithm);
    }

    [Theory]
    [InlineData("short", null, "at least 14 bytes")]
    [InlineData("a text of both sides", "ed25519", "is a private key in PEM")]
    [InlineData("-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----", null, "damaged")]
    [InlineData("-----BEGIN PRIVATE KEY-----\n", null, "no private key")]
    [InlineData("-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----", null, "no private key")]
    [InlineData("-----BEGIN ENCRYPTED PRIVATE KEY-----\nAAAA\n-----END ENCRYPTED PRIVATE KEY-----", null, "encrypted")]
    [InlineData(SigningKeyVectors.P256, "ed25519", "signs by ecdsa-p256-sha256, not by ed25519")]
    [InlineData(SigningKeyVectors.RsaPss, "rsa-v1_5-sha256", "for PSS alone")]
    public void TryRead_WhatIsNoUse_SaysWhy(string text, string? algorithm, string expected)
    {
        Assert.False(SigningKey.TryRead(text, algorithm, der: false, out _, out var problem));

        Assert.Contains(expected, problem, StringComparison.Ordinal);
        Assert.DoesNotContain("AAAA", problem, StringComparison.Ordinal);
    }

    [Fact]
    public void TryRead_KeysThatAreTooWeak_AreRefused()
    {
        Assert.False(SigningKey.TryRead(SigningKeyVectors.Pkcs8(RSA.Create(1024)), null, false, out _, out var small));
        Assert.Contains("1024", small, StringComparison.Ordinal);
        Assert.False(
            SigningKey.TryRead(SigningKeyVectors.Pkcs8(ECDsa.Create(ECCurve.NamedCurves.nistP521)), null, false, out _, out var curve)
        );
        Assert.Contains("P-256 or P-384", curve, StringComparison.Ordinal);
    }

    /// <summary>RFC 9421 section 3.3.1: a salt of 64 bytes. A verifier that insists on it takes the signature.</summary>
    [Fact]
    public void Sign_RsaPss_HasASaltOf64Bytes()
    {
        var signature = Read(SigningKeyVectors.Rsa).Sign(Message);

        using var key = RSA.Create();
        key.ImportFromPem(Read(SigningKeyVectors.Rsa).PublicKeyPem);
        var recovered = Recover(key, signature);
        // EMSA-PSS (RFC 8017, 9.1.2): behind the mask stand zeros, a 1, and the salt.
        var mask = Mgf1(recovered.AsSpan(256 - 65, 64).ToArray(), 256 - 65);
        var block = recovered.AsSpan(0, 256 - 65).ToArray().Select((octet, i) => (byte)(octet ^ mask[i])).ToArray();
        Assert.Equal(1, block[^65]);
        Assert.All(block[1..^65], octet => Assert.Equal(0, octet));
    }

    /// <summary>RFC 9421, 3.3.4: r and s side by side; "der" is for verifiers that do not know it.</summary>
    [Fact]
    public void Sign_Ecdsa_IsTwoNumbersSideBySideUnlessDerIsAsked()
    {
        using var verifier = ECDsa.Create();
        verifier.ImportFromPem(SigningKeyVectors.P256);

        var plain = Read(SigningKeyVectors.P256).Sign(Message);
        Assert.Equal(64, plain.Length);
        Assert.True(verifier.VerifyData(Message, plain, HashAlgorithmName.SHA256, DSASignatureFormat.IeeeP1363FixedFieldConcatenation));
        Assert.True(SigningKey.TryRead(SigningKeyVectors.P256, null, der: true, out var key, out _));
        var der = key.Sign(Message);
        Assert.Equal(0x30, der[0]);
        Assert.True(verifier.VerifyData(Message, der, HashAlgorithmName.SHA256, DSASignatureFormat.Rfc3279DerSequence));
    }

    [Fact]
    public async Task Sign_FromManyThreads_GivesSignaturesThatVerify()
    {
        var key = Read(SigningKeyVectors.P256);
        using var verifier = ECDsa.Create();
        verifier.ImportFromPem(key.PublicKeyPem);

        var signatures = await Task.WhenAll(
            Enumerable.Range(0, 64).Select(i => Task.Run(() => (i, key.Sign(Encoding.UTF8.GetBytes($"{i}")))))
        );

        Assert.All(
            signatures,
            signed => Assert.True(verifier.VerifyData(Encoding.UTF8.GetBytes($"{signed.i}"), signed.Item2, HashAlgorithmName.SHA256))
        );
    }

    internal static SigningKey Read(string text, string? algorithm = null)
    {
        Assert.True(SigningKey.TryRead(text, algorithm, der: false, out var key, out var problem), problem);
        return key;
    }

    /// <summary>The encoded message, by the public operation of RSA.</summary>
    private static byte[] Recover(RSA key, byte[] signature)
    {
        var parameters = key.ExportParameters(false);
        var number = System.Numerics.BigInteger.ModPow(Number(signature), Number(parameters.Exponent!), Number(parameters.Modulus!));
        var bytes = number.ToByteArray(isUnsigned: true, isBigEndian: true);
        return [.. new byte[256 - bytes.Length], .. bytes];

        static System.Numerics.BigInteger Number(byte[] bytes) => new(bytes, isUnsigned: true, isBigEndian: true);
    }

    private static byte[] Mgf1(byte[] seed, int length) =>
        [.. Enumerable.Range(0, 4).SelectMany(i => SHA512.HashData([.. seed, 0, 0, 0, (byte)i])).Take(length)];
}
