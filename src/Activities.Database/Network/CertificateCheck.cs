using System.Net;
using System.Net.Security;
using System.Security.Cryptography.X509Certificates;

namespace FlowEngine.Database.Network;

/// <summary>Shared and immutable: checks a server's certificate against the name
/// that the connector has, where a driver knows nothing but the address.</summary>
/// <param name="host">The connector's host.</param>
/// <param name="wantsName">Whether the certificate must name it.</param>
internal sealed class CertificateCheck(string host, bool wantsName)
{
    public bool Accepts(object sender, X509Certificate? certificate, X509Chain? chain, SslPolicyErrors errors)
    {
        if ((errors & ~SslPolicyErrors.RemoteCertificateNameMismatch) != SslPolicyErrors.None || certificate is null)
            return false;
        if (!wantsName)
            return true;
        if (IPAddress.TryParse(host, out _))
            return errors == SslPolicyErrors.None;
        using var copy = new X509Certificate2(certificate);
        return copy.MatchesHostname(host, allowWildcards: true, allowCommonName: false);
    }
}
