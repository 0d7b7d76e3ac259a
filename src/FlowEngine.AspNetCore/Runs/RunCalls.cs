using System.Diagnostics;
using FlowEngine.Context;
using FlowEngine.Tracing;

namespace FlowEngine.AspNetCore.Runs;

/// <summary>Shared and immutable: the span of whoever asks. It goes with the call to the run's grain, on whichever node, so that a login is
/// one trace from the browser to the APIs it calls.</summary>
/// <param name="Traceparent">As in W3C Trace Context.</param>
/// <param name="Tracestate">What goes with it, or null.</param>
[GenerateSerializer, Immutable, Alias("run.caller")]
internal sealed record CallerSpan([property: Id(0)] string Traceparent, [property: Id(1)] string? Tracestate)
{
    /// <summary>The span of here and now; null when nobody listens to spans.</summary>
    public static CallerSpan? Current =>
        FlowTelemetry.IsListening && Activity.Current is { Id: { } id } span ? new CallerSpan(id, span.TraceStateString) : null;

    /// <summary>Begins a span inside of it.</summary>
    public Activity? Continue() => FlowTelemetry.StartCall(Traceparent, Tracestate);
}

/// <summary>Shared and immutable: a call that starts a run.</summary>
/// <param name="Request">What it is started with.</param>
/// <param name="IsRepeated">Whether a call before this one was lost on its way, there or back.</param>
/// <param name="Caller">The caller's span, or null.</param>
[GenerateSerializer, Immutable, Alias("run.start")]
internal sealed record StartCall(
    [property: Id(0)] RunRequest Request,
    [property: Id(1)] bool IsRepeated,
    [property: Id(2)] CallerSpan? Caller
);

/// <summary>Shared and immutable: a call that submits a step.</summary>
/// <param name="StepId">The step.</param>
/// <param name="InteractionId">The button or link.</param>
/// <param name="Input">What was entered.</param>
/// <param name="BrowserKey">The browser's secret, or null.</param>
/// <param name="Caller">The caller's span, or null.</param>
[GenerateSerializer, Immutable, Alias("run.submit")]
internal sealed record SubmitCall(
    [property: Id(0)] string StepId,
    [property: Id(1)] string InteractionId,
    [property: Id(2)] FlowValue Input,
    [property: Id(3)] string? BrowserKey,
    [property: Id(4)] CallerSpan? Caller
);
