using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using static FlowEngine.Server.Tests.Deploy.ComposeFile;

namespace FlowEngine.Server.Tests.Deploy;

/// <summary>
/// Per test: does what Caddy does with deploy/Caddyfile: hands each request to the next of the nodes that it names, from its own address
/// of the inside network, and sets the three headers that Caddy sets, in the place of what the client sent under these names.
internal sealed partial class CaddyStandIn : IAsyncDisposable
{
    private static readonly HashSet<string> Hops = new(StringComparer.OrdinalIgnoreCase)
    {
        "Connection",
        "Keep-Alive",
        "Proxy-Connection",
        "Transfer-Encoding",
        "Upgrade",
        "TE",
        "Trailer",
        "Host",
        "X-Forwarded-For",
        "X-Forwarded-Proto",
        "X-Forwarded-Host",
    };

    private readonly WebApplication _app;
    private readonly HttpClient _client;
    private readonly (string Name, Uri Address)[] _nodes;
    private readonly ConcurrentQueue<string> _turns = new();
    private int _turn;

    private CaddyStandIn(WebApplication app, HttpClient client, (string Name, Uri Address)[] nodes) =>
        (_app, _client, _nodes) = (app, client, nodes);

    /// <summary>Where people reach it.</summary>
    public Uri Address => new(_app.Urls.First());

    /// <summary>The nodes that answered, request by request.</summary>
    public IReadOnlyList<string> Turns => [.. _turns];

    /// <summary>Starts it.</summary>
    public static async Task<CaddyStandIn> StartAsync(ComposePlaces places)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var file = await File.ReadAllTextAsync(PathOf("deploy/Caddyfile"));
        Assert.Contains("lb_policy round_robin", file, StringComparison.Ordinal);
        var nodes = Upstreams()
            .Match(file)
            .Groups[1]
            .Value.Split(' ')
            .Select(node => node.Split(':')[0])
            .Select(name => (name, places.AddressOf(name)))
            .ToArray();
        var proxy = new CaddyStandIn(builder.Build(), ClientFrom(places.InsideAddressOf("proxy")), nodes);
        proxy._app.Run(proxy.HandOnAsync);
        await proxy._app.StartAsync();
        return proxy;
    }

    /// <summary>A client that connects from a loopback address.</summary>
    public static HttpClient ClientFrom(IPAddress address) =>
        new(
            new SocketsHttpHandler
            {
                AllowAutoRedirect = false,
                UseCookies = false,
                UseProxy = false,
                ConnectCallback = async (context, cancellationToken) =>
                {
                    var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
                    try
                    {
                        socket.Bind(new IPEndPoint(address, 0));
                        await socket.ConnectAsync(context.DnsEndPoint, cancellationToken);
                        return new NetworkStream(socket, ownsSocket: true);
                    }
                    catch
                    {
                        socket.Dispose();
                        throw;
                    }
                },
            }
        );

    public async ValueTask DisposeAsync()
    {
        await _app.DisposeAsync();
        _client.Dispose();
    }

    private async Task HandOnAsync(HttpContext http)
    {
        var (name, address) = _nodes[(Interlocked.Increment(ref _turn) & int.MaxValue) % _nodes.Length];
        _turns.Enqueue(name);
        using var request = new HttpRequestMessage(
            new HttpMethod(http.Request.Method),
            new Uri(address, http.Request.Path + http.Request.QueryString)
        );
        if (http.Request.ContentLength > 0)
            request.Content = new StreamContent(http.Request.Body);
        foreach (var (header, values) in http.Request.Headers.Where(header => !Hops.Contains(header.Key)))
        {
            if (header.StartsWith("Content-", StringComparison.OrdinalIgnoreCase))
                request.Content?.Headers.Add(header, values.ToString());
            else
                request.Headers.Add(header, values.ToString());
        }
        request.Headers.Host = http.Request.Host.Value;
        request.Headers.Add("X-Forwarded-For", http.Connection.RemoteIpAddress!.ToString());
        request.Headers.Add("X-Forwarded-Proto", http.Request.Scheme);
        request.Headers.Add("X-Forwarded-Host", http.Request.Host.Value);

        using var answer = await _client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, http.RequestAborted);
        http.Response.StatusCode = (int)answer.StatusCode;
        foreach (var (header, values) in answer.Headers.Concat(answer.Content.Headers).Where(header => !Hops.Contains(header.Key)))
            http.Response.Headers[header] = values.ToArray();
        await answer.Content.CopyToAsync(http.Response.Body, http.RequestAborted);
    }

    [GeneratedRegex(@"reverse_proxy (.+?) \{")]
    private static partial Regex Upstreams();
}
