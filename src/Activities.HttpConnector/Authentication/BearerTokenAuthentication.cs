using FlowEngine.HttpConnector.Connectors;
using FlowEngine.HttpConnector.Wire;

namespace FlowEngine.HttpConnector.Authentication;

/// <summary>Shared and immutable. Method <c>bearerToken</c>: a fixed token, RFC 6750 section 2.1.</summary>
/// <param name="token">The token.</param>
public sealed class BearerTokenAuthentication(string token) : HttpAuthentication
{
    private readonly string _value = "Bearer " + token;

    /// <inheritdoc/>
    public override ValueTask<HttpFault?> ApplyAsync(RequestHeaders headers, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(headers);
        return new(headers.SetCredential("authorization", _value));
    }
}
