using FlowEngine.Context;
using FlowEngine.Errors;
using FlowEngine.Model;
using FlowEngine.Screens;
using FlowEngine.Templates;
using FlowEngine.Tracing;

namespace FlowEngine.Execution;

/// <summary>What a run has to tell the person. The numbers are stored.</summary>
public enum ErrorTextKind : byte
{
    /// <summary>That an activity failed, in automatic mode: <see cref="RunContext.Error"/>.</summary>
    Error,

    /// <summary>What is wrong with a submission that was not taken.</summary>
    Refusal,

    /// <summary>What the flow says: a connection, a Restart or an End.</summary>
    Message,
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
    /// <summary>How many characters of a message are shown: what it is made of may be any answer of an API.</summary>
    private const int MaxMessage = 1000;

    private readonly List<string> _path;
    private List<QueuedCall>? _queuedCalls;
    private string? _reference;
    private Rare? _rare;

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

    /// <summary>The ids of the activities it went through, in order; those of
    /// subflows behind the id of their Subflow: <c>sub/activity</c>.</summary>
    public IReadOnlyList<string> Path => _path;

    /// <summary>Why it failed or was cancelled, or null.</summary>
    public FlowError? Failure { get; internal set; }

    /// <summary>The name of the End it reached, or null.</summary>
    public string? EndName { get; internal set; }

    /// <summary>The outputs of the End it reached, an object.</summary>
    public FlowValue Outputs { get; internal set; } = FlowValue.From(FlowObject.Empty);

    /// <summary>The message for the ErrorMessage component of the screen it waits for; of a run that ended, what its End says. "" for none.
    /// Never a secret in it.</summary>
    public string ErrorText { get; internal set; } = "";

    /// <summary>The errors of its steps, handled or not; null while there are none.</summary>
    public RunErrors? Errors { get; internal set; }

    /// <summary>Where <see cref="ErrorText"/> comes from; of no meaning where that is empty.</summary>
    public ErrorTextKind ErrorTextKind { get; internal set; }

    /// <summary>What is wrong with the inputs of the submission that <see cref="ErrorText"/> refuses; none otherwise.</summary>
    public IReadOnlyList<InputProblem> InputProblems { get; internal set; } = [];

    /// <summary>What <see cref="ErrorText"/> was made of, where values stand in it; null otherwise.</summary>
    public FilledText? ErrorTextSource
    {
        get => _rare?.ErrorTextSource;
        internal set
        {
            if (value is not null || _rare is not null)
                (_rare ??= new Rare()).ErrorTextSource = value;
        }
    }

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

    /// <summary>How far the ForEach has come that the run stands on; null where nobody stores it, or where there is none.</summary>
    internal ItemsDone? Items
    {
        get => _rare?.Items;
        set
        {
            if (value is not null || _rare is not null)
                (_rare ??= new Rare()).Items = value;
        }
    }

    internal (Frame Frame, int Position)? LastScreen { get; set; }

    /// <summary>The step after which a host decides what follows; null in a run that the engine leads.</summary>
    internal SingleStep? Step
    {
        get => _rare?.Step;
        set
        {
            if (value is not null || _rare is not null)
                (_rare ??= new Rare()).Step = value;
        }
    }

    internal RunServices Services { get; }

    internal List<TraceStep>? TraceSteps { get; set; }

    /// <summary>How many given inputs were not taken and are not yet in the trace.</summary>
    internal int DroppedInputs { get; set; }

    /// <summary>Makes a run that stands before its first activity.</summary>
    /// <param name="plan">The flow.</param>
    /// <param name="start">What it is started with.</param>
    /// <param name="services">What it needs from outside.</param>
    /// <returns>The run. It has <see cref="RunStatus.Failed"/> with code
    /// <c>run.input</c> when the inputs do not fit what the flow declares.</returns>
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

    /// <summary>Has the run go on at an activity of its flow, such as an earlier screen. It leaves the screen that it waits for, and the
    /// subflows that it is in; what it collected in its own flow stays. Nothing is executed yet.</summary>
    /// <param name="activityId">The activity's id.</param>
    /// <exception cref="ArgumentException">The flow has no such activity.</exception>
    /// <exception cref="InvalidOperationException">The run is over.</exception>
    public void MoveTo(string activityId)
    {
        if (Status is not (RunStatus.Running or RunStatus.Waiting))
            throw new InvalidOperationException("The run is over: it goes on nowhere.");
        var position = Plan.IndexOf(activityId);
        if (position < 0)
            throw new ArgumentException($"The flow '{Plan.FlowId}' has no activity '{activityId}'.", nameof(activityId));

        // What a screen says of its own submission is not for another one.
        if (Status == RunStatus.Waiting)
            Show("");
        // A ForEach that was left is begun anew.
        if (Context.Frame.Parent is not null || position != Position)
            Items = null;
        while (Context.Frame.Parent is { } caller)
            Context.Frame = caller;
        Context.ForgetFlowRoot();
        Position = position;
        Status = RunStatus.Running;
    }

    /// <summary>Gives the run an input of its flow anew: what a host knows by now.</summary>
    /// <param name="name">The input.</param>
    /// <param name="value">Its value; missing for none.</param>
    /// <exception cref="ArgumentException">The flow declares no such input, or one of another type.</exception>
    public void SetInput(string name, FlowValue value)
    {
        if (!Plan.Options.Inputs.TryGetValue(name, out var input))
            throw new ArgumentException($"The flow '{Plan.FlowId}' has no input '{name}'.", nameof(name));
        if (!value.IsNothing && !RunInputs.Fits(input.Type, value))
            throw new ArgumentException($"'{name}' is not of type {RunInputs.NameOf(input.Type)}.", nameof(value));
        if (ValueLimits.Check(value, $"The input '{name}'") is { } tooMuch)
            throw new ArgumentException(tooMuch.Message, nameof(value));
        // Of the flow itself, wherever in a subflow it stands.
        var frame = Context.Frame;
        while (frame.Parent is { } caller)
            frame = caller;
        frame.Client.TryGetObject(out var client);
        frame.Client = FlowValue.From((client ?? FlowObject.Empty).With(name, value.WithSensitive(input.Sensitive)));
    }

    /// <summary>Drops what a run that is over collected on its way: inputs, forms, connector and script results, of which passwords may be
    /// a part. What it came to stays: path, person, claims, outputs, failure.</summary>
    public void ForgetWork()
    {
        LastScreen = null;
        for (var frame = Context.Frame; frame is not null; frame = frame.Parent)
        {
            frame.Clear();
            frame.Client = FlowValue.From(FlowObject.Empty);
        }
    }

    private void NoteError(RunError error)
    {
        // Branches may be the first at the same time.
        var errors = Errors;
        if (errors is null)
        {
            lock (_path)
                errors = Errors ??= new RunErrors();
        }
        errors.Add(error);
    }

    /// <summary>Begins the time budget of what goes on now.</summary>
    internal void BeginBudget()
    {
        if (Plan.Options.TimeBudget is not null)
            (_rare ??= new Rare()).GoesOnSince = Services.Time.GetTimestamp();
    }

    /// <summary>Begins the time budget where it has not begun since the run was started or loaded.</summary>
    internal void GoOnWithBudget()
    {
        if (_rare is not { GoesOnSince: not 0 })
            BeginBudget();
    }

    /// <summary>What is left of the flow's time budget, at least nothing; null where it has none.</summary>
    internal TimeSpan? TimeLeft()
    {
        if (Caller is { } caller)
            return caller.TimeLeft();
        if (Plan.Options.TimeBudget is not { } budget)
            return null;
        var left = budget - Services.Time.GetElapsedTime(_rare?.GoesOnSince ?? 0);
        return left > TimeSpan.Zero ? left : TimeSpan.Zero;
    }

    /// <summary>Takes the calls that were queued since the last save: they are stored with this one, or nowhere.</summary>
    public IReadOnlyList<QueuedCall> TakeQueuedCalls()
    {
        // Items of a ForEach may queue some while the run is stored for others.
        lock (_path)
        {
            var calls = _queuedCalls;
            _queuedCalls = null;
            return calls ?? [];
        }
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

    /// <summary>What the flow's <c>reference</c> gives, as it was when it last gave anything since the run was started or loaded: the text
    /// that the run is found by. Null when the flow has none, when a path in it has had no value,
    /// when the value is a secret, or longer than <see cref="FlowOptions.MaxReference"/>.</summary>
    public string? FindReference() => _reference = EvaluateReference() ?? _reference;

    private string? EvaluateReference()
    {
        if (Plan.Options.Reference is not { } template)
            return null;
        var frame = Context.Frame;
        while (frame.Parent is { } parent)
            frame = parent;
        // Of the flow itself, wherever in a subflow it stands; and without a step, so that what is missing warns nobody.
        var context = new RunContext(this, frame)
        {
            User = Context.User,
            Claims = Context.Claims,
            Device = Context.Device,
            Error = Context.Error,
        };
        foreach (ref readonly var part in template.Parts)
        {
            if (part.Expression is { } expression && expression.Evaluate(context).ToText().Length == 0)
                return null;
        }
        var value = template.EvaluateText(context, ValueEncoder.None);
        var text = value.ToText().Trim();
        return value.IsSensitive || text.Length is 0 or > FlowOptions.MaxReference ? null : text;
    }

    /// <summary>Notes that a step failed, where its error is first seen: here and in whatever watches.</summary>
    internal void AddError(FlowError error, string? connector, ErrorHandling handling)
    {
        var noted = new RunError(error.Code, error.Activity ?? ActivityId, connector, handling, 1);
        NoteError(noted);
        RunTelemetry.CountError(this, noted);
        Services.OnError?.Invoke(this, noted);
    }

    /// <summary>Takes over what a branch noted that was a run for itself; what
    /// failed the branch is handled as <paramref name="handling"/> says.</summary>
    internal void TakeErrors(FlowRun branch, ErrorHandling handling)
    {
        foreach (var error in branch.Errors?.Kinds ?? [])
            NoteError(error.Handling == ErrorHandling.Failed ? error with { Handling = handling } : error);
    }

    /// <summary>What follows an error event: without a screen to go back to, the automatic way fails the run.</summary>
    internal ErrorHandling HandlingOf(in ErrorRoute route) =>
        route.Mode switch
        {
            ErrorMode.Custom => ErrorHandling.Custom,
            ErrorMode.Ignore => ErrorHandling.Ignore,
            _ => LastScreen is null ? ErrorHandling.Failed : ErrorHandling.Automatic,
        };

    /// <summary>Has the next screen say something, or the End that comes first.
    /// A later message takes the place of this one, and an error does.</summary>
    /// <param name="message">The message, made of what the context holds now; secrets are masked.</param>
    /// <param name="step">The step that tells of it, or null.</param>
    internal void Tell(Template message, TraceStep? step) => Tell(message.EvaluateMasked(Context), step);

    /// <inheritdoc cref="Tell(Template, TraceStep?)"/>
    internal void Tell(FilledText message, TraceStep? step)
    {
        var text = message.Text;
        var isTooLong = text.Length > MaxMessage;
        if (isTooLong)
            text = string.Concat(text.AsSpan(0, char.IsHighSurrogate(text[MaxMessage - 1]) ? MaxMessage - 1 : MaxMessage), "…");
        Show(text, ErrorTextKind.Message);
        // What is cut off here is not to come back by its translation.
        ErrorTextSource = message.HasValues && !isTooLong ? message : null;
        if (step is not null)
            step.Message = text;
    }

    /// <summary>Shows why a submission was not taken.</summary>
    internal void Show(Refusal refusal)
    {
        Show(refusal.Error.Message, ErrorTextKind.Refusal);
        InputProblems = refusal.Problems;
    }

    /// <summary>Shows an error; "" for nothing.</summary>
    internal void Show(string text, ErrorTextKind kind = ErrorTextKind.Error)
    {
        ErrorText = text;
        ErrorTextKind = kind;
        ErrorTextSource = null;
        InputProblems = [];
    }

    internal void Fail(FlowError error, RunStatus status = RunStatus.Failed)
    {
        // What the flow wanted to say of its next screen: there is none.
        if (ErrorTextKind == ErrorTextKind.Message)
            Show("");
        Status = status;
        Failure = error;
        Context.Error = error.ToValue();
    }

    /// <summary>What takes secrets out of what is shown of the run: every marked value in its context and trace, and what the connectors
    /// hold.</summary>
    /// <param name="connectorSecrets">What the connectors hold; see <c>ConnectorSet.SecretValues</c>.</param>
    public Redactor RedactorFor(IEnumerable<string> connectorSecrets) =>
        Redactor.For(Context.Snapshot(), Trace ?? [], connectorSecrets, Plan.Redactor);

    /// <summary>What few runs have: the others have no room for it.</summary>
    private sealed class Rare
    {
        public FilledText? ErrorTextSource { get; set; }

        public ItemsDone? Items { get; set; }

        public SingleStep? Step { get; set; }

        /// <summary>The timestamp since which the budget of time runs; 0 for none.</summary>
        public long GoesOnSince { get; set; }
    }
}
