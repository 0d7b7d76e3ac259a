using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace FlowEngine.Server.Tests.Telemetry;

/// <summary>Per test: an OpenTelemetry collector (OTLP over HTTP) that keeps what
/// it gets, and an API beside it that keeps the headers of its callers.</summary>
internal sealed class OtlpCollector : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly List<byte[]> _traces = [];
    private readonly List<byte[]> _metrics = [];
    private readonly List<IReadOnlyDictionary<string, string>> _calls = [];

    private OtlpCollector(WebApplication app) => _app = app;

    public string Address => _app.Urls.First();

    /// <summary>Everything that came, as bytes.</summary>
    public IReadOnlyList<byte[]> Received => [.. Copy(_traces), .. Copy(_metrics)];

    /// <summary>The headers of the calls of /api.</summary>
    public IReadOnlyList<IReadOnlyDictionary<string, string>> Calls => Copy(_calls);

    /// <summary>The spans.</summary>
    public IReadOnlyList<ReceivedSpan> Spans =>
        [
            .. from request in Copy(_traces)
            from resource in ProtoMessage.Read(request).All(1)
            from scope in resource.All(2)
            from span in scope.All(2)
            select new ReceivedSpan(
                span.Text(5),
                span.Hex(1),
                span.Hex(2),
                span.Hex(4),
                span.All(9).ToDictionary(tag => tag.Text(1), tag => tag.All(2).First().Text(1))
            ),
        ];

    /// <summary>The names of the metrics.</summary>
    public IReadOnlySet<string> Metrics =>
        (
            from request in Copy(_metrics)
            from resource in ProtoMessage.Read(request).All(1)
            from scope in resource.All(2)
            from metric in scope.All(2)
            select metric.Text(1)
        ).ToHashSet();

    public static async Task<OtlpCollector> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        var app = builder.Build();
        var collector = new OtlpCollector(app);
        app.MapPost("/v1/traces", http => KeepAsync(http, collector._traces));
        app.MapPost("/v1/metrics", http => KeepAsync(http, collector._metrics));
        app.MapGet(
            "/api",
            (HttpContext http) =>
            {
                lock (collector._calls)
                    collector._calls.Add(
                        http.Request.Headers.ToDictionary(header => header.Key.ToLowerInvariant(), header => header.Value.ToString())
                    );
                return "ok";
            }
        );
        await app.StartAsync();
        return collector;
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private static async Task KeepAsync(HttpContext http, List<byte[]> where)
    {
        using var body = new MemoryStream();
        await http.Request.Body.CopyToAsync(body);
        lock (where)
            where.Add(body.ToArray());
        http.Response.ContentType = "application/x-protobuf";
    }

    private static List<T> Copy<T>(List<T> list)
    {
        lock (list)
            return [.. list];
    }

    internal sealed record ReceivedSpan(string Name, string TraceId, string Id, string ParentId, IReadOnlyDictionary<string, string> Tags);
}
