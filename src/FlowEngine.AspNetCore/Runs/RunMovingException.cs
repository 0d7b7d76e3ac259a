namespace FlowEngine.AspNetCore.Runs;

/// <summary>The node that held a run was lost and no other took it over in time, or it is of another release, which is about to be
/// replaced. The call may be made again.</summary>
/// <remarks>What Orleans said is not in it: its messages name the run by its id, and this one may be logged.</remarks>
internal sealed class RunMovingException()
    : Exception("The node that held the run was lost and no other took it over in time, or it is of another release.");

/// <summary>A call to a run got no answer. Without what Orleans said, see <see cref="RunMovingException"/>.</summary>
/// <param name="kind">The type of exception that Orleans threw.</param>
internal sealed class RunCallException(string kind) : Exception($"The run did not answer ({kind}).");
