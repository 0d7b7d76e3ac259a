using FlowEngine.Context;
using FlowEngine.Execution;

namespace FlowEngine.Testing;

/// <summary>Per run of a drill, thread-safe: the replies of a golden case, but for one activity whose calls end in one way. Who is asked
/// more
/// often than in the case gets its last reply again.</summary>
/// <param name="replies">The replies of the case.</param>
/// <param name="drilled">The activity, the reply in place of its own, and from which call on, from 1; null for none.</param>
internal sealed class DrillReplies(FlowValue replies, (string Activity, FlowValue Reply, int From)? drilled) : ScriptedReplies(replies)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, List<FlowValue>> _calls = new(StringComparer.Ordinal);

    /// <summary>The run.</summary>
    public FlowRun? Run { get; set; }

    /// <summary>The replies of the case that were taken, by activity.</summary>
    public IReadOnlyDictionary<string, List<FlowValue>> Calls => _calls;

    /// <summary>The first activity for which the case has no reply; null for none.</summary>
    public string? Lacks { get; private set; }

    /// <summary>How many steps the run had behind it when the drilled call was made first; null when it was not made.</summary>
    public int? MadeAt { get; private set; }

    /// <inheritdoc/>
    public override FlowValue Take(string activityId)
    {
        lock (_gate)
        {
            if (!_calls.TryGetValue(activityId, out var calls))
                _calls.Add(activityId, calls = []);
            var reply = base.Take(activityId);
            if (reply.IsMissing && calls.Count > 0)
                reply = calls[^1];
            calls.Add(reply);
            if (drilled is { } call && call.Activity == activityId && calls.Count >= call.From)
            {
                MadeAt ??= Run!.Trace!.Count;
                return call.Reply;
            }
            if (reply.IsMissing)
                Lacks ??= activityId;
            return reply;
        }
    }
}
