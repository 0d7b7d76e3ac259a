using FlowEngine.Context;
using FlowEngine.Errors;
using FlowEngine.Screens;
using FlowEngine.Tracing;

namespace FlowEngine.Execution;

/// <summary>Where a run is (SPEC 9).</summary>
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
}

/// <summary>What a run is started with.</summary>
public sealed record RunStart
{
    /// <summary>The run's id, made by <see cref="RunId.New"/>; null (the default) makes one.</summary>
    public string? Id { get; init; }

    /// <summary>The inputs, an object: <c>client.*</c>.</summary>
    public FlowValue Client { get; init; } = FlowValue.From(FlowObject.Empty);

    /// <summary>The device, an object: <c>ip</c>, <c>userAgent</c>, <c>language</c>.</summary>
    public FlowValue Device { get; init; } = FlowValue.From(FlowObject.Empty);
}

/// <summary>Per run and single-threaded: one execution of one flow version. <see cref="FlowExecutor"/> advances it;</summary>
public sealed class FlowRun
{
    private readonly List<string> _path;
    private List<QueuedCall>? _queuedCalls;

    internal FlowRun(string id, FlowPlan plan, DateTimeOffset startedAt, RunServices services, Frame? frame = null)
    {
        Id = id;
        Plan = plan;
        StartedAt = startedAt;
        ExpiresAt = startedAt + plan.Options.ExpiresAfter;
        Services = services;
        Context = new RunContext(this, frame ?? new Frame(plan, null, -1));
        Position = plan.Start;
        _path = new List<string>(8);
    }

    /// <summary>The id, which nobody can guess.</summary>
    public string Id { get; }

    /// <summary>The flow version that the run began with and stays on.</summary>
    public FlowPlan Plan { get; }

    /// <summary>When it was started.</summary>
    public DateTimeOffset StartedAt { get; }

    /// <summary>When it expires.</summary>
    public DateTimeOffset ExpiresAt { get; }

    /// <summary>Where it is.</summary>
    public RunStatus Status { get; internal set; }

    /// <summary>Its data.</summary>
    public RunContext Context { get; }

    /// <summary>The ids of the activities it went through, in order; those of subflows behind the id of their Subflow: <c>sub/activity</c>.</summary>
    public IReadOnlyList<string> Path => _path;

    /// <summary>Why it failed, or null.</summary>
    public FlowError? Failure { get; internal set; }

    /// <summary>The name of the End it reached, or null.</summary>
    public string? EndName { get; internal set; }

    /// <summary>The outputs of the End it reached, an object.</summary>
    public FlowValue Outputs { get; internal set; } = FlowValue.From(FlowObject.Empty);

    /// <summary>The message for the ErrorMessage component of the screen it waits for; "" for none.</summary>
    public string ErrorText { get; internal set; } = "";

    /// <summary>The trace, or null when it is off.</summary>
    public IReadOnlyList<TraceStep>? Trace => TraceSteps;

    /// <summary>The screen it waits for, or null.</summary>
    public CompiledScreen? Screen => Status == RunStatus.Waiting ? CurrentNode.Screen : null;

    /// <summary>The id of the activity it stands on, qualified by the subflows it lies in.</summary>
    public string ActivityId => Prefix + Context.Frame.Qualify(CurrentNode.Id);

    /// <summary>How many activities it has executed since it was started.</summary>
    public int Sequence { get; internal set; }

    /// <summary>For a subflow inside Parallel: the ids that lead to it, with a slash behind.</summary>
    internal string Prefix { get; set; } = "";

    /// <summary>For a subflow inside Parallel: the run whose branch it is, which is what is stored.</summary>
    internal FlowRun? Caller { get; init; }

    internal int Position { get; set; }

    internal PlanNode CurrentNode => Context.Frame.Plan.Nodes[Position];

    internal (Frame Frame, int Position)? LastScreen { get; set; }

    internal RunServices Services { get; }

    internal List<TraceStep>? TraceSteps { get; set; }

    /// <summary>How many given inputs were not taken and are not yet in the trace.</summary>
    internal int DroppedInputs { get; set; }

    /// <summary>Makes a run that stands before its first activity.</summary>
    /// <param name="plan">The flow.</param>
    /// <param name="start">What it is started with.</param>
    /// <param name="services">What it needs from outside.</param>
    /// <returns>The run. It has <see cref="RunStatus.Failed"/> with code <c>run.input</c> when the inputs do not fit what the flow declares.</returns>
    public static FlowRun Start(FlowPlan plan, RunStart start, RunServices services)
    {
        var run = new FlowRun(start.Id ?? RunId.New(), plan, services.Time.GetUtcNow(), services);
        if (services.Trace)
            run.TraceSteps = new List<TraceStep>(8);
        run.Context.Device = start.Device;
        var fits = RunInputs.TryTake(plan.Options, start.Client, out var client, out var dropped, out var problem);
        run.Context.Frame.Client = client;
        run.DroppedInputs = dropped;
        if (!fits)
            run.Fail(problem!);
        return run;
    }

    /// <summary>Drops what a run that is over collected on its way: inputs, forms, connector and script results, of which passwords may be a part. What it came to stays: path,
    /// person, claims, outputs, failure.</summary>
    public void ForgetWork()
    {
        LastScreen = null;
        for (var frame = Context.Frame; frame is not null; frame = frame.Parent)
        {
            frame.Clear();
            frame.Client = FlowValue.From(FlowObject.Empty);
        }
    }

    /// <summary>Takes the calls that were queued since the last save: they are stored with this one, or nowhere.</summary>
    public IReadOnlyList<QueuedCall> TakeQueuedCalls()
    {
        var calls = _queuedCalls;
        _queuedCalls = null;
        return calls ?? [];
    }

    /// <summary>Queues a call. Branches of a Parallel may do so at once.</summary>
    /// <returns>Null, or why it is not taken.</returns>
    internal string? Queue(QueuedCall call)
    {
        if (Caller is { } caller)
            return caller.Queue(call);
        if (Services.QueueCall is not { } queue)
            return "Nobody here stores calls to deliver them later.";
        lock (_path)
        {
            if (_queuedCalls?.Count >= QueuedCall.MostAtOnce)
                return $"The run queued {QueuedCall.MostAtOnce} calls since it was stored.";
            if (queue(call) is { } problem)
                return problem;
            (_queuedCalls ??= []).Add(call);
            return null;
        }
    }

    internal void AddToPath(string activityId) => _path.Add(activityId);

    internal void Fail(FlowError error)
    {
        Status = RunStatus.Failed;
        Failure = error;
        Context.Error = error.ToValue();
    }
}
