using FlowEngine.HttpConnector.Authentication;
using FlowEngine.HttpConnector.Signing;

namespace FlowEngine.HttpConnector.Requests;

/// <summary>
/// Per call and single-threaded: one attempt at a request: authenticate, sign, send; a refused token is renewed and the request replayed once; redirects are
/// followed when the connector says so.
/// </summary>
internal sealed class HttpExchange(HttpConnector connector, HttpTransport transport, PreparedRequest request, TimeSpan timeout, bool measure)
{
    private const int MaxRedirects = 5;

    private readonly RequestPlan _plan = request.Plan;
    private readonly long _started = connector.Options.Time.GetTimestamp();

    /// <summary>The last request as it was sent, for the test panel.</summary>
    public OutgoingRequest? Sent { get; private set; }

    /// <summary>What was signed of it, or null.</summary>
    public SignedMessage? Signed { get; private set; }

    public async ValueTask<HttpResult> SendAsync(CancellationToken cancellationToken)
    {
        if (!connector.TryGetCredentials(out var credentials, out var missing))
            return HttpResult.Failed(missing!);

        var authentication = _plan.HasDynamicAuthorization && Same(connector.AuthenticationHeader, "authorization") ? null : credentials.Authentication;
        if (_plan.ToOutgoing(request, Remaining, measure, out var outgoing) is { } invalid)
            return HttpResult.Failed(invalid);

        var signer = credentials.Signer(_plan.SignatureTemplate, connector.Options.Time);
        var result = await SendOnceAsync(outgoing, authentication, signer, cancellationToken).ConfigureAwait(false);
        if (result.Reply is { StatusCode: 401 } && authentication?.Renew(outgoing.Headers) == true && Remaining > TimeSpan.Zero)
            result = await SendOnceAsync(Again(outgoing, outgoing.Uri), authentication, signer, cancellationToken).ConfigureAwait(false);
        return connector.FollowRedirects ? await FollowAsync(result, authentication, signer, cancellationToken).ConfigureAwait(false) : result;
    }

    private TimeSpan Remaining => timeout - connector.Options.Time.GetElapsedTime(_started);

    private async ValueTask<HttpResult> SendOnceAsync(OutgoingRequest outgoing, HttpAuthentication? authentication, HmacSignature? signer, CancellationToken cancellationToken)
    {
        if (authentication is not null && await AuthenticateAsync(authentication, outgoing, cancellationToken).ConfigureAwait(false) is { } fault)
            return HttpResult.Failed(fault);

        Signed = signer?.Sign(outgoing);
        Sent = outgoing;
        return await transport.SendAsync(outgoing, cancellationToken).ConfigureAwait(false);
    }

    private async ValueTask<HttpFault?> AuthenticateAsync(HttpAuthentication authentication, OutgoingRequest outgoing, CancellationToken cancellationToken)
    {
        var pending = authentication.ApplyAsync(outgoing.Headers, cancellationToken);
        if (pending.IsCompletedSuccessfully)
            return pending.Result;
        try
        {
            return await pending.AsTask().WaitAsync(Positive(Remaining), connector.Options.Time, cancellationToken).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            return new HttpFault(HttpFaultCodes.Token, $"The token endpoint gave no token within {timeout.TotalSeconds:0.###} s. Raise the timeout, or ask its owner.");
        }
    }

    private async ValueTask<HttpResult> FollowAsync(HttpResult result, HttpAuthentication? authentication, HmacSignature? signer, CancellationToken cancellationToken)
    {
        for (var hops = 0; result.Reply is { StatusCode: 301 or 302 or 303 or 307 or 308 } reply && reply.Header("location") is { Length: > 0 } location; hops++)
        {
            if (hops == MaxRedirects)
                return HttpResult.Failed(HttpFaultCodes.BadResponse, $"The API redirects more than {MaxRedirects} times.");
            if (Redirect.Target(Sent!.Uri, location, out var target) is { } fault)
                return HttpResult.Failed(fault);
            if (target is null)
                return result;
            if (Remaining <= TimeSpan.Zero)
                return HttpResult.Failed(HttpFaultCodes.Timeout, $"The API gave no complete answer within {timeout.TotalSeconds:0.###} s.");

            // Once away from the connector's origin, its credentials stay away: a detour must not bring them back.
            if (!Redirect.IsSameOrigin(Sent.Uri, target))
                (authentication, signer) = (null, null);
            var next = Redirect.Follow(Sent, reply.StatusCode, target, Remaining, _plan.ConnectorHeaders, keepAll: Redirect.IsSameOrigin(Sent.Uri, target));
            result = await SendOnceAsync(next, authentication, signer, cancellationToken).ConfigureAwait(false);
        }
        return result;
    }

    private OutgoingRequest Again(OutgoingRequest sent, Uri uri) =>
        new(sent.Method, uri) { Headers = sent.Headers, Body = sent.Body, Timeout = Positive(Remaining), MeasureTimings = measure };

    private static TimeSpan Positive(TimeSpan span) => span > TimeSpan.Zero ? span : TimeSpan.FromMilliseconds(1);

    private static bool Same(string? left, string right) => string.Equals(left, right, StringComparison.OrdinalIgnoreCase);
}
