using FlowEngine.Execution;

namespace FlowEngine.Testing;

/// <summary>What a drill has to say of a way.</summary>
public enum DrillVerdict
{
    /// <summary>Nothing.</summary>
    Fine,

    /// <summary>The call failed, and a token was issued all the same.</summary>
    FailsOpen,

    /// <summary>The same, and the flow says by <c>accepts</c> that it may.</summary>
    Accepted,
}

/// <summary>Shared and immutable: what becomes of a person when one call ends in one way.</summary>
/// <param name="Activity">The activity that calls, qualified by the subflows it lies in.</param>
/// <param name="Way">How its calls end; see <see cref="WayToEnd.Name"/>.</param>
/// <param name="From">From which call of the run on they do so, from 1. It is more than 1 where the case makes several, and the end is
/// another
/// when only the last one fails: the last item of a ForEach.</param>
/// <param name="End">Where the person ends up.</param>
/// <param name="Steps">The run's way there.</param>
public sealed record DrillRow(string Activity, string Way, int From, DrillEnd End, IReadOnlyList<DrillStep> Steps)
{
    /// <summary>The code of the error that the call ended with; null when it did not fail, as with a query that gives no rows.</summary>
    public string? Code { get; init; }

    /// <summary>What followed the error; null when the call did not fail.</summary>
    public ErrorHandling? Handling { get; init; }

    /// <summary>What there is to say of it.</summary>
    public DrillVerdict Verdict { get; init; }

    /// <summary>The golden case by which it ran.</summary>
    public required string Case { get; init; }
}

/// <summary>Shared and immutable: a step of a drill.</summary>
/// <param name="Activity">The activity, qualified by the subflows it lies in.</param>
/// <param name="Type">Its type.</param>
/// <param name="Outcome">The outcome that it took; null where it took none.</param>
/// <param name="Code">The code of the error that it ended with; null for none.</param>
public sealed record DrillStep(string Activity, string Type, string? Outcome, string? Code);
