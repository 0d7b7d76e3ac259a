using System.Text;

namespace FlowEngine.HttpConnector.Authentication.OAuth;

/// <summary>Per process, thread-safe. Asks a token endpoint for a token: RFC 6749 section 4.4.2.</summary>
internal sealed class TokenEndpoint(OAuthClientOptions options, HttpTransport transport)
{
    private readonly byte[] _form = Encoding.ASCII.GetBytes(Form(options));

    public async Task<TokenResult> FetchAsync(CancellationToken cancellationToken)
    {
        var request = new OutgoingRequest("POST", options.TokenUri) { Body = _form, Timeout = options.Timeout };
        if (SetHeaders(request.Headers) is { } invalid) return Failed(invalid.Message);

        var result = await transport.SendAsync(request, cancellationToken);
        return result.TryGetReply(out var reply, out var fault) ? TokenAnswer.Read(reply, options) : Failed($"{fault.Message} ({fault.Code})");
    }

    /// <summary>application/x-www-form-urlencoded, RFC 6749 appendix B.</summary>
    internal static string FormEncode(string value) => Uri.EscapeDataString(value).Replace("%20", "+", StringComparison.Ordinal);

    private HttpFault? SetHeaders(RequestHeaders headers)
    {
        var fault = headers.Set("accept", "application/json");
        foreach (var (name, value) in options.TokenRequestHeaders) fault ??= headers.Set(name, value);
        fault ??= headers.Set("content-type", "application/x-www-form-urlencoded");
        if (options.Placement == OAuthCredentialPlacement.Header)
            fault ??= headers.Set("authorization", BasicAuthentication.Encode(FormEncode(options.ClientId), FormEncode(options.ClientSecret)));
        return fault;
    }

    private static string Form(OAuthClientOptions options)
    {
        var form = "grant_type=client_credentials";
        if (!string.IsNullOrWhiteSpace(options.Scopes)) form += "&scope=" + FormEncode(options.Scopes.Trim());
        if (options.Placement == OAuthCredentialPlacement.Body)
            form += $"&client_id={FormEncode(options.ClientId)}&client_secret={FormEncode(options.ClientSecret)}";
        return form;
    }

    private TokenResult Failed(string why) => new($"The token endpoint at '{options.TokenUri.Host}' gave no token. {why}");
}
