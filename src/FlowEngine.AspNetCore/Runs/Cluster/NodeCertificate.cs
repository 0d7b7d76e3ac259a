using System.Numerics;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using FlowEngine.Storage.Protection;
using Orleans.Connections.Security;

namespace FlowEngine.AspNetCore.Runs.Cluster;

/// <summary>
/// Stateless: what nodes know each other by. All have the same key pair, which follows from the root key that they share; each makes a
/// certificate for it, and a connection is made only between two that prove that
/// they hold it (mutual TLS). Whoever does not know the root key is no node.
/// </summary>
internal static class NodeCertificate
{
    private const string Name = "flowengine-node";

    /// <summary>The order of the curve P-256 (SEC 2, 2.4.2): a private key is smaller.</summary>
    private static readonly BigInteger Order = BigInteger.Parse(
        "0FFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551",
        System.Globalization.NumberStyles.HexNumber,
        System.Globalization.CultureInfo.InvariantCulture
    );

    /// <summary>Makes this process' certificate.</summary>
    public static X509Certificate2 Make(RootKey rootKey, TimeProvider time)
    {
        using var key = KeyOf(rootKey);
        var request = new CertificateRequest($"CN={Name}", key, HashAlgorithmName.SHA256);
        // Nobody looks at the dates: the key is what counts. Generous, because clocks differ.
        using var made = request.CreateSelfSigned(time.GetUtcNow().AddDays(-2), time.GetUtcNow().AddYears(20));
        // A certificate whose key is only in memory cannot be used by every TLS library; one that was loaded can.
        return X509CertificateLoader.LoadPkcs12(made.Export(X509ContentType.Pkcs12), null);
    }

    /// <summary>Tells Orleans to let nodes only.</summary>
    public static void Use(TlsOptions options, X509Certificate2 certificate)
    {
        options.LocalCertificate = certificate;
        options.RemoteCertificateMode = RemoteCertificateMode.RequireCertificate;
        options.ClientCertificateMode = RemoteCertificateMode.RequireCertificate;
        options.RemoteCertificateValidation = (remote, _, _) => IsNode(certificate, remote);
        options.OnAuthenticateAsClient = (_, client) => client.TargetHost = Name;
    }

    /// <summary>Whether the other end has our key. TLS itself has it prove that.</summary>
    internal static bool IsNode(X509Certificate2 own, X509Certificate2 remote) =>
        CryptographicOperations.FixedTimeEquals(own.PublicKey.ExportSubjectPublicKeyInfo(), remote.PublicKey.ExportSubjectPublicKeyInfo());

    private static ECDsa KeyOf(RootKey rootKey)
    {
        for (var attempt = 0; ; attempt++)
        {
            var secret = rootKey.Derive($"cluster nodes {attempt}");
            var number = new BigInteger(secret, isUnsigned: true, isBigEndian: true);
            if (!number.IsZero && number < Order)
                return ECDsa.Create(new ECParameters { Curve = ECCurve.NamedCurves.nistP256, D = secret });
        }
    }
}
