using FlowEngine.Context;
using FlowEngine.Errors;
using FlowEngine.Templates;

namespace FlowEngine.Execution;

/// <summary>How an activity ended.</summary>
public enum OutcomeKind : byte
{
    /// <summary>By the port of that index.</summary>
    Port,

    /// <summary>It waits for a person; the run suspends here.</summary>
    Suspended,

    /// <summary>With one of its error events; the mode of the event decides what follows.</summary>
    Error,

    /// <summary>It fails the run.</summary>
    Failed,

    /// <summary>The flow begins again.</summary>
    Restart,

    /// <summary>The flow ends.</summary>
    End,

    /// <summary>A subflow begins.</summary>
    Enter,

    /// <summary>With an error for which the activity has a port of its own: by that, whatever the mode of the event is.</summary>
    Handled,
}

/// <summary>Whether an outcome says that something has failed.</summary>
public enum Fails
{
    /// <summary>Nothing has.</summary>
    Never,

    /// <summary>It is taken after successes and failures alike.</summary>
    Sometimes,

    /// <summary>Something has; <c>error</c> says what.</summary>
    Always,
}

/// <summary>Shared and immutable: the result of an activity. Expected failures are outcomes, never exceptions.</summary>
public readonly struct Outcome
{
    private readonly object? _detail;

    private Outcome(OutcomeKind kind, int index, object? detail)
    {
        Kind = kind;
        Index = index;
        _detail = detail;
    }

    /// <summary>How the activity ended.</summary>
    public OutcomeKind Kind { get; }

    /// <summary>The index of the port or error event.</summary>
    public int Index { get; }

    /// <summary>The error of <see cref="OutcomeKind.Error"/>, <see cref="OutcomeKind.Handled"/> and
    /// <see cref="OutcomeKind.Failed"/>.</summary>
    public FlowError? Problem => _detail as FlowError ?? (_detail as HandledError)?.Error;

    /// <summary>The first outcome: <c>Success</c> or <c>Done</c>.</summary>
    public static Outcome Success => default;

    /// <summary>The activity waits for a person.</summary>
    public static Outcome Suspended { get; } = new(OutcomeKind.Suspended, 0, null);

    /// <summary>The flow begins again.</summary>
    public static Outcome Restart { get; } = new(OutcomeKind.Restart, 0, null);

    /// <summary>By the outcome of that index among the activity's <see cref="Activities.FlowActivity.Outcomes"/>.</summary>
    public static Outcome Port(int index) => new(OutcomeKind.Port, index, null);

    /// <summary>With an error event: the index is that of the event among the type's error events.</summary>
    public static Outcome Error(int errorEvent, FlowError error) => new(OutcomeKind.Error, errorEvent, error);

    /// <summary>With an error event: the index is that of the event among the type's error events.</summary>
    public static Outcome Error(int errorEvent, ErrorCode code, string message) => Error(errorEvent, FlowError.Of(code, message));

    /// <summary>With an error for which the activity has an outcome of its own. The run notes the error, and goes on by that
    /// outcome.</summary>
    /// <param name="port">The index of the outcome among the activity's <see cref="Activities.FlowActivity.Outcomes"/>, for which its
    /// <see cref="Activities.FlowActivity.FailsBy"/> says so.</param>
    /// <param name="errorEvent">The index of the event among the type's error events.</param>
    /// <param name="error">The error.</param>
    public static Outcome Handled(int port, int errorEvent, FlowError error) =>
        new(OutcomeKind.Handled, port, new HandledError(errorEvent, error));

    /// <summary>The run fails, whatever the error handling says.</summary>
    public static Outcome Fail(ErrorCode code, string message) => new(OutcomeKind.Failed, 0, FlowError.Of(code, message));

    /// <summary>The run fails, whatever the error handling says.</summary>
    public static Outcome Fail(FlowError error) => new(OutcomeKind.Failed, 0, error);

    internal FlowEnd Ending => (FlowEnd)_detail!;

    internal SubflowEntry Entry => (SubflowEntry)_detail!;

    /// <summary>The index of the error event of <see cref="OutcomeKind.Error"/> and <see cref="OutcomeKind.Handled"/>.</summary>
    internal int ErrorEvent => _detail is HandledError handled ? handled.Event : Index;

    internal static Outcome End(FlowEnd end) => new(OutcomeKind.End, 0, end);

    internal static Outcome Enter(SubflowEntry entry) => new(OutcomeKind.Enter, 0, entry);

    private sealed record HandledError(int Event, FlowError Error);
}

/// <summary>Shared and immutable: how a flow ended.</summary>
/// <param name="Name">The End's name.</param>
/// <param name="Outputs">Its outputs, an object.</param>
public sealed record FlowEnd(string Name, FlowValue Outputs)
{
    /// <summary>Whether the flow turned the person away. Default false.</summary>
    public bool IsRefused { get; init; }

    /// <summary>What the person reads; null (the default) for nothing.</summary>
    public FilledText? Message { get; init; }
}

/// <summary>Shared and immutable: a subflow that begins.</summary>
/// <param name="Plan">Its plan.</param>
/// <param name="Client">Its inputs, an object.</param>
internal sealed record SubflowEntry(FlowPlan Plan, FlowValue Client);
