using FlowEngine.HttpConnector.Authentication;
using FlowEngine.HttpConnector.Authentication.Aws;
using FlowEngine.HttpConnector.Signing;
using FlowEngine.HttpConnector.Wire;

namespace FlowEngine.HttpConnector.Connectors;

/// <summary>Per process, thread-safe: a connector's revealed secrets, as what uses them.</summary>
internal sealed class HttpCredentials(
    HttpAuthentication authentication,
    string? hmacSecret,
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

    /// <summary>Whether receivers may know two HMAC secrets, so that each request says which of them signed it.</summary>
    public bool HasTwoHmacSecrets { get; init; }

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
        hmacSecret is null ? null : new HmacSignature(hmacSecret, template, time, HasTwoHmacSecrets ? 1 : null);
}
