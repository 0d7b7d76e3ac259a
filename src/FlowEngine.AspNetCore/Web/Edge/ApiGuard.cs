using FlowEngine.AspNetCore.Runs;
using FlowEngine.Storage;

namespace FlowEngine.AspNetCore.Web.Edge;

/// <summary>Per process, thread-safe: the outermost layer: security headers
/// for every answer, and problem details for whatever breaks.</summary>
internal sealed partial class ApiGuard(RequestDelegate next, ILogger<ApiGuard> log)
{
    /// <summary>When it is worth while to ask again, once the storage failed.</summary>
    private const string RetrySeconds = "2";

    /// <summary>Handles a request.</summary>
    public async Task InvokeAsync(HttpContext http)
    {
        SetHeaders(http.Response.Headers, http.Request.IsHttps);
        try
        {
            await next(http);
            if (
                !http.Response.HasStarted
                && http.Response.StatusCode is StatusCodes.Status404NotFound or StatusCodes.Status405MethodNotAllowed
                && http.Response is { ContentLength: null, ContentType: null }
            )
                await ApiAnswer.ProblemAsync(http, http.Response.StatusCode, ApiErrors.NotFound, ApiErrors.NotFound.Meaning);
        }
        catch (Exception) when (http.RequestAborted.IsCancellationRequested)
        {
            // Nobody is there any more.
        }
        catch (Exception error) when (!http.Response.HasStarted)
        {
            var (statusCode, code, message) = Explain(error);
            if (error is StorageException)
                http.Response.Headers.RetryAfter = RetrySeconds;
            if (statusCode >= StatusCodes.Status500InternalServerError && error is not ApiException)
                // Not the path: the ids in it are keys.
                LogFailure(log, error, http.Request.Method, (http.GetEndpoint() as RouteEndpoint)?.RoutePattern.RawText ?? "(no route)");
            await ApiAnswer.ProblemAsync(http, statusCode, code, message, (error as ApiException)?.Members);
        }
    }

    private static (int StatusCode, ErrorCode Code, string Message) Explain(Exception error) =>
        error switch
        {
            ApiException api => (api.StatusCode, api.Code, api.Message),
            BadHttpRequestException { StatusCode: StatusCodes.Status413PayloadTooLarge } => (
                StatusCodes.Status413PayloadTooLarge,
                ApiErrors.TooLarge,
                ApiErrors.TooLarge.Meaning
            ),
            BadHttpRequestException request => (request.StatusCode, ApiErrors.Body, ApiErrors.Body.Meaning),
            RunMovingException => (StatusCodes.Status503ServiceUnavailable, ApiErrors.Moving, ApiErrors.Moving.Meaning),
            // Its message may name hosts and files; the log has it.
            StorageException storage => (StatusCodes.Status503ServiceUnavailable, storage.Code, storage.Code.Meaning),
            _ => (StatusCodes.Status500InternalServerError, ApiErrors.Unexpected, ApiErrors.Unexpected.Meaning),
        };

    /// <summary>Sets what every answer has: nothing of it is kept, framed, guessed at or told to other hosts.</summary>
    internal static void SetHeaders(IHeaderDictionary headers, bool isHttps)
    {
        // A year, for this host alone: what other hosts of the domain do is not ours to say.
        if (isHttps)
            headers.StrictTransportSecurity = "max-age=31536000";
        headers.XContentTypeOptions = "nosniff";
        headers["Referrer-Policy"] = "no-referrer";
        headers.ContentSecurityPolicy = "default-src 'none'; frame-ancestors 'none'";
        headers.CacheControl = "no-store";
    }

    [LoggerMessage(EventId = 1201, Level = LogLevel.Error, Message = "{Method} {Route} could not be answered.")]
    private static partial void LogFailure(ILogger logger, Exception error, string method, string route);
}
