using FlowEngine.HttpConnector.Connectors;
using FlowEngine.HttpConnector.Wire;

namespace FlowEngine.HttpConnector.Authentication;

/// <summary>Shared and immutable. Method <c>none</c>: adds nothing.</summary>
public sealed class NoAuthentication : HttpAuthentication
{
    /// <summary>The only instance there need be.</summary>
    public static readonly NoAuthentication Instance = new();

    private NoAuthentication() { }

    /// <inheritdoc/>
    public override ValueTask<HttpFault?> ApplyAsync(RequestHeaders headers, CancellationToken cancellationToken) => default;
}
