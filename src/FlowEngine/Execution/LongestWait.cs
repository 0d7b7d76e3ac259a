namespace FlowEngine.Execution;

/// <summary>How long something that an activity asks has it wait at most: what its timeouts allow when nobody answers.</summary>
/// <param name="Each">How long one try may take; <see cref="TimeSpan.MaxValue"/> for without end.</param>
/// <param name="Times">How many tries there are, one behind the other.</param>
public readonly record struct LongestWait(TimeSpan Each, int Times = 1)
{
    /// <summary>All tries together; <see cref="TimeSpan.MaxValue"/> also for more than that.</summary>
    public TimeSpan Total => Each.Ticks > TimeSpan.MaxValue.Ticks / Math.Max(Times, 1) ? TimeSpan.MaxValue : Each * Times;
}
