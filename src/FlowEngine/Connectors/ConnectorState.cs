namespace FlowEngine.Connectors;

/// <summary>Shared and immutable: how a connector is on this node, for operators. What it has none of, or what is not known yet, is
/// null. Never a secret.</summary>
public sealed record ConnectorState
{
    /// <summary>Its circuit breaker: <c>closed</c> (calls go out), <c>open</c> (none does), <c>halfOpen</c> (one tries).</summary>
    public string? Breaker { get; init; }

    /// <summary>Until when it makes no call, because the API asked for time.</summary>
    public DateTimeOffset? CooldownUntil { get; init; }

    /// <summary>When the access token that it uses was asked for.</summary>
    public DateTimeOffset? TokenSince { get; init; }

    /// <summary>Until when it is used.</summary>
    public DateTimeOffset? TokenUntil { get; init; }
}
