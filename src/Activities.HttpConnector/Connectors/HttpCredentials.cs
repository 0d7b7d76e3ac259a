using FlowEngine.HttpConnector.Authentication;
using FlowEngine.HttpConnector.Signing;

namespace FlowEngine.HttpConnector.Connectors;

/// <summary>Per process, thread-safe: a connector's revealed secrets, as what uses them.</summary>
internal sealed class HttpCredentials(HttpAuthentication authentication, string? hmacSecret, IReadOnlyList<string> secrets)
{
    public HttpAuthentication Authentication => authentication;

    /// <summary>Every text to mask, the current access token included.</summary>
    public IEnumerable<string> SecretValues => [.. secrets, .. authentication.SecretValues];

    /// <summary>Signs with the connector's secret; null when it does not sign.</summary>
    public HmacSignature? Signer(SignatureTemplate? template, TimeProvider time) =>
        hmacSecret is null ? null : new HmacSignature(hmacSecret, template, time);
}
