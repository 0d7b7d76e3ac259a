using FlowEngine.Errors;
using FlowEngine.HttpConnector.Connectors;

namespace FlowEngine.HttpConnector;

/// <summary>Shared and immutable: the codes of the HTTP connector.</summary>
public static class HttpErrors
{
    /// <summary>An answer whose status is not a success.</summary>
    public static readonly ErrorCode Status = new(
        "http.status",
        "The API answered with a status that is not a success.",
        "Branch on connectors.<contextKey>.statusCode with a custom error path."
    );

    /// <summary>An answer that is no success by what it says.</summary>
    public static readonly ErrorCode NotSuccess = new(
        HttpFaultCodes.NotSuccess,
        "The API answered with the status of a success, but the answer is none by the activity's successWhen.",
        "Look at connectors.<contextKey>.body; an outcome can name it as not_success."
    );

    /// <summary>The host name could not be resolved.</summary>
    public static readonly ErrorCode Dns = new(
        HttpFaultCodes.Dns,
        "The host name could not be resolved.",
        "Check the base URL and the server's DNS."
    );

    /// <summary>No connection.</summary>
    public static readonly ErrorCode Connect = new(
        HttpFaultCodes.Connect,
        "No connection could be made, or it was lost before an answer came.",
        "Check that the API is up and reachable from here."
    );

    /// <summary>TLS failed.</summary>
    public static readonly ErrorCode Tls = new(
        HttpFaultCodes.Tls,
        "The TLS handshake failed.",
        "Check the API's certificate; for tests only, a connector can trust any."
    );

    /// <summary>TLS settings that cannot be used.</summary>
    public static readonly ErrorCode TlsSettings = new(
        "http.tls_settings",
        "The connector's settings of TLS cannot be used: half an identity, a key of another certificate, no certificate at all.",
        "Follow the message: clientCertificate and clientKey go together, and caCertificates need their root."
    );

    /// <summary>A certificate that ends soon.</summary>
    public static readonly ErrorCode CertificateEnds = new(
        "http.certificate_ends",
        "The client certificate of a connector, or its API's certificate, has ended or ends within 30 days.",
        "Have it renewed. A file that clientCertificate names is read again when it changes."
    );

    /// <summary>The timeout passed.</summary>
    public static readonly ErrorCode Timeout = new(
        HttpFaultCodes.Timeout,
        "The API gave no complete answer within the timeout.",
        "Raise the timeout, or ask the API's owner."
    );

    /// <summary>No token.</summary>
    public static readonly ErrorCode Token = new(
        HttpFaultCodes.Token,
        "The OAuth token endpoint gave no token.",
        "Check client id, secret, scopes and authUrl."
    );

    /// <summary>A header that may not be sent.</summary>
    public static readonly ErrorCode HeaderInvalid = new(
        HttpFaultCodes.HeaderInvalid,
        "A header name or value may not be sent (RFC 9110, 5.5).",
        "Remove line breaks and control characters, or encode the value."
    );

    /// <summary>A cache where nothing can be used again.</summary>
    public static readonly ErrorCode Cache = new(
        "http.cache",
        "An activity uses answers again whose call is none that only reads, or has none.",
        "Use \"cache\" with GET, where the flow waits for the answer."
    );

    /// <summary>Pages that cannot be read so.</summary>
    public static readonly ErrorCode Pages = new(
        "http.pages",
        "An activity reads pages of what has none, or says two things of how the next one is found.",
        "Use \"pages\" with GET, where the flow waits for the answer; follow the message."
    );

    /// <summary>A page without a list.</summary>
    public static readonly ErrorCode PageItems = new(
        HttpFaultCodes.PageItems,
        "A page of the answer has no list where the flow looks for its items (pages.items).",
        "Compare pages.items with what the API answers; what was read before is in connectors.<contextKey>.items."
    );

    /// <summary>A next page that is not asked for.</summary>
    public static readonly ErrorCode PageNext = new(
        HttpFaultCodes.PageNext,
        "A page of the answer names a next one on another origin than the base URL's, one that is no URL, or one that was read already.",
        "Look at what the API answers. Only pages of the base URL's origin are read: credentials go nowhere else."
    );

    /// <summary>A header without a value.</summary>
    public static readonly ErrorCode HeaderMissing = new(
        HttpFaultCodes.HeaderMissing,
        "A header has no value, and its rule (whenMissing) says that nothing is sent then.",
        "Find out why the path has no value; or let the rule leave the header out, or use something else."
    );

    /// <summary>A header with several values.</summary>
    public static readonly ErrorCode HeaderMany = new(
        HttpFaultCodes.HeaderMany,
        "A header has several values, and its rule (whenMany) allows one.",
        "Lead the path to one of them; or let the rule take the first, join or repeat them."
    );

    /// <summary>A URL that may not be sent.</summary>
    public static readonly ErrorCode UrlInvalid = new(
        HttpFaultCodes.UrlInvalid,
        "The URL may not be sent.",
        "Follow the message; values never change scheme, host or port."
    );

    /// <summary>The egress guard refused the address.</summary>
    public static readonly ErrorCode Blocked = new(
        HttpFaultCodes.Blocked,
        "The egress guard refused the resolved address.",
        "The operator allows private addresses by Egress:AllowPrivateNetworks, on the command "
            + "line by --set Egress:AllowPrivateNetworks=true; metadata addresses are always refused."
    );

    /// <summary>Something is over its limit.</summary>
    public static readonly ErrorCode TooLarge = new(
        HttpFaultCodes.TooLarge,
        "The request body, or the answer's headers or body, are over their limit.",
        "Send or ask for less, or raise the limit."
    );

    /// <summary>An answer that cannot be used.</summary>
    public static readonly ErrorCode BadResponse = new(
        HttpFaultCodes.BadResponse,
        "The answer is not HTTP, is cut short, or is not the JSON that it claims to be.",
        "Ask the API's owner, or set responseFormat to \"text\"."
    );

    /// <summary>Too many calls.</summary>
    public static readonly ErrorCode Busy = new(
        HttpFaultCodes.Busy,
        "Too many calls of the connector are under way or were made, and there was no room for another within its timeout.",
        "Look whether the API hangs. Otherwise raise maxConcurrent or rateLimit of the connector, or the timeout."
    );

    /// <summary>The API asked for time.</summary>
    public static readonly ErrorCode Cooldown = new(
        HttpFaultCodes.Cooldown,
        "The API asked for time (Retry-After), and no call is made until then.",
        "Wait until connectors.<contextKey>.retryAt; a Button can, by enabledAt. The connector's setting is cooldown."
    );

    /// <summary>Switched off.</summary>
    public static readonly ErrorCode Disabled = new(
        HttpFaultCodes.Disabled,
        "The connector is switched off; nothing was sent.",
        "Switch it on: its setting is disabled."
    );

    /// <summary>The circuit breaker is open.</summary>
    public static readonly ErrorCode CircuitOpen = new(
        HttpFaultCodes.CircuitOpen,
        "The connector's circuit breaker is open after many failures.",
        "Wait until the API has recovered."
    );

    /// <summary>A durable call that could not be queued.</summary>
    public static readonly ErrorCode Queue = new(
        HttpFaultCodes.Queue,
        "The call could not be queued for delivery: there is no room for it, or nobody who would store it.",
        "Look at the undelivered calls (GET /api/calls): an API that stays away fills the queue. The limits are the settings Calls."
    );

    /// <summary>A message signature that cannot be made.</summary>
    public static readonly ErrorCode Signature = new(
        HttpFaultCodes.Signature,
        "Requests cannot be signed as messageSignature says (RFC 9421): by its key, or because a covered part is missing.",
        "Follow the message. A header that not every request has cannot be covered."
    );

    /// <summary>An AWS signature that cannot be made.</summary>
    public static readonly ErrorCode Aws = new(
        "http.aws",
        "Requests cannot be signed for AWS as the connector says.",
        "Follow the message; region and service are written as in the API's ARN."
    );

    /// <summary>A bad signature template.</summary>
    public static readonly ErrorCode SignatureTemplate = new(
        "http.signature_template",
        "The signature template has an unknown element.",
        "Use METHOD, URI, HEADER_<name> and BODY, separated by commas."
    );

    /// <summary>A received request that cannot be checked.</summary>
    public static readonly ErrorCode Received = new(
        "http.received",
        "A request that was pasted, to see which key signed it, cannot be read, or the connector signs nothing.",
        "Paste the raw request: the request line, headers, an empty line, the body."
    );

    /// <summary>Certificates are not checked.</summary>
    public static readonly ErrorCode Insecure = new(
        "http.insecure",
        "The connector trusts any certificate: whoever sits in between can read and change what is sent.",
        "Have certificates checked again outside of tests."
    );

    /// <summary>Outcomes that cannot be told apart.</summary>
    public static readonly ErrorCode Outcomes = new(
        "http.outcomes",
        "The outcomes by answer name what is neither status nor fault, or cannot be told apart.",
        "Let each status, range, class and fault lead to one outcome, whose name is not Success and not an event's."
    );

    /// <summary>A body that does not fit its type.</summary>
    public static readonly ErrorCode Body = new(HttpFaultCodes.Body, "The body does not fit its body type.", "Follow the message.");

    /// <summary>Every code of this catalogue.</summary>
    public static IReadOnlyList<ErrorCode> All => ErrorCatalogue.Of(typeof(HttpErrors));
}
