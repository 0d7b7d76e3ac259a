using FlowEngine.HttpConnector.Connectors;
using FlowEngine.HttpConnector.Wire;

namespace FlowEngine.HttpConnector.Authentication;

/// <summary>Shared and immutable. Method <c>apiKey</c>: a key in a header of the API's choice.</summary>
/// <param name="key">The header's name, such as <c>x-api-key</c>.</param>
/// <param name="token">The key itself.</param>
public sealed class ApiKeyAuthentication(string key, string token) : HttpAuthentication
{
    /// <inheritdoc/>
    public override ValueTask<HttpFault?> ApplyAsync(RequestHeaders headers, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(headers);
        return new(headers.SetCredential(key, token));
    }
}
