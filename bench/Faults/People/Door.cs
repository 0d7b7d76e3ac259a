using System.Diagnostics;
using System.Net;
using System.Text;
using System.Text.Json;

namespace FlowEngine.Bench.Faults;

/// <summary>Per call, single-threaded: an answer.</summary>
internal sealed record Reply(int Status, string Text, string? Location, string? Cookie)
{
    private JsonElement? _json;

    /// <summary>Its JSON; an empty object for anything else.</summary>
    public JsonElement Json => _json ??= Read(Text);

    /// <summary>The text of a member, however deep; "" for none.</summary>
    public string this[params string[] path]
    {
        get
        {
            var value = Json;
            foreach (var name in path)
            {
                if (value.ValueKind != JsonValueKind.Object || !value.TryGetProperty(name, out value))
                    return "";
            }
            return value.ValueKind == JsonValueKind.String ? value.GetString()! : value.GetRawText();
        }
    }

    private static JsonElement Read(string text)
    {
        try
        {
            return JsonSerializer.Deserialize<JsonElement>(text);
        }
        catch (JsonException)
        {
            return JsonSerializer.Deserialize<JsonElement>("{}");
        }
    }
}

/// <summary>Shared and immutable: what is asked, and asked again unchanged when there is no answer.</summary>
internal sealed record Call(HttpMethod Method, string Path)
{
    public string? Json { get; init; }

    public IReadOnlyDictionary<string, string>? Form { get; init; }

    public string? Bearer { get; init; }

    public string? Cookie { get; init; }

    /// <summary>Sent as <c>Idempotency-Key</c>.</summary>
    public string? Key { get; init; }

    /// <summary>What it is, without the ids in it.</summary>
    public string Name => $"{Method} {(Path.StartsWith("/login/", StringComparison.Ordinal) ? "/login" : Path)}";

    public HttpRequestMessage To(Uri server)
    {
        var request = new HttpRequestMessage(Method, new Uri(server, Path));
        if (Json is not null)
            request.Content = new StringContent(Json, Encoding.UTF8, "application/json");
        else if (Form is not null)
            request.Content = new FormUrlEncodedContent(Form);
        if (Bearer is not null)
            request.Headers.Authorization = new("Bearer", Bearer);
        if (Cookie is not null)
            request.Headers.Add("Cookie", Cookie);
        if (Key is not null)
            request.Headers.Add("Idempotency-Key", Key);
        return request;
    }
}

/// <summary>Per scenario, thread-safe: how people reach the servers: a load balancer without sticky sessions before all of them, and
/// clients that send a call again, unchanged, when it had no answer or was told to come again.</summary>
internal sealed class Door(Stage stage, List<Node> nodes, TimeSpan tryTime) : IDisposable
{
    /// <summary>Who has no answer by then is lost.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(100);

    private readonly HttpClient _http = new(
        new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            UseCookies = false,
            UseProxy = false,
            ConnectTimeout = TimeSpan.FromSeconds(2),
        }
    )
    {
        Timeout = Timeout.InfiniteTimeSpan,
    };
    private int _turn;

    /// <summary>A client of one server, which waits for ten seconds.</summary>
    public Door(Stage stage, Node node)
        : this(stage, [node], TimeSpan.FromSeconds(10)) { }

    /// <summary>Asks until there is an answer.</summary>
    /// <exception cref="LostException">There is none.</exception>
    public async Task<Reply> AskAsync(Login login, Call call)
    {
        var ledger = stage.Ledger;
        var begun = Stopwatch.GetTimestamp();
        var last = "no answer";
        List<Node> tried = [];
        while (Stopwatch.GetElapsedTime(begun) < Patience)
        {
            var node = Next();
            tried.Add(node);
            try
            {
                using var limit = new CancellationTokenSource(tryTime);
                using var request = call.To(node.Address);
                using var answer = await _http.SendAsync(request, limit.Token);
                var text = await answer.Content.ReadAsStringAsync(limit.Token);
                var status = (int)answer.StatusCode;
                if (status < 500 && status != (int)HttpStatusCode.TooManyRequests)
                {
                    login.Home ??= node;
                    ledger.Answer(
                        new Wait(
                            Stopwatch.GetElapsedTime(begun).TotalSeconds,
                            login.Home.IsLost || tried.Exists(node => node.IsLost),
                            $"{call.Name} at node {string.Join(", ", tried.Select(node => nodes.IndexOf(node)))} "
                                + $"for a run of node {nodes.IndexOf(login.Home)}, {stage.SinceFault:0.0} s after the fault"
                        )
                    );
                    return new Reply(
                        status,
                        text,
                        answer.Headers.Location?.OriginalString,
                        answer.Headers.TryGetValues("Set-Cookie", out var cookies) ? string.Join("; ", cookies.Select(Pair)) : null
                    );
                }
                last = $"{status} {new Reply(status, text, null, null)["errorCode"]}";
                if (status is 503 or 429)
                    ledger.TurnAway();
                else
                    ledger.Fail(last);
            }
            catch (HttpRequestException error) when (error.HttpRequestError == HttpRequestError.ConnectionError)
            {
                last = "nobody is there";
            }
            catch (OperationCanceledException)
            {
                ledger.GiveUp();
                last = "no answer in time";
            }
            catch (Exception error) when (error is HttpRequestException or IOException)
            {
                ledger.CutOff();
                last = error.GetBaseException().Message;
            }
            await Task.Delay(100);
        }
        throw new LostException($"{call.Name}: {last}");
    }

    public void Dispose() => _http.Dispose();

    private Node Next()
    {
        var turn = Interlocked.Increment(ref _turn);
        var ready = nodes.Where(node => node.IsIn).ToList();
        var from = ready.Count > 0 ? ready : nodes;
        return from[turn % from.Count];
    }

    private static string Pair(string cookie) => cookie.Split(';')[0];
}
