using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text;
using FlowEngine.HttpConnector.Connectors;
using FlowEngine.HttpConnector.Wire;

namespace FlowEngine.HttpConnector.Authentication.OAuth;

/// <summary>Per process, thread-safe. Asks a token endpoint for a token: RFC 6749 section 4.4.2.</summary>
internal sealed class TokenEndpoint(OAuthClientOptions options, HttpTransport transport, TokenSharing sharing, TimeProvider? time = null)
{
    private const string AssertionType = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";

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
        if (!TryMakeForm(out var form, out var problem))
            return Failed(problem);
        var request = new OutgoingRequest("POST", options.TokenUri) { Body = form, Timeout = options.Timeout };
        if (SetHeaders(request.Headers) is { } invalid)
            return Failed(invalid.Message);

        var result = await transport.SendAsync(request, cancellationToken).ConfigureAwait(false);
        return result.TryGetReply(out var reply, out var fault)
            ? TokenAnswer.Read(reply, options)
            : Failed($"{fault.Message} ({fault.Code})");
    }

    /// <summary>The form, with a statement of the client's of its own where it proves itself so.</summary>
    private bool TryMakeForm(out byte[] form, [NotNullWhen(false)] out string? problem)
    {
        (form, problem) = (_form, null);
        if (options.Placement != OAuthCredentialPlacement.Assertion)
            return true;
        if (!ClientAssertion.TryReadKey(options.ClientKey, out var key, out var unusable))
        {
            problem = $"'clientKey' cannot be used. {unusable}";
            return false;
        }
        var assertion = new ClientAssertion(options, key, time ?? TimeProvider.System).Make();
        form =
        [
            .. _form,
            .. Encoding.ASCII.GetBytes($"&client_assertion_type={FormEncode(AssertionType)}&client_assertion={FormEncode(assertion)}"),
        ];
        return true;
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
            options.ClientKey,
            options.KeyId ?? "",
            options.Audience ?? "",
            options.Resource ?? "",
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
        if (options.Placement == OAuthCredentialPlacement.Assertion)
            form += $"&client_id={FormEncode(options.ClientId)}";
        if (!string.IsNullOrEmpty(options.Audience))
            form += "&audience=" + FormEncode(options.Audience);
        if (!string.IsNullOrEmpty(options.Resource))
            form += "&resource=" + FormEncode(options.Resource);
        return form;
    }

    private TokenResult Failed(string why) => new($"The token endpoint at '{options.TokenUri.Host}' gave no token. {why}");
}
