using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace FlowEngine.Server.Tests.Serve;

/// <summary>Per test: an API that tells the test when a flow is at a boundary:
/// a call has arrived and is not answered, or has just been answered.</summary>
internal sealed class BoundaryApi : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly List<(string Run, string Path, string Key)> _calls = [];
    private volatile Boundary? _boundary;
    private volatile Held? _held;

    private BoundaryApi(WebApplication app) => _app = app;

    public string Address => _app.Urls.First();

    public static async Task<BoundaryApi> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var api = new BoundaryApi(builder.Build());
        api._app.Run(api.AnswerAsync);
        await api._app.StartAsync();
        return api;
    }

    /// <summary>The next call of a path is the boundary; those after it are answered as usual.</summary>
    /// <param name="path">The path.</param>
    /// <param name="isAnswered">Whether the call is answered before the task ends, or never.</param>
    /// <returns>Ends at the boundary.</returns>
    public Task StopAt(string path, bool isAnswered)
    {
        var boundary = new Boundary(path, isAnswered);
        _boundary = boundary;
        return boundary.Reached.Task.WaitAsync(TimeSpan.FromMinutes(2));
    }

    /// <summary>Calls of a path are not answered from now on.</summary>
    /// <param name="path">The path.</param>
    /// <param name="most">How many; those after them are answered as usual.</param>
    public void Hold(string path, int most) => _held = new Held(path, most);

    /// <summary>Ends when that many runs have called a path.</summary>
    public async Task ArrivedAsync(string path, int runs, CancellationToken stop)
    {
        while (Count() < runs)
            await Task.Delay(50, stop);

        int Count()
        {
            lock (_calls)
                return _calls.Where(call => call.Path == path).Select(call => call.Run).Distinct().Count();
        }
    }

    /// <summary>The runs that called.</summary>
    public IReadOnlyList<string> Runs
    {
        get
        {
            lock (_calls)
                return [.. _calls.Select(call => call.Run).Distinct()];
        }
    }

    /// <summary>The calls of a run, in order.</summary>
    public IReadOnlyList<(string Path, string Key)> CallsOf(string run)
    {
        lock (_calls)
            return [.. _calls.Where(call => call.Run == run).Select(call => (call.Path, call.Key))];
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private async Task AnswerAsync(HttpContext http)
    {
        var path = http.Request.Path.Value!;
        lock (_calls)
            _calls.Add((http.Request.Headers["x-run"].ToString(), path, http.Request.Headers["Idempotency-Key"].ToString()));

        var boundary = _boundary;
        var isBoundary = boundary?.Path == path && Interlocked.CompareExchange(ref _boundary, null, boundary) == boundary;
        if (isBoundary && !boundary!.IsAnswered)
        {
            boundary.Reached.SetResult();
            await Task.Delay(Timeout.Infinite, http.RequestAborted);
        }
        if (_held is { } held && held.Path == path && held.Take())
            await Task.Delay(Timeout.Infinite, http.RequestAborted);
        http.Response.ContentType = "application/json";
        await http.Response.WriteAsync($$"""{ "path": "{{path}}" }""");
        await http.Response.CompleteAsync();
        if (isBoundary)
            boundary!.Reached.SetResult();
    }

    private sealed class Held(string path, int most)
    {
        private int _count;

        public string Path => path;

        public bool Take() => Interlocked.Increment(ref _count) <= most;
    }

    private sealed record Boundary(string Path, bool IsAnswered)
    {
        public TaskCompletionSource Reached { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
