using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace FlowEngine.Server.Tests.Serve;

/// <summary>Per test: an API whose first call of /two never ends.</summary>
internal sealed class HangingUpstream : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly List<(string Path, string Key)> _calls = [];

    private HangingUpstream(WebApplication app) => _app = app;

    public string Address => _app.Urls.First();

    public TaskCompletionSource Hung { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public IReadOnlyList<(string Path, string Key)> Calls
    {
        get
        {
            lock (_calls)
                return [.. _calls];
        }
    }

    public static async Task<HangingUpstream> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var upstream = new HangingUpstream(builder.Build());
        upstream._app.Run(upstream.AnswerAsync);
        await upstream._app.StartAsync();
        return upstream;
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private async Task AnswerAsync(HttpContext http)
    {
        var path = http.Request.Path.Value!;
        bool isFirst;
        lock (_calls)
        {
            isFirst = _calls.TrueForAll(call => call.Path != path);
            _calls.Add((path, http.Request.Headers["Idempotency-Key"].ToString()));
        }
        if (path == "/two" && isFirst)
        {
            Hung.SetResult();
            await Task.Delay(Timeout.Infinite, http.RequestAborted);
        }
        http.Response.ContentType = "application/json";
        await http.Response.WriteAsync(path == "/one" ? """{ "n": 1 }""" : """{ "n": 2 }""");
    }
}
