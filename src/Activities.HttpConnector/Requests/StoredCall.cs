using FlowEngine.Connectors;
using FlowEngine.Context;
using FlowEngine.Errors;
using FlowEngine.HttpConnector.Connectors;
using FlowEngine.HttpConnector.Signing;
using FlowEngine.HttpConnector.Wire;
using FlowEngine.Json;

namespace FlowEngine.HttpConnector.Requests;

/// <summary>
/// Per delivery and single-threaded: a request as it was stored with its run: all of it but where the connector points and what it proves
/// itself with. Those are what they are
/// when it is delivered.
/// </summary>
internal sealed class StoredCall : HttpCall
{
    private const int Format = 1;

    private static readonly FlowShape Delivered = FlowShape.Of("statusCode");

    private readonly BaseUrl _baseUrl;
    private readonly FlowValue _json;
    private readonly byte[]? _body;

    private StoredCall(BaseUrl baseUrl, FlowValue json)
    {
        _baseUrl = baseUrl;
        _json = json;
        _body = json.Get("body").TryGetText(out var body) ? Convert.FromBase64String(body) : null;
        ConnectorHeaders = TextsOf("connectorHeaders").ToHashSet(StringComparer.OrdinalIgnoreCase);
        SignatureTemplate =
            json.Get("signature").TryGetText(out var text) && SignatureTemplate.TryParse(text, out var parsed, out _) ? parsed : null;
    }

    /// <inheritdoc/>
    public override SignatureTemplate? SignatureTemplate { get; }

    /// <inheritdoc/>
    public override bool ReplacesAuthentication => _json.Get("ownAuthorization") == FlowValue.True;

    /// <inheritdoc/>
    public override IReadOnlySet<string> ConnectorHeaders { get; }

    /// <inheritdoc/>
    public override IReadOnlyCollection<string> SecretHeaders => TextsOf("secretHeaders");

    /// <summary>Which statuses say that it arrived.</summary>
    public IReadOnlyList<string> Successes => TextsOf("successes");

    /// <summary>When one delivery tries again, and how long it takes at most.</summary>
    public RetryPlan Retry =>
        new(
            TimeSpan.FromSeconds(
                _json.Get("timeout").TryGetDouble(out var seconds) ? seconds : OutgoingRequest.DefaultTimeout.TotalSeconds
            ),
            _json.Get("attempts").TryGetInteger(out var attempts) ? (int)attempts : 0,
            TextsOf("on")
        );

    /// <summary>The bytes to store.</summary>
    /// <param name="request">The request, with a run's values in it.</param>
    /// <param name="outgoing">The same, as it would be sent.</param>
    /// <param name="retry">When one delivery tries again.</param>
    /// <param name="successes">Which statuses say that it arrived.</param>
    public static byte[] Write(PreparedRequest request, OutgoingRequest outgoing, RetryPlan retry, IReadOnlyList<string> successes)
    {
        var json = new FlowObjectBuilder(12);
        json.Set("format", FlowValue.From(Format));
        json.Set("method", FlowValue.From(outgoing.Method));
        json.Set("path", FlowValue.From(request.Url[request.Plan.BaseLength..]));
        json.Set(
            "headers",
            FlowValue.Array(
                outgoing.Headers.Select(header =>
                    FlowValue.Array([
                        FlowValue.From(header.Key),
                        FlowValue.From(header.Value),
                        FlowValue.From(outgoing.Headers.IsCredential(header.Key)),
                    ])
                )
            )
        );
        if (outgoing.Body is { } body)
            json.Set("body", FlowValue.From(Convert.ToBase64String(body.Span)));
        json.Set("timeout", FlowValue.From(retry.Timeout.TotalSeconds));
        json.Set("attempts", FlowValue.From(retry.Attempts));
        json.Set("on", FlowValue.Texts(retry.On));
        json.Set("successes", FlowValue.Texts(successes));
        if (request.Plan.SecretHeaders.Count > 0)
            json.Set("secretHeaders", FlowValue.Texts(request.Plan.SecretHeaders));
        json.Set("connectorHeaders", FlowValue.Texts(request.Plan.ConnectorHeaders));
        if (request.Plan.SignatureTemplate is not null)
            json.Set("signature", FlowValue.From(outgoing.Headers[HmacSignature.TemplateHeader]));
        if (request.Plan.ReplacesAuthentication)
            json.Set("ownAuthorization", FlowValue.True);
        return JsonWriting.ToUtf8(FlowValue.From(json.Build()));
    }

    /// <summary>Reads what <see cref="Write"/> wrote.</summary>
    /// <returns>The call; null when it is of a format that this release does not know.</returns>
    public static StoredCall? Read(byte[] content, BaseUrl baseUrl)
    {
        var json = JsonReading.Parse(content);
        return json.Get("format").TryGetInteger(out var format) && format == Format ? new StoredCall(baseUrl, json) : null;
    }

    /// <summary>Delivers what <see cref="Write"/> wrote.</summary>
    public static async ValueTask<CallDelivery> DeliverAsync(
        Connectors.HttpConnector connector,
        byte[] content,
        CancellationToken cancellationToken
    )
    {
        if (StoredCall.Read(content, connector.BaseUrl!) is not { } call)
            return new CallDelivery(default, FlowError.Of(HttpErrors.Queue, "The call was stored by a later release."), null);
        var (result, _) = await new RetryPolicy(call.Retry, connector.Options.Time)
            .ExecuteAsync((timeout, token) => connector.AttemptAsync(call, timeout, token), cancellationToken)
            .ConfigureAwait(false);
        if (!result.TryGetReply(out var reply, out var fault))
            return new CallDelivery(
                default,
                new FlowError(fault.Code, fault.Message),
                fault.RetryAt is { } at ? at - connector.Options.Time.GetUtcNow() : null
            );

        var answer = FlowValue.From(Delivered.With(FlowValue.From(reply.StatusCode)));
        var isSuccess = StatusCodeSet.Parse(call.Successes, SourceLocation.Root(null), new DiagnosticBag()).Contains(reply.StatusCode);
        return isSuccess
            ? new CallDelivery(answer, null, null)
            : new CallDelivery(
                answer,
                FlowError.Of(HttpErrors.Status, $"The API answered {reply.StatusCode}."),
                RetryAfter.Of(reply, connector.Options.Time)
            );
    }

    /// <inheritdoc/>
    public override HttpFault? ToOutgoing(bool measure, out OutgoingRequest outgoing)
    {
        outgoing = null!;
        if (
            !RequestUri.TryCompose(_baseUrl, _json.Get("path").ToText(), [], out var url, out var fault)
            || !RequestUri.TryCreate(_baseUrl, url, out var uri, out fault)
        )
            return fault;
        outgoing = new OutgoingRequest(_json.Get("method").ToText(), uri)
        {
            Body = _body is null ? null : (ReadOnlyMemory<byte>?)_body,
            MeasureTimings = measure,
        };
        if (_json.Get("headers").TryGetArray(out var headers))
        {
            foreach (var header in headers)
                fault ??= outgoing.Headers.Add(header.Get(0).ToText(), header.Get(1).ToText(), header.Get(2) == FlowValue.True);
        }
        return fault;
    }

    private IReadOnlyList<string> TextsOf(string name) =>
        _json.Get(name).TryGetArray(out var items) ? [.. items.Select(item => item.ToText())] : [];
}
