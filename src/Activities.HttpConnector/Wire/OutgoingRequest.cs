using FlowEngine.HttpConnector.Connectors;

namespace FlowEngine.HttpConnector.Wire;

/// <summary>Per request, single-threaded. One request as it will be sent: what is signed is what is here.</summary>
public sealed class OutgoingRequest
{
    /// <summary>Makes a request.</summary>
    /// <param name="method">The method, in upper case.</param>
    /// <param name="uri">A URI made by <see cref="RequestUri"/>: its path and query are sent exactly as written.</param>
    public OutgoingRequest(string method, Uri uri) => (Method, Uri) = (method, uri);

    /// <summary>The default of <see cref="Timeout"/>: 10 seconds.</summary>
    public static readonly TimeSpan DefaultTimeout = TimeSpan.FromSeconds(10);

    /// <summary>The method, in upper case.</summary>
    public string Method { get; }

    /// <summary>The absolute URI.</summary>
    public Uri Uri { get; }

    /// <summary>The headers, empty at first.</summary>
    public RequestHeaders Headers { get; init; } = new();

    /// <summary>The exact body bytes; default null: no body.</summary>
    public ReadOnlyMemory<byte>? Body { get; init; }

    /// <summary>For the whole exchange: DNS, connect, TLS, headers and the last byte of the body. Default 10 seconds.</summary>
    public TimeSpan Timeout { get; set; } = DefaultTimeout;

    /// <summary>Whether the reply carries <see cref="ExchangeTimings"/>. Default false.</summary>
    public bool MeasureTimings { get; init; }

    /// <summary>Whether a redirect led it away from where the connector points: no client certificate is shown there.</summary>
    internal bool IsAway { get; init; }

    /// <summary>How many bytes the answer's body may have where that is less than the transport allows. Default no less.</summary>
    internal int MaxAnswerBytes { get; set; } = int.MaxValue;

    /// <summary>The headers that were added on the way out, such as <c>traceparent</c>;
    /// told where <see cref="MeasureTimings"/> is set, once it was sent.</summary>
    internal IReadOnlyList<KeyValuePair<string, string>> Added { get; set; } = [];

    /// <summary>The content-length that goes out: none for a method that has no body by nature (RFC 9110 section 8.6).</summary>
    internal long? ContentLength =>
        Body is { } body ? body.Length
        : Headers.HasContentHeader || Method is not ("GET" or "HEAD" or "DELETE" or "OPTIONS") ? 0
        : null;
}
