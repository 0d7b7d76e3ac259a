using FlowEngine.HttpConnector.Connectors;
using FlowEngine.HttpConnector.Wire;

namespace FlowEngine.HttpConnector.Authentication;

/// <summary>Bound once, then read only: the settings of the method <c>none</c>.</summary>
[Authentication("none", "None", "Requests carry no credentials.", IsFlat = true)]
public sealed class NoSettings : AuthenticationMethod
{
    /// <inheritdoc/>
    public override string? Header => null;

    /// <inheritdoc/>
    public override HttpAuthentication Create(AuthenticationContext context) => NoAuthentication.Instance;
}

/// <summary>Shared and immutable. Method <c>none</c>: adds nothing.</summary>
public sealed class NoAuthentication : HttpAuthentication
{
    /// <summary>The only instance there need be.</summary>
    public static readonly NoAuthentication Instance = new();

    private NoAuthentication() { }

    /// <inheritdoc/>
    public override ValueTask<HttpFault?> ApplyAsync(RequestHeaders headers, CancellationToken cancellationToken) => default;
}
