using FlowEngine.HttpConnector.Connectors;

namespace FlowEngine.HttpConnector;

/// <summary>
/// Shared and immutable. Why a request brought no usable answer. Never holds a header value, a query string or any
/// other secret, so it may be shown, logged and traced.
/// </summary>
/// <param name="Code">One of <see cref="HttpFaultCodes"/>; stable, documented in docs/errors.md.</param>
/// <param name="Message">What happened and what to do, for people.</param>
public sealed record HttpFault(string Code, string Message)
{
    /// <summary>When it makes sense to try again; null (the default) where nobody knows.</summary>
    public DateTimeOffset? RetryAt { get; init; }
}
