using System.Text.Json;
using FlowEngine.Activities;
using FlowEngine.Compilation;
using FlowEngine.Context;
using FlowEngine.Errors;
using FlowEngine.HttpConnector.Connectors;
using FlowEngine.HttpConnector.Requests;
using FlowEngine.HttpConnector.Wire;
using FlowEngine.Json;

namespace FlowEngine.HttpConnector;

/// <summary>Shared and immutable: what a call wrote into the context, and the error it ended with.</summary>
/// <param name="Value">The value of <c>connectors.&lt;contextKey&gt;</c>.</param>
/// <param name="Error">The error, or null on success.</param>
/// <param name="IsHttpError">Whether the error is a status, <c>Generic HTTP Error</c>; otherwise there was no usable answer.</param>
/// <param name="StatusCode">The status of the answer; 0 where there was none.</param>
internal readonly record struct CallResult(FlowValue Value, FlowError? Error, bool IsHttpError, int StatusCode);

/// <summary>Shared and immutable: turns answers into results.</summary>
internal sealed class ResultReader(
    GenericHttpSettings settings,
    Connectors.HttpConnector? connector,
    string contextKey,
    ActivityCompilation compilation
)
{
    private const string CertificateAdvice =
        " Its server takes no client certificate but its own: look at the connector's clientCertificate and clientKey.";

    private static readonly FlowShape Plain = FlowShape.Of("statusCode", "body", "attempts", "durationMs");
    private static readonly FlowShape WithHeaders = FlowShape.Of("statusCode", "body", "headers", "attempts", "durationMs");
    private static readonly FlowShape PlainError = FlowShape.Of("statusCode", "body", "error", "attempts", "durationMs");
    private static readonly FlowShape HeadersError = FlowShape.Of("statusCode", "body", "headers", "error", "attempts", "durationMs");
    private static readonly FlowShape ErrorOnly = FlowShape.Of("error", "attempts", "durationMs");
    private static readonly FlowShape ResponseFields = FlowShape.Of("statusCode", "headers", "body");
    private static readonly FlowShape ErrorFields = FlowShape.Of("event", "code", "message");

    private static readonly ValueShape ErrorMembers = ValueShape.Object(
        ("event", ValueShape.Scalar),
        ("code", ValueShape.Scalar),
        ("message", ValueShape.Scalar)
    );

    private static readonly (string Name, ValueShape Shape)[] EffortMembers =
    [
        ("attempts", ValueShape.Scalar),
        ("durationMs", ValueShape.Scalar),
    ];

    private readonly TimeProvider _time = connector?.Options.Time ?? TimeProvider.System;
    private readonly ResponseFormat _format = settings.ResponseFormat;
    private readonly bool _isSensitive = settings.Sensitive || compilation.HoldsCode("connectors", contextKey);
    private readonly bool _includeHeaders = connector?.IncludeHeaders ?? false;

    private readonly IReadOnlyList<(string Name, ValueShape Shape)> _pageMembers = settings.Pages is null ? [] : AnswerPages.Members;

    /// <summary>What is known of the result of a call that brought no usable answer.</summary>
    public ValueShape FailureShape =>
        ValueShape.Object([
            ("error", ErrorMembers),
            .. EffortMembers,
            .. connector is { Cooldown: null } ? [] : AnswerHints.TimeMembers,
            .. _pageMembers,
        ]);

    /// <summary>What is known of an answer for whoever looks at its content.</summary>
    public static ValueShape ResponseShape { get; } =
        ValueShape.Object(("statusCode", ValueShape.Scalar), ("headers", ValueShape.Any), ("body", ValueShape.Any));

    /// <summary>By what rule answers are used again; null where none are.</summary>
    public AnswerCaching? Caching { get; } = AnswerCaching.Parse(settings, compilation);

    /// <summary>Which statuses are successes.</summary>
    public StatusCodeSet Successes { get; } =
        StatusCodeSet.Parse(settings.SuccessStatusCodes, compilation.At("successStatusCodes"), compilation.Problems);

    /// <summary>What is known of the result of a call that succeeded.</summary>
    public ValueShape SuccessShape => Shape([]);

    /// <summary>What is known of the result of a call whose answer has a status that is no success.</summary>
    public ValueShape RefusalShape => Shape([("error", ErrorMembers)]);

    /// <summary>A call that brought no usable answer.</summary>
    public CallResult Failure(HttpFault fault, CallEffort effort)
    {
        var failure = Failure(new FlowError(fault.Code, fault.Message, Event: GenericHttp.ExecutionEvent), isHttpError: false, effort);
        return fault.RetryAt is { } at && failure.Value.TryGetObject(out var result)
            ? failure with
            {
                Value = Complete(result, AnswerHints.Until(at, _time), freshness: null),
            }
            : failure;
    }

    /// <summary>The failure for which a golden case's reply stands in as a stale answer: the error that it names, or that there was no
    /// connection.</summary>
    public static CallResult ScriptedOutage(FlowValue reply) => ReadScriptedError(reply.Get("error"));

    /// <summary>A stale answer, with the error that it stands in for.</summary>
    public static FlowValue WithError(FlowValue answer, FlowError error)
    {
        answer.TryGetObject(out var members);
        return FlowValue.From((members ?? FlowObject.Empty).With("error", Describe(error)));
    }

    /// <summary>Reads what a call brought.</summary>
    /// <param name="result">What it brought.</param>
    /// <param name="effort">What it took.</param>
    /// <param name="freshness">Where the answer came from; null (the default) where answers are not used again.</param>
    public CallResult Read(HttpResult result, CallEffort effort, AnswerFreshness? freshness = null)
    {
        if (!result.TryGetReply(out var reply, out var fault))
            return Failure(fault, effort);
        if (!TryReadBody(reply, out var body))
            return Failure(
                new HttpFault(
                    HttpFaultCodes.BadResponse,
                    $"The API answered {reply.StatusCode} with a body that is not the JSON "
                        + "it claims to be. Ask its owner, or set responseFormat to \"text\"."
                ),
                effort
            );

        var headers = _includeHeaders ? HeadersOf(reply) : FlowValue.Missing;
        return Make(reply.StatusCode, body, headers, effort, AnswerHints.Of(reply, body, _time), freshness);
    }

    /// <summary>An answer for whoever looks at its content: with its headers, whether the result has them or not.</summary>
    public FlowValue ResponseOf(in CallResult read, HttpReply reply) =>
        Response(read, _includeHeaders ? read.Value.Get("headers") : HeadersOf(reply));

    /// <inheritdoc cref="ResponseOf(in CallResult, HttpReply)"/>
    public FlowValue ResponseOfScripted(in CallResult read, FlowValue reply) => Response(read, AsReceived(reply.Get("headers")));

    /// <summary>A success that is none by its content.</summary>
    /// <param name="read">The success.</param>
    /// <param name="problem">Why that could not be decided; null when it was.</param>
    public static CallResult Refuse(in CallResult read, FlowError? problem)
    {
        var error = (
            problem ?? FlowError.Of(HttpErrors.NotSuccess, $"The API answered {read.StatusCode}, but successWhen does not hold.")
        ) with
        {
            Event = GenericHttp.HttpErrorEvent,
        };
        read.Value.TryGetObject(out var result);
        return new(FlowValue.From(result!.With("error", Describe(error))), error, IsHttpError: true, StatusCode: 0);
    }

    /// <summary>Whether a golden case says of a success that it is none by its content.</summary>
    public static bool IsRefusedByScript(FlowValue reply) => reply.Get("error").Get("code") == FlowValue.From(HttpFaultCodes.NotSuccess);

    /// <summary>Reads a golden case's reply: <c>{ statusCode, body, headers }</c> or <c>{ error: { event, code, message } }</c>.</summary>
    public CallResult ReadScripted(FlowValue reply)
    {
        if (reply.Get("error") is { Kind: FlowValueKind.Object } error && !reply.Get("statusCode").TryGetInteger(out _))
        {
            var failure = ReadScriptedError(error);
            // As of a connector that gives the API time.
            return reply.Get("retryAfter").TryGetInteger(out var wait) && failure.Value.TryGetObject(out var failed)
                ? failure with
                {
                    Value = Complete(failed, AnswerHints.Until(_time.GetUtcNow() + TimeSpan.FromSeconds(wait), _time), freshness: null),
                }
                : failure;
        }

        var statusCode = reply.Get("statusCode").TryGetInteger(out var status) ? (int)status : 200;
        var body = reply.Get("body");
        if (body.IsMissing)
            body = FlowValue.Null;
        else if (_format == ResponseFormat.Text && !body.IsNothing)
            body = FlowValue.From(body.ToText());
        return Make(
            statusCode,
            body,
            _includeHeaders ? AsReceived(reply.Get("headers")) : FlowValue.Missing,
            CallEffort.Scripted,
            AnswerHints.OfScripted(reply, body, _time),
            Caching is null ? null
                : reply.Get("stale") == FlowValue.True ? new AnswerFreshness(true, TimeSpan.Zero, true)
                : AnswerFreshness.New
        );
    }

    /// <summary>nginx, and what is built on it, finishes the handshake and then answers so in the API's place.</summary>
    private static bool WantsCertificate(int statusCode, FlowValue body) =>
        statusCode == 400
        && body.TryGetText(out var text)
        && text.Length < 2_000
        && text.Contains("SSL certificate", StringComparison.Ordinal);

    private static CallResult ReadScriptedError(FlowValue error)
    {
        var isHttpError = error.Get("event").TryGetText(out var name) && name == GenericHttp.HttpErrorEvent;
        var code =
            error.Get("code").TryGetText(out var given) ? given
            : isHttpError ? HttpErrors.Status.Code
            : HttpFaultCodes.Connect;
        var message = error.Get("message").TryGetText(out var text) ? text : "The case says so.";
        return Failure(
            new FlowError(code, message, Event: isHttpError ? GenericHttp.HttpErrorEvent : GenericHttp.ExecutionEvent),
            isHttpError,
            CallEffort.Scripted
        );
    }

    private CallResult Make(
        int statusCode,
        FlowValue body,
        FlowValue headers,
        CallEffort effort,
        AnswerHints? hints,
        AnswerFreshness? freshness
    )
    {
        var status = FlowValue.From(statusCode);
        var (attempts, duration) = ToValues(effort);
        body = body.WithSensitive(_isSensitive);
        headers = headers.WithSensitive(_isSensitive);
        if (Successes.Contains(statusCode))
            return new(
                Complete(
                    _includeHeaders
                        ? WithHeaders.With(status, body, headers, attempts, duration)
                        : Plain.With(status, body, attempts, duration),
                    hints,
                    freshness
                ),
                null,
                false,
                statusCode
            );

        var message = $"The API answered {statusCode}.{(WantsCertificate(statusCode, body) ? CertificateAdvice : "")}";
        var error = new FlowError(HttpErrors.Status.Code, message, Event: GenericHttp.HttpErrorEvent) { Status = statusCode };
        var described = Describe(error);
        return new(
            Complete(
                _includeHeaders
                    ? HeadersError.With(status, body, headers, described, attempts, duration)
                    : PlainError.With(status, body, described, attempts, duration),
                hints,
                freshness
            ),
            error,
            true,
            statusCode
        );
    }

    /// <summary>What a golden case says of an answer, a secret where the answer is one.</summary>
    public FlowArray Marked(FlowArray items) => _isSensitive ? FlowArray.From(items.Select(item => item.WithSensitive(true))) : items;

    private FlowValue Complete(FlowObject result, AnswerHints? hints, AnswerFreshness? freshness)
    {
        if (hints is null && freshness is null)
            return FlowValue.From(result);
        var complete = new FlowObjectBuilder(result);
        hints?.AddTo(complete, _isSensitive);
        freshness?.AddTo(complete);
        return FlowValue.From(complete.Build());
    }

    private static FlowValue HeadersOf(HttpReply reply)
    {
        var headers = new FlowObjectBuilder(reply.Headers.Count);
        foreach (var (name, value) in reply.Headers)
            headers.Set(name, FlowValue.From(value));
        return FlowValue.From(headers.Build());
    }

    private FlowValue Response(in CallResult read, FlowValue headers) =>
        FlowValue.From(ResponseFields.With(read.Value.Get("statusCode"), headers.WithSensitive(_isSensitive), read.Value.Get("body")));

    private static (FlowValue Attempts, FlowValue DurationMs) ToValues(CallEffort effort) =>
        (FlowValue.From(effort.Attempts), FlowValue.From((long)Math.Round(effort.Duration.TotalMilliseconds)));

    /// <summary>Reads the body. An error's body that is not the JSON it
    /// claims to be is kept as text: its status says what happened.</summary>
    private bool TryReadBody(HttpReply reply, out FlowValue body)
    {
        if (_format == ResponseFormat.Binary)
        {
            body = FlowValue.From(Convert.ToBase64String(reply.Body.Span));
            return true;
        }
        var isJson = _format == ResponseFormat.Json || _format == ResponseFormat.Auto && IsJson(reply.MediaType);
        if (reply.Body.IsEmpty)
        {
            body = isJson || reply.MediaType is null ? FlowValue.Null : FlowValue.EmptyText;
            return true;
        }
        if (!isJson)
        {
            body = FlowValue.From(reply.ReadText());
            return true;
        }

        try
        {
            body = reply.Charset is null or "utf-8" or "utf8" or "us-ascii"
                ? JsonReading.Parse(reply.Body.Span)
                : JsonReading.Parse(reply.ReadText());
            return true;
        }
        catch (JsonException)
        {
            body = FlowValue.From(reply.ReadText());
            return !Successes.Contains(reply.StatusCode);
        }
    }

    private ValueShape Shape(IEnumerable<(string Name, ValueShape Shape)> more)
    {
        // Of a connector with errors nothing is known.
        var members = more.Concat([("statusCode", ValueShape.Scalar), ("body", ValueShape.Any), .. EffortMembers, .. AnswerHints.Members])
            .Concat(Caching is null ? [] : AnswerFreshness.Members)
            .Concat(_pageMembers);
        return _includeHeaders || connector is null
            ? ValueShape.Object(members.Append(("headers", ValueShape.Any)))
            : ValueShape.Object(members).Lacking("headers", $"Set \"includeHeadersInContext\": true on the connector '{connector.Id}'.");
    }

    private static bool IsJson(string? mediaType) =>
        mediaType is not null && (mediaType is "application/json" or "text/json" || mediaType.EndsWith("+json", StringComparison.Ordinal));

    private static FlowValue Describe(FlowError error) =>
        FlowValue.From(ErrorFields.With(FlowValue.From(error.Event), FlowValue.From(error.Code), FlowValue.From(error.Message)));

    private static CallResult Failure(FlowError error, bool isHttpError, CallEffort effort)
    {
        var (attempts, duration) = ToValues(effort);
        return new(FlowValue.From(ErrorOnly.With(Describe(error), attempts, duration)), error, isHttpError, 0);
    }

    /// <summary>A case's headers as an answer would bring them: names in lower case, values as text, several joined.</summary>
    private static FlowValue AsReceived(FlowValue headers)
    {
        if (!headers.TryGetObject(out var given))
            return FlowValue.From(FlowObject.Empty);
        if (IsAsReceived(given))
            return headers;

        var received = new FlowObjectBuilder(given.Count);
        foreach (var (name, value) in given)
            received.Set(
                name.ToLowerInvariant(),
                FlowValue.From(
                    value.TryGetArray(out var several) ? string.Join(", ", several.Select(item => item.ToText())) : value.ToText()
                )
            );
        return FlowValue.From(received.Build());
    }

    /// <summary>Most cases write headers as they are received: then nothing is copied.</summary>
    private static bool IsAsReceived(FlowObject headers)
    {
        for (var i = 0; i < headers.Count; i++)
        {
            if (headers.Values[i].Kind != FlowValueKind.String)
                return false;
            foreach (var c in headers.Shape.Names[i])
            {
                if (char.IsUpper(c))
                    return false;
            }
        }
        return true;
    }
}
