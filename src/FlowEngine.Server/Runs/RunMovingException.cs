namespace FlowEngine.Server.Runs;

/// <summary>The node that held a run was lost, and no other took it over in time. The call may be made again.</summary>
/// <param name="inner">What Orleans said last; null when this node is the one that was lost, and has come back.</param>
internal sealed class RunMovingException(Exception? inner) : Exception("The node that held the run was lost, and no other took it over in time.", inner);
