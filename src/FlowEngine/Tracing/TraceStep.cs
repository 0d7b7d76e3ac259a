using FlowEngine.Context;
using FlowEngine.Errors;

namespace FlowEngine.Tracing;

/// <summary>Per run and single-threaded: what one activity did. Values are
/// kept as they were; they are redacted when the trace is written.</summary>
public sealed class TraceStep
{
    private List<TraceWarning>? _warnings;
    private List<TraceStep>? _children;
    private List<string>? _writes;

    private readonly long _began;

    internal TraceStep(string activity, string type, TimeProvider time)
    {
        Activity = activity;
        Type = type;
        StartedAt = time.GetUtcNow();
        _began = time.GetTimestamp();
    }

    /// <summary>The activity's id, qualified by the subflows it lies in.</summary>
    public string Activity { get; }

    /// <summary>The activity's type.</summary>
    public string Type { get; }

    /// <summary>When it began.</summary>
    public DateTimeOffset StartedAt { get; }

    /// <summary>How long it took.</summary>
    public TimeSpan Duration { get; private set; }

    /// <summary>The outcome it took, or null when it suspended, failed the run or ended the flow.</summary>
    public string? Outcome { get; internal set; }

    /// <summary>What the activity was given: the request, the query and parameters, the arguments. Missing when it takes nothing.</summary>
    public FlowValue Input { get; set; }

    /// <summary>What it produced. Missing when it produces nothing.</summary>
    public FlowValue Output { get; set; }

    /// <summary>Whether it left a call to be delivered later: what became of it
    /// stands in a step of its own, once it is known. Default false.</summary>
    public bool HasQueued { get; set; }

    /// <summary>The error it ended with, whatever its mode.</summary>
    public FlowError? Error { get; internal set; }

    /// <summary>Warnings, such as a template's path without a value.</summary>
    public IReadOnlyList<TraceWarning> Warnings => _warnings ?? [];

    /// <summary>What it wrote to the context, by path, such as <c>connectors.profile</c>, <c>form</c> or <c>user</c>.</summary>
    public IReadOnlyList<string> Writes => _writes ?? [];

    /// <summary>How many names the run, a subflow or a screen was given and
    /// did not take, because nobody declared them. Default 0.</summary>
    public int Dropped { get; internal set; }

    /// <summary>What the person is told because of it, on the next screen or at the end; null for nothing. Never a secret in it.</summary>
    public string? Message { get; internal set; }

    /// <summary>Whether the step was written somewhere, so that it must not change any more:
    /// what a person submits later goes to a step of its own. Default false.</summary>
    public bool IsWritten { get; set; }

    /// <summary>The branches of a Parallel activity.</summary>
    public IReadOnlyList<TraceStep> Children => _children ?? [];

    /// <summary>It is over. How long it took is counted by no clock, which may be set meanwhile.</summary>
    internal void Stop(TimeProvider time) => Duration = time.GetElapsedTime(_began);

    internal void Warn(ErrorCode code, string message) => (_warnings ??= []).Add(new TraceWarning(code.Code, message));

    internal void AddWrite(string path) => (_writes ??= []).Add(path);

    internal void AddChild(TraceStep child) => (_children ??= []).Add(child);
}

/// <summary>Shared and immutable: a warning of a step.</summary>
/// <param name="Code">The stable code.</param>
/// <param name="Message">What happened.</param>
public sealed record TraceWarning(string Code, string Message);
