using FlowEngine.Context;

namespace FlowEngine.AspNetCore.Web.Edge;

/// <summary>A request that is refused. It becomes problem details (RFC 9457).</summary>
internal sealed class ApiException : Exception
{
    /// <summary>Makes an exception.</summary>
    /// <param name="statusCode">The HTTP status.</param>
    /// <param name="code">What is wrong.</param>
    /// <param name="message">What is wrong here, for the caller; null for the code's own text.</param>
    public ApiException(int statusCode, ErrorCode code, string? message = null)
        : base(message ?? code.Meaning)
    {
        StatusCode = statusCode;
        Code = code;
    }

    /// <summary>The HTTP status.</summary>
    public int StatusCode { get; }

    /// <summary>What is wrong.</summary>
    public ErrorCode Code { get; }

    /// <summary>What the problem details also hold, such as <c>diagnostics</c>; an object or missing.</summary>
    public FlowValue Members { get; init; }
}
