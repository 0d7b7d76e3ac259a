namespace FlowEngine.Server.Runs;

/// <summary>The node that held a run was lost, and no other took it over in time. The call may be made again.</summary>
/// <param name="inner">What Orleans said last.</param>
internal sealed class RunMovingException(Exception inner) : Exception("The node that held the run was lost, and no other took it over in time.", inner);
