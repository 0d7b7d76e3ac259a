using System.Collections.Concurrent;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace FlowEngine.TestServers;

/// <summary>
/// Per test: the API that flows call: profiles with a region for each person, visits that are told apart by their Idempotency-Key, an OAuth
/// token endpoint, and addresses below <c>/held</c> that answer when the test says so.
/// </summary>
internal sealed class PeopleApi : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly ConcurrentQueue<(string Path, string Run, string Key)> _posts = new();
    private readonly ConcurrentDictionary<string, TaskCompletionSource> _held = new();
    private int _tokens;
    private int _refusals;
    private volatile string _valid = "";

    private PeopleApi(WebApplication app) => _app = app;

    public string Address => _app.Urls.First();

    /// <summary>Every POST below /visits and /held: where, for which run, under which key.</summary>
    public IReadOnlyList<(string Path, string Run, string Key)> Posts => [.. _posts];

    /// <summary>How many access tokens were asked for.</summary>
    public int Tokens => Volatile.Read(ref _tokens);

    /// <summary>How often /tired, which asks for an hour, was called.</summary>
    public int Refusals => Volatile.Read(ref _refusals);

    public static async Task<PeopleApi> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var api = new PeopleApi(builder.Build());
        api._app.Run(api.AnswerAsync);
        await api._app.StartAsync();
        return api;
    }

    public static string RegionOf(string person) => $"region-of-{person}";

    /// <summary>Requests of /held/{name} wait until they are released.</summary>
    public TaskCompletionSource Hold(string name) =>
        _held[name] = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Waits until the number of POSTs to a path is reached.</summary>
    public async Task ArrivedAsync(string path, string run, int count = 1)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        while (_posts.Count(post => post.Path == path && post.Run == run) < count)
            await Task.Delay(20, limit.Token);
    }

    /// <summary>No access token that was granted until now is good any more.</summary>
    public void Revoke() => _valid = "";

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private async Task AnswerAsync(HttpContext http)
    {
        var (path, run) = (http.Request.Path.Value!, http.Request.Headers["x-run"].ToString());
        http.Response.ContentType = "application/json";
        if (http.Request.Method == "POST" && path != "/token")
            _posts.Enqueue((path, run, http.Request.Headers["Idempotency-Key"].ToString()));

        var segments = path.Split('/', StringSplitOptions.RemoveEmptyEntries);
        switch (segments)
        {
            case ["users", "ghost"]:
                http.Response.StatusCode = 404;
                break;
            case ["users", "busy"]:
                http.Response.StatusCode = 429;
                break;
            case ["tired"]:
                Interlocked.Increment(ref _refusals);
                http.Response.StatusCode = 429;
                http.Response.Headers.RetryAfter = "3600";
                break;
            case ["users", var person]:
                http.Response.Headers["x-region"] = RegionOf(person);
                break;
            case ["token"]:
                // Slow enough for others to come meanwhile.
                await Task.Delay(300);
                _valid = $"token-{Interlocked.Increment(ref _tokens)}";
                await http.Response.WriteAsync($$"""{ "access_token": "{{_valid}}", "token_type": "Bearer", "expires_in": 300 }""");
                return;
            case ["orders"]:
                var valid = _valid;
                http.Response.StatusCode = valid.Length > 0 && http.Request.Headers.Authorization == $"Bearer {valid}" ? 200 : 401;
                break;
            case ["held", var name] when _held.TryGetValue(name, out var hold):
                await hold.Task.WaitAsync(http.RequestAborted);
                break;
        }
        await http.Response.WriteAsync($$"""{ "path": "{{path}}" }""");
    }
}
