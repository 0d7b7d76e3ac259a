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
internal readonly record struct CallResult(FlowValue Value, FlowError? Error, bool IsHttpError);

/// <summary>Shared and immutable: turns answers into results.</summary>
internal sealed class ResultReader(
    GenericHttpSettings settings,
    Connectors.HttpConnector? connector,
    string contextKey,
    ActivityCompilation compilation
)
{
    private static readonly FlowShape Plain = FlowShape.Of("statusCode", "body");
    private static readonly FlowShape WithHeaders = FlowShape.Of("statusCode", "body", "headers");
    private static readonly FlowShape PlainError = FlowShape.Of("statusCode", "body", "error");
    private static readonly FlowShape HeadersError = FlowShape.Of("statusCode", "body", "headers", "error");
    private static readonly FlowShape ErrorOnly = FlowShape.Of("error");
    private static readonly FlowShape ErrorFields = FlowShape.Of("event", "code", "message");

    private static readonly ValueShape ErrorMembers = ValueShape.Object(
        ("event", ValueShape.Scalar),
        ("code", ValueShape.Scalar),
        ("message", ValueShape.Scalar)
    );

    private readonly StatusCodeSet _successes = StatusCodeSet.Parse(
        settings.SuccessStatusCodes,
        compilation.At("successStatusCodes"),
        compilation.Problems
    );
    private readonly ResponseFormat _format = settings.ResponseFormat;
    private readonly bool _isSensitive = settings.Sensitive || compilation.HoldsCode("connectors", contextKey);
    private readonly bool _includeHeaders = connector?.IncludeHeaders ?? false;

    /// <summary>What is known of the result of a call that brought no usable answer.</summary>
    public static ValueShape FailureShape { get; } = ValueShape.Object(("error", ErrorMembers));

    /// <summary>What is known of the result of a call that succeeded.</summary>
    public ValueShape SuccessShape => Shape([]);

    /// <summary>What is known of the result of a call whose answer has a status that is no success.</summary>
    public ValueShape RefusalShape => Shape([("error", ErrorMembers)]);

    /// <summary>A call that brought no usable answer.</summary>
    public static CallResult Failure(HttpFault fault) =>
        Failure(new FlowError(fault.Code, fault.Message, Event: GenericHttp.ExecutionEvent), isHttpError: false);

    /// <summary>Reads what a call brought.</summary>
    public CallResult Read(HttpResult result)
    {
        if (!result.TryGetReply(out var reply, out var fault))
            return Failure(fault);
        if (!TryReadBody(reply, out var body))
            return Failure(
                new HttpFault(
                    HttpFaultCodes.BadResponse,
                    $"The API answered {reply.StatusCode} with a body that is not the JSON "
                        + "it claims to be. Ask its owner, or set responseFormat to \"text\"."
                )
            );

        var headers = FlowValue.Missing;
        if (_includeHeaders)
        {
            var builder = new FlowObjectBuilder(reply.Headers.Count);
            foreach (var (name, value) in reply.Headers)
                builder.Set(name, FlowValue.From(value));
            headers = FlowValue.From(builder.Build());
        }
        return Make(reply.StatusCode, body, headers);
    }

    /// <summary>Reads a golden case's reply: <c>{ statusCode, body, headers }</c> or <c>{ error: { event, code, message } }</c>.</summary>
    public CallResult ReadScripted(FlowValue reply)
    {
        if (reply.Get("error") is { Kind: FlowValueKind.Object } error && !reply.Get("statusCode").TryGetInteger(out _))
            return ReadScriptedError(error);

        var statusCode = reply.Get("statusCode").TryGetInteger(out var status) ? (int)status : 200;
        var body = reply.Get("body");
        if (body.IsMissing)
            body = FlowValue.Null;
        else if (_format == ResponseFormat.Text && !body.IsNothing)
            body = FlowValue.From(body.ToText());
        return Make(statusCode, body, _includeHeaders ? AsReceived(reply.Get("headers")) : FlowValue.Missing);
    }

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
            isHttpError
        );
    }

    private CallResult Make(int statusCode, FlowValue body, FlowValue headers)
    {
        var status = FlowValue.From(statusCode);
        body = body.WithSensitive(_isSensitive);
        headers = headers.WithSensitive(_isSensitive);
        if (_successes.Contains(statusCode))
            return new(FlowValue.From(_includeHeaders ? WithHeaders.With(status, body, headers) : Plain.With(status, body)), null, false);

        var error = new FlowError(HttpErrors.Status.Code, $"The API answered {statusCode}.", Event: GenericHttp.HttpErrorEvent);
        return new(
            FlowValue.From(
                _includeHeaders ? HeadersError.With(status, body, headers, Describe(error)) : PlainError.With(status, body, Describe(error))
            ),
            error,
            true
        );
    }

    /// <summary>Reads the body. An error's body that is not the JSON it
    /// claims to be is kept as text: its status says what happened.</summary>
    private bool TryReadBody(HttpReply reply, out FlowValue body)
    {
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
            return !_successes.Contains(reply.StatusCode);
        }
    }

    private ValueShape Shape(IEnumerable<(string Name, ValueShape Shape)> more)
    {
        // Of a connector with errors nothing is known.
        var members = more.Concat([("statusCode", ValueShape.Scalar), ("body", ValueShape.Any)]);
        return _includeHeaders || connector is null
            ? ValueShape.Object(members.Append(("headers", ValueShape.Any)))
            : ValueShape.Object(members).Lacking("headers", $"Set \"includeHeadersInContext\": true on the connector '{connector.Id}'.");
    }

    private static bool IsJson(string? mediaType) =>
        mediaType is not null && (mediaType is "application/json" or "text/json" || mediaType.EndsWith("+json", StringComparison.Ordinal));

    private static FlowValue Describe(FlowError error) =>
        FlowValue.From(ErrorFields.With(FlowValue.From(error.Event), FlowValue.From(error.Code), FlowValue.From(error.Message)));

    private static CallResult Failure(FlowError error, bool isHttpError) =>
        new(FlowValue.From(ErrorOnly.With(Describe(error))), error, isHttpError);

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
