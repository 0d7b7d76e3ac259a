using System.Globalization;
using FlowEngine.Errors;
using FlowEngine.HttpConnector.Wire.Tls;

namespace FlowEngine.HttpConnector.Connectors;

/// <summary>Stateless: warns of a certificate from 30 days before it ends.</summary>
internal static class CertificateEnd
{
    private static readonly TimeSpan Soon = TimeSpan.FromDays(30);

    /// <summary>Warns of our own.</summary>
    public static void WarnOfOurs(SeenCertificate? certificate, DateTimeOffset now, SourceLocation at, DiagnosticBag problems) =>
        Warn(certificate, now, "The client certificate", at, problems);

    /// <summary>Warns of that of the API.</summary>
    public static void WarnOfTheirs(SeenCertificate? certificate, DateTimeOffset now, SourceLocation at, DiagnosticBag problems) =>
        Warn(certificate, now, "The API's certificate", at, problems);

    public static long DaysLeft(SeenCertificate certificate, DateTimeOffset now) =>
        (long)Math.Floor((certificate.NotAfter - now).TotalDays);

    public static string Day(DateTimeOffset instant) => instant.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    private static void Warn(SeenCertificate? certificate, DateTimeOffset now, string whose, SourceLocation at, DiagnosticBag problems)
    {
        if (certificate is not null && certificate.NotAfter - now < Soon)
            problems.Warning(HttpErrors.CertificateEnds, at, $"{whose} '{certificate.Subject}' {EndOf(certificate, now)}.");
    }

    private static string EndOf(SeenCertificate certificate, DateTimeOffset now) =>
        certificate.NotAfter < now
            ? $"ended on {Day(certificate.NotAfter)}"
            : $"ends on {Day(certificate.NotAfter)}, in {DaysLeft(certificate, now)} days";
}
