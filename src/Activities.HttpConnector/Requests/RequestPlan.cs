using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using FlowEngine.Activities;
using FlowEngine.Compilation;
using FlowEngine.Context;
using FlowEngine.Execution;
using FlowEngine.HttpConnector.Connectors;
using FlowEngine.HttpConnector.Signing;
using FlowEngine.HttpConnector.Wire;
using FlowEngine.Json;
using FlowEngine.Templates;
using FlowEngine.Tracing;

namespace FlowEngine.HttpConnector.Requests;

/// <summary>Shared and immutable: a request as templates: connector and activity
/// settings merged and checked, ready to be filled in by a run.</summary>
internal sealed class RequestPlan
{
    private const string IdempotencyKey = "idempotency-key";

    private readonly BaseUrl? _baseUrl;
    private readonly Template _endpoint;
    private readonly KeyValuePair<string, Template>[] _query;
    private readonly HeaderPlan[] _headers;
    private readonly int _contentTypeAt;
    private readonly int _idempotencyKeyAt;
    private readonly RequestBody _body;

    public RequestPlan(GenericHttpSettings settings, Connectors.HttpConnector? connector, ActivityCompilation compilation)
    {
        Method = settings.Method;
        _baseUrl = connector?.BaseUrl;
        _endpoint = settings.Endpoint;
        _query = settings.Query.Entries.ToArray();
        Pages = PagePlan.Parse(settings, _baseUrl, compilation);
        _body = RequestBody.Compile(settings, compilation);
        CheckEndpoint(compilation);

        var headers = new Dictionary<string, HeaderPlan>(StringComparer.OrdinalIgnoreCase);
        var secrets = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        foreach (var header in connector?.Headers ?? [])
        {
            // Of two of one name the last counts.
            headers.Remove(header.Key);
            secrets.Remove(header.Key);
            if (header.Hidden is not null)
                secrets.Add(header.Key);
            else
                headers[header.Key] = new HeaderPlan(header.Key, header);
        }
        var given = compilation.Definition.Json.Get("headers");
        foreach (var (name, rule) in settings.Headers)
        {
            var at = compilation.At("headers").At(name);
            if (name.Length == 0)
                compilation.Problems.Error(HttpErrors.HeaderInvalid, at, "A header has no name.");
            var valueAt = given.Get(name).Kind == FlowValueKind.Object ? at.At("value") : at;
            ConnectorChecks.CheckHeader(name, rule, at, valueAt, compilation.Problems);
            if (connector is { SignsMessages: true })
                ConnectorChecks.CheckSigned(name, rule, at, compilation.Problems);
            headers[name] = new HeaderPlan(name, rule);
            secrets.Remove(name);
        }

        SecretHeaders = [.. secrets];
        HeaderNames = [.. headers.Keys];
        _headers = [.. headers.Values];
        ConnectorHeaders = connector?.Headers.Select(header => header.Key).ToHashSet(StringComparer.OrdinalIgnoreCase) ?? [];
        _contentTypeAt = PositionOf("content-type");
        _idempotencyKeyAt = PositionOf(IdempotencyKey);
        if (headers.TryGetValue(HmacSignature.TemplateHeader, out var signed) && signed.Template is { IsLiteral: true } template)
            SignatureTemplate = SignatureTemplate.TryParse(template.LiteralText, out var parsed, out _) ? parsed : null;

        // The dynamic token of the feature page: a value that the run provides wins over the connector's own credentials.
        ReplacesAuthentication =
            IsAuthorization(connector?.AuthenticationHeader)
            && settings.Headers.Any(header => IsAuthorization(header.Key) && !header.Value.Value.IsLiteral);
    }

    public string Method { get; }

    /// <summary>Whether the body is made of parts.</summary>
    public bool IsMultipart => _body.IsMultipart;

    /// <summary>How many characters of a URL are the connector's.</summary>
    public int BaseLength => _baseUrl!.Origin.Length + _baseUrl.Path.Length;

    /// <summary>How it goes on behind the first page; null where there is one.</summary>
    public PagePlan? Pages { get; }

    /// <summary>The names of connector and activity headers.</summary>
    public string[] HeaderNames { get; }

    /// <summary>The names of the connector's headers, which never go to another origin.</summary>
    public IReadOnlySet<string> ConnectorHeaders { get; }

    /// <summary>The names of the connector's headers whose values are secrets, as far as the activity has none of that name.</summary>
    public IReadOnlyCollection<string> SecretHeaders { get; }

    public SignatureTemplate? SignatureTemplate { get; }

    /// <summary>Whether the activity sets <c>authorization</c> from a value of the run, in place of the connector's credentials.</summary>
    public bool ReplacesAuthentication { get; }

    /// <summary>Fills in the templates and checks the result.</summary>
    /// <returns>Null, or why the request may not be sent.</returns>
    public HttpFault? Prepare(RunContext context, out PreparedRequest request)
    {
        request = null!;
        var endpoint = _endpoint.EvaluateText(context, ValueEncoder.Url);
        endpoint.TryGetText(out var path);
        var sensitive = endpoint.IsSensitive;
        var query = _query.Length == 0 ? [] : new KeyValuePair<string, string>[_query.Length];
        for (var i = 0; i < query.Length; i++)
        {
            var value = _query[i].Value.EvaluateText(context, ValueEncoder.None);
            sensitive |= value.IsSensitive;
            query[i] = KeyValuePair.Create(_query[i].Key, value.ToText());
        }
        if (!RequestUri.TryCompose(_baseUrl!, path!, query, out var url, out var fault))
            return fault;
        if (Pages is not null)
            url = Pages.First(url);

        var headers = new FlowValue[_headers.Length];
        for (var i = 0; i < headers.Length; i++)
        {
            if (_headers[i].Evaluate(context, out headers[i]) is { } invalid)
                return invalid;
        }

        request = new PreparedRequest
        {
            Plan = this,
            Url = url,
            UrlIsSensitive = sensitive,
            Headers = headers,
            Body = _body.Evaluate(context),
            IdempotencyKey = Method != "GET" && !Has(headers, _idempotencyKeyAt) ? KeyOf(context.StepKey) : null,
        };
        return null;
    }

    /// <summary>Makes what the transport sends, but for authentication and signature.</summary>
    public HttpFault? ToOutgoing(PreparedRequest request, bool measure, out OutgoingRequest outgoing) =>
        ToOutgoing(request, request.Url, measure, out outgoing);

    /// <summary>As <see cref="ToOutgoing(PreparedRequest, bool, out OutgoingRequest)"/>, with another URL of its origin.</summary>
    public HttpFault? ToOutgoing(PreparedRequest request, string url, bool measure, out OutgoingRequest outgoing)
    {
        outgoing = null!;
        if (!RequestUri.TryCreate(_baseUrl!, url, out var uri, out var fault))
            return fault;

        if (_body.TryWrite(request.Body, out var body, out var contentType) is { } unwritten)
            return unwritten;
        outgoing = new OutgoingRequest(Method, uri) { Body = body is null ? null : (ReadOnlyMemory<byte>?)body, MeasureTimings = measure };
        if (!_body.IsEmpty && !Has(request.Headers, _contentTypeAt))
            fault ??= outgoing.Headers.Set("content-type", contentType);
        if (request.IdempotencyKey is { } key)
            fault ??= outgoing.Headers.Set(IdempotencyKey, key);
        for (var i = 0; i < HeaderNames.Length; i++)
        {
            ref readonly var value = ref request.Headers[i];
            fault ??= value.Kind == FlowValueKind.Array ? Repeat(outgoing, i, value) : Set(outgoing, i, value);
        }
        return fault;
    }

    /// <summary>The body as it is sent, where that is another text than its value; missing where it is none. It is a secret where a part of
    /// it is one.</summary>
    public FlowValue EncodedBody(PreparedRequest request, OutgoingRequest sent) =>
        sent.Body is { } body && _body.Outline(request.Body, body, sent.Headers["content-type"]) is { } outline
            ? FlowValue.From(outline).WithSensitive(request.Body.ContainsSensitive())
            : FlowValue.Missing;

    private HttpFault? Set(OutgoingRequest outgoing, int header, FlowValue value) =>
        value.IsMissing ? null
        : value.IsSensitive ? outgoing.Headers.SetCredential(HeaderNames[header], value.ToText())
        : outgoing.Headers.Set(HeaderNames[header], value.ToText());

    private HttpFault? Repeat(OutgoingRequest outgoing, int header, FlowValue values)
    {
        HttpFault? fault = null;
        outgoing.Headers.Remove(HeaderNames[header]);
        if (values.TryGetArray(out var items))
        {
            foreach (var item in items)
                fault ??= outgoing.Headers.Add(HeaderNames[header], item.ToText(), values.IsSensitive);
        }
        return fault;
    }

    /// <summary>Whether a header is sent: one that is left out is as if nobody had said anything of it.</summary>
    private static bool Has(FlowValue[] headers, int position) => position >= 0 && !headers[position].IsMissing;

    private int PositionOf(string name) => Array.FindIndex(HeaderNames, other => other.Equals(name, StringComparison.OrdinalIgnoreCase));

    private static bool IsAuthorization(string? name) => string.Equals(name, "authorization", StringComparison.OrdinalIgnoreCase);

    /// <summary>A UUID of the step (RFC 9562, version 8): the same for every attempt, and for the same step after a crash.</summary>
    public static string KeyOf(string stepKey)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(Encoding.UTF8.GetBytes(stepKey), hash);
        hash[6] = (byte)((hash[6] & 0x0F) | 0x80);
        hash[8] = (byte)((hash[8] & 0x3F) | 0x80);
        return new Guid(hash[..16], bigEndian: true).ToString("D", CultureInfo.InvariantCulture);
    }

    /// <summary>An endpoint is a path: reported while the flow is compiled,
    /// with a harmless value in the place of each expression.</summary>
    private void CheckEndpoint(ActivityCompilation compilation)
    {
        var sample = new StringBuilder();
        foreach (var part in _endpoint.Parts)
            sample.Append(part.Literal ?? "x");
        var text = sample.ToString();
        var colon = text.IndexOf("://", StringComparison.Ordinal);
        if (colon >= 0 && !text.AsSpan(0, colon).ContainsAny('/', '?'))
            compilation.Error(
                HttpErrors.UrlInvalid,
                "endpoint",
                "The endpoint is a whole URL.",
                "Write the path only: the base URL belongs to the connector."
            );
        else if (UrlText.Problem(text, mayHaveQuery: true) is { } problem)
            compilation.Error(HttpErrors.UrlInvalid, "endpoint", "The endpoint is not usable.", problem);
    }
}

/// <summary>Per request and single-threaded: a request with a run's values in it.</summary>
internal sealed class PreparedRequest : HttpCall
{
    private static readonly FlowShape Shape = FlowShape.Of("method", "url", "headers", "body");
    private static readonly FlowShape EncodedShape = FlowShape.Of("method", "url", "headers", "body", "encoded");
    private static readonly FlowValue Masked = FlowValue.From(JsonWriting.Mask);

    public required RequestPlan Plan { get; init; }

    public required string Url { get; init; }

    public required bool UrlIsSensitive { get; init; }

    /// <summary>The values of <see cref="RequestPlan.HeaderNames"/>: a text, an array of texts for a header each, missing for one that is left
    /// out.</summary>
    public required FlowValue[] Headers { get; init; }

    public required FlowValue Body { get; init; }

    public required string? IdempotencyKey { get; init; }

    /// <summary>The step that is told what is sent; null (the default) for none.</summary>
    public TraceStep? Step { get; set; }

    /// <inheritdoc/>
    public override SignatureTemplate? SignatureTemplate => Plan.SignatureTemplate;

    /// <inheritdoc/>
    public override bool ReplacesAuthentication => Plan.ReplacesAuthentication;

    /// <inheritdoc/>
    public override IReadOnlySet<string> ConnectorHeaders => Plan.ConnectorHeaders;

    /// <inheritdoc/>
    public override IReadOnlyCollection<string> SecretHeaders => Plan.SecretHeaders;

    /// <inheritdoc/>
    public override HttpFault? ToOutgoing(bool measure, out OutgoingRequest outgoing) => Plan.ToOutgoing(this, measure, out outgoing);

    /// <inheritdoc/>
    public override void Sending(OutgoingRequest request)
    {
        if (Step is { } step)
            step.Input = ToValue(request);
    }

    /// <summary>Tells the step of a request that was not sent.</summary>
    public void TellUnsent()
    {
        if (Step is { Input.IsMissing: true } step)
            step.Input = ToValue();
    }

    /// <summary>The request for the trace, as it is sent: with the headers that were added, without the credentials in them.</summary>
    public FlowValue ToValue(OutgoingRequest sent)
    {
        var headers = new FlowObjectBuilder(sent.Headers.Count);
        foreach (var (name, value) in sent.Headers)
            headers.Set(name, HeaderOf(sent, name, value));
        var (method, url) = (FlowValue.From(sent.Method), FlowValue.From(sent.Uri.OriginalString).WithSensitive(UrlIsSensitive));
        // A redirect may have taken the body away.
        var body = sent.Body is null ? FlowValue.Missing : Body;
        return FlowValue.From(
            Plan.EncodedBody(this, sent) is { IsMissing: false } encoded
                ? EncodedShape.With(method, url, FlowValue.From(headers.Build()), body, encoded)
                : Shape.With(method, url, FlowValue.From(headers.Build()), body)
        );
    }

    /// <summary>A header as it is sent. What the connector proves itself with is masked at once; what the run knows as a secret is marked,
    /// so that it is masked wherever else it turns up.</summary>
    private FlowValue HeaderOf(OutgoingRequest sent, string name, string value)
    {
        for (var i = 0; i < Headers.Length; i++)
        {
            if (!Headers[i].IsMissing && Plan.HeaderNames[i] == name && IsFromRun(Headers[i], value))
                return (Headers[i].Kind == FlowValueKind.Array ? Headers[i] : FlowValue.From(value)).WithSensitive(
                    Headers[i].IsSensitive || CredentialHeaders.Contains(name)
                );
        }
        return sent.Headers.IsCredential(name) || CredentialHeaders.Contains(name) ? Masked : FlowValue.From(value);
    }

    /// <summary>Whether a header still is what the run made of it: the connector's credentials stand in its place otherwise.</summary>
    private static bool IsFromRun(FlowValue given, string sent) =>
        given.Kind == FlowValueKind.Array || given.ToText().AsSpan().Trim(" \t").SequenceEqual(sent);

    /// <summary>The request for the trace, where nothing is sent. Values of headers that carry credentials are marked sensitive.</summary>
    public FlowValue ToValue()
    {
        var headers = new FlowObjectBuilder(Headers.Length + 1);
        for (var i = 0; i < Headers.Length; i++)
        {
            if (!Headers[i].IsMissing)
                headers.Set(Plan.HeaderNames[i], Headers[i].WithSensitive(CredentialHeaders.Contains(Plan.HeaderNames[i])));
        }
        if (IdempotencyKey is not null)
            headers.Set("idempotency-key", FlowValue.From(IdempotencyKey));
        return FlowValue.From(
            Shape.With(
                FlowValue.From(Plan.Method),
                FlowValue.From(Url).WithSensitive(UrlIsSensitive),
                FlowValue.From(headers.Build()),
                Body
            )
        );
    }
}
