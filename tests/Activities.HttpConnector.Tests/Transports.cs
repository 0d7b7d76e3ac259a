using System.Net;
using FlowEngine.HttpConnector.Connectors;
using FlowEngine.HttpConnector.Wire;
using FlowEngine.HttpConnector.Wire.Egress;

namespace FlowEngine.HttpConnector.Tests;

/// <summary>Per process. Short ways to say what most tests need: a transport that may reach loopback, and a request to a server.</summary>
internal static class Transports
{
    public static readonly EgressOptions Loopback = new() { AllowPrivateNetworks = true };

    public static HttpTransport New(HttpTransportOptions? options = null, EgressOptions? egress = null, HostResolver? resolver = null) =>
        new(options ?? new(), egress ?? Loopback, TimeProvider.System, resolver);

    /// <summary>A resolver that knows one answer per call, the last one for ever.</summary>
    public static HostResolver Resolving(params string[] answers)
    {
        var call = -1;
        return (_, _) =>
        {
            var answer = answers[Math.Min(Interlocked.Increment(ref call), answers.Length - 1)];
            return Task.FromResult(answer.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(IPAddress.Parse).ToArray());
        };
    }

    public static OutgoingRequest Request(
        string url,
        string method = "GET",
        byte[]? body = null,
        TimeSpan? timeout = null,
        bool timings = false
    )
    {
        Assert.True(RequestUri.TryParse(url, out var uri, out var fault), fault?.Message);
        return new OutgoingRequest(method, uri)
        {
            Body = body is null ? null : (ReadOnlyMemory<byte>?)body,
            Timeout = timeout ?? TimeSpan.FromSeconds(10),
            MeasureTimings = timings,
        };
    }

    public static OutgoingRequest With(this OutgoingRequest request, string name, string value)
    {
        Assert.Null(request.Headers.Set(name, value));
        return request;
    }

    public static async Task<HttpReply> ReplyAsync(this HttpTransport transport, OutgoingRequest request)
    {
        var result = await transport.SendAsync(request, TestContext.Current.CancellationToken);
        Assert.True(result.TryGetReply(out var reply, out var fault), $"{fault?.Code}: {fault?.Message}");
        return reply;
    }

    public static async Task<HttpFault> FaultAsync(this HttpTransport transport, OutgoingRequest request)
    {
        var result = await transport.SendAsync(request, TestContext.Current.CancellationToken);
        Assert.False(result.TryGetReply(out var reply, out var fault), $"answered {reply?.StatusCode}");
        return fault;
    }
}
