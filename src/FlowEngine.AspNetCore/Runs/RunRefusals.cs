using FlowEngine.Errors;

namespace FlowEngine.AspNetCore.Runs;

/// <summary>Shared and immutable: the codes with which a run is refused before it begins, or ended because of how it was asked for. They
/// are codes of the HTTP API, whose catalogue has them.</summary>
internal static class RunRefusals
{
    /// <summary>The flow is not open to everybody.</summary>
    public static readonly ErrorCode FlowKey = new(
        "api.flow_key",
        "The flow is started with the management key only.",
        "Send Authorization: Bearer with the management key, or set \"access\": \"public\" on the flow."
    );

    /// <summary>An Idempotency-Key that belongs to another request.</summary>
    public static readonly ErrorCode Idempotency = new(
        "api.idempotency",
        "The Idempotency-Key was sent with another request before.",
        "Send the request again unchanged, or another request under a new key; a key is kept for a day."
    );

    /// <summary>A flow that asks a person was run by a program.</summary>
    public static readonly ErrorCode Screen = new(
        "api.screen",
        "The flow shows a screen, and nobody is there to see it.",
        "Run a flow without screens, or start it with /v1/flow/start."
    );
}
