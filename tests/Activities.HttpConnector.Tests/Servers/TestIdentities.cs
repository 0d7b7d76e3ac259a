using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using FlowEngine.HttpConnector.Connectors;

namespace FlowEngine.HttpConnector.Tests.Servers;

/// <summary>Per process, thread-safe: certificates with their keys in PEM, of an authority that nobody trusts by itself.</summary>
internal sealed class TestIdentities
{
    public const string Passphrase = "open-sesame-7";

    private static readonly DateTimeOffset Now = TimeProvider.System.GetUtcNow();
    private readonly X509Certificate2 _root;
    private readonly X509Certificate2 _between;

    public TestIdentities()
    {
        _root = MakeAuthority("CN=Root of tests", issuer: null);
        _between = MakeAuthority("CN=Between", _root);
        Server = Issue("localhost", Now.AddDays(-1), Now.AddDays(30));
        OtherServer = Issue("api.internal.example", Now.AddDays(-1), Now.AddDays(30));
        Client = Issue("client-1", Now.AddDays(-1), Now.AddDays(30));
        NextClient = Issue("client-2", Now.AddDays(-1), Now.AddDays(60));
        ExpiredClient = Issue("client-old", Now.AddDays(-30), Now.AddDays(-1));
    }

    public static TestIdentities Own { get; } = new();

    /// <summary>Another authority with clients of its own, whom nobody here knows.</summary>
    public static TestIdentities Strangers { get; } = new();

    public TestIdentity Server { get; }

    public TestIdentity OtherServer { get; }

    public TestIdentity Client { get; }

    public TestIdentity NextClient { get; }

    public TestIdentity ExpiredClient { get; }

    public string RootPem => _root.ExportCertificatePem();

    public string BetweenPem => _between.ExportCertificatePem();

    private static X509Certificate2 MakeAuthority(string name, X509Certificate2? issuer)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest(name, key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign, true));
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, false));
        if (issuer is null)
            return request.CreateSelfSigned(Now.AddDays(-90), Now.AddDays(90));
        using var signed = request.Create(issuer, Now.AddDays(-80), Now.AddDays(80), RandomNumberGenerator.GetBytes(8));
        return signed.CopyWithPrivateKey(key);
    }

    private TestIdentity Issue(string name, DateTimeOffset from, DateTimeOffset to)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName(name);
        request.CertificateExtensions.Add(names.Build());
        request.CertificateExtensions.Add(
            new X509EnhancedKeyUsageExtension([new Oid("1.3.6.1.5.5.7.3.1"), new Oid("1.3.6.1.5.5.7.3.2")], false)
        );
        using var signed = request.Create(_between, from, to, RandomNumberGenerator.GetBytes(8));
        using var whole = signed.CopyWithPrivateKey(key);
        return new TestIdentity(
            signed.ExportCertificatePem(),
            key.ExportPkcs8PrivateKeyPem(),
            key.ExportEncryptedPkcs8PrivateKeyPem(
                Passphrase,
                new PbeParameters(PbeEncryptionAlgorithm.Aes256Cbc, HashAlgorithmName.SHA256, 10_000)
            ),
            X509CertificateLoader.LoadPkcs12(whole.Export(X509ContentType.Pkcs12), null)
        );
    }
}

/// <summary>Shared and immutable: a certificate and its key.</summary>
internal sealed record TestIdentity(string CertificatePem, string KeyPem, string EncryptedKeyPem, X509Certificate2 Certificate);
