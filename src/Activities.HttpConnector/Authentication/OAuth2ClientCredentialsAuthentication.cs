using FlowEngine.HttpConnector.Authentication.OAuth;
using FlowEngine.HttpConnector.Connectors;
using FlowEngine.HttpConnector.Wire;

namespace FlowEngine.HttpConnector.Authentication;

/// <summary>
/// Per process, thread-safe. Method <c>oauth2ClientCredentials</c>: RFC 6749 section 4.4. Each instance has its own token cache, so two
/// connectors, or one connector after its scopes changed, never share a token.
/// </summary>
public sealed class OAuth2ClientCredentialsAuthentication : HttpAuthentication
{
    private const string Prefix = "Bearer ";
    private readonly TokenCache _tokens;

    /// <summary>Makes the authentication; no token is fetched yet.</summary>
    /// <param name="options">Client, secret and token endpoint.</param>
    /// <param name="transport">The connector's transport, which also reaches the token endpoint.</param>
    /// <param name="time">The clock of expiry and backoff; the system's when null.</param>
    /// <param name="sharing">Whom tokens are shared with; nobody when null.</param>
    public OAuth2ClientCredentialsAuthentication(
        OAuthClientOptions options,
        HttpTransport transport,
        TimeProvider? time = null,
        TokenSharing? sharing = null
    )
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(transport);
        TokenUri = options.TokenUri;
        _tokens = new(new TokenEndpoint(options, transport, sharing ?? TokenSharing.None).FetchAsync, time);
    }

    /// <inheritdoc/>
    public override Uri? TokenUri { get; }

    /// <inheritdoc/>
    public override IEnumerable<string> SecretValues => _tokens.RecentTokens;

    /// <inheritdoc/>
    public override async ValueTask<HttpFault?> ApplyAsync(RequestHeaders headers, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(headers);
        var result = await _tokens.GetAsync(cancellationToken).ConfigureAwait(false);
        return result.Fault ?? headers.SetCredential("authorization", Prefix + result.Token!.Value);
    }

    /// <inheritdoc/>
    public override bool Renew(RequestHeaders sent)
    {
        ArgumentNullException.ThrowIfNull(sent);
        if (sent["authorization"] is not { } value || !value.StartsWith(Prefix, StringComparison.Ordinal))
            return false;

        _tokens.Invalidate(value[Prefix.Length..]);
        return true;
    }
}
