using FlowEngine.HttpConnector.Wire;

namespace FlowEngine.HttpConnector.Connectors;

/// <summary>Stateless: where a redirect leads and what may go there (RFC
/// 9110, 15.4; the method as the Fetch Standard changes it).</summary>
internal static class Redirect
{
    /// <summary>What may go to another origin: it says what is sent and wanted, not who sends it.</summary>
    private static readonly HashSet<string> Harmless = new(StringComparer.OrdinalIgnoreCase)
    {
        "accept",
        "accept-language",
        "content-type",
        "content-language",
        "idempotency-key",
    };

    /// <summary>Where an answer redirects to; null when it does not.</summary>
    public static string? LocationOf(HttpReply? reply) =>
        reply is { StatusCode: 301 or 302 or 303 or 307 or 308 } && reply.Header("location") is { Length: > 0 } location ? location : null;

    /// <summary>The target of a <c>location</c>; null when the redirect is not followed because it leaves https for http.</summary>
    public static HttpFault? Target(Uri from, string location, out Uri? target)
    {
        target = null;
        if (!Uri.TryCreate(from, location, out var resolved) || resolved.Scheme is not ("http" or "https"))
            return new HttpFault(HttpFaultCodes.UrlInvalid, "The API redirects to something that is not an HTTP URL.");
        if (from.Scheme == "https" && resolved.Scheme == "http")
            return null;
        // A fragment is for the client alone.
        return RequestUri.TryParse(resolved.GetLeftPart(UriPartial.Query), out target, out var fault)
            ? null
            : new HttpFault(fault.Code, $"The API redirects to a URL that may not be sent. {fault.Message}");
    }

    public static bool IsSameOrigin(Uri left, Uri right) =>
        left.Scheme == right.Scheme && left.Port == right.Port && left.Host.Equals(right.Host, StringComparison.OrdinalIgnoreCase);

    /// <summary>The next request.</summary>
    public static OutgoingRequest Follow(
        OutgoingRequest sent,
        int statusCode,
        Uri target,
        IReadOnlySet<string> connectorHeaders,
        bool keepAll
    )
    {
        var toGet = statusCode == 303 && sent.Method is not ("GET" or "HEAD") || statusCode is 301 or 302 && sent.Method == "POST";
        var next = new OutgoingRequest(toGet ? "GET" : sent.Method, target)
        {
            Body = toGet ? null : sent.Body,
            MeasureTimings = sent.MeasureTimings,
            MaxAnswerBytes = sent.MaxAnswerBytes,
            IsAway = sent.IsAway || !keepAll,
        };
        sent.Headers.CopyGivenTo(
            next.Headers,
            (name, isCredential) =>
                !(toGet && DescribesBody(name)) && (keepAll || !isCredential && Harmless.Contains(name) && !connectorHeaders.Contains(name))
        );
        return next;
    }

    private static bool DescribesBody(string name) =>
        name.StartsWith("content-", StringComparison.OrdinalIgnoreCase)
        || name.Equals("idempotency-key", StringComparison.OrdinalIgnoreCase);
}
