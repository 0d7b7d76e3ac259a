using FlowEngine.HttpConnector.Connectors;
using FlowEngine.HttpConnector.Tests.Servers;
using FlowEngine.HttpConnector.Wire.Tls;

namespace FlowEngine.HttpConnector.Tests.Wire.Tls;

/// <summary>Certificates and keys as people have them, and what is said where they do not fit.</summary>
public sealed class TlsMaterialTests
{
    private static readonly TestIdentities Own = TestIdentities.Own;

    [Fact]
    public void TryMake_ACertificateWithItsChain_IsShownWithIt()
    {
        var made = Make(new TlsTexts(Own.Client.CertificatePem + "\n" + Own.BetweenPem, Own.Client.KeyPem, "", Own.RootPem));

        Assert.Equal("CN=client-1", made.Certificate!.Subject);
        Assert.True(made.Certificate.HasPrivateKey);
        Assert.NotNull(made.Identity);
        Assert.Equal(Own.RootPem, Assert.Single(made.Authorities).ExportCertificatePem());
        Assert.Null(made.WithoutIdentity.Identity);
        Assert.Single(made.WithoutIdentity.Authorities);
    }

    [Fact]
    public void TryMake_AnEncryptedKey_IsOpenedByItsPassphrase() =>
        Assert.NotNull(Make(new TlsTexts(Own.Client.CertificatePem, Own.Client.EncryptedKeyPem, TestIdentities.Passphrase, "")).Identity);

    /// <summary>A form of one line takes the line breaks away.</summary>
    [Fact]
    public void TryMake_PemWithoutLineBreaks_IsTheSame() =>
        Assert.NotNull(
            Make(
                new TlsTexts(
                    (Own.Client.CertificatePem + Own.BetweenPem).ReplaceLineEndings(""),
                    Own.Client.KeyPem.ReplaceLineEndings("\\n"),
                    "",
                    Own.RootPem.ReplaceLineEndings("")
                )
            ).Identity
        );

    public static TheoryData<string, string, string> Problems =>
        new()
        {
            { "another's key", "clientKey", "does not belong to the certificate" },
            { "no key", "clientKey", "no private key" },
            { "certificate as key", "clientKey", "no private key" },
            { "damaged key", "clientKey", "does not belong to the certificate, or is damaged" },
            { "wrong passphrase", "clientKeyPassphrase", "does not open the key" },
            { "no passphrase", "clientKeyPassphrase", "does not open the key" },
            { "no certificate", "clientCertificate", "no certificate in it" },
            { "damaged certificate", "clientCertificate", "cannot be read" },
            { "no authority", "caCertificates", "no certificate in it" },
            { "authority without root", "caCertificates", "root" },
        };

    [Theory]
    [MemberData(nameof(Problems))]
    public void TryMake_WhatDoesNotFit_NamesTheSettingAndNothingOfTheKey(string what, string setting, string word)
    {
        var (certificate, key, encrypted) = (Own.Client.CertificatePem, Own.Client.KeyPem, Own.Client.EncryptedKeyPem);
        var texts = what switch
        {
            "another's key" => new TlsTexts(certificate, Own.NextClient.KeyPem, "", ""),
            "no key" => new TlsTexts(certificate, "hunter2-hunter2", "", ""),
            "certificate as key" => new TlsTexts(certificate, certificate, "", ""),
            "damaged key" => new TlsTexts(certificate, key.Replace("MIG", "AAA", StringComparison.Ordinal), "", ""),
            "wrong passphrase" => new TlsTexts(certificate, encrypted, "wrong-wrong", ""),
            "no passphrase" => new TlsTexts(certificate, encrypted, "", ""),
            "no certificate" => new TlsTexts(key, key, "", ""),
            "damaged certificate" => new TlsTexts(certificate.Replace("MII", "AAA", StringComparison.Ordinal), key, "", ""),
            "no authority" => new TlsTexts("", "", "", key),
            _ => new TlsTexts("", "", "", Own.BetweenPem),
        };

        Assert.False(TlsMaterial.TryMake(texts, out _, out var problem));

        Assert.Equal(setting, problem.Setting);
        Assert.Contains(word, problem.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("hunter2", problem.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("wrong-wrong", problem.Message, StringComparison.Ordinal);
    }

    private static TlsMaterial Make(TlsTexts texts)
    {
        Assert.True(TlsMaterial.TryMake(texts, out var material, out var problem), problem?.ToString());
        return material;
    }
}
