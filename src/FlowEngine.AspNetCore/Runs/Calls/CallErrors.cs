using FlowEngine.Errors;

namespace FlowEngine.AspNetCore.Runs.Calls;

/// <summary>Shared and immutable: the codes of delivering calls.</summary>
internal static class CallErrors
{
    /// <summary>There is nobody to deliver through.</summary>
    public static readonly ErrorCode Connector = new(
        "call.connector",
        "The connector of a queued call is gone, or has errors.",
        "Bring the connector back: the call waits for it until its time is over."
    );

    /// <summary>There is no such call.</summary>
    public static readonly ErrorCode Gone = new(
        "call.gone",
        "There is no such call: it was delivered or removed.",
        "Look at the trace of its run, which says when it was delivered."
    );

    /// <summary>All of them, in the order declared.</summary>
    public static IReadOnlyList<ErrorCode> All => ErrorCatalogue.Of(typeof(CallErrors));
}
