using System.Diagnostics.CodeAnalysis;
using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace FlowEngine.HttpConnector.Wire.Tls;

/// <summary>Shared and immutable: what a connector shows and trusts in TLS handshakes: a certificate with its key and chain, and the only
/// authorities whose certificates count.</summary>
internal sealed class TlsMaterial
{
    private TlsMaterial(X509Certificate2? certificate, X509Certificate2Collection chain, X509Certificate2Collection authorities)
    {
        Certificate = certificate;
        Authorities = authorities;
        Identity = certificate is null ? null : SslStreamCertificateContext.Create(certificate, chain, offline: true);
    }

    /// <summary>The certificate that is shown, with its key; null for none.</summary>
    public X509Certificate2? Certificate { get; }

    /// <summary>The same with its chain, as it is sent.</summary>
    public SslStreamCertificateContext? Identity { get; }

    /// <summary>The authorities, those in between among them; empty for the system's.</summary>
    public X509Certificate2Collection Authorities { get; }

    /// <summary>The same authorities, and nothing shown: for servers that the connector does not name itself.</summary>
    public TlsMaterial WithoutIdentity => new(null, [], Authorities);

    /// <summary>What a handshake needs.</summary>
    public SslClientAuthenticationOptions ToOptions() =>
        new()
        {
            ClientCertificateContext = Identity,
            CertificateChainPolicy = Authorities.Count == 0 ? null : PolicyOf(Authorities),
            // A session that is resumed proves nothing anew: no certificate is shown, and none is checked.
            AllowTlsResume = false,
        };

    /// <summary>Makes it of texts in PEM.</summary>
    /// <param name="texts">The texts.</param>
    /// <param name="material">It, when true is returned.</param>
    /// <param name="problem">Which setting is to blame and what for, when false is returned. It repeats nothing of a key.</param>
    public static bool TryMake(TlsTexts texts, [NotNullWhen(true)] out TlsMaterial? material, [NotNullWhen(false)] out TlsProblem? problem)
    {
        material = null;
        if (!TryReadCertificates(texts.Authorities, TlsProblem.CaCertificates, out var authorities, out problem))
            return false;
        if (authorities.Count > 0 && !authorities.Any(IsRoot))
        {
            problem = new(TlsProblem.CaCertificates, "No certificate in it signs itself: the root of the authority is missing.");
            return false;
        }
        if (!TryReadCertificates(texts.Certificate, TlsProblem.ClientCertificate, out var chain, out problem))
            return false;
        if (chain.Count == 0)
        {
            material = new TlsMaterial(null, [], authorities);
            return true;
        }
        if (!TryReadIdentity(texts, chain, out var certificate, out problem))
            return false;
        material = new TlsMaterial(certificate, chain, authorities);
        return true;
    }

    private static bool TryReadCertificates(
        string text,
        string setting,
        out X509Certificate2Collection certificates,
        [NotNullWhen(false)] out TlsProblem? problem
    )
    {
        (certificates, problem) = ([], null);
        if (text.Length == 0)
            return true;
        try
        {
            certificates.ImportFromPem(Pem.Normalize(text));
        }
        catch (CryptographicException)
        {
            problem = new(setting, "A certificate in it cannot be read.");
            return false;
        }
        if (certificates.Count == 0)
            problem = new(setting, "There is no certificate in it. Paste the whole file in PEM, BEGIN and END lines included.");
        return problem is null;
    }

    private static bool TryReadIdentity(
        TlsTexts texts,
        X509Certificate2Collection chain,
        [NotNullWhen(true)] out X509Certificate2? certificate,
        [NotNullWhen(false)] out TlsProblem? problem
    )
    {
        certificate = null;
        var key = Pem.Normalize(texts.Key);
        try
        {
            var leaf = chain[0].ExportCertificatePem();
            certificate = key.Contains("BEGIN ENCRYPTED PRIVATE KEY", StringComparison.Ordinal)
                ? X509Certificate2.CreateFromEncryptedPem(leaf, key, texts.Passphrase)
                : X509Certificate2.CreateFromPem(leaf, key);
            problem = null;
            return true;
        }
        catch (Exception e) when (e is CryptographicException or ArgumentException)
        {
            problem = WhyNot(key, texts.Passphrase);
            return false;
        }
    }

    /// <summary>.NET says one thing for several.</summary>
    private static TlsProblem WhyNot(string key, string passphrase)
    {
        if (!key.Contains("PRIVATE KEY-----", StringComparison.Ordinal))
            return new(TlsProblem.ClientKey, "There is no private key in it. Paste the whole file in PEM, BEGIN and END lines included.");
        if (key.Contains("Proc-Type: 4,ENCRYPTED", StringComparison.Ordinal))
            return new(TlsProblem.ClientKey, "Its encryption is an old one of OpenSSL. Convert it: openssl pkcs8 -topk8.");
        if (key.Contains("BEGIN ENCRYPTED PRIVATE KEY", StringComparison.Ordinal))
        {
            using var any = RSA.Create();
            try
            {
                any.ImportFromEncryptedPem(key, passphrase);
            }
            catch (CryptographicException e) when (e.Message.Contains("password", StringComparison.OrdinalIgnoreCase))
            {
                return new(TlsProblem.ClientKeyPassphrase, "It does not open the key.");
            }
            catch (Exception e) when (e is CryptographicException or ArgumentException)
            { /* It opens; the key is of another kind, or another's. */
            }
        }
        return new(TlsProblem.ClientKey, "It does not belong to the certificate, or is damaged.");
    }

    private static bool IsRoot(X509Certificate2 certificate) =>
        certificate.SubjectName.RawData.AsSpan().SequenceEqual(certificate.IssuerName.RawData);

    private static X509ChainPolicy PolicyOf(X509Certificate2Collection authorities)
    {
        var policy = new X509ChainPolicy
        {
            TrustMode = X509ChainTrustMode.CustomRootTrust,
            RevocationMode = X509RevocationMode.NoCheck,
            // Nothing is fetched from where a certificate says.
            DisableCertificateDownloads = true,
        };
        foreach (var authority in authorities)
            (IsRoot(authority) ? policy.CustomTrustStore : policy.ExtraStore).Add(authority);
        return policy;
    }
}

/// <summary>Shared and immutable: what <see cref="TlsMaterial"/> is made of; "" for what is not given.</summary>
/// <param name="Certificate">The certificate and its chain, in PEM.</param>
/// <param name="Key">Its key, in PEM.</param>
/// <param name="Passphrase">What opens the key.</param>
/// <param name="Authorities">The authorities, in PEM.</param>
internal sealed record TlsTexts(string Certificate, string Key, string Passphrase, string Authorities);

/// <summary>Shared and immutable: what is wrong with one of the settings.</summary>
/// <param name="Setting">Its name.</param>
/// <param name="Message">What is wrong.</param>
internal sealed record TlsProblem(string Setting, string Message)
{
    public const string ClientCertificate = "clientCertificate";
    public const string ClientKey = "clientKey";
    public const string ClientKeyPassphrase = "clientKeyPassphrase";
    public const string CaCertificates = "caCertificates";
}
