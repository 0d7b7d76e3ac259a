using System.Buffers;
using FlowEngine.AspNetCore.Runs;
using FlowEngine.AspNetCore.Web.Edge;
using FlowEngine.AspNetCore.Web.Screens;
using FlowEngine.Context;
using FlowEngine.Execution;
using FlowEngine.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace FlowEngine.TestServers;

/// <summary>A Kestrel on loopback with the hosted screens, the least of the
/// flow API that the web component needs, and a page that embeds it.</summary>
internal sealed class ScreenServer : IAsyncDisposable
{
    private readonly WebApplication _app;

    private ScreenServer(WebApplication app)
    {
        _app = app;
        Runs = (TestRuns)app.Services.GetRequiredService<RunService>();
        Flows = (TestFlows)app.Services.GetRequiredService<HostedFlows>();
        Codes = app.Services.GetRequiredService<OneTimeCodes>();
    }

    public string Address => _app.Urls.First();

    public TestRuns Runs { get; }

    public TestFlows Flows { get; }

    public OneTimeCodes Codes { get; }

    public static async Task<ScreenServer> StartAsync(Action<HostedScreensOptions>? configure = null, string pathBase = "")
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var options = new HostedScreensOptions();
        configure?.Invoke(options);
        builder.Services.AddHostedScreens(options);
        builder.Services.AddSingleton(new ApiOptions());
        builder.Services.AddCors(cors => cors.AddDefaultPolicy(policy => policy.AllowAnyOrigin().AllowAnyHeader()));
        builder.Services.AddSingleton<HostedFlows, TestFlows>();
        builder.Services.AddSingleton<RunService>(services => new TestRuns((TestFlows)services.GetRequiredService<HostedFlows>()));
        builder.Services.AddSingleton<OneTimeCodes>(services => ((TestRuns)services.GetRequiredService<RunService>()).Codes);

        var app = builder.Build();
        if (pathBase.Length > 0)
            app.UsePathBase(pathBase);
        app.UseRouting();
        app.UseCors();
        app.MapHostedScreens();
        MapFlowApi(app);
        app.MapGet("/logo.svg", () => Results.Content(Logo, "image/svg+xml"));
        app.MapGet(
            "/embedded",
            (HttpContext http) => Results.Content(EmbeddingPage(http.Request.Query["attributes"].ToString()), "text/html; charset=utf-8")
        );
        app.MapGet(
            "/callback",
            () =>
                Results.Content(
                    "<!doctype html><html lang=en><title>Back in the application</title><h1>Back in the application</h1></html>",
                    "text/html"
                )
        );
        var server = new ScreenServer(app);
        server.Flows.Publish(TestFlows.Login);
        server.Flows.Publish(TestFlows.Everything);
        await app.StartAsync();
        return server;
    }

    public async ValueTask DisposeAsync() => await _app.DisposeAsync();

    private static void MapFlowApi(WebApplication app)
    {
        app.MapPost(
            "/v1/flow/start",
            async (HttpContext http, RunService runs, HostedFlows flows) =>
            {
                var body = await ReadAsync(http);
                var locale = body.Get("options").Get("locale").ToText();
                var answer = await runs.StartAsync(
                    new RunRequest { FlowId = body.Get("flowId").ToText(), Client = body.Get("options").Get("client") },
                    http.RequestAborted
                );
                await WriteAsync(http, answer, await TranslationAsync(flows, answer, locale));
            }
        );
        app.MapPost(
            "/v1/flow/next",
            async (HttpContext http, RunService runs, HostedFlows flows) =>
            {
                var body = await ReadAsync(http);
                var answer = await runs.SubmitAsync(
                    body.Get("executionId").ToText(),
                    body.Get("stepId").ToText(),
                    body.Get("interactionId").ToText(),
                    body.Get("input"),
                    null,
                    http.RequestAborted
                );
                await WriteAsync(http, answer, await TranslationAsync(flows, answer, "en"));
            }
        );
    }

    private static async Task<Translation?> TranslationAsync(HostedFlows flows, RunAnswer? answer, string locale) =>
        answer is not null && await flows.FindAsync(answer.FlowId, default) is { } flow
            ? flow.Locales.For(flow.Locales.Choose(locale, null, "en"))
            : null;

    private static async Task<FlowValue> ReadAsync(HttpContext http)
    {
        using var memory = new MemoryStream();
        await http.Request.Body.CopyToAsync(memory);
        return JsonReading.Parse(memory.ToArray());
    }

    private static async Task WriteAsync(HttpContext http, RunAnswer? answer, Translation? translation)
    {
        var json = new FlowObjectBuilder();
        if (answer is null)
        {
            http.Response.StatusCode = 404;
            json.Set("errorCode", FlowValue.From("run.unknown"));
        }
        else
        {
            json.Set("executionId", FlowValue.From(answer.ExecutionId));
            json.Set("stepId", FlowValue.From(answer.StepId));
            json.Set("stepName", FlowValue.From(answer.StepName));
            json.Set("status", FlowValue.From(answer.Status.ToName()));
            json.Set("action", FlowValue.From(answer.Status == RunStatus.Waiting ? "screen" : "none"));
            var renderer = http.RequestServices.GetRequiredService<ScreenRenderer>();
            var texts = new ScreenTexts(translation!, answer.Wording, renderer.Components);
            json.Set("screen", answer.Screen.IsMissing ? default : texts.Screen(answer.Screen));
            json.Set("html", answer.Screen.IsMissing ? default : FlowValue.From(renderer.Embed(answer, translation!)));
            json.Set("error", answer.Error?.ToValue() ?? default);
            json.Set("message", answer.Message.Length > 0 ? FlowValue.From(texts.Of(answer.Message)) : default);
            json.Set("reference", answer.Reference is { } reference ? FlowValue.From(reference) : default);
            json.Set(
                "authInfo",
                answer.Tokens is { } tokens ? FlowValue.Parse($$"""{ "sessionJwt": "{{tokens.SessionJwt}}" }""") : default
            );
            json.Set("output", answer.Output);
        }
        var buffer = new ArrayBufferWriter<byte>();
        JsonWriting.Write(buffer, FlowValue.From(json.Build()));
        http.Response.ContentType = "application/json";
        await http.Response.Body.WriteAsync(buffer.WrittenMemory);
    }

    private static string EmbeddingPage(string attributes) =>
        $$"""
            <!doctype html>
            <html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>A shop</title>
            <script type="module" src="/flow-engine.js"></script>
            <script>
              window.seen = [];
              for (const name of ["screen", "success", "refused", "error"])
                document.addEventListener(name, event => window.seen.push([name, event.detail]));
            </script>
            <style>
              :root { color-scheme: light dark }
              body { font-family: system-ui, sans-serif; margin: 2rem }
              p { color: red }
              .fe-card { border: 9px solid red }
            </style></head>
            <body><main><h1>A shop</h1><flow-engine {{attributes}}></flow-engine></main></body></html>
            """;

    private const string Logo = """
        <svg xmlns="http://www.w3.org/2000/svg" width="148" height="40" viewBox="0 0 148 40">
          <rect width="40" height="40" rx="12" fill="#0f6b5c"/>
          <path d="M8 25c4-4 8-4 12 0s8 4 12 0M20 9v12M14 15h12" fill="none" stroke="#fff" stroke-width="2.4" stroke-linecap="round"/>
          <text x="52" y="27" font-family="Liberation Sans, sans-serif" font-weight="700" font-size="21" fill="#5c8f82">Harbour</text>
        </svg>
        """;
}
