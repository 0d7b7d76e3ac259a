using System.Collections.Concurrent;

namespace FlowEngine.Bench.Faults;

/// <summary>
/// Per scenario, thread-safe: the API that the flows call, and the witness: which step of which login called it, and under which
/// Idempotency-Keys. It answers within milliseconds, so that some of the calls are under way whenever a server is killed.
/// </summary>
internal sealed class Upstream : IAsyncDisposable
{
    /// <summary>How often a note is refused before it is taken.</summary>
    private const int NoteRefusals = 2;

    private readonly ConcurrentDictionary<(string Attempt, string Turn, string Path), ConcurrentDictionary<string, int>> _steps = new();
    private readonly ConcurrentDictionary<string, byte> _delivered = new();
    private readonly WebApplication _app;
    private readonly Ledger _ledger;
    private volatile TaskCompletionSource? _held;
    private int _waiting;

    private Upstream(WebApplication app, Ledger ledger) => (_app, _ledger) = (app, ledger);

    /// <summary>Where it is.</summary>
    public string Address => _app.Urls.First();

    /// <summary>How many steps came under more than one key.</summary>
    public int Doubled => _steps.Values.Count(keys => keys.Count > 1);

    /// <summary>How many calls came again under the key of before.</summary>
    public int Repeats => _steps.Values.Sum(keys => keys.Values.Sum() - keys.Count);

    /// <summary>How many calls came at all.</summary>
    public int Calls => _steps.Values.Sum(keys => keys.Values.Sum());

    /// <summary>How many calls wait until they are let go.</summary>
    public int Waiting => Volatile.Read(ref _waiting);

    public static async Task<Upstream> StartAsync(Ledger ledger)
    {
        var builder = WebApplication.CreateEmptyBuilder(new());
        builder.WebHost.UseKestrelCore().UseUrls("http://127.0.0.1:0").ConfigureKestrel(kestrel => kestrel.AddServerHeader = false);
        var upstream = new Upstream(builder.Build(), ledger);
        upstream._app.Run(upstream.AnswerAsync);
        await upstream._app.StartAsync();
        return upstream;
    }

    /// <summary>Calls are not answered from now on.</summary>
    public void Hold() => _held = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Calls are answered again.</summary>
    public void LetGo()
    {
        _held?.TrySetResult();
        _held = null;
    }

    /// <summary>Whether the note of a login has come.</summary>
    public bool HasNoteOf(string attempt) => _delivered.ContainsKey(attempt);

    public async ValueTask DisposeAsync()
    {
        LetGo();
        using var soon = new CancellationTokenSource(TimeSpan.FromSeconds(1));
        await _app.StopAsync(soon.Token);
        await _app.DisposeAsync();
    }

    private async Task AnswerAsync(HttpContext http)
    {
        var (attempt, turn) = (http.Request.Headers["x-attempt"].ToString(), http.Request.Headers["x-turn"].ToString());
        var (path, key) = (http.Request.Path.Value!, http.Request.Headers["Idempotency-Key"].ToString());
        var person = path[(path.LastIndexOf('/') + 1)..];
        if (!_ledger.IsOf(attempt, person))
            _ledger.Mistake($"{path} was called for the login {attempt}");
        http.Response.ContentType = "application/json";
        http.Response.Headers["x-region"] = Login.RegionOf(person);
        if (HttpMethods.IsPost(http.Request.Method))
        {
            if (key.Length == 0)
                _ledger.Mistake($"{path} was called without a key");
            var times = _steps.GetOrAdd((attempt, turn, path), _ => new()).AddOrUpdate(key, 1, (_, count) => count + 1);
            if (path.StartsWith("/notes/", StringComparison.Ordinal))
            {
                if (times > NoteRefusals)
                    _delivered.TryAdd(attempt, 0);
                else
                    http.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
            }
            await WaitAsync(http.RequestAborted);
        }
        await http.Response.WriteAsync($$"""{ "person": "{{person}}", "region": "{{Login.RegionOf(person)}}" }""", http.RequestAborted);
    }

    private async Task WaitAsync(CancellationToken aborted)
    {
        if (_held is not { } held)
        {
            await Task.Delay(Random.Shared.Next(15), aborted);
            return;
        }
        Interlocked.Increment(ref _waiting);
        try
        {
            await held.Task.WaitAsync(aborted);
        }
        finally
        {
            Interlocked.Decrement(ref _waiting);
        }
    }
}
