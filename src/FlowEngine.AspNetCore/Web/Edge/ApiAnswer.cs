using System.Text.Json;
using Microsoft.AspNetCore.WebUtilities;

namespace FlowEngine.AspNetCore.Web.Edge;

/// <summary>Stateless: writes answers: records as JSON, and problem details (RFC 9457) that also carry the members that the published
/// clients read.</summary>
internal static class ApiAnswer
{
    /// <summary>Writes a record as a JSON answer.</summary>
    public static Task WriteAsync(HttpContext http, int statusCode, object answer) =>
        WriteAsync(http, statusCode, "application/json", ToUtf8(http, answer));

    /// <summary>Writes a JSON answer that was made before.</summary>
    public static Task WriteJsonAsync(HttpContext http, byte[] utf8) => WriteAsync(http, StatusCodes.Status200OK, "application/json", utf8);

    /// <summary>Writes a problem.</summary>
    /// <param name="http">The request.</param>
    /// <param name="statusCode">The status.</param>
    /// <param name="code">What is wrong.</param>
    /// <param name="message">What is wrong here.</param>
    /// <param name="members">What the problem also holds.</param>
    public static Task ProblemAsync(HttpContext http, int statusCode, ErrorCode code, string message, ProblemMembers? members = null) =>
        ProblemAsync(http, statusCode, code.Code, code.Meaning, $"{message} {code.Advice}", members);

    /// <summary>Writes a problem.</summary>
    public static Task ProblemAsync(
        HttpContext http,
        int statusCode,
        string code,
        string description,
        string message,
        ProblemMembers? members = null
    )
    {
        var problem = new Problem(
            "about:blank",
            ReasonPhrases.GetReasonPhrase(statusCode),
            statusCode,
            message,
            code,
            description,
            message,
            members?.Diagnostics,
            members?.Current,
            members?.UsedBy,
            members?.ExecutionId,
            members?.Reference,
            members?.Message,
            members?.Output ?? default,
            members?.Pointer
        );
        return WriteAsync(http, statusCode, "application/problem+json", ToUtf8(http, problem));
    }

    private static byte[] ToUtf8(HttpContext http, object answer)
    {
        var options = http.RequestServices.GetRequiredService<JsonContract>().Options;
        return JsonSerializer.SerializeToUtf8Bytes(answer, options.GetTypeInfo(answer.GetType()));
    }

    private static async Task WriteAsync(HttpContext http, int statusCode, string contentType, byte[] body)
    {
        http.Response.StatusCode = statusCode;
        http.Response.ContentType = contentType;
        http.Response.ContentLength = body.Length;
        if (!HttpMethods.IsHead(http.Request.Method))
            await http.Response.SendAsync(body);
    }
}
