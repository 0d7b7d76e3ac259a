using System.Diagnostics;
using System.Net;
using FlowEngine.AspNetCore.Web.Contract;
using FlowEngine.AspNetCore.Web.Edge;
using FlowEngine.AspNetCore.Web.Management.Access;
using FlowEngine.Context;
using FlowEngine.Tests;
using FlowEngine.TestServers;

namespace FlowEngine.AspNetCore.Tests.Web.Management.Reference;

/// <summary>The OpenAPI document and the page to read it on.</summary>
public sealed class ReferenceEndpointsTests(DemoServer demo) : IClassFixture<DemoServer>
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
    public async Task Document_DescribesEveryRoute()
    {
        var document = FlowValue.Parse(await demo.Server.Http.GetStringAsync("/openapi/v1.json"));

        foreach (var route in ApiContract.Routes)
        {
            var operation = document
                .Get("paths")
                .Get(route.Path.Replace(":int", "", StringComparison.Ordinal))
                .Get(route.Method.ToLowerInvariant());
            Assert.Equal(route.Summary, operation.Get("summary").ToText());
            Assert.True(
                route.Role is null
                    || operation.Get("description").ToText().Contains($"role `{Roles.Name(route.Role.Value)}`", StringComparison.Ordinal)
            );
            Assert.Equal(route.BodyType is null, operation.Get("requestBody").IsMissing);
            var answers = operation.Get("responses");
            Assert.False(answers.Get($"{route.Status}").IsMissing);
            foreach (var (status, code) in route.AllErrors)
                Assert.Contains($"`{code.Code}`", answers.Get($"{status}").Get("description").ToText(), StringComparison.Ordinal);
            foreach (var (name, _) in route.QueryType is { } query ? RequestQuery.Of(query) : [])
                Assert.Contains($"\"name\":\"{name}\"", operation.Get("parameters").ToJson(), StringComparison.Ordinal);
        }
    }

    /// <summary>The console's types are made of the file. FLOWENGINE_UPDATE_DOCS=1 writes it anew; then `npm run types` in
    /// src/console.</summary>
    [Fact]
    public async Task Document_IsThatOfTheConsole()
    {
        var file = Path.Combine(Repository.Root, "src", "console", "api", "openapi.json");
        var document = await demo.Server.Http.GetStringAsync("/openapi/v1.json");
        if (Environment.GetEnvironmentVariable("FLOWENGINE_UPDATE_DOCS") == "1")
            await File.WriteAllTextAsync(file, document);
        Assert.Equal(await File.ReadAllTextAsync(file), document);
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
                Chromium.Executable,
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
}
