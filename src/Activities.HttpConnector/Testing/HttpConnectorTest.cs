using System.Globalization;
using System.Text;
using FlowEngine.Activities;
using FlowEngine.Compilation;
using FlowEngine.Context;
using FlowEngine.Errors;
using FlowEngine.Execution;
using FlowEngine.HttpConnector.Connectors;
using FlowEngine.HttpConnector.Requests;
using FlowEngine.HttpConnector.Signing;
using FlowEngine.HttpConnector.Wire;
using FlowEngine.HttpConnector.Wire.Tls;
using FlowEngine.Model;
using FlowEngine.Settings;
using FlowEngine.Tracing;

namespace FlowEngine.HttpConnector.Testing;

/// <summary>
/// Stateless: tries a connector out (SPEC 7, Test): the request as sent with secrets masked, what was signed, the answer, the context it
/// would write, and where the time went.
/// </summary>
internal static class HttpConnectorTest
{
    private const string ActivityId = "test";

    /// <summary>Runs the test.</summary>
    /// <param name="connector">The connector.</param>
    /// <param name="request">The settings of a GenericHttp activity without
    /// its connector, and <c>context</c>: sample values by root. With <c>curl</c> true nothing is sent: the request is told as a command.
    /// With <c>received</c>, a request that somebody received, nothing is sent either: it is said which key signed it.</param>
    /// <param name="cancellationToken">The caller's.</param>
    public static async ValueTask<FlowValue> RunAsync(
        Connectors.HttpConnector connector,
        FlowValue request,
        CancellationToken cancellationToken
    )
    {
        var problems = new DiagnosticBag();
        if (request.Get("received").TryGetText(out var received))
            return ReceivedCheck.Run(connector, received, problems) is { IsMissing: false } checkedNow ? checkedNow : Refused(problems);
        var at = SourceLocation.Root("request");
        if (
            SampleRun.Make(request.Get("context"), connector.Options.Time, problems, at.At("context")) is not { } context
            || Compile(connector, request, problems) is not { } compiled
        )
        {
            return Refused(problems);
        }
        var invalid = compiled.Plan.Prepare(context, out var prepared);
        SampleRun.WarnOfMissing(context, at, problems);
        if (invalid is not null)
            return Describe(connector, null, compiled.Reader.Read(HttpResult.Failed(invalid), CallEffort.None), default, context, problems);

        if (request.Get("curl") == FlowValue.True)
            return await TellAsync(connector, compiled, prepared, context, problems, cancellationToken).ConfigureAwait(false);

        // Connections of its own, so that the timings show what opening one takes.
        var chain = new SeenChain();
        var transport = connector.MakeTransport(measured: true, chain);
        await using var transportCloses = transport.ConfigureAwait(false);
        var exchange = new HttpExchange(connector, transport, prepared, compiled.Timeout, measure: true);
        var started = TimeProvider.System.GetTimestamp();
        var result = await exchange.SendAsync(cancellationToken).ConfigureAwait(false);
        var outcome = compiled.Reader.Read(result, new CallEffort(1, TimeProvider.System.GetElapsedTime(started)));
        TlsView.WarnOfEnds(connector, chain.Last, SourceLocation.Root("connector").At("configuration"), problems);
        var described = Describe(connector, exchange, outcome, result, context, problems);
        return chain.Last is { } seen && described.TryGetObject(out var view)
            ? FlowValue.From(view.With("tls", TlsView.Of(connector, seen)))
            : described;
    }

    /// <summary>The request as a command, in place of sending it.</summary>
    private static async ValueTask<FlowValue> TellAsync(
        Connectors.HttpConnector connector,
        (RequestPlan Plan, ResultReader Reader, TimeSpan Timeout) compiled,
        PreparedRequest prepared,
        RunContext context,
        DiagnosticBag problems,
        CancellationToken cancellationToken
    )
    {
        var (command, fault) = await CurlText.MakeAsync(connector, prepared, compiled.Timeout, cancellationToken).ConfigureAwait(false);
        if (fault is not null)
            return Describe(connector, null, compiled.Reader.Read(HttpResult.Failed(fault), CallEffort.None), default, context, problems);
        // What else a secret may have got into, such as a body, is known once they are read; a command needs none of them.
        connector.TryGetCredentials(out _, out _);
        var view = new FlowObjectBuilder(3);
        view.Set("ok", FlowValue.True);
        view.Set("curl", FlowValue.From(context.Run.RedactorFor(connector.SecretValues).Redact(command)));
        if (problems.Items.Count > 0)
            view.Set("problems", ProblemsOf(problems));
        return FlowValue.From(view.Build());
    }

    private static (RequestPlan Plan, ResultReader Reader, TimeSpan Timeout)? Compile(
        Connectors.HttpConnector connector,
        FlowValue request,
        DiagnosticBag problems
    )
    {
        request.TryGetObject(out var json);
        var definition = new ActivityDefinition(ActivityId, GenericHttp.TypeName, json ?? FlowObject.Empty, SourceLocation.Root("request"));
        var withConnector = definition.Json.With("connector", FlowValue.From(connector.Id));
        var settings = (GenericHttpSettings)
            SettingsDescriptor.Of(typeof(GenericHttpSettings)).Bind(withConnector, definition.Location, problems, "context", "curl");
        var compilation = ActivityCompilation.Standalone(definition, problems);
        var plan = new RequestPlan(settings, connector, compilation);
        var reader = new ResultReader(settings, connector, "test", compilation);
        return problems.HasErrors ? null : (plan, reader, TimeSpan.FromSeconds(settings.Timeout));
    }

    private static FlowValue Describe(
        Connectors.HttpConnector connector,
        HttpExchange? exchange,
        CallResult outcome,
        HttpResult result,
        RunContext context,
        DiagnosticBag warnings
    )
    {
        var (sent, signed) = (exchange?.Sent, exchange?.Signed);
        var redactor = context.Run.RedactorFor([.. connector.SecretValues, .. CredentialsIn(sent, connector)]);
        var view = new FlowObjectBuilder(9);
        view.Set("ok", FlowValue.From(outcome.Error is null));
        if (exchange is { Token: { } waited, TokenUri: { } tokenUri })
            view.Set("token", redactor.Redact(DescribeToken(tokenUri, waited)));
        if (sent is not null)
            view.Set("request", redactor.Redact(DescribeRequest(sent, connector)));
        if (signed is not null)
            view.Set("signature", DescribeSignature(signed, redactor));
        if (sent is not null && exchange!.SignedBase is { } made && connector.TryGetCredentials(out var credentials, out _))
            view.Set("messageSignature", DescribeMessage(sent, made, credentials.Messages!, redactor));
        if (result.Reply is { } reply)
            view.Set("response", redactor.Redact(DescribeReply(reply)));
        view.Set("context", redactor.Redact(outcome.Value));
        if (outcome.Error is { } error)
            view.Set("error", redactor.Redact(error.ToValue()));
        if (result.Reply?.Timings is { } timings)
            view.Set("timings", DescribeTimings(timings));
        if (warnings.Items.Count > 0)
            view.Set("problems", ProblemsOf(warnings));
        return FlowValue.From(view.Build());
    }

    /// <summary>The request as it stood on the wire, with the headers that the transport adds: a signature may cover them.</summary>
    private static FlowValue DescribeRequest(OutgoingRequest sent, Connectors.HttpConnector connector)
    {
        var headers = new FlowObjectBuilder(sent.Headers.Count + 3);
        headers.Set("host", FlowValue.From(sent.Uri.Authority));
        headers.Set(ContentCodings.AcceptEncoding, FlowValue.From(ContentCodings.Accepted));
        if (sent.ContentLength is { } length)
            headers.Set("content-length", FlowValue.From(length.ToString(CultureInfo.InvariantCulture)));
        foreach (var (name, value) in sent.Headers)
            headers.Set(name.ToLowerInvariant(), FlowValue.From(value).WithSensitive(IsCredential(name, connector)));
        foreach (var (name, value) in sent.Added)
            headers.Set(name.ToLowerInvariant(), FlowValue.From(value));
        var view = new FlowObjectBuilder(4);
        view.Set("method", FlowValue.From(sent.Method));
        view.Set("url", FlowValue.From(sent.Uri.OriginalString));
        view.Set("headers", FlowValue.From(headers.Build()));
        view.Set("body", sent.Body is { } body ? FlowValue.From(Encoding.UTF8.GetString(body.Span)) : FlowValue.Null);
        return FlowValue.From(view.Build());
    }

    /// <summary>The request for a token, which went before, and how long it took.</summary>
    private static FlowValue DescribeToken(Uri uri, TimeSpan waited)
    {
        var view = new FlowObjectBuilder(3);
        view.Set("method", FlowValue.From("POST"));
        view.Set("url", FlowValue.From(uri.OriginalString));
        view.Set("milliseconds", Milliseconds(waited));
        return FlowValue.From(view.Build());
    }

    private static bool IsCredential(string header, Connectors.HttpConnector connector) =>
        CredentialHeaders.Contains(header)
        || header.Equals(connector.AuthenticationHeader, StringComparison.OrdinalIgnoreCase)
        || connector.Headers.Any(other => other.Hidden is not null && header.Equals(other.Key, StringComparison.OrdinalIgnoreCase));

    /// <summary>What must not turn up elsewhere either: in the signed text, or
    /// echoed by the API. Also without its scheme, such as "Bearer".</summary>
    private static IEnumerable<string> CredentialsIn(OutgoingRequest? sent, Connectors.HttpConnector connector)
    {
        foreach (var (name, value) in sent?.Headers ?? [])
        {
            if (!IsCredential(name, connector))
                continue;
            yield return value;
            yield return value[(value.IndexOf(' ', StringComparison.Ordinal) + 1)..];
        }
    }

    private static FlowValue DescribeSignature(SignedMessage signed, Redactor redactor)
    {
        var view = new FlowObjectBuilder(3);
        view.Set("header", FlowValue.From(HmacSignature.SignatureHeader));
        view.Set("value", FlowValue.From(signed.Signature));
        view.Set("signedText", FlowValue.From(redactor.Redact(Encoding.UTF8.GetString(signed.Bytes.Span))));
        return FlowValue.From(view.Build());
    }

    /// <summary>What a receiver has to come to, line by line.</summary>
    private static FlowValue DescribeMessage(OutgoingRequest sent, SignedBase made, MessageSigner signer, Redactor redactor)
    {
        var view = new FlowObjectBuilder(7);
        view.Set("label", FlowValue.From(signer.Plan.Settings.Label));
        view.Set("algorithm", FlowValue.From(signer.Key.Algorithm));
        view.Set("input", FlowValue.From(sent.Headers[MessageSigner.InputHeader]));
        view.Set("value", FlowValue.From(made.Value));
        view.Set("base", FlowValue.Texts([.. made.Text.Split('\n').Select(line => redactor.Redact(line))]));
        if (signer.Key.PublicKeyPem is { } publicKey)
            view.Set("publicKey", FlowValue.From(publicKey));
        return FlowValue.From(view.Build());
    }

    private static FlowValue DescribeReply(HttpReply reply)
    {
        var headers = new FlowObjectBuilder(reply.Headers.Count);
        foreach (var (name, value) in reply.Headers)
            headers.Set(name, FlowValue.From(value).WithSensitive(CredentialHeaders.Contains(name)));
        var view = new FlowObjectBuilder(3);
        view.Set("statusCode", FlowValue.From(reply.StatusCode));
        view.Set("headers", FlowValue.From(headers.Build()));
        view.Set("body", FlowValue.From(reply.ReadText()));
        return FlowValue.From(view.Build());
    }

    /// <summary>In milliseconds; null for what did not happen.</summary>
    private static FlowValue DescribeTimings(ExchangeTimings timings)
    {
        var view = new FlowObjectBuilder(5);
        view.Set("dnsMs", Milliseconds(timings.Dns));
        view.Set("connectMs", Milliseconds(timings.Connect));
        view.Set("tlsMs", Milliseconds(timings.Tls));
        view.Set("firstByteMs", Milliseconds(timings.FirstByte));
        view.Set("totalMs", Milliseconds(timings.Total));
        return FlowValue.From(view.Build());
    }

    private static FlowValue Milliseconds(TimeSpan? span) =>
        span is { } value ? FlowValue.From(Math.Round(value.TotalMilliseconds, 3)) : FlowValue.Null;

    private static FlowValue Refused(DiagnosticBag problems)
    {
        var view = new FlowObjectBuilder(2);
        view.Set("ok", FlowValue.False);
        view.Set("problems", ProblemsOf(problems));
        return FlowValue.From(view.Build());
    }

    private static FlowValue ProblemsOf(DiagnosticBag problems) => FlowValue.Array(problems.Items.Select(DiagnosticView.ToValue));
}
