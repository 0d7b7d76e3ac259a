using FlowEngine.HttpConnector.Authentication;
using FlowEngine.HttpConnector.Authentication.Aws;
using FlowEngine.HttpConnector.Signing;
using FlowEngine.HttpConnector.Wire;

namespace FlowEngine.HttpConnector.Connectors;

/// <summary>Per process, thread-safe: a connector's revealed secrets, as what uses them.</summary>
internal sealed class HttpCredentials(
    HttpAuthentication authentication,
    IReadOnlyList<string> hmacSecrets,
    IReadOnlyDictionary<string, string> headers,
    IReadOnlyList<string> secrets
)
{
    public HttpAuthentication Authentication => authentication;

    /// <summary>Signs by RFC 9421; null when the connector does not.</summary>
    public MessageSigner? Messages { get; init; }

    /// <summary>Signs for AWS; null when the connector does not.</summary>
    public AwsSigner? Aws { get; init; }

    /// <summary>The role whose sessions sign for AWS; null for none.</summary>
    public AwsRole? Role { get; init; }

    /// <summary>The HMAC secrets; of two the first signs, and receivers may know the second.</summary>
    public IReadOnlyList<string> HmacSecrets => hmacSecrets;

    /// <summary>Every text to mask, the current access token included.</summary>
    public IEnumerable<string> SecretValues => [.. secrets, .. authentication.SecretValues, .. Role?.SecretValues ?? []];

    /// <summary>Sets the headers whose values are secrets.</summary>
    /// <param name="target">The request's headers.</param>
    /// <param name="names">Which of them.</param>
    /// <returns>Null, or why the request may not be sent.</returns>
    public HttpFault? SetHeaders(RequestHeaders target, IReadOnlyCollection<string> names)
    {
        HttpFault? fault = null;
        foreach (var name in names)
        {
            if (headers.TryGetValue(name, out var value))
                fault ??= target.SetCredential(name, value);
        }
        return fault;
    }

    /// <summary>Signs with the connector's secret; null when it does not sign.</summary>
    public HmacSignature? Signer(SignatureTemplate? template, TimeProvider time) =>
        hmacSecrets.Count == 0 ? null : new HmacSignature(hmacSecrets[0], template, time, hmacSecrets.Count > 1 ? 1 : null);
}
