using FlowEngine.HttpConnector.Connectors;
using FlowEngine.HttpConnector.Wire;

namespace FlowEngine.HttpConnector.Authentication;

/// <summary>
/// Per process, thread-safe. How requests of one connector authenticate, made by an <see cref="AuthenticationMethod"/>. Applied after all
/// other headers, so that its header wins.
/// </summary>
public abstract class HttpAuthentication
{
    /// <summary>Texts to mask beyond the settings' own secrets: what is derived from them, and the current access token.</summary>
    public virtual IEnumerable<string> SecretValues => [];

    /// <summary>The endpoint that is asked for a token before a request; null (the default) for none.</summary>
    public virtual Uri? TokenUri => null;

    /// <summary>When the token that is used now was asked for, and until when it is used; null (the default) for none.</summary>
    public virtual (DateTimeOffset Since, DateTimeOffset Until)? TokenLifetime => null;

    /// <summary>Puts the credentials into a request's headers, by
    /// <see cref="RequestHeaders.SetCredential"/>: a redirect leaves them behind.</summary>
    /// <param name="headers">The headers of the request.</param>
    /// <param name="cancellationToken">Ends this caller's wait for a token, not the fetch that others wait for.</param>
    /// <returns>Null when done; else the fault, <c>http.header_invalid</c> or <c>http.token</c>.</returns>
    /// <exception cref="OperationCanceledException">The caller's token was cancelled.</exception>
    public abstract ValueTask<HttpFault?> ApplyAsync(RequestHeaders headers, CancellationToken cancellationToken);

    /// <summary>
    /// After an answer 401: drops the credentials that the request was sent with, when others can be had. The caller then builds the
    /// request again (<see cref="ApplyAsync"/>, sign) and replays it, once.
    /// </summary>
    /// <param name="sent">The headers as they were sent.</param>
    /// <returns>True when a replay may end differently.</returns>
    public virtual bool Renew(RequestHeaders sent) => false;
}
