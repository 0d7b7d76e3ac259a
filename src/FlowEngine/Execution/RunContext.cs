using FlowEngine.Attempts;
using FlowEngine.Context;
using FlowEngine.Errors;
using FlowEngine.Templates;
using FlowEngine.Tracing;

namespace FlowEngine.Execution;

/// <summary>Per run and single-threaded: the run's data, as activities and templates see it.</summary>
/// <remarks>A subflow has its own <c>form</c>, <c>client</c>, <c>connectors</c> and <c>scripts</c> (in its <see cref="Frame"/>);
/// <c>user</c>, <c>claims</c>, <c>device</c> and <c>error</c> are the run's.</remarks>
public sealed class RunContext : ReadContext
{
    private FlowValue _flow;

    internal RunContext(FlowRun run, Frame frame)
    {
        Run = run;
        Frame = frame;
    }

    /// <summary>The run.</summary>
    public FlowRun Run { get; }

    /// <summary>The person, as SetUser wrote them.</summary>
    public FlowValue User { get; internal set; } = FlowValue.From(FlowObject.Empty);

    /// <summary>The custom claims.</summary>
    public FlowValue Claims { get; internal set; } = FlowValue.From(FlowObject.Empty);

    /// <summary>The device that started the run.</summary>
    public FlowValue Device { get; internal set; } = FlowValue.From(FlowObject.Empty);

    /// <summary>The last error, or missing.</summary>
    public FlowValue Error { get; internal set; }

    /// <summary>The step that is being traced, or null when tracing is off: give it the activity's input and output.</summary>
    public TraceStep? Step { get; internal set; }

    /// <summary>The id of the activity that runs, qualified by the subflows it lies in: <c>sub/activity</c>.</summary>
    public string ActivityId => Run.Prefix + Frame.Qualify(NodeId);

    /// <summary>A number that identifies this execution of this activity: the same again
    /// when a crashed run repeats the step, another for every other step, and for every item of a ForEach.</summary>
    public string StepKey => $"{Run.Id}:{ActivityId}:{Run.Sequence}{Frame.Items}";

    /// <inheritdoc/>
    public override TimeProvider Time => Run.Services.Time;

    /// <summary>What is left of the time that the flow allows one submission (<see cref="FlowOptions.TimeBudget"/>), at least nothing; null
    /// where it allows any. Whatever waits for somebody takes it as its timeout, and ends with <c>flow.budget</c> where nothing is
    /// left.</summary>
    public TimeSpan? TimeLeft => Run.TimeLeft();

    /// <summary>The replies of a golden case, which stand in for connectors; null in a real run.</summary>
    public ScriptedReplies? Replies => Run.Services.Replies;

    /// <summary>Counts the tries of activities that have a limit.</summary>
    internal AttemptCounter Attempts => Run.Services.Attempts;

    internal Frame Frame { get; set; }

    internal string NodeId { get; set; } = "";

    /// <inheritdoc/>
    public override FlowValue Get(ContextRoot root) =>
        root switch
        {
            ContextRoot.Form => Frame.Form,
            ContextRoot.Client => Frame.Client,
            ContextRoot.Connectors => Frame.Connectors,
            ContextRoot.Scripts => Frame.Scripts,
            ContextRoot.User => User,
            ContextRoot.Claims => Claims,
            ContextRoot.Device => Device,
            ContextRoot.Error => Error,
            ContextRoot.Flow => FlowRoot(),
            // Local to what makes it.
            _ => Frame.Local(root),
        };

    /// <summary>Writes <c>connectors.&lt;contextKey&gt;</c>.</summary>
    public void SetConnector(string contextKey, FlowValue value)
    {
        Frame.Connectors = With(Frame.Connectors, contextKey, value);
        Step?.AddWrite($"connectors.{contextKey}");
    }

    /// <summary>Writes <c>scripts.&lt;contextKey&gt;</c>.</summary>
    public void SetScript(string contextKey, FlowValue value)
    {
        Frame.Scripts = With(Frame.Scripts, contextKey, value);
        Step?.AddWrite($"scripts.{contextKey}");
    }

    /// <summary>Leaves a call to whoever stores the run, to be delivered once the run is stored.</summary>
    /// <returns>Null, or why it is not taken: there is no room, or nobody who would store it.</returns>
    public string? Queue(QueuedCall call) => Run.Queue(call);

    /// <inheritdoc/>
    public override void Warn(ErrorCode code, string message) => Step?.Warn(code, message);

    internal override void Warn(ErrorCode code, ContextPath path) => Step?.Warn(code, $"{path} has no value.");

    /// <summary>The whole context as one object, by root.</summary>
    public FlowValue Snapshot()
    {
        var builder = new FlowObjectBuilder(9);
        builder.Set("form", Frame.Form);
        builder.Set("client", Frame.Client);
        builder.Set("user", User);
        builder.Set("connectors", Frame.Connectors);
        builder.Set("scripts", Frame.Scripts);
        builder.Set("claims", Claims);
        builder.Set("flow", FlowRoot());
        builder.Set("device", Device);
        builder.Set("error", Error);
        return FlowValue.From(builder.Build());
    }

    /// <summary>A context for a parallel branch: it sees what this one sees, and writes to its own copy.</summary>
    internal RunContext Fork(PlanNode branch) => Fork(branch, Frame.Copy());

    /// <summary>A context for what runs beside others, in a frame of its own.</summary>
    internal RunContext Fork(PlanNode branch, Frame frame) => Fork(branch, new RunContext(Run, frame));

    /// <summary>As the others, in a context that nobody uses any more.</summary>
    internal RunContext Fork(PlanNode branch, RunContext fork)
    {
        (fork.User, fork.Claims, fork.Device, fork.Error) = (User, Claims, Device, Error);
        (fork.NodeId, fork.Step) = (branch.Id, null);
        if (Step is { } parent)
        {
            fork.Step = new TraceStep(fork.ActivityId, branch.Type, Time);
            parent.AddChild(fork.Step);
        }
        return fork;
    }

    internal void ForgetFlowRoot() => _flow = default;

    private static FlowValue With(FlowValue root, string key, FlowValue value)
    {
        root.TryGetObject(out var obj);
        return FlowValue.From((obj ?? FlowObject.Empty).With(key, value));
    }

    private FlowValue FlowRoot()
    {
        if (_flow.IsMissing)
        {
            _flow = FlowValue.From(
                Frame.FlowShape.With(
                    FlowValue.From(Frame.Plan.FlowId),
                    FlowValue.From(Frame.Plan.Version),
                    FlowValue.From(Run.Id),
                    FlowValue.From(Run.StartedAt.ToString("yyyy-MM-ddTHH:mm:ss.fffZ", System.Globalization.CultureInfo.InvariantCulture))
                )
            );
        }
        return _flow;
    }
}
