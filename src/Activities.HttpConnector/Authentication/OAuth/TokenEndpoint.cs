using System.Security.Cryptography;
using System.Text;
using FlowEngine.HttpConnector.Connectors;
using FlowEngine.HttpConnector.Wire;

namespace FlowEngine.HttpConnector.Authentication.OAuth;

/// <summary>Per process, thread-safe. Asks a token endpoint for a token: RFC 6749 section 4.4.2.</summary>
internal sealed class TokenEndpoint(OAuthClientOptions options, HttpTransport transport, TokenSharing sharing)
{
    private readonly byte[] _form = Encoding.ASCII.GetBytes(Form(options));

    private readonly string _key = KeyOf(options);

    /// <summary>Gets a token, from here or from whom it is shared with.</summary>
    /// <param name="refused">The token that an API refused last, or null.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public async Task<TokenResult> FetchAsync(string? refused, CancellationToken cancellationToken)
    {
        var grant = await sharing
            .GetAsync(_key, refused, async token => Grant(await AskAsync(token).ConfigureAwait(false)), cancellationToken)
            .ConfigureAwait(false);
        return grant.Token is { } value
            ? new TokenResult(AccessToken.Of(value, grant.UsableFor))
            : new TokenResult(grant.Problem ?? "The token endpoint could not be asked.");
    }

    private async Task<TokenResult> AskAsync(CancellationToken cancellationToken)
    {
        var request = new OutgoingRequest("POST", options.TokenUri) { Body = _form, Timeout = options.Timeout };
        if (SetHeaders(request.Headers) is { } invalid)
            return Failed(invalid.Message);

        var result = await transport.SendAsync(request, cancellationToken).ConfigureAwait(false);
        return result.TryGetReply(out var reply, out var fault)
            ? TokenAnswer.Read(reply, options)
            : Failed($"{fault.Message} ({fault.Code})");
    }

    /// <summary>application/x-www-form-urlencoded, RFC 6749 appendix B.</summary>
    internal static string FormEncode(string value) => Uri.EscapeDataString(value).Replace("%20", "+", StringComparison.Ordinal);

    private HttpFault? SetHeaders(RequestHeaders headers)
    {
        var fault = headers.Set("accept", "application/json");
        foreach (var (name, value) in options.TokenRequestHeaders)
            fault ??= headers.Set(name, value);
        fault ??= headers.Set("content-type", "application/x-www-form-urlencoded");
        if (options.Placement == OAuthCredentialPlacement.Header)
            fault ??= headers.Set(
                "authorization",
                BasicAuthentication.Encode(FormEncode(options.ClientId), FormEncode(options.ClientSecret))
            );
        return fault;
    }

    private static TokenGrant Grant(TokenResult result) =>
        result.Token is { } token ? new TokenGrant(token.Value, token.UsedFor, null) : new TokenGrant(null, default, result.Fault!.Message);

    /// <summary>A hash of everything that the token depends on: two that share it are granted the same.</summary>
    private static string KeyOf(OAuthClientOptions options)
    {
        string[] parts =
        [
            options.TokenUri.AbsoluteUri,
            options.ClientId,
            options.ClientSecret,
            options.Placement.ToString(),
            options.Scopes ?? "",
            .. options.TokenRequestHeaders.SelectMany(header => new[] { header.Key, header.Value }),
        ];
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var part in parts)
        {
            var bytes = Encoding.UTF8.GetBytes(part);
            // Lengths first, so that no two lists look alike.
            hash.AppendData(BitConverter.GetBytes(bytes.Length));
            hash.AppendData(bytes);
        }
        return Convert.ToHexString(hash.GetHashAndReset());
    }

    private static string Form(OAuthClientOptions options)
    {
        var form = "grant_type=client_credentials";
        if (!string.IsNullOrWhiteSpace(options.Scopes))
            form += "&scope=" + FormEncode(options.Scopes.Trim());
        if (options.Placement == OAuthCredentialPlacement.Body)
            form += $"&client_id={FormEncode(options.ClientId)}&client_secret={FormEncode(options.ClientSecret)}";
        return form;
    }

    private TokenResult Failed(string why) => new($"The token endpoint at '{options.TokenUri.Host}' gave no token. {why}");
}
