using System.Reflection;
using System.Text;
using System.Text.Encodings.Web;
using FlowEngine.AspNetCore.Web.Edge;
using FlowEngine.Json;
using Scalar.AspNetCore;

namespace FlowEngine.AspNetCore.Web.Management.Reference;

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
        "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; font-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

    /// <summary>All descriptions.</summary>
    public static IReadOnlyList<ApiOperation> Operations { get; } = [.. RuntimeOperations.All, .. ManagementOperations.All];

    /// <summary>Maps them. The document describes what is mapped when it is first asked for.</summary>
    public static void MapReference(this IEndpointRouteBuilder endpoints)
    {
        byte[] DocumentAt(PathString root) =>
            JsonWriting.ToUtf8(
                OpenApiDocument.Write(
                    Operations,
                    OpenApiDocument.Mapped(endpoints.DataSources.SelectMany(source => source.Endpoints)),
                    Version,
                    root.HasValue ? root.ToUriComponent() : "/"
                )
            );
        // Kept for one path: hardly anybody serves several.
        Tuple<PathString, byte[]>? kept = null;
        byte[] Document(PathString root)
        {
            var document = kept;
            if (document?.Item1 != root)
                kept = document = Tuple.Create(root, DocumentAt(root));
            return document.Item2;
        }

        var group = endpoints.MapGroup("").ExcludeFromDescription().RequireRateLimiting(RateLimits.Others);
        group.MapGet("/openapi/v1.json", (HttpContext http) => Send(http, Document(http.Request.PathBase), "application/json", "no-cache"));
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

    private static string Version { get; } =
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
