using System.Collections.Frozen;
using System.Text;
using Microsoft.Net.Http.Headers;

namespace FlowEngine.Server.Hosting;

/// <summary>
/// Per process, thread-safe: the console at <c>/console</c>: the files that its build put beside the program, each in the encoding that the browser likes best.
/// Any other path below it is a page of the console, which its script draws. Only names that were found at the start are served.
/// </summary>
internal sealed class ConsolePages
{
    // Scripts and everything else come from here alone. Styles may be inline: canvas and menus place themselves by them. Pictures of screens may be anywhere.
    private const string Policy =
        "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data: https: http:; font-src 'self'; connect-src 'self'; frame-src 'self'; " +
        "base-uri 'none'; form-action 'self'; frame-ancestors 'none'";

    private const string Missing =
        "<!doctype html><html lang=\"en\"><meta charset=\"utf-8\"><title>FlowEngine</title><main><h1>The console was not built</h1>" +
        "<p>Node.js was not there when this server was built. Install Node 20 or later, run <code>dotnet build</code> again, and start the server anew. " +
        "Flows, the API and the sign-in pages work without it.</p></main></html>";

    private static readonly FrozenDictionary<string, string> Types = new Dictionary<string, string>
    {
        [".html"] = "text/html; charset=utf-8",
        [".js"] = "text/javascript; charset=utf-8",
        [".css"] = "text/css; charset=utf-8",
        [".svg"] = "image/svg+xml",
        [".woff2"] = "font/woff2",
    }.ToFrozenDictionary();

    private readonly FrozenDictionary<string, ConsoleFile> _files;

    private ConsolePages(FrozenDictionary<string, ConsoleFile> files) => _files = files;

    /// <summary>Finds the console's files.</summary>
    /// <param name="folder">Where the build put them; it may be missing.</param>
    public static ConsolePages Find(string folder)
    {
        var files = new Dictionary<string, ConsoleFile>(StringComparer.Ordinal);
        if (Directory.Exists(folder))
        {
            foreach (var path in Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories))
            {
                if (Types.TryGetValue(Path.GetExtension(path), out var type))
                    files[Path.GetRelativePath(folder, path).Replace('\\', '/')] = new ConsoleFile(path, type, File.Exists(path + ".br"), File.Exists(path + ".gz"));
            }
        }
        return new ConsolePages(files.ToFrozenDictionary(StringComparer.Ordinal));
    }

    /// <summary>Maps them.</summary>
    public void Map(IEndpointRouteBuilder endpoints) => endpoints.MapMethods("/console/{**path}", [HttpMethods.Get, HttpMethods.Head], (HttpContext http, string? path) => SendAsync(http, path ?? "")).ExcludeFromDescription();

    private async Task SendAsync(HttpContext http, string path)
    {
        var headers = http.Response.Headers;
        headers.ContentSecurityPolicy = Policy;
        headers["Cross-Origin-Opener-Policy"] = "same-origin";
        var isAsset = path.StartsWith("assets/", StringComparison.Ordinal);
        if (!_files.TryGetValue(path, out var file) && !isAsset)
            _files.TryGetValue("index.html", out file);
        if (file is null)
        {
            http.Response.StatusCode = isAsset ? StatusCodes.Status404NotFound : StatusCodes.Status503ServiceUnavailable;
            http.Response.ContentType = Types[".html"];
            await http.Response.WriteAsync(Missing, Encoding.UTF8, http.RequestAborted);
            return;
        }

        // The names of assets carry the hash of their content; the page that names them is asked for each time.
        headers.CacheControl = isAsset ? "public, max-age=31536000, immutable" : "no-cache";
        headers.Vary = HeaderNames.AcceptEncoding;
        http.Response.ContentType = file.Type;
        var accepted = http.Request.Headers.AcceptEncoding.ToString();
        var encoding = file.HasBrotli && accepted.Contains("br", StringComparison.Ordinal) ? "br" : file.HasGzip && accepted.Contains("gzip", StringComparison.Ordinal) ? "gzip" : null;
        var sent = encoding switch { "br" => file.Path + ".br", "gzip" => file.Path + ".gz", _ => file.Path };
        if (encoding is not null)
            headers.ContentEncoding = encoding;
        http.Response.ContentLength = new FileInfo(sent).Length;
        if (!HttpMethods.IsHead(http.Request.Method))
            await http.Response.SendFileAsync(sent, http.RequestAborted);
    }

    /// <summary>Shared and immutable: a file of the console.</summary>
    private sealed record ConsoleFile(string Path, string Type, bool HasBrotli, bool HasGzip);
}
