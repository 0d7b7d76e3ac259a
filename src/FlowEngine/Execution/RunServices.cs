using FlowEngine.Attempts;
using FlowEngine.Context;
using FlowEngine.Identity;
using FlowEngine.Workers;

namespace FlowEngine.Execution;

/// <summary>Per process or per test, thread-safe: what runs need from outside.</summary>
public sealed record RunServices
{
    private AttemptCounter? _attempts;

    /// <summary>The services of an ordinary run: the system's clock, real connectors, no trace.</summary>
    public static RunServices Default { get; } = new();

    /// <summary>The clock. Default the system's.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>The threads that scripts run on. Default those of the process.</summary>
    public ScriptWorkers Scripts { get; init; } = ScriptWorkers.Shared;

    /// <summary>Whether runs record a trace. Default false.</summary>
    public bool Trace { get; init; }

    /// <summary>Replies that stand in for connectors (golden cases, the designer's try-out); null (the default) calls them.</summary>
    public ScriptedReplies? Replies { get; init; }

    /// <summary>Counts the tries of activities that have a limit. Default in memory, for as long as these services are used.</summary>
    public AttemptCounter Attempts
    {
        get => LazyInitializer.EnsureInitialized(ref _attempts, static () => new InProcessAttempts());
        init => _attempts = value;
    }

    /// <summary>The threads on which passwords are hashed, shared by
    /// <see cref="ClientNetwork"/>. Default <see cref="PasswordHash.Workers"/>.</summary>
    public FairWorkers PasswordWorkers { get; init; } = PasswordHash.Workers;

    /// <summary>Called at each error of a step, handled or not, from whatever thread the
    /// step ran on; it must not block or throw. Null (the default) for none.</summary>
    public Action<FlowRun, RunError>? OnError { get; init; }

    /// <summary>Counts what runs do; null (the default) for nobody.</summary>
    public RunCounts? Counts { get; init; }

    /// <summary>Asked whether there is room for a call that goes out once the run is stored; null for yes, or why not. Whoever gives this
    /// stores <see cref="FlowRun.TakeQueuedCalls"/> with the run. Null (the default): nobody does, and no such call is taken.</summary>
    public Func<QueuedCall, string?>? QueueCall { get; init; }

    /// <summary>Called after every activity while a run goes on, and in the middle of one that goes through a list, to store it; never
    /// twice at once. Null (the default) for none.</summary>
    public Func<FlowRun, CancellationToken, ValueTask>? AfterStep { get; init; }
}

/// <summary>Per golden case, thread-safe: the replies that stand in for connectors, in order, by activity id.</summary>
public class ScriptedReplies
{
    private readonly Dictionary<string, Queue<FlowValue>> _replies = new(StringComparer.Ordinal);
    private readonly Lock _lock = new();

    /// <summary>Makes replies from <c>{ "activity id": [ reply, … ] }</c>; a single reply may stand for a list of one.</summary>
    public ScriptedReplies(FlowValue replies)
    {
        if (!replies.TryGetObject(out var byActivity))
            return;
        foreach (var (activity, list) in byActivity)
            _replies.Add(activity, new Queue<FlowValue>(list.TryGetArray(out var array) ? array : [list]));
    }

    /// <summary>Takes the next reply for an activity: by its qualified id
    /// (<c>sub/activity</c>), else by its plain id; missing when none is left.</summary>
    public virtual FlowValue Take(string activityId)
    {
        lock (_lock)
        {
            if (!_replies.TryGetValue(activityId, out var queue))
            {
                var slash = activityId.LastIndexOf('/');
                if (slash < 0 || !_replies.TryGetValue(activityId[(slash + 1)..], out queue))
                    return FlowValue.Missing;
            }
            return queue.TryDequeue(out var reply) ? reply : FlowValue.Missing;
        }
    }
}
