using System.Text.Json.Serialization;
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

    /// <summary>What the problem details also hold; null for nothing.</summary>
    public ProblemMembers? Members { get; init; }
}

/// <summary>Shared and immutable: what problem details hold beyond what all of them do; see <see cref="Problem"/>.</summary>
internal sealed record ProblemMembers
{
    public IReadOnlyList<FileProblem>? Diagnostics { get; init; }

    public ProblemCurrent? Current { get; init; }

    public IReadOnlyList<string>? UsedBy { get; init; }

    public string? ExecutionId { get; init; }

    public string? Reference { get; init; }

    public string? Message { get; init; }

    public FlowValue Output { get; init; }

    public string? Pointer { get; init; }
}

/// <summary>Shared and immutable: what is stored now; the answer's own record, or null for nothing.</summary>
/// <param name="Value">The record.</param>
internal sealed record ProblemCurrent(object? Value);

/// <summary>Why a request is refused: problem details (RFC 9457), with a stable code.</summary>
/// <param name="Type">Always <c>about:blank</c>.</param>
/// <param name="Title">The status in words.</param>
/// <param name="Status">The status.</param>
/// <param name="Detail">What is wrong, and what to do.</param>
/// <param name="ErrorCode">The stable code; docs/errors.md lists them.</param>
/// <param name="ErrorDescription">What the code means.</param>
/// <param name="ErrorMessage">As <c>detail</c>.</param>
/// <param name="Diagnostics">The problems of a file that was refused.</param>
/// <param name="Current">What is stored now, of a save that came too late.</param>
/// <param name="UsedBy">The flows that use what was to be deleted.</param>
/// <param name="ExecutionId">The run that was refused.</param>
/// <param name="Reference">What people may quote of the run.</param>
/// <param name="Message">What the run's End says.</param>
/// <param name="Output">The run's outputs.</param>
/// <param name="Pointer">The member of the body that cannot be used, as a JSON Pointer (RFC 6901).</param>
internal sealed record Problem(
    string Type,
    string Title,
    int Status,
    string Detail,
    string ErrorCode,
    string ErrorDescription,
    string ErrorMessage,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] IReadOnlyList<FileProblem>? Diagnostics = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull), JsonConverter(typeof(ProblemCurrentConverter))]
        ProblemCurrent? Current = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] IReadOnlyList<string>? UsedBy = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? ExecutionId = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Reference = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Message = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault), JsonConverter(typeof(TellingValueConverter))]
        FlowValue Output = default,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Pointer = null
);
