using System.Globalization;
using System.Text.Json.Serialization;
using FlowEngine.Context;
using FlowEngine.Errors;

namespace FlowEngine.Tracing;

/// <summary>A step of a run: what one activity did. Per run and single-threaded.</summary>
/// <remarks>
/// Values are kept as they were; they are redacted when the trace is written. What is told of a step stands here and nowhere else: a
/// property, by its name in JSON, and its line in <see cref="Tell"/>. A stored trace, the API's answers and its document are made of them.
/// </remarks>
public sealed class TraceStep
{
    /// <summary>The type of steps that tell what became of a call that a step left behind.</summary>
    private const string DeliveryType = "Delivery";

    private List<TraceWarning>? _warnings;
    private List<TraceStep>? _children;
    private List<string>? _writes;
    private FlowObject? _client;

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
    [JsonIgnore]
    public TimeSpan Duration { get; private set; }

    /// <summary>How long it took, in milliseconds, to the microsecond.</summary>
    public double DurationMs => Math.Round(Duration.TotalMilliseconds, 3);

    /// <summary>The outcome it took, or null when it suspended, failed the run or ended the flow.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public string? Outcome { get; internal set; }

    /// <summary>What the activity was given: the request, the query and parameters, the arguments. Missing when it takes nothing.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public FlowValue Input { get; set; }

    /// <summary>What it produced, or what a person submitted. Missing when it produces nothing.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public FlowValue Output { get; set; }

    /// <summary>What the person is told because of it, on the next screen or at the end; null for nothing. Never a secret in it.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public string? Message { get; internal set; }

    /// <summary>Whether it left a call to be delivered later, of which a step of its own tells once it is known. Default false.</summary>
    [JsonPropertyName("queued"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool HasQueued { get; set; }

    /// <summary>Whether it is none of the run's own, but tells what became of a call that a step left behind. Default false.</summary>
    [JsonPropertyName("delivery"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool IsDelivery { get; private init; }

    /// <summary>How many names the run, a subflow or a screen was given that nobody declared, and did not take. Default 0.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public int Dropped { get; internal set; }

    /// <summary>The version of the flow that it entered; 0 (the default) for none, and for one that is not published.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public int Entered { get; internal set; }

    /// <summary>What it wrote to the context, by path, such as <c>connectors.profile</c>, <c>form</c> or <c>user</c>.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public IReadOnlyList<string> Writes => _writes ?? [];

    /// <summary>What the values that it was given are made of. It is worked out where a trace is read, of the flow and of what the steps
    /// wrote, and not kept with the step.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
#pragma warning disable CA1822 // It is a member of a step in JSON and in the document that is made of this type.
    public IReadOnlyList<LineageEntry> Lineage => [];
#pragma warning restore CA1822

    /// <summary>When a person submitted what stands in its output; null where that was not apart from the step.</summary>
    /// <remarks>A submission that is stored by itself is one step with its screen where it is read.</remarks>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public DateTimeOffset? SubmittedAt => IsSubmission ? StartedAt : null;

    /// <summary>Whether it is a submission apart from the step of its screen. Default false.</summary>
    [JsonIgnore]
    public bool IsSubmission { get; internal set; }

    /// <summary>The inputs of the run, with its first step; missing for none.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public FlowValue Client
    {
        get => _client is null ? default : FlowValue.From(_client);
        set => value.TryGetObject(out _client);
    }

    /// <summary>Warnings, such as a template's path without a value.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public IReadOnlyList<TraceWarning> Warnings => _warnings ?? [];

    /// <summary>The error it ended with, whatever its mode.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public FlowError? Error { get; internal set; }

    /// <summary>The branches of a Parallel activity, the items of a ForEach.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public IReadOnlyList<TraceStep> Children => _children ?? [];

    /// <summary>Whether something was left out for lack of room when it was written. Default false.</summary>
    [JsonPropertyName("truncated"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool IsTruncated { get; internal set; }

    /// <summary>Whether the step was written somewhere, so that it must not change any more:
    /// what a person submits later goes to a step of its own. Default false.</summary>
    [JsonIgnore]
    public bool IsWritten { get; set; }

    /// <summary>Begins the step that tells what became of a call that an activity left behind.</summary>
    /// <param name="activity">The activity, qualified by the subflows it lies in.</param>
    /// <param name="time">The clock.</param>
    public static TraceStep BeginDelivery(string activity, TimeProvider time) => new(activity, DeliveryType, time) { IsDelivery = true };

    /// <summary>Ends the step of a delivery.</summary>
    /// <param name="outcome">What became of the call.</param>
    /// <param name="output">What is known of it.</param>
    /// <param name="error">Why it did not arrive; null when it did.</param>
    /// <param name="time">The clock.</param>
    public void EndDelivery(string outcome, FlowValue output, FlowError? error, TimeProvider time)
    {
        (Outcome, Output, Error) = (outcome, output, error);
        Stop(time);
    }

    /// <summary>Tells what there is of it, in the order in which it is stored.</summary>
    internal void Tell(ref StepTelling told)
    {
        if (_client is { Count: > 0 })
            told.Value("client", Client);
        told.Bare("activity", FlowValue.From(Activity));
        told.Bare("type", FlowValue.From(Type));
        told.Fact("delivery", IsDelivery);
        told.Bare("startedAt", FlowValue.From(StartedAt.ToString("yyyy-MM-ddTHH:mm:ss.fffZ", CultureInfo.InvariantCulture)));
        told.Bare("durationMs", FlowValue.From(DurationMs));
        if (Outcome is not null)
            told.Bare("outcome", FlowValue.From(Outcome));
        told.Value("input", Input);
        told.Value("output", Output);
        told.Text("message", Message);
        told.Fact("queued", HasQueued);
        told.Fact("dropped", Dropped);
        told.Fact("entered", Entered);
        told.Texts("writes", _writes);
        told.Warnings("warnings", _warnings);
        told.Value("error", Error?.ToValue() ?? default);
        told.Steps("children", _children);
        // Not "lineage", which needs the whole trace; and not "submittedAt": of a submission that is stored by itself, "startedAt" says it.
        IsTruncated |= told.IsCut;
        told.Bare("truncated", told.IsCut ? FlowValue.True : default);
    }

    /// <summary>It is over. How long it took is counted by no clock, which may be set meanwhile.</summary>
    internal void Stop(TimeProvider time) => Duration = time.GetElapsedTime(_began);

    internal void Warn(ErrorCode code, string message) => (_warnings ??= []).Add(new TraceWarning(code.Code, message));

    internal void AddWrite(string path) => (_writes ??= []).Add(path);

    internal void AddChild(TraceStep child) => (_children ??= []).Add(child);
}

/// <summary>What is questionable about a step. Shared and immutable.</summary>
/// <param name="Code">The stable code.</param>
/// <param name="Message">What happened.</param>
public sealed record TraceWarning(string Code, string Message);
