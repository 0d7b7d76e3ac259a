using FlowEngine.AspNetCore.Web.Edge;

namespace FlowEngine.AspNetCore.Web.Console;

/// <summary>Stateless: serves the console at <c>/console</c>.</summary>
internal static class ConsoleEndpoints
{
    // Editors and dialogs put style sheets of their own into the page; scripts come from
    // here and nowhere else. Pictures may come from elsewhere, because screens show them.
    private const string Policy =
        "default-src 'self'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' "
        + "data: https:; font-src 'self' data:; connect-src 'self'; worker-src 'self' blob:; "
        + "frame-src 'self'; object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'";

    private const string NotBuilt = """
        <!doctype html>
        <html lang="en">
        <head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>The console is not built</title></head>
        <body>
        <main>
        <h1>The console is not built</h1>
        <p>The server works without it; only its pages are missing, because there was no Node.js when the server was built.</p>
        <ol>
        <li>Install <a href="https://nodejs.org">Node.js 20 or later</a>, which brings npm.</li>
        <li>Build again: <code>dotnet build src/FlowEngine.Server</code></li>
        <li>Start the server anew.</li>
        </ol>
        <p>Everything that the console does, programs can do with the API under <code>/api</code>.</p>
        </main>
        </body>
        </html>
        """;

    /// <summary>Maps it.</summary>
    public static void MapConsole(this IEndpointRouteBuilder endpoints, ConsoleFiles files)
    {
        endpoints
            .MapMethods(
                "/console/{**path}",
                [HttpMethods.Get, HttpMethods.Head],
                (HttpContext http, string? path) => ServeAsync(http, path ?? "", files)
            )
            .ExcludeFromDescription()
            .RequireRateLimiting(RateLimits.Others);
    }

    private static Task ServeAsync(HttpContext http, string path, ConsoleFiles files)
    {
        http.Response.Headers.ContentSecurityPolicy = Policy;
        if (files.Index(http.Request.PathBase.ToUriComponent()) is not { } index)
            return WriteAsync(
                http,
                StatusCodes.Status503ServiceUnavailable,
                "text/html; charset=utf-8",
                System.Text.Encoding.UTF8.GetBytes(NotBuilt)
            );

        var isAsset = path.StartsWith("assets/", StringComparison.Ordinal);
        if ((files.Find(path) ?? (isAsset ? null : index)) is not { } file)
            throw ApiQuery.NotFound("There is no such file.");

        var (content, encoding) = file.For(http.Request.Headers.AcceptEncoding.ToString());
        var headers = http.Response.Headers;
        // The names of assets change with their content.
        headers.CacheControl = isAsset ? "public, max-age=31536000, immutable" : "no-cache";
        headers.ETag = $"\"{file.Hash}{(encoding is null ? "" : "-" + encoding)}\"";
        headers.Vary = "Accept-Encoding";
        if (http.Request.Headers.IfNoneMatch.ToString() == headers.ETag)
        {
            http.Response.StatusCode = StatusCodes.Status304NotModified;
            return Task.CompletedTask;
        }
        if (encoding is not null)
            headers.ContentEncoding = encoding;
        return WriteAsync(http, StatusCodes.Status200OK, file.ContentType, content);
    }

    private static async Task WriteAsync(HttpContext http, int statusCode, string contentType, byte[] content)
    {
        http.Response.StatusCode = statusCode;
        http.Response.ContentType = contentType;
        http.Response.ContentLength = content.Length;
        if (!HttpMethods.IsHead(http.Request.Method))
            await http.Response.SendAsync(content);
    }
}
