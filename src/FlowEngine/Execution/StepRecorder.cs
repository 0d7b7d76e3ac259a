using FlowEngine.Context;
using FlowEngine.Errors;
using FlowEngine.Screens;
using FlowEngine.Tracing;

namespace FlowEngine.Execution;

/// <summary>Writes a run's trace, when it is on. Stateless.</summary>
internal static class StepRecorder
{
    /// <summary>Begins a step; null when tracing is off.</summary>
    public static TraceStep? Begin(RunContext context, PlanNode node)
    {
        context.NodeId = node.Id;
        return context.Step = context.Run.TraceSteps is null ? null : new TraceStep(context.ActivityId, node.Type, context.Time);
    }

    /// <summary>Ends a step and adds it to the trace. A step that was cancelled is never ended, and so leaves no trace.</summary>
    public static void End(RunContext context, TraceStep? step, string? outcome, FlowError? error)
    {
        if (step is null)
            return;
        step.Outcome = outcome;
        step.Error = error;
        step.Stop(context.Time);
        context.Step = null;
        step.Dropped += context.Run.DroppedInputs;
        context.Run.DroppedInputs = 0;
        context.Run.TraceSteps!.Add(step);
    }

    /// <summary>Writes what was taken of what a person submitted to the step of the screen; where that one was written already, or is in
    /// another process, to a step of its own.</summary>
    /// <returns>The step; null when tracing is off.</returns>
    public static TraceStep? Submitted(FlowRun run, PlanNode node, in AcceptedForm accepted, FlowValue given)
    {
        if (run.TraceSteps is not { } steps)
            return null;

        var id = run.ActivityId;
        var step = steps.FindLast(step => step.Activity == id && step.Type == node.Type && step.Outcome is null && !step.IsWritten);
        if (step is null)
        {
            step = new TraceStep(id, node.Type, run.Context.Time);
            step.IsSubmission = true;
            steps.Add(step);
        }
        step.Outcome = node.Outcomes[accepted.Port];
        step.Output = node.Screen!.Taken(given, accepted);
        step.AddWrite("form");
        step.Dropped += accepted.Dropped;
        return step;
    }
}
