using FlowEngine.HttpConnector.Authentication;
using FlowEngine.HttpConnector.Authentication.Aws;
using FlowEngine.HttpConnector.Signing;
using FlowEngine.HttpConnector.Wire;

namespace FlowEngine.HttpConnector.Connectors;

/// <summary>
/// Per call and single-threaded: one attempt at a request: authenticate, sign, send; a refused token is renewed and the request replayed
/// once; redirects are followed when the connector says so. All of it within one timeout.
/// </summary>
internal sealed class HttpExchange(HttpConnector connector, HttpTransport transport, HttpCall request, TimeSpan timeout, bool measure)
{
    private const int MaxRedirects = 5;

    private readonly TimeProvider _time = connector.Options.Time;
    private readonly long _started = connector.Options.Time.GetTimestamp();

    /// <summary>The last request as it was sent, for the test panel.</summary>
    public OutgoingRequest? Sent { get; private set; }

    /// <summary>What was signed of it, or null.</summary>
    public SignedMessage? Signed { get; private set; }

    /// <summary>What the message signature was made over, or null.</summary>
    public SignedBase? SignedBase { get; private set; }

    /// <summary>How long it waited for a token, for which <see cref="TokenUri"/> was asked; null where it had what it needed.</summary>
    public TimeSpan? Token { get; private set; }

    /// <summary>The endpoint that was asked for a token; null for none.</summary>
    public Uri? TokenUri { get; private set; }

    private TimeSpan Remaining => timeout - _time.GetElapsedTime(_started);

    public async ValueTask<HttpResult> SendAsync(CancellationToken cancellationToken)
    {
        if (!connector.TryGetCredentials(out var credentials, out var missing))
            return HttpResult.Failed(missing!);
        if (
            (request.ToOutgoing(measure, out var outgoing) ?? credentials.SetHeaders(outgoing.Headers, request.SecretHeaders)) is
            { } invalid
        )
            return HttpResult.Failed(invalid);

        var authentication = request.ReplacesAuthentication ? null : credentials.Authentication;
        var signer = credentials.Signer(request.SignatureTemplate, _time);
        var (messages, aws) = (credentials.Messages, credentials.Aws);
        var (renewed, hops) = (false, 0);
        while (true)
        {
            var result = await SendOnceAsync(outgoing, authentication, aws, signer, messages, cancellationToken).ConfigureAwait(false);
            if (
                result.Reply is { StatusCode: 401 }
                && !renewed
                && Remaining > TimeSpan.Zero
                && authentication?.Renew(outgoing.Headers) == true
            )
            {
                renewed = true;
                continue;
            }
            if (
                !renewed
                && aws is not null
                && Remaining > TimeSpan.Zero
                && result.Reply is { } refusal
                && MayBeMended(aws, refusal, outgoing)
            )
            {
                renewed = true;
                continue;
            }
            if (!connector.FollowRedirects || hops++ == MaxRedirects || Redirect.LocationOf(result.Reply) is not { } location)
                return result;
            if (Redirect.Target(outgoing.Uri, location, out var target) is { } fault)
                return HttpResult.Failed(fault);
            if (target is null)
                return result;

            // Once away from the connector's origin, its credentials stay away: a detour must not bring them back.
            var isSameOrigin = Redirect.IsSameOrigin(outgoing.Uri, target);
            if (!isSameOrigin)
                (authentication, aws, signer, messages) = (null, null, null, null);
            outgoing = Redirect.Follow(outgoing, result.Reply!.StatusCode, target, request.ConnectorHeaders, keepAll: isSameOrigin);
        }
    }

    /// <summary>Whether AWS refused a request for its time, or for a session that is over: both are set right once.</summary>
    private bool MayBeMended(AwsSigner aws, HttpReply refusal, OutgoingRequest sent)
    {
        if (aws.LearnTime(refusal))
            return true;
        if (!AwsSigner.IsOver(refusal) || !connector.TryGetCredentials(out var credentials, out _) || credentials.Role is not { } role)
            return false;
        role.Forget(sent.Headers[AwsSigner.TokenHeader] ?? "");
        return true;
    }

    private async ValueTask<HttpResult> SendOnceAsync(
        OutgoingRequest outgoing,
        HttpAuthentication? authentication,
        AwsSigner? aws,
        HmacSignature? signer,
        MessageSigner? messages,
        CancellationToken cancellationToken
    )
    {
        if (
            authentication is not null
            && await AuthenticateAsync(authentication, outgoing, cancellationToken).ConfigureAwait(false) is { } fault
        )
            return HttpResult.Failed(fault);

        // What the token, the first try or a redirect took is gone.
        outgoing.Timeout = Remaining;
        if (outgoing.Timeout <= TimeSpan.Zero)
            return HttpResult.Failed(
                HttpFaultCodes.Timeout,
                $"The API gave no complete answer within {timeout.TotalSeconds:0.###} s. Raise the timeout, or ask its owner."
            );

        if (aws is not null && await aws.SignAsync(outgoing, cancellationToken).ConfigureAwait(false) is { } unproved)
            return HttpResult.Failed(unproved);
        messages?.Complete(outgoing);
        Signed = signer?.Sign(outgoing);
        SignedBase? signedBase = null;
        if (messages?.Sign(outgoing, out signedBase) is { } unsigned)
            return HttpResult.Failed(unsigned);
        SignedBase = signedBase;
        Sent = outgoing;
        request.Sending(outgoing);
        return await transport.SendAsync(outgoing, cancellationToken).ConfigureAwait(false);
    }

    private async ValueTask<HttpFault?> AuthenticateAsync(
        HttpAuthentication authentication,
        OutgoingRequest outgoing,
        CancellationToken cancellationToken
    )
    {
        // One that has no token fetches it now, however quickly it is there.
        var fetches = measure && authentication is { TokenUri: not null, TokenLifetime: null };
        var asked = _time.GetTimestamp();
        var pending = authentication.ApplyAsync(outgoing.Headers, cancellationToken);
        if (pending.IsCompletedSuccessfully && !fetches)
            return pending.Result;
        TokenUri = authentication.TokenUri;
        try
        {
            var remaining = Remaining;
            return await pending
                .AsTask()
                .WaitAsync(remaining > TimeSpan.Zero ? remaining : TimeSpan.Zero, _time, cancellationToken)
                .ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            return new HttpFault(
                HttpFaultCodes.Token,
                $"The token endpoint gave no token within {timeout.TotalSeconds:0.###} s. Raise the timeout, or ask its owner."
            );
        }
        finally
        {
            Token = (Token ?? TimeSpan.Zero) + _time.GetElapsedTime(asked);
        }
    }
}
