using System.Diagnostics;
using System.Net;
using FlowEngine.AspNetCore.Web.Management.Reference;
using FlowEngine.Context;
using FlowEngine.Server.Tests.Clients;
using FlowEngine.Server.Tests.Serve;

namespace FlowEngine.Server.Tests.Api;

/// <summary>The OpenAPI document and the page to read it on.</summary>
public sealed class ReferenceTests(DemoServer demo) : IClassFixture<DemoServer>
{
    [Fact]
    public async Task Document_IsValidOpenApi()
    {
        var document = await demo.Server.Http.GetStringAsync("/openapi/v1.json");

        var result = await NodeScript.RunAsync("openapi.js", document);

        Assert.True(result.Get("valid") == FlowValue.True, result.ToJson());
        Assert.Equal("3.1", result.Get("version").ToText());
        Assert.Equal("[]", result.Get("unresolved").ToJson());
    }

    [Fact]
    public async Task Document_DescribesEveryEndpoint()
    {
        var document = FlowValue.Parse(await demo.Server.Http.GetStringAsync("/openapi/v1.json"));

        document.Get("paths").TryGetObject(out var paths);
        var described = new List<(string, string)>();
        foreach (var (path, item) in paths!)
        {
            item.TryGetObject(out var operations);
            foreach (var (method, operation) in operations!)
            {
                Assert.True(
                    operation.Get("summary").ToText().Length > 0,
                    $"{method} {path} has no description: add it to the operations in Api/Reference."
                );
                described.Add((method.ToUpperInvariant(), path));
            }
        }
        Assert.Superset(RuntimeOperations.All.Select(operation => (operation.Method, operation.Path)).ToHashSet(), described.ToHashSet());
    }

    [Fact]
    public async Task Page_LoadsNothingFromElsewhere()
    {
        using var page = await demo.Server.Http.GetAsync("/reference");
        var html = await page.Content.ReadAsStringAsync();
        using var script = await demo.Server.Http.GetAsync("/reference/scalar.js");
        using var start = await demo.Server.Http.GetAsync("/reference/start.js");

        Assert.Equal((HttpStatusCode.OK, "text/html"), (page.StatusCode, page.Content.Headers.ContentType?.MediaType));
        Assert.DoesNotContain("://", html, StringComparison.Ordinal);
        var policy = Assert.Single(page.Headers.GetValues("Content-Security-Policy"));
        Assert.Contains("script-src 'self';", policy, StringComparison.Ordinal);
        Assert.DoesNotContain("http", policy, StringComparison.Ordinal);
        Assert.Equal((HttpStatusCode.OK, "text/javascript"), (script.StatusCode, script.Content.Headers.ContentType?.MediaType));
        Assert.Equal((HttpStatusCode.OK, "text/javascript"), (start.StatusCode, start.Content.Headers.ContentType?.MediaType));
    }

    [Fact]
    public async Task Page_InABrowser_ShowsTheReferenceUnderItsPolicy()
    {
        var profile = Directory.CreateTempSubdirectory("flowengine-chromium-");
        try
        {
            var start = new ProcessStartInfo(
                Environment.GetEnvironmentVariable("FLOWENGINE_CHROMIUM") ?? "chromium",
                [
                    "--headless=new",
                    "--no-sandbox",
                    "--disable-gpu",
                    "--disable-dev-shm-usage",
                    "--disable-background-networking",
                    "--no-first-run",
                    "--enable-logging=stderr",
                    "--v=0",
                    $"--user-data-dir={profile.FullName}",
                    "--virtual-time-budget=20000",
                    "--timeout=40000",
                    "--dump-dom",
                    demo.Server.Address + "/reference",
                ]
            )
            {
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            };
            using var browser = Process.Start(start)!;
            var (dom, log) = (browser.StandardOutput.ReadToEndAsync(), browser.StandardError.ReadToEndAsync());
            using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(90));
            await browser.WaitForExitAsync(limit.Token);

            Assert.Contains("Starts a run of a flow", await dom, StringComparison.Ordinal);
            Assert.DoesNotContain("Content Security Policy", await log, StringComparison.Ordinal);
        }
        finally
        {
            profile.Delete(recursive: true);
        }
    }

    [Theory]
    [InlineData(
        "{ a: string, b?: integer[] }",
        """{"type":"object","properties":{"a":{"type":"string"},"b":{"type":"array","items":{"type":"integer"}}},"required":["a"]}"""
    )]
    [InlineData("""  "x" | "y" """, """{"type":"string","enum":["x","y"]}""")]
    [InlineData("Run | null", """{"anyOf":[{"$ref":"#/components/schemas/Run"},{"type":"null"}]}""")]
    [InlineData("map<any[]>", """{"type":"object","additionalProperties":{"type":"array","items":{}}}""")]
    [InlineData("(time | null)[]", """{"type":"array","items":{"anyOf":[{"type":"string","format":"date-time"},{"type":"null"}]}}""")]
    [InlineData("{}", """{"type":"object","properties":{}}""")]
    public void TypeText_IsAJsonSchema(string text, string schema) => Assert.Equal(schema, TypeText.Schema(text).ToJson());

    [Theory]
    [InlineData("{ a string }")]
    [InlineData("strin")]
    [InlineData("string[")]
    [InlineData("{ a: string } x")]
    [InlineData("")]
    public void TypeText_Malformed_Throws(string text) => Assert.Throws<FormatException>(() => TypeText.Schema(text));
}
