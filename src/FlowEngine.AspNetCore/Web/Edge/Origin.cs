using System.Net;
using FlowEngine.Errors;

namespace FlowEngine.AspNetCore.Web.Edge;

/// <summary>Stateless: origins of pages, as browsers send them (RFC 6454).</summary>
internal static class Origin
{
    /// <summary>Reports those that are none.</summary>
    public static void Check(IEnumerable<string> origins, SourceLocation at, DiagnosticBag problems)
    {
        foreach (var origin in origins.Where(origin => !IsOrigin(origin)))
            problems.Error(
                FlowErrors.Value,
                at,
                $"'{origin}' is no origin.",
                "Write origins such as https://app.example.com, each by its full name and without a path."
            );
    }

    private static bool IsOrigin(string text) =>
        Uri.TryCreate(text, UriKind.Absolute, out var uri)
        && (uri.Scheme == Uri.UriSchemeHttp || uri.Scheme == Uri.UriSchemeHttps)
        && string.Equals(uri.GetLeftPart(UriPartial.Authority), text, StringComparison.OrdinalIgnoreCase)
        && uri.UserInfo.Length == 0
        && !text.Contains('*', StringComparison.Ordinal)
        && (uri.HostNameType != UriHostNameType.Unknown || IPAddress.TryParse(uri.Host, out _));
}
