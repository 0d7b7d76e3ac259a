using System.Net.Security;
using System.Security.Cryptography.X509Certificates;

namespace FlowEngine.HttpConnector.Wire.Tls;

/// <summary>Per test of a connector, thread-safe: the certificates that the other side showed in a handshake, its own first, and what was
/// wrong with them.</summary>
internal sealed class SeenChain
{
    private volatile Seen? _seen;

    /// <summary>What was seen last; null where there was no handshake.</summary>
    public Seen? Last => _seen;

    /// <summary>Looks at each handshake, and decides as would be decided without it.</summary>
    public void Watch(SslClientAuthenticationOptions ssl)
    {
        var decides = ssl.RemoteCertificateValidationCallback;
        ssl.RemoteCertificateValidationCallback = (sender, certificate, chain, errors) =>
        {
            // The certificates end with the handshake.
            _seen = new Seen(
                [.. (chain?.ChainElements ?? Enumerable.Empty<X509ChainElement>()).Select(element => Describe(element.Certificate))],
                errors,
                [.. (chain?.ChainStatus ?? []).Select(status => status.Status)]
            );
            return decides?.Invoke(sender, certificate, chain, errors) ?? errors == SslPolicyErrors.None;
        };
    }

    public static SeenCertificate Describe(X509Certificate2 certificate) =>
        new(certificate.Subject, certificate.Issuer, certificate.NotBefore.ToUniversalTime(), certificate.NotAfter.ToUniversalTime());

    /// <summary>Shared and immutable: a handshake.</summary>
    internal sealed record Seen(
        IReadOnlyList<SeenCertificate> Certificates,
        SslPolicyErrors Errors,
        IReadOnlyList<X509ChainStatusFlags> Status
    );
}

/// <summary>Shared and immutable: what a certificate says of itself.</summary>
internal sealed record SeenCertificate(string Subject, string Issuer, DateTimeOffset NotBefore, DateTimeOffset NotAfter);
