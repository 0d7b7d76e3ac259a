using FlowEngine.Context;
using FlowEngine.Execution;

namespace FlowEngine.Bench;

/// <summary>Gives the same replies to every run, so that a benchmark measures the engine and not the filling of queues.</summary>
internal sealed class RepeatedReplies(FlowValue replies) : ScriptedReplies(FlowValue.Missing)
{
    private readonly Dictionary<string, FlowValue> _replies = new(replies.TryGetObject(out var obj) ? obj : FlowObject.Empty);

    public override FlowValue Take(string activityId) => _replies[activityId];
}
