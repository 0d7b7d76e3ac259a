using System.Diagnostics.CodeAnalysis;
using System.Net;
using System.Net.Security;
using System.Text;
using FlowEngine.HttpConnector.Connectors;
using FlowEngine.HttpConnector.Wire.Egress;
using FlowEngine.HttpConnector.Wire.Tls;

namespace FlowEngine.HttpConnector.Wire;

/// <summary>
/// Per process, thread-safe. The connections of one connector. Each route out (one, or one per static IP and proxy) has its own pool,
/// and requests take the routes strictly in turn, so that a kept-alive connection never pins one address. Redirects are not followed,
/// cookies not kept, the environment's proxy not used. Dispose it when the connector changes; requests under way still finish.
/// </summary>
public sealed class HttpTransport : IAsyncDisposable, IDisposable
{
    private readonly HttpTransportOptions _options;
    private readonly TimeProvider _time;
    private readonly Func<TlsMaterial?, HttpMessageInvoker[]> _makeRoutes;
    private readonly HttpMessageInvoker[] _routes;
    private readonly Lock _renewing = new();
    private volatile TlsRoutes? _tlsRoutes;
    private uint _turn = uint.MaxValue;

    /// <summary>Makes the transport of one connector. No connection is opened yet.</summary>
    /// <param name="options">The connector's settings.</param>
    /// <param name="egress">The operator's settings, already validated.</param>
    /// <param name="time">The clock of timeouts and timings; the system's when null.</param>
    /// <exception cref="InvalidOperationException">Static IPs are asked for
    /// and none is configured: never sent from another address.</exception>
    public HttpTransport(HttpTransportOptions options, EgressOptions egress, TimeProvider? time = null)
        : this(options, egress, time, resolver: null) { }

    internal HttpTransport(HttpTransportOptions options, EgressOptions egress, TimeProvider? time, HostResolver? resolver)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(egress);
        _options = options;
        _time = time ?? TimeProvider.System;
        var guard = new EgressGuard(egress.AllowPrivateNetworks);
        var ways = EgressRoute.For(egress, options.UseStaticIps);
        _makeRoutes = material =>
            [
                .. ways.Select(way => new HttpMessageInvoker(
                    Handler(options, material, new EgressConnector(guard, way, resolver) { Named = Named(options, material) }),
                    disposeHandler: true
                )),
            ];
        // With settings of TLS the first request makes them.
        _routes = options.Tls is null ? _makeRoutes(null) : [];
    }

    /// <summary>Sends a request and reads the answer to its end.</summary>
    /// <param name="request">The request; its timeout covers everything up to the last byte of the answer.</param>
    /// <param name="cancellationToken">The caller's own cancellation.</param>
    /// <returns>The answer, of any status, or the fault.</returns>
    /// <exception cref="OperationCanceledException">The caller's token was cancelled; never because of a timeout.</exception>
    /// <exception cref="ObjectDisposedException">The transport was disposed before the request.</exception>
    public async ValueTask<HttpResult> SendAsync(OutgoingRequest request, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        cancellationToken.ThrowIfCancellationRequested();
        if (request.Body is { Length: var length } && length > _options.MaxRequestBodyBytes)
            return HttpResult.Failed(
                HttpFaultCodes.TooLarge,
                $"The request body has {length} bytes, more than the limit of {_options.MaxRequestBodyBytes}."
            );

        if (!TryGetRoutes(request, out var routes, out var unusable))
            return HttpResult.Failed(unusable);

        using var deadline = new CancellationTokenSource(request.Timeout, _time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, cancellationToken);
        var phase = ExchangePhase.AwaitingAnswer;
        var clock = request.MeasureTimings ? new ExchangeClock(_time) : null;
        try
        {
            using var message = ToMessage(request, clock);
            using var response = await NextOf(routes).SendAsync(message, either.Token).ConfigureAwait(false);
            clock?.FirstByte();
            if (request.MeasureTimings)
                request.Added = AddedTo(message, request);
            phase = ExchangePhase.ReadingBody;
            return await ReadAsync(request, response, clock, either.Token).ConfigureAwait(false);
        }
        catch (Exception e) when (e is not ObjectDisposedException)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (deadline.IsCancellationRequested)
                return HttpResult.Failed(
                    HttpFaultCodes.Timeout,
                    $"'{request.Uri.Host}' gave no complete answer within "
                        + $"{request.Timeout.TotalSeconds:0.###} s. Raise the timeout, or ask its owner."
                );
            if (ExchangeFaults.From(e, request.Uri.Host, phase, request.IsAway ? null : _tlsRoutes?.Material) is { } fault)
                return HttpResult.Failed(fault);
            throw;
        }
    }

    /// <summary>Closes idle connections; those in use close when their request is done.</summary>
    public void Dispose()
    {
        foreach (var route in _routes)
            route.Dispose();
        _tlsRoutes?.Dispose();
    }

    /// <inheritdoc cref="Dispose"/>
    /// <returns>A completed task.</returns>
    public ValueTask DisposeAsync()
    {
        Dispose();
        return ValueTask.CompletedTask;
    }

    private HttpMessageInvoker NextOf(HttpMessageInvoker[] routes) =>
        routes.Length == 1 ? routes[0] : routes[Interlocked.Increment(ref _turn) % (uint)routes.Length];

    /// <summary>The connections that a request may use: each certificate has its own, and where none is shown there are others.</summary>
    private bool TryGetRoutes(OutgoingRequest request, out HttpMessageInvoker[] routes, [NotNullWhen(false)] out HttpFault? fault)
    {
        (routes, fault) = (_routes, null);
        if (_options.Tls is not { } source)
            return true;
        if (!source.TryGet(out var material, out fault))
            return false;
        var known = _tlsRoutes;
        if (known is null || known.Material != material)
            known = Renew(material);
        routes = request.IsAway ? known.Away.Value : known.Own;
        return true;
    }

    private TlsRoutes Renew(TlsMaterial material)
    {
        lock (_renewing)
        {
            if (_tlsRoutes is { } meanwhile && meanwhile.Material == material)
                return meanwhile;
            // Requests under way may just have chosen the former connections: those close by themselves once they are idle, and are disposed
            // of with the next change.
            _tlsRoutes?.Former?.Dispose();
            return _tlsRoutes = new TlsRoutes(material, _makeRoutes(material), new(() => _makeRoutes(material.WithoutIdentity)))
            {
                Former = _tlsRoutes,
            };
        }
    }

    private static SslClientAuthenticationOptions? Named(HttpTransportOptions options, TlsMaterial? material) =>
        options.Tls?.ServerName is { } name && material is not null ? Ssl(options, material, name) : null;

    /// <summary>.NET puts the trace's headers on a message when it sends it.</summary>
    private static List<KeyValuePair<string, string>> AddedTo(HttpRequestMessage message, OutgoingRequest request) =>
        [
            .. message
                .Headers.NonValidated.Where(header => request.Headers[header.Key] is null)
                .Select(header => KeyValuePair.Create(header.Key, header.Value.ToString())),
        ];

    private HttpRequestMessage ToMessage(OutgoingRequest request, ExchangeClock? clock)
    {
        var message = new HttpRequestMessage(HttpMethod.Parse(request.Method), request.Uri);
        if (_options.Tls is { ServerName: not null } tls && !request.IsAway && NamedHandshake.Is(request.Uri, tls.Host))
            NamedHandshake.AttachTo(message);
        // .NET sends a request without content again when a kept-alive connection
        // turns out to be closed: not for methods that are not idempotent.
        if (request.Body is not null || request.Method is "POST" or "PATCH")
            message.Content = new ReadOnlyMemoryContent(request.Body ?? ReadOnlyMemory<byte>.Empty);
        request.Headers.CopyTo(message);
        if (request.Headers.HasRepeated)
            message.Options.Set(RequestHeaders.Repeats, true);
        SingleConnection.AttachTo(message);
        clock?.AttachTo(message);
        return message;
    }

    private async ValueTask<HttpResult> ReadAsync(
        OutgoingRequest request,
        HttpResponseMessage response,
        ExchangeClock? clock,
        CancellationToken cancellationToken
    )
    {
        var hasBody = request.Method != "HEAD" && response.StatusCode is not (HttpStatusCode.NoContent or HttpStatusCode.NotModified);
        var codings = hasBody ? ContentCodings.Of(response) : [];
        var limit = Math.Min(_options.MaxResponseBodyBytes, request.MaxAnswerBytes);
        ReadOnlyMemory<byte>? body = ReadOnlyMemory<byte>.Empty;
        if (hasBody)
            body = await ResponseBody.ReadAsync(response.Content, codings, limit, cancellationToken).ConfigureAwait(false);

        return body is { } bytes
            ? HttpResult.Answered(new((int)response.StatusCode, ResponseHeaders.Read(response, codings.Count > 0), bytes, clock?.Stop()))
            : HttpResult.Failed(
                HttpFaultCodes.TooLarge,
                (
                    limit == _options.MaxResponseBodyBytes
                        ? $"The answer of '{request.Uri.Host}' has a body of more than {limit} bytes."
                        : $"The pages of '{request.Uri.Host}' have more than {_options.MaxResponseBodyBytes} bytes together."
                ) + " Ask for less, or raise the limit."
            );
    }

    private static SocketsHttpHandler Handler(HttpTransportOptions options, TlsMaterial? material, EgressConnector connector) =>
        new()
        {
            AllowAutoRedirect = false,
            UseCookies = false,
            UseProxy = false,
            // Decompression is ours: .NET's handler would change an accept-encoding header after it was signed.
            AutomaticDecompression = DecompressionMethods.None,
            PooledConnectionLifetime = options.ConnectionLifetime,
            MaxResponseHeadersLength = options.MaxResponseHeadersKiB,
            // A body that was given up on (too large, cancelled) is not worth reading on for the sake of its connection.
            MaxResponseDrainSize = 0,
            RequestHeaderEncodingSelector = (name, message) =>
                message.Options.TryGetValue(RequestHeaders.Repeats, out var repeats) && repeats ? new RepeatedField(name) : Encoding.UTF8,
            ResponseHeaderEncodingSelector = (_, _) => Encoding.UTF8,
            ConnectCallback = connector.ConnectAsync,
            PlaintextStreamFilter = EgressConnector.Secured,
            SslOptions = Ssl(options, material, name: null),
        };

    private static SslClientAuthenticationOptions Ssl(HttpTransportOptions options, TlsMaterial? material, string? name)
    {
        var ssl = material?.ToOptions() ?? new SslClientAuthenticationOptions();
        ssl.TargetHost = name;
        if (options.Insecure)
            TrustAnyCertificate(ssl);
        options.Chain?.Watch(ssl);
        return ssl;
    }

    // No session resumption: a session that was begun without checks must not outlive this transport in a process-wide cache.
    private static void TrustAnyCertificate(SslClientAuthenticationOptions ssl)
    {
        ssl.AllowTlsResume = false;
#pragma warning disable CA5359 // "Trust any certificate" is a setting of the connector, shown as a warning wherever the connector is.
        ssl.RemoteCertificateValidationCallback = (_, _, _, _) => true;
#pragma warning restore CA5359
    }

    /// <summary>Shared and immutable: the connections of one material, and those where its certificate is not shown.</summary>
    private sealed record TlsRoutes(TlsMaterial Material, HttpMessageInvoker[] Own, Lazy<HttpMessageInvoker[]> Away) : IDisposable
    {
        public TlsRoutes? Former { get; set; }

        public void Dispose()
        {
            Former?.Dispose();
            foreach (var route in Own.Concat(Away.IsValueCreated ? Away.Value : []))
                route.Dispose();
        }
    }
}
