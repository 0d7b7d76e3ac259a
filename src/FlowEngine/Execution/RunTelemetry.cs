using System.Diagnostics;
using System.Diagnostics.Metrics;
using FlowEngine.Tracing;

namespace FlowEngine.Execution;

/// <summary>Per process, thread-safe: the spans and metrics of runs, see <see cref="FlowTelemetry"/>.</summary>
internal static class RunTelemetry
{
    private static readonly Histogram<double> ActivityDuration = FlowTelemetry.Meter.CreateHistogram<double>(
        "flowengine.activity.duration",
        "s",
        "How long activities take, by activity type, outcome and connector."
    );

    private static readonly Counter<long> Advances = FlowTelemetry.Meter.CreateCounter<long>(
        "flowengine.run.advances",
        "{advance}",
        "How often runs were advanced, by flow and by the status they reached."
    );

    private static readonly Counter<long> Errors = FlowTelemetry.Meter.CreateCounter<long>(
        "flowengine.run.errors",
        "{error}",
        "How often steps failed, handled or not, by flow, connector, code and what followed."
    );

    /// <summary>Begins the span of an advance.</summary>
    public static Activity? StartRun(FlowRun run)
    {
        var span = FlowTelemetry.Source.StartActivity("flow.run");
        span?.SetTag("flow.id", run.Plan.FlowId)
            .SetTag("flow.version", run.Plan.Version)
            .SetTag("flow.run_ref", FlowTelemetry.Reference(run.Id));
        return span;
    }

    /// <summary>Ends it, and counts the advance.</summary>
    public static void EndRun(Activity? span, FlowRun run)
    {
        span?.SetTag("flow.run.status", run.Status.ToString());
        if (run.Status.IsOver())
            span?.SetTag("flow.run_id", run.Id);
        if (run.Failure is { } failure)
            span?.SetStatus(ActivityStatusCode.Error, failure.Code);
        if (Advances.Enabled)
            Advances.Add(1, new("flow.id", run.Plan.FlowId), new("flow.run.status", run.Status.ToString()));
    }

    /// <summary>Counts a step that failed.</summary>
    public static void CountError(FlowRun run, RunError error)
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

    /// <summary>Begins the span of an activity; null when nobody listens.</summary>
    public static Activity? StartActivity(PlanNode node)
    {
        if (!FlowTelemetry.Source.HasListeners())
            return null;
        var span = FlowTelemetry.Source.StartActivity(node.Type);
        span?.SetTag("flow.activity.id", node.Id).SetTag("flow.activity.type", node.Type);
        if (node.Activity.ConnectorId is { } connector)
            span?.SetTag("flow.connector.id", connector);
        return span;
    }

    /// <summary>When an activity began; 0 when nobody measures.</summary>
    public static long Timestamp() => ActivityDuration.Enabled ? Stopwatch.GetTimestamp() : 0;

    /// <summary>Notes how an activity ended, and measures it.</summary>
    public static void EndActivity(Activity? span, PlanNode node, Outcome outcome, long started)
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
