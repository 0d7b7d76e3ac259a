using System.Buffers;
using System.Text;
using FlowEngine.AspNetCore.Web.Edge;
using FlowEngine.Context;
using FlowEngine.Json;

namespace FlowEngine.AspNetCore.Web.Screens;

/// <summary>Per process, thread-safe: answers with pages, whole ones for browsers and their content for <c>Assets/screens.js</c>.</summary>
internal sealed class PageWriter(HostedScreensOptions options, ScreenRenderer screens)
{
    private const string InlineHeader = "FlowEngine-Inline";

    /// <summary>Whether a script asks, which puts the answer into the page it is on.</summary>
    public static bool IsInline(HttpRequest request) => request.Headers.ContainsKey(InlineHeader);

    public async Task WriteAsync(HttpContext http, Page page)
    {
        SetHeaders(http.Response, page.ReturnUri);
        http.Response.StatusCode = page.StatusCode;
        if (IsInline(http.Request))
        {
            var json = new FlowObjectBuilder(2);
            json.Set("title", FlowValue.From(page.Title));
            json.Set("html", FlowValue.From(page.Main.ToString()));
            await WriteJsonAsync(http, json);
            return;
        }
        http.Response.ContentType = "text/html; charset=utf-8";
        http.Response.Headers.ContentLanguage = page.Translation.Locale;
        var document = page.Document(http.Request.PathBase.ToUriComponent(), screens.Assets, options.Stylesheet);
        await http.Response.SendAsync(Encoding.UTF8.GetBytes(document));
    }

    /// <summary>Sends the browser on with a GET (303), or tells the script to.</summary>
    public async Task SendToAsync(HttpContext http, string address)
    {
        SetHeaders(http.Response, null);
        if (IsInline(http.Request))
        {
            var json = new FlowObjectBuilder(1);
            json.Set("location", FlowValue.From(address));
            await WriteJsonAsync(http, json);
            return;
        }
        http.Response.StatusCode = StatusCodes.Status303SeeOther;
        http.Response.Headers.Location = address;
    }

    private static async Task WriteJsonAsync(HttpContext http, FlowObjectBuilder json)
    {
        var buffer = new ArrayBufferWriter<byte>(1024);
        JsonWriting.Write(buffer, FlowValue.From(json.Build()));
        http.Response.ContentType = "application/json; charset=utf-8";
        await http.Response.SendAsync(buffer.WrittenMemory);
    }

    private void SetHeaders(HttpResponse response, string? redirectUri)
    {
        var headers = response.Headers;
        var ancestors = options.FrameAncestors.Count == 0 ? "'none'" : string.Join(' ', options.FrameAncestors);
        headers.CacheControl = "no-store";
        headers.XContentTypeOptions = "nosniff";
        headers["Referrer-Policy"] = "no-referrer";
        headers.Vary = "Accept-Language, " + InlineHeader;
        if (options.FrameAncestors.Count == 0)
            headers.XFrameOptions = "DENY";
        // Browsers hold the redirect that follows a form to form-action too, so the application's own address must be in it.
        headers.ContentSecurityPolicy = new StringBuilder(
            "default-src 'none'; script-src 'self'; connect-src 'self'; img-src 'self' https: http:; style-src 'self'"
        )
            .Append(SourceOf(options.Stylesheet))
            .Append("; form-action 'self'")
            .Append(SourceOf(redirectUri))
            .Append("; base-uri 'none'; frame-ancestors ")
            .Append(ancestors)
            .ToString();
    }

    private static string SourceOf(string? address)
    {
        if (address is null || !Uri.TryCreate(address, UriKind.Absolute, out var uri))
            return "";
        return uri.Scheme == Uri.UriSchemeHttp || uri.Scheme == Uri.UriSchemeHttps
            ? $" {uri.Scheme}://{uri.IdnHost}{(uri.IsDefaultPort ? "" : $":{uri.Port}")}"
            : $" {uri.Scheme}:";
    }
}
