using FlowEngine.Errors;

namespace FlowEngine.Execution;

/// <summary>Where a run is. The numbers are stored: a new one goes to the end, and is one of a run that is over.
/// In files and answers each is called by its name in lower case.</summary>
public enum RunStatus
{
    /// <summary>It is being advanced, or was when its server stopped.</summary>
    Running,

    /// <summary>It waits for a person to submit a screen.</summary>
    Waiting,

    /// <summary>It reached an End.</summary>
    Completed,

    /// <summary>It failed; <see cref="FlowRun.Failure"/> says why.</summary>
    Failed,

    /// <summary>It reached an End that refuses whom it was about.</summary>
    Refused,

    /// <summary>An operator ended it while it waited; <see cref="FlowRun.Failure"/> has the code <c>run.cancelled</c>.</summary>
    Cancelled,
}

/// <summary>Stateless: what the statuses of runs have in common, and what they are called.</summary>
public static class RunStatusExtensions
{
    /// <summary>What a run is called that failed because nobody came back in time.</summary>
    public const string Expired = "expired";

    /// <summary>What the statuses are called, in the order of their numbers.</summary>
    public static IReadOnlyList<string> Names { get; } = [.. Enum.GetValues<RunStatus>().Select(ToName)];

    /// <summary>Whether nothing follows it: a run of that status neither waits nor goes on.</summary>
    public static bool IsOver(this RunStatus status) => status is not (RunStatus.Running or RunStatus.Waiting);

    /// <summary>Whether the run reached an End, so that there is a result.</summary>
    public static bool HasResult(this RunStatus status) => status is RunStatus.Completed or RunStatus.Refused;

    /// <summary>The status as files, answers and filters call it, such as <c>waiting</c>.</summary>
    public static string ToName(this RunStatus status) =>
        status switch
        {
            RunStatus.Running => "running",
            RunStatus.Waiting => "waiting",
            RunStatus.Completed => "completed",
            RunStatus.Failed => "failed",
            RunStatus.Refused => "refused",
            RunStatus.Cancelled => "cancelled",
            _ => throw new ArgumentOutOfRangeException(nameof(status), status, null),
        };

    /// <summary>The same, where a run that expired is called so.</summary>
    /// <param name="status">The status.</param>
    /// <param name="errorCode">Why it failed; null for nothing.</param>
    public static string ToName(this RunStatus status, string? errorCode) =>
        status == RunStatus.Failed && errorCode == FlowErrors.Expired.Code ? Expired : status.ToName();

    /// <summary>The status of that name; null where none is called so.</summary>
    public static RunStatus? FromName(string name)
    {
        foreach (var status in Enum.GetValues<RunStatus>())
        {
            if (status.ToName() == name)
                return status;
        }
        return null;
    }
}
