using FlowEngine.Context;
using FlowEngine.Json;
using Microsoft.AspNetCore.WebUtilities;

namespace FlowEngine.AspNetCore.Web.Edge;

/// <summary>Stateless: writes answers: JSON, and problem details (RFC 9457)
/// that also carry the members that the published clients read.</summary>
internal static class ApiAnswer
{
    /// <summary>Writes a JSON answer.</summary>
    public static Task WriteAsync(HttpContext http, FlowValue json) =>
        WriteAsync(http, StatusCodes.Status200OK, "application/json", JsonWriting.ToUtf8(json));

    /// <summary>Writes a JSON answer with another status than 200.</summary>
    public static Task WriteAsync(HttpContext http, int statusCode, FlowValue json) =>
        WriteAsync(http, statusCode, "application/json", JsonWriting.ToUtf8(json));

    /// <summary>Writes a JSON answer that was made before.</summary>
    public static Task WriteJsonAsync(HttpContext http, byte[] utf8) => WriteAsync(http, StatusCodes.Status200OK, "application/json", utf8);

    /// <summary>Answers that it is done: 204.</summary>
    public static Task DoneAsync(HttpContext http)
    {
        http.Response.StatusCode = StatusCodes.Status204NoContent;
        return Task.CompletedTask;
    }

    /// <summary>Writes a problem.</summary>
    /// <param name="http">The request.</param>
    /// <param name="statusCode">The status.</param>
    /// <param name="code">What is wrong.</param>
    /// <param name="message">What is wrong here.</param>
    /// <param name="members">What the problem also holds; an object or missing.</param>
    public static Task ProblemAsync(HttpContext http, int statusCode, ErrorCode code, string message, FlowValue members = default) =>
        ProblemAsync(http, statusCode, code.Code, code.Meaning, $"{message} {code.Advice}", members);

    /// <summary>Writes a problem.</summary>
    public static Task ProblemAsync(
        HttpContext http,
        int statusCode,
        string code,
        string description,
        string message,
        FlowValue members = default
    )
    {
        var json = new FlowObjectBuilder(8);
        json.Set("type", FlowValue.From("about:blank"));
        json.Set("title", FlowValue.From(ReasonPhrases.GetReasonPhrase(statusCode)));
        json.Set("status", FlowValue.From(statusCode));
        json.Set("detail", FlowValue.From(message));
        json.Set("errorCode", FlowValue.From(code));
        json.Set("errorDescription", FlowValue.From(description));
        json.Set("errorMessage", FlowValue.From(message));
        if (members.TryGetObject(out var more))
        {
            foreach (var (name, value) in more)
                json.Set(name, value);
        }
        return WriteAsync(http, statusCode, "application/problem+json", JsonWriting.ToUtf8(FlowValue.From(json.Build())));
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
