using System.Diagnostics;
using System.Diagnostics.Metrics;
using System.Security.Cryptography;
using System.Text;
using FlowEngine.Execution;

namespace FlowEngine.Tracing;

/// <summary>Per process, thread-safe: OpenTelemetry spans and metrics, under the name
/// <see cref="Name"/>. They cost next to nothing while nobody listens.</summary>
public static class FlowTelemetry
{
    /// <summary>The name of the activity source and the meter.</summary>
    public const string Name = "FlowEngine";

    private static readonly ActivitySource Source = new(Name);
    private static readonly Meter Meter = new(Name);

    private static readonly Histogram<double> ActivityDuration = Meter.CreateHistogram<double>(
        "flowengine.activity.duration",
        "s",
        "How long activities take, by activity type, outcome and connector."
    );

    private static readonly Counter<long> Advances = Meter.CreateCounter<long>(
        "flowengine.run.advances",
        "{advance}",
        "How often runs were advanced, by flow and by the status they reached."
    );

    private static readonly Counter<long> Errors = Meter.CreateCounter<long>(
        "flowengine.run.errors",
        "{error}",
        "How often steps failed, handled or not, by flow, connector, code and what followed."
    );

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

    internal static Activity? StartRun(FlowRun run)
    {
        var span = Source.StartActivity("flow.run");
        span?.SetTag("flow.id", run.Plan.FlowId).SetTag("flow.version", run.Plan.Version).SetTag("flow.run_ref", Reference(run.Id));
        return span;
    }

    internal static void EndRun(Activity? span, FlowRun run)
    {
        span?.SetTag("flow.run.status", run.Status.ToString());
        if (run.Status.IsOver())
            span?.SetTag("flow.run_id", run.Id);
        if (run.Failure is { } failure)
            span?.SetStatus(ActivityStatusCode.Error, failure.Code);
        if (Advances.Enabled)
            Advances.Add(1, new("flow.id", run.Plan.FlowId), new("flow.run.status", run.Status.ToString()));
    }

    internal static void CountError(FlowRun run, RunError error)
    {
        if (!Errors.Enabled)
            return;
        var tags = new TagList
        {
            { "flow.id", run.Plan.FlowId },
            { "error.type", error.Code },
            { "flow.error.handled", RunErrors.NameOf(error.Handling) },
        };
        if (error.Connector is not null)
            tags.Add("flow.connector.id", error.Connector);
        Errors.Add(1, tags);
    }

    internal static Activity? StartActivity(PlanNode node)
    {
        if (!Source.HasListeners())
            return null;
        var span = Source.StartActivity(node.Type);
        span?.SetTag("flow.activity.id", node.Id).SetTag("flow.activity.type", node.Type);
        if (node.Activity.ConnectorId is { } connector)
            span?.SetTag("flow.connector.id", connector);
        return span;
    }

    internal static long Timestamp() => ActivityDuration.Enabled ? Stopwatch.GetTimestamp() : 0;

    internal static void EndActivity(Activity? span, PlanNode node, Outcome outcome, long started)
    {
        var problem = outcome.Problem;
        if (problem is not null)
            span?.SetStatus(ActivityStatusCode.Error, problem.Code).SetTag("error.type", problem.Code);
        if (!ActivityDuration.Enabled || started == 0)
            return;

        var tags = new TagList
        {
            { "flow.activity.type", node.Type },
            { "flow.activity.outcome", problem?.Code ?? outcome.Kind.ToString() },
        };
        if (node.Activity.ConnectorId is { } connector)
            tags.Add("flow.connector.id", connector);
        ActivityDuration.Record(Stopwatch.GetElapsedTime(started).TotalSeconds, tags);
    }
}
