namespace FlowEngine.Execution;

/// <summary>What a condition on a member of an activity's result tells of how the activity ended, where successes and failures both have
/// the member. By it the compiler knows which branches name a failure (SPEC 6.3); a member that only failures have, such as <c>error</c>,
/// tells it anyway.</summary>
public enum Telling
{
    /// <summary>Nothing: how long a call took, how often it was tried.</summary>
    Nothing,

    /// <summary>What was answered: a condition that asks for certain values of it names the failure.</summary>
    Answer,

    /// <summary>The status of the answer, by which <see cref="Activities.FlowActivity.WaysByError"/> tells failures apart.</summary>
    Status,
}
