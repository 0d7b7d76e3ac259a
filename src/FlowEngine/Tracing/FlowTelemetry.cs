using System.Diagnostics;
using System.Diagnostics.Metrics;
using System.Security.Cryptography;
using System.Text;

namespace FlowEngine.Tracing;

/// <summary>Per process, thread-safe: OpenTelemetry spans and metrics, under the name
/// <see cref="Name"/>. They cost next to nothing while nobody listens.</summary>
public static class FlowTelemetry
{
    /// <summary>The name of the activity source and the meter.</summary>
    public const string Name = "FlowEngine";

    internal static readonly ActivitySource Source = new(Name);
    internal static readonly Meter Meter = new(Name);

    private static readonly Counter<long> LostCalls = Meter.CreateCounter<long>(
        "flowengine.call.lost",
        "{call}",
        "Fire-and-forget calls that did not arrive, by connector and code: nobody makes them again."
    );

    /// <summary>Counts a fire-and-forget call that did not arrive.</summary>
    public static void CountLostCall(string connector, string code) =>
        LostCalls.Add(1, new("flow.connector.id", connector), new("error.type", code));

    /// <summary>Whether anybody listens to spans.</summary>
    public static bool IsListening => Source.HasListeners();

    /// <summary>What spans and logs call a run. The id itself is a key: whoever holds it can
    /// go on with a run that waits, so it is told only when the run has ended.</summary>
    public static string Reference(string runId) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(runId)).AsSpan(0, 8));

    /// <summary>Begins the span of a call from elsewhere, which that of the run is then inside of.</summary>
    /// <param name="traceparent">The caller's span, as in W3C Trace Context.</param>
    /// <param name="tracestate">What goes with it, or null.</param>
    public static Activity? StartCall(string traceparent, string? tracestate) =>
        ActivityContext.TryParse(traceparent, tracestate, isRemote: true, out var parent)
            ? Source.StartActivity("flow.call", ActivityKind.Internal, parent)
            : null;
}
