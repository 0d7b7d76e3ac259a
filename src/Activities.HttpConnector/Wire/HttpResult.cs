using System.Diagnostics.CodeAnalysis;
using FlowEngine.HttpConnector.Connectors;

namespace FlowEngine.HttpConnector.Wire;

/// <summary>Shared and immutable. What an exchange ended with: exactly one of an answer (of any status) and a fault.</summary>
public readonly struct HttpResult
{
    private HttpResult(HttpReply? reply, HttpFault? fault) => (Reply, Fault) = (reply, fault);

    /// <summary>The answer, whatever its status code; null when there is a <see cref="Fault"/>.</summary>
    public HttpReply? Reply { get; }

    /// <summary>Why there is no answer; null when there is a <see cref="Reply"/>.</summary>
    public HttpFault? Fault { get; }

    /// <summary>Tells the two apart.</summary>
    /// <param name="reply">The answer, when true is returned.</param>
    /// <param name="fault">The fault, when false is returned.</param>
    /// <returns>True when an answer came.</returns>
    public bool TryGetReply([NotNullWhen(true)] out HttpReply? reply, [NotNullWhen(false)] out HttpFault? fault)
    {
        reply = Reply;
        fault = reply is null ? Fault ?? throw new InvalidOperationException("An empty HttpResult has neither reply nor fault.") : null;
        return reply is not null;
    }

    /// <summary>The result of an exchange that was answered.</summary>
    /// <param name="reply">The answer.</param>
    /// <returns>The result.</returns>
    public static HttpResult Answered(HttpReply reply) => new(reply, null);

    /// <summary>The result of an exchange that failed.</summary>
    /// <param name="code">One of <see cref="HttpFaultCodes"/>.</param>
    /// <param name="message">What happened and what to do, without secrets.</param>
    /// <returns>The result.</returns>
    public static HttpResult Failed(string code, string message) => new(null, new HttpFault(code, message));

    /// <summary>The result of an exchange that failed.</summary>
    /// <param name="fault">The fault.</param>
    /// <returns>The result.</returns>
    public static HttpResult Failed(HttpFault fault) => new(null, fault);
}
