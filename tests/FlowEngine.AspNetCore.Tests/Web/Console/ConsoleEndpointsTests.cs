using System.Net;
using FlowEngine.TestServers;

namespace FlowEngine.AspNetCore.Tests.Web.Console;

/// <summary>The built console at /console.</summary>
public sealed class ConsoleEndpointsTests
{
    [Fact]
    public async Task Console_ServesItsPageForEveryPathAndItsAssetsForEver()
    {
        using var site = new Workspace();
        site.Write("index.html", "<!doctype html><title>console</title>");
        site.Write("assets/app-1.js", "console.log('plain');");
        site.Write("assets/app-1.js.br", "brotli");
        site.Write("assets/app-1.js.gz", "gzip");
        await using var server = await ApiServer.StartAsync(StoreEngine.Sqlite, settings: $"Console:Folder={site.Folder}");

        foreach (
            var path in new[] { "/console", "/console/", "/console/flows/login", "/console/runs/7", "/console/..%2f..%2fmanagement.key" }
        )
        {
            var page = (await server.GetAsync(path, Credential.None)).Expect(HttpStatusCode.OK);
            Assert.Contains("<title>console</title>", page.Text, StringComparison.Ordinal);
            Assert.Equal("text/html; charset=utf-8", page.Message.Content.Headers.ContentType!.ToString());
            var policy = page.Message.Headers.GetValues("Content-Security-Policy").Single();
            Assert.Contains("script-src 'self';", policy, StringComparison.Ordinal);
            Assert.Contains("frame-ancestors 'none'", policy, StringComparison.Ordinal);
            Assert.Equal("no-cache", page.Message.Headers.CacheControl!.ToString());
        }
        Assert.Equal(
            ("plain", "br", "gzip"),
            (await EncodingAsync(""), await EncodingAsync("gzip, br"), await EncodingAsync("gzip;q=1.0, br;q=0"))
        );
        (await server.GetAsync("/console/assets/app-2.js", Credential.None)).Expect(HttpStatusCode.NotFound);
        var first = await server.GetAsync("/console", Credential.None);
        Assert.Equal(
            HttpStatusCode.NotModified,
            (await server.SendAsync("GET", "/console", null, Credential.None, ("If-None-Match", first.Message.Headers.ETag!.Tag))).Status
        );

        async Task<string> EncodingAsync(string accept)
        {
            var asset = (
                await server.SendAsync("GET", "/console/assets/app-1.js", null, Credential.None, ("Accept-Encoding", accept))
            ).Expect(HttpStatusCode.OK);
            Assert.Contains("immutable", asset.Message.Headers.CacheControl!.ToString(), StringComparison.Ordinal);
            Assert.StartsWith("text/javascript", asset.Message.Content.Headers.ContentType!.ToString(), StringComparison.Ordinal);
            return asset.Message.Content.Headers.ContentEncoding.FirstOrDefault() ?? "plain";
        }
    }

    [Fact]
    public async Task Console_ThatWasNotBuilt_SaysHowTo()
    {
        using var site = new Workspace();
        await using var server = await ApiServer.StartAsync(
            StoreEngine.Sqlite,
            settings: $"Console:Folder={Path.Combine(site.Folder, "nowhere")}"
        );

        var page = (await server.GetAsync("/console", Credential.None)).Expect(HttpStatusCode.ServiceUnavailable);

        Assert.Contains("Node.js 20", page.Text, StringComparison.Ordinal);
    }
}
