using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace FlowEngine.TestServers;

/// <summary>Per test: an API that answers 503 until it is opened.</summary>
internal sealed class RefusingApi : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly List<(string Run, string Key, string Body, bool IsTaken)> _calls = [];
    private readonly TaskCompletionSource _refused = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile bool _isOpen;

    private RefusingApi(WebApplication app) => _app = app;

    public string Address => _app.Urls.First();

    /// <summary>All calls, refused or taken.</summary>
    public IReadOnlyList<(string Run, string Key, string Body, bool IsTaken)> All
    {
        get
        {
            lock (_calls)
                return [.. _calls];
        }
    }

    /// <summary>The calls that it took.</summary>
    public IEnumerable<(string Run, string Key, string Body, bool IsTaken)> Delivered => All.Where(call => call.IsTaken);

    public static async Task<RefusingApi> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var api = new RefusingApi(builder.Build());
        api._app.Run(api.AnswerAsync);
        await api._app.StartAsync();
        return api;
    }

    /// <summary>From now on it takes what comes.</summary>
    public void Open() => _isOpen = true;

    /// <summary>Ends when it has refused a call.</summary>
    public Task RefusedAsync(CancellationToken stop) => _refused.Task.WaitAsync(TimeSpan.FromMinutes(1), stop);

    /// <summary>Ends when it has taken a call of that many runs.</summary>
    public async Task DeliveredAsync(int runs, CancellationToken stop)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(stop);
        limit.CancelAfter(TimeSpan.FromMinutes(2));
        while (Delivered.Select(call => call.Run).Distinct().Count() < runs)
            await Task.Delay(50, limit.Token);
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private async Task AnswerAsync(HttpContext http)
    {
        using var reader = new StreamReader(http.Request.Body);
        var body = await reader.ReadToEndAsync(http.RequestAborted);
        var isTaken = _isOpen;
        lock (_calls)
            _calls.Add((http.Request.Headers["x-run"].ToString(), http.Request.Headers["Idempotency-Key"].ToString(), body, isTaken));
        http.Response.StatusCode = isTaken ? 204 : 503;
        if (!isTaken)
            _refused.TrySetResult();
    }
}
