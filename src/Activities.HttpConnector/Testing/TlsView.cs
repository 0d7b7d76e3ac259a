using System.Globalization;
using FlowEngine.Context;
using FlowEngine.Errors;
using FlowEngine.HttpConnector.Connectors;
using FlowEngine.HttpConnector.Wire.Tls;

namespace FlowEngine.HttpConnector.Testing;

/// <summary>Stateless: the handshake of a test: the API's certificates as they were seen, what is trusted and why, and how long they
/// are good for; our own too.</summary>
internal static class TlsView
{
    private static readonly TimeSpan EndsSoon = TimeSpan.FromDays(30);

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
        if (connector.ClientCertificate is { } own && own.NotAfter - now < EndsSoon)
            problems.Warning(
                HttpErrors.CertificateEnds,
                at.At(TlsProblem.ClientCertificate),
                $"The client certificate '{own.Subject}' {EndOf(own, now)}."
            );
        if (seen is { Certificates: [var first, ..] } && first.NotAfter - now < EndsSoon)
            problems.Warning(HttpErrors.CertificateEnds, at.At("baseUrl"), $"The API's certificate '{first.Subject}' {EndOf(first, now)}.");
    }

    private static string EndOf(SeenCertificate certificate, DateTimeOffset now) =>
        certificate.NotAfter < now
            ? $"ended on {Day(certificate.NotAfter)}"
            : $"ends on {Day(certificate.NotAfter)}, in {DaysLeft(certificate, now)} days";

    private static IEnumerable<string> ProblemsOf(SeenChain.Seen seen) =>
        (seen.Errors == System.Net.Security.SslPolicyErrors.None ? [] : new[] { seen.Errors.ToString() }).Concat(
            seen.Status.Select(status => status.ToString())
        );

    private static FlowValue Describe(SeenCertificate certificate, DateTimeOffset now)
    {
        var view = new FlowObjectBuilder(5);
        view.Set("subject", FlowValue.From(certificate.Subject));
        view.Set("issuer", FlowValue.From(certificate.Issuer));
        view.Set("notBefore", FlowValue.From(Day(certificate.NotBefore)));
        view.Set("notAfter", FlowValue.From(Day(certificate.NotAfter)));
        view.Set("daysLeft", FlowValue.From(DaysLeft(certificate, now)));
        return FlowValue.From(view.Build());
    }

    private static long DaysLeft(SeenCertificate certificate, DateTimeOffset now) =>
        (long)Math.Floor((certificate.NotAfter - now).TotalDays);

    private static string Day(DateTimeOffset instant) => instant.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
}
