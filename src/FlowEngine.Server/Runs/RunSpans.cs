using System.Diagnostics;
using FlowEngine.Tracing;
using Orleans.Runtime;

namespace FlowEngine.Server.Runs;

/// <summary>Stateless: the span of whoever asks goes with the call to the run's grain, on whichever node it is, so that a login is one trace from the browser to
/// the APIs it calls.</summary>
internal static class RunSpans
{
    private const string Parent = "traceparent";
    private const string State = "tracestate";

    /// <summary>Carries spans to the grains of runs, and picks them up there.</summary>
    public static void UseRunSpans(this ISiloBuilder silo)
    {
        silo.AddOutgoingGrainCallFilter<Sending>();
        silo.AddIncomingGrainCallFilter<Receiving>();
    }

    private sealed class Sending : IOutgoingGrainCallFilter
    {
        public Task Invoke(IOutgoingGrainCallContext context)
        {
            if (FlowTelemetry.IsListening && Activity.Current is { } span && context.Grain is IRunGrain)
            {
                RequestContext.Set(Parent, span.Id!);
                if (span.TraceStateString is { Length: > 0 } state)
                    RequestContext.Set(State, state);
            }
            return context.Invoke();
        }
    }

    private sealed class Receiving : IIncomingGrainCallFilter
    {
        public async Task Invoke(IIncomingGrainCallContext context)
        {
            using var span = FlowTelemetry.IsListening && context.Grain is IRunGrain && RequestContext.Get(Parent) is string parent
                ? FlowTelemetry.StartCall(parent, RequestContext.Get(State) as string)
                : null;
            await context.Invoke();
        }
    }
}
