using System.Reflection;
using System.Text;
using System.Text.Encodings.Web;
using FlowEngine.AspNetCore.Web.Edge;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;
using Scalar.AspNetCore;

namespace FlowEngine.AspNetCore.Web.Contract;

/// <summary>Per process, thread-safe: <c>/openapi/v1.json</c> and <c>/reference</c>, the
/// page to read it on. The page loads nothing from other hosts and asks none.</summary>
internal static class ReferenceEndpoints
{
    private static string Page(string root) =>
        $"""
            <!doctype html>
            <html lang="en">
            <head>
            <meta charset="utf-8">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <title>FlowEngine API reference</title>
            </head>
            <body>
            <noscript>
            This page needs JavaScript. The document itself is at <a href="{root}/openapi/v1.json">{root}/openapi/v1.json</a>.
            </noscript>
            <div id="reference"></div>
            <script src="{root}/reference/scalar.js"></script>
            <script src="{root}/reference/start.js"></script>
            </body>
            </html>
            """;

    // No fonts, proxy, telemetry or assistants: all of them would ask other hosts.
    private const string Start = """
        Scalar.createApiReference("#reference", {
          url: new URL("../openapi/v1.json", document.currentScript.src).href,
          withDefaultFonts: false, telemetry: false, hideClientButton: true, showDeveloperTools: "never",
          proxyUrl: "", agent: { disabled: true }, mcp: { disabled: true },
        });
        """;

    /// <summary>The page's own policy: Scalar writes style elements, but runs no inline script and evaluates nothing.</summary>
    private const string Policy =
        "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; font-src 'self' data:; "
        + "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

    /// <summary>Maps them. The document is made when it is first asked for; it is the same for as long as the process lives.</summary>
    public static void MapReference(this IEndpointRouteBuilder endpoints)
    {
        // Kept for one path: hardly anybody serves several.
        Tuple<PathString, Task<byte[]>>? kept = null;
        Task<byte[]> DocumentAt(PathString root)
        {
            var document = kept;
            if (document is null || document.Item1 != root || document.Item2.IsFaulted)
                kept = document = Tuple.Create(root, WriteAsync(endpoints.ServiceProvider, root.HasValue ? root.ToUriComponent() : "/"));
            return document.Item2;
        }

        var group = endpoints.MapGroup("").ExcludeFromDescription().RequireRateLimiting(RateLimits.Others);
        // As a delegate that answers, not as one that has written its answer.
        Delegate send = async (HttpContext http) => Send(http, await DocumentAt(http.Request.PathBase), "application/json", "no-cache");
        group.MapGet("/openapi/v1.json", send);
        group.MapGet(
            "/reference",
            (HttpContext http) =>
            {
                http.Response.Headers.ContentSecurityPolicy = Policy;
                var root = HtmlEncoder.Default.Encode(http.Request.PathBase.ToUriComponent());
                return Send(http, Encoding.UTF8.GetBytes(Page(root)), "text/html; charset=utf-8", "no-cache");
            }
        );
        group.MapGet(
            "/reference/start.js",
            (HttpContext http) => Send(http, Encoding.UTF8.GetBytes(Start), "text/javascript; charset=utf-8", "no-cache")
        );
        group.MapGet(
            "/reference/scalar.js",
            (HttpContext http) =>
            {
                // As the package has it: compressed. Every browser takes that.
                http.Response.Headers.ContentEncoding = "gzip";
                return Send(http, Script.Value, "text/javascript; charset=utf-8", "public, max-age=86400");
            }
        );
    }

    private static async Task<byte[]> WriteAsync(IServiceProvider services, string root)
    {
        var document = await services
            .GetRequiredKeyedService<IOpenApiDocumentProvider>(ApiDocument.Name)
            .GetOpenApiDocumentAsync(CancellationToken.None);
        document.Servers = [new OpenApiServer { Url = root }];
        await using var text = new MemoryStream();
        await document.SerializeAsJsonAsync(text, OpenApiSpecVersion.OpenApi3_1);
        return text.ToArray();
    }

    /// <summary>The server's version.</summary>
    public static string Version { get; } =
        typeof(ReferenceEndpoints).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split('+')[0]
        ?? "";

    private static Lazy<byte[]> Script { get; } =
        new(() =>
        {
            using var stream = typeof(ScalarOptions).Assembly.GetManifestResourceStream("ScalarStaticAssets.scalar.js")!;
            using var content = new MemoryStream();
            stream.CopyTo(content);
            return content.ToArray();
        });

    private static IResult Send(HttpContext http, byte[] content, string contentType, string cacheControl)
    {
        http.Response.Headers.CacheControl = cacheControl;
        return AnswerPieces.Of(content, contentType);
    }
}
