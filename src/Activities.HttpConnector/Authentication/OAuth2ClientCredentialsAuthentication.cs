using FlowEngine.Connectors;
using FlowEngine.Errors;
using FlowEngine.HttpConnector.Authentication.OAuth;
using FlowEngine.HttpConnector.Wire;
using FlowEngine.Json;
using FlowEngine.Settings;

namespace FlowEngine.HttpConnector.Authentication;

/// <summary>Bound once, then read only: the settings of the method <c>oauth2ClientCredentials</c>: an OAuth 2.0 client (RFC 6749,
/// 4.4).</summary>
[Authentication("oauth2ClientCredentials", "OAuth 2.0 client credentials", "The client and the token endpoint.")]
public sealed class OAuth2Settings : AuthenticationMethod
{
    private const string PrivateKeyJwt = "private_key_jwt";

    /// <summary>The client id.</summary>
    [Setting("The client id.", Hint = "", Required = true, SecretsStay = true)]
    public string ClientId { get; set; } = "";

    /// <summary>The client secret.</summary>
    [Setting("The client secret.", Hint = "", When = "authStyle=header,body", RequiredThen = true)]
    public Secret ClientSecret { get; set; } = new("");

    /// <summary>The token endpoint.</summary>
    [Setting("The URL of the token endpoint.", Required = true, Label = "Token endpoint URL")]
    public string AuthUrl { get; set; } = "";

    /// <summary>Where id and secret go.</summary>
    [Setting(
        "How the client proves itself: by its secret in the authorization header (HTTP Basic) or in the body, or by a statement that it signs "
            + "(private_key_jwt, RFC 7523).",
        Choices = ["header", "body", PrivateKeyJwt],
        Label = "Credential placement"
    )]
    public string AuthStyle { get; set; } = "header";

    /// <summary>The key that signs the client's statements; null where there is a secret.</summary>
    [Setting(
        "The private key in PEM (ECDSA P-256 or P-384, Ed25519, RSA) that signs the client's statements.",
        When = "authStyle=private_key_jwt",
        RequiredThen = true
    )]
    public Secret? ClientKey { get; set; }

    /// <summary>By what name the token endpoint knows the key; null (the default) for none.</summary>
    [Setting("By what name the token endpoint knows the key: kid.", Label = "Key id", When = "authStyle=private_key_jwt")]
    public string? KeyId { get; set; }

    /// <summary>For whom the token is meant, as some servers ask for it; null (the default) for nobody in particular.</summary>
    [Setting("For whom the token is meant: the parameter audience, as some token endpoints ask for it.")]
    public string? Audience { get; set; }

    /// <summary>For which API the token is meant (RFC 8707); null (the default) for none in particular.</summary>
    [Setting("For which API the token is meant: the parameter resource (RFC 8707), a URL.")]
    public string? Resource { get; set; }

    /// <summary>The scopes.</summary>
    [Setting("The scopes, separated by spaces.", SecretsStay = true)]
    public string Scopes { get; set; } = "";

    /// <summary>Further headers of the token request.</summary>
    [Setting("Further headers of the token request.")]
    public IReadOnlyList<TokenHeaderSettings> TokenRequestHeaders { get; set; } = [];

    /// <inheritdoc/>
    public override void Check(SourceLocation at, DiagnosticBag problems)
    {
        CheckProof(at, problems);
        if (Resource is not null && (!Uri.TryCreate(Resource, UriKind.Absolute, out var resource) || resource.Fragment.Length > 0))
            problems.Error(FlowErrors.Value, at.At("resource"), "A resource is an absolute URL without a fragment (RFC 8707).");
        if (AuthUrl.Length > 0 && !RequestUri.TryParse(AuthUrl, out _, out var invalid))
            problems.Error(HttpErrors.UrlInvalid, at.At("authUrl"), "The token endpoint's URL is not usable.", invalid.Message);
        for (var i = 0; i < TokenRequestHeaders.Count; i++)
        {
            if (RequestHeaders.Check(TokenRequestHeaders[i].Key, "") is { } bad)
                problems.Error(HttpErrors.HeaderInvalid, at.At("tokenRequestHeaders").At(i).At("key"), bad.Message);
        }
    }

    private void CheckProof(SourceLocation at, DiagnosticBag problems)
    {
        var (name, secret) = AuthStyle == PrivateKeyJwt ? ("clientKey", ClientKey) : ("clientSecret", ClientSecret);
        if (secret is not { IsEmpty: false })
            problems.Error(FlowErrors.Required, at.At(name), $"'{name}' is missing.", $"Add \"{name}\", or choose another authStyle.");
        else if (
            AuthStyle == PrivateKeyJwt
            && secret.IsLiteral
            && secret.TryReveal(out var text, out _)
            && text != JsonWriting.Mask
            && !ClientAssertion.TryReadKey(text, out _, out var problem)
        )
            problems.Error(HttpErrors.Token, at.At(name), problem, "Paste the whole file in PEM, BEGIN and END lines included.");
    }

    /// <inheritdoc/>
    public override HttpAuthentication Create(AuthenticationContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        if (!RequestUri.TryParse(AuthUrl, out var tokenUri, out _))
            throw new InvalidOperationException("The settings have problems.");
        var options = new OAuthClientOptions
        {
            ClientId = ClientId,
            ClientSecret = AuthStyle == PrivateKeyJwt ? "" : context.Reveal(ClientSecret),
            ClientKey = AuthStyle == PrivateKeyJwt ? context.Reveal(ClientKey) : "",
            KeyId = KeyId,
            Audience = Audience,
            Resource = Resource,
            TokenUri = tokenUri,
            Placement = AuthStyle switch
            {
                PrivateKeyJwt => OAuthCredentialPlacement.Assertion,
                "body" => OAuthCredentialPlacement.Body,
                _ => OAuthCredentialPlacement.Header,
            },
            Scopes = Scopes,
            TokenRequestHeaders = [.. TokenRequestHeaders.Select(header => KeyValuePair.Create(header.Key, context.Reveal(header.Value)))],
        };
        return new OAuth2ClientCredentialsAuthentication(options, context.Transport, context.Time, context.Tokens);
    }
}

/// <summary>Bound once, then read only: a header of the token request.</summary>
public sealed class TokenHeaderSettings
{
    /// <summary>The name.</summary>
    [Setting("The header's name.", Required = true, IsKey = true)]
    public string Key { get; set; } = "";

    /// <summary>The value, which may be a secret.</summary>
    [Setting("The header's value.", Hint = "", Required = true)]
    public Secret Value { get; set; } = new("");
}

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
        _tokens = new(new TokenEndpoint(options, transport, sharing ?? TokenSharing.None, time).FetchAsync, time);
    }

    /// <inheritdoc/>
    public override Uri? TokenUri { get; }

    /// <inheritdoc/>
    public override IEnumerable<string> SecretValues => _tokens.RecentTokens;

    /// <inheritdoc/>
    public override (DateTimeOffset Since, DateTimeOffset Until)? TokenLifetime => _tokens.Current;

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
