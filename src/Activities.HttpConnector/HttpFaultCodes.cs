using FlowEngine.HttpConnector.Connectors;

namespace FlowEngine.HttpConnector;

/// <summary>Shared and immutable. The codes of a <see cref="HttpFault"/>: part of the product's contract, never renamed.</summary>
public static class HttpFaultCodes
{
    /// <summary>The host name could not be resolved.</summary>
    public const string Dns = "http.dns";

    /// <summary>No connection, or the connection was lost before an answer came.</summary>
    public const string Connect = "http.connect";

    /// <summary>TLS failed: certificate expired, untrusted, for another host, or no TLS at the other end.</summary>
    public const string Tls = "http.tls";

    /// <summary>The exchange, from DNS to the last byte of the body, took longer than its timeout.</summary>
    public const string Timeout = "http.timeout";

    /// <summary>The OAuth token endpoint gave no token.</summary>
    public const string Token = "http.token";

    /// <summary>A header name or value may not be sent (RFC 9110 section 5).</summary>
    public const string HeaderInvalid = "http.header_invalid";

    /// <summary>A header has no value, and its rule says that nothing is sent then.</summary>
    public const string HeaderMissing = "http.header_missing";

    /// <summary>A header has several values, and its rule allows one.</summary>
    public const string HeaderMany = "http.header_many";

    /// <summary>The request cannot be signed as the connector says: the key is no key, or a component is missing.</summary>
    public const string Signature = "http.signature";

    /// <summary>The body cannot be written: a file or a binary body is no base64.</summary>
    public const string Body = "http.body";

    /// <summary>The URL may not be sent.</summary>
    public const string UrlInvalid = "http.url_invalid";

    /// <summary>The egress guard refused the resolved address.</summary>
    public const string Blocked = "http.blocked";

    /// <summary>The request body, the answer's headers or its body (after decompression) are over their limit.</summary>
    public const string TooLarge = "http.too_large";

    /// <summary>The answer is not HTTP, is cut short, or its content coding is corrupt.</summary>
    public const string BadResponse = "http.bad_response";

    /// <summary>The status is a success, but what <c>successWhen</c> asks for does not hold.</summary>
    public const string NotSuccess = "http.not_success";

    /// <summary>A page of the answer has no list where the flow looks for one.</summary>
    public const string PageItems = "http.page_items";

    /// <summary>A page of the answer names a next one that may not be asked for: on another origin, no URL, or read already.</summary>
    public const string PageNext = "http.page_next";

    /// <summary>The call could not be queued for delivery.</summary>
    public const string Queue = "http.queue";

    /// <summary>Too many calls of the connector are under way, or were made, and none more fitted into the call's time.</summary>
    public const string Busy = "http.busy";

    /// <summary>The API asked for time, and the connector gives it.</summary>
    public const string Cooldown = "http.cooldown";

    /// <summary>The connector is switched off.</summary>
    public const string Disabled = "http.disabled";

    /// <summary>The connector's circuit breaker is open.</summary>
    public const string CircuitOpen = "http.circuit_open";

    /// <summary>The flow's time budget was over before the call began; the engine's own code.</summary>
    public const string Budget = "flow.budget";
}
