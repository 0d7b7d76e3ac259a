using FlowEngine.Errors;

namespace FlowEngine.Execution;

/// <summary>How a single step of a run ended, see <see cref="FlowExecutor.StepAsync"/>.</summary>
/// <param name="Outcome">The outcome that the activity took: one of its own, or an error event that the flow handles by <c>custom</c>. Null
/// when it took none; then the run's status tells what became of it: it waits for the screen of
/// <see cref="FlowRun.ActivityId"/>, which may be an earlier one; it is over; or it is still running, and
/// begins the flow anew.</param>
/// <param name="Refusal">Why a submission was refused, or null. The run then waits for the same screen, which shows the message.</param>
public readonly record struct StepResult(string? Outcome, FlowError? Refusal);

/// <summary>Per step, single-threaded: where the executor stops for a host that leads on.</summary>
internal sealed class SingleStep
{
    public bool IsDone { get; private set; }

    public string? Outcome { get; private set; }

    public void End(string? outcome) => (IsDone, Outcome) = (true, outcome);
}
