using FlowEngine.Context;
using FlowEngine.Errors;
using FlowEngine.HttpConnector.Connectors;
using FlowEngine.HttpConnector.Wire.Tls;

namespace FlowEngine.HttpConnector.Testing;

/// <summary>Stateless: the handshake of a test: the API's certificates as they were seen, what is trusted and why, and how long they
/// are good for; our own too.</summary>
internal static class TlsView
{
    /// <summary><c>{ trusts, problems, chain: [ { subject, issuer, notBefore, notAfter, daysLeft } ], client }</c>.</summary>
    public static FlowValue Of(Connectors.HttpConnector connector, SeenChain.Seen seen)
    {
        var now = connector.Options.Time.GetUtcNow();
        var view = new FlowObjectBuilder(4);
        view.Set("trusts", FlowValue.From(connector.Trusts));
        view.Set("problems", FlowValue.Texts([.. ProblemsOf(seen)]));
        view.Set("chain", FlowValue.Array(seen.Certificates.Select(certificate => Describe(certificate, now))));
        if (connector.ClientCertificate is { } own)
            view.Set("client", Describe(own, now));
        return FlowValue.From(view.Build());
    }

    /// <summary>Warns of our certificate, and of the API's, from 30 days before they end.</summary>
    public static void WarnOfEnds(Connectors.HttpConnector connector, SeenChain.Seen? seen, SourceLocation at, DiagnosticBag problems)
    {
        var now = connector.Options.Time.GetUtcNow();
        CertificateEnd.WarnOfOurs(connector.ClientCertificate, now, at.At(TlsProblem.ClientCertificate), problems);
        CertificateEnd.WarnOfTheirs(seen is { Certificates: [var first, ..] } ? first : null, now, at.At("baseUrl"), problems);
    }

    private static IEnumerable<string> ProblemsOf(SeenChain.Seen seen) =>
        (seen.Errors == System.Net.Security.SslPolicyErrors.None ? [] : new[] { seen.Errors.ToString() }).Concat(
            seen.Status.Select(status => status.ToString())
        );

    private static FlowValue Describe(SeenCertificate certificate, DateTimeOffset now)
    {
        var view = new FlowObjectBuilder(5);
        view.Set("subject", FlowValue.From(certificate.Subject));
        view.Set("issuer", FlowValue.From(certificate.Issuer));
        view.Set("notBefore", FlowValue.From(CertificateEnd.Day(certificate.NotBefore)));
        view.Set("notAfter", FlowValue.From(CertificateEnd.Day(certificate.NotAfter)));
        view.Set("daysLeft", FlowValue.From(CertificateEnd.DaysLeft(certificate, now)));
        return FlowValue.From(view.Build());
    }
}
