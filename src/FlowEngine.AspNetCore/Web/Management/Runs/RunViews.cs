using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Serialization;
using FlowEngine.Activities;
using FlowEngine.AspNetCore.Web.Edge;
using FlowEngine.AspNetCore.Web.Management.Access;
using FlowEngine.Context;
using FlowEngine.Errors;
using FlowEngine.Execution;
using FlowEngine.Json;
using FlowEngine.Storage;
using FlowEngine.Tracing;

namespace FlowEngine.AspNetCore.Web.Management.Runs;

/// <summary>A run.</summary>
/// <remarks>What is told as it is stored, <see cref="RunFacts"/>, comes last.</remarks>
[SchemaName("Run")]
internal record RunView : RunFacts
{
    /// <summary>A run, of which somebody sees what it was given and made, or does not.</summary>
    [SetsRequiredMembers]
    public RunView(RunSummary run, bool showsValues)
        : base(run)
    {
        (ErrorCount, Errors) = RunViews.ErrorsOf(run);
        (Id, Number, FlowId, FlowVersion) = (showsValues ? run.Id : null, run.Number, run.FlowId, run.FlowVersion);
        (Status, ShortReference) = (run.Status.ToName(run.ErrorCode), RunReference.Of(run.Id));
        (Person, Reference) = showsValues ? (run.Person, run.Reference) : (null, null);
        Screen = run.Screen is null ? FlowValue.Null : JsonReading.Parse(run.Screen);
        (ErrorCode, WorkedMs) = (run.ErrorCode, run.Worked);
    }

    /// <summary>Its id; null for viewers while it has not ended, because whoever has it can go on with the run.</summary>
    public string? Id { get; }

    /// <summary>Its number.</summary>
    public long Number { get; }

    /// <summary>The flow.</summary>
    public string FlowId { get; }

    /// <summary>The version that it runs.</summary>
    public int FlowVersion { get; }

    /// <summary>How it stands.</summary>
    [OneOfStatuses(AndExpired = true)]
    public string Status { get; }

    /// <summary>What people may quote.</summary>
    public string ShortReference { get; }

    /// <summary>The person that it set.</summary>
    public string? Person { get; }

    /// <summary>What its flow says it is found by.</summary>
    public string? Reference { get; }

    /// <summary>The screen that it waits for.</summary>
    [Holds(typeof(AwaitedScreen), OrNull = true)]
    public FlowValue Screen { get; }

    /// <summary>Why it failed.</summary>
    public string? ErrorCode { get; }

    /// <summary>How many of its steps failed, handled or not.</summary>
    public long ErrorCount { get; }

    /// <summary>In which ways, the latest last.</summary>
    [Holds(typeof(IReadOnlyList<RunFault>))]
    public FlowValue Errors { get; }

    /// <summary>How long it was worked on, in milliseconds; unknown for runs of releases before.</summary>
    public long? WorkedMs { get; }
}

/// <summary>A run with its trace and the definition that it ran.</summary>
internal sealed record RunDetail : RunView
{
    /// <summary>What is told of a run anyway, and more.</summary>
    [SetsRequiredMembers]
    public RunDetail(RunView run, FlowValue trace, bool valuesHidden, FlowObject? definition)
        : base(run) => (Trace, ValuesHidden, Definition) = (trace, valuesHidden, definition);

    /// <summary>Its steps.</summary>
    [Holds(typeof(IReadOnlyList<TraceStep>)), JsonPropertyOrder(1)]
    public required FlowValue Trace { get; init; }

    /// <summary>Whether the steps have no values because this person sees those of runs that have ended.</summary>
    [JsonPropertyOrder(2)]
    public required bool ValuesHidden { get; init; }

    /// <summary>The flow file; null when it is gone.</summary>
    [JsonPropertyOrder(3)]
    public required FlowObject? Definition { get; init; }
}

/// <summary>Stateless: runs as the API shows them.</summary>
internal static class RunViews
{
    /// <summary>What a step shows without its values.</summary>
    private static readonly string[] Shown =
    [
        "activity",
        "type",
        "startedAt",
        "durationMs",
        "outcome",
        "submittedAt",
        "queued",
        "delivery",
    ];

    /// <summary>A run. Whoever has the id of one that waits can go on with it, so
    /// viewers get neither it nor any value of the run before it has ended.</summary>
    public static RunView Of(RunSummary run, Role role) => new(run, ShowsValues(run, role));

    /// <summary>The errors of its steps: how many, and in which ways.</summary>
    public static (long Count, FlowValue Kinds) ErrorsOf(RunSummary run)
    {
        if (run.Errors is null)
            return (0, FlowValue.From(FlowArray.Empty));
        var errors = JsonReading.Parse(run.Errors);
        return (errors.Get("count").TryGetInteger(out var count) ? count : 0, errors.Get("kinds"));
    }

    /// <summary>Whether somebody of that role sees what a run was given and made: viewers do when it has ended.</summary>
    public static bool ShowsValues(RunSummary run, Role role) => role > Role.Viewer || HasEnded(run);

    /// <summary>A step without a value: which way the run took, and when. Whatever steps come to hold later is left out too.</summary>
    public static FlowValue WithoutValues(FlowValue step)
    {
        var view = new FlowObjectBuilder(8);
        foreach (var name in Shown)
        {
            if (step.Get(name) is { IsMissing: false } member)
                view.Set(name, member);
        }
        if (step.Get("error") is { IsMissing: false } error)
            view.Set(
                "error",
                FlowValue.Object(("code", error.Get("code")), ("message", FlowValue.From("What it says is shown when the run has ended.")))
            );
        if (step.Get("children").TryGetArray(out var children))
            view.Set("children", FlowValue.Array(children.Select(WithoutValues)));
        return FlowValue.From(view.Build());
    }

    /// <summary>Whether a run came to an end, whichever.</summary>
    public static bool HasEnded(RunSummary run) => run.Status.IsOver();

    /// <summary>The steps of a stored trace. What a person submitted was stored when they
    /// did, apart from the step that showed the screen: here they are one.</summary>
    public static IReadOnlyList<FlowValue> Steps(IEnumerable<string> parts, ActivityCatalog activities)
    {
        var steps = new List<FlowValue>();
        foreach (var part in parts)
        {
            if (!JsonReading.Parse(part).TryGetArray(out var stored))
                continue;
            foreach (var step in stored)
            {
                if (steps.Count > 0 && IsSubmissionOf(step, steps[^1], activities))
                    steps[^1] = Joined(steps[^1], step);
                else
                    steps.Add(step);
            }
        }
        return steps;
    }

    private static bool IsSubmissionOf(FlowValue step, FlowValue shown, ActivityCatalog activities) =>
        step.Get("type") == shown.Get("type")
        && activities.Find(step.Get("type").ToText()) is { Waits: true }
        && step.Get("activity") == shown.Get("activity")
        && !step.Get("outcome").IsMissing
        && shown.Get("outcome").IsMissing;

    private static FlowValue Joined(FlowValue shown, FlowValue submission)
    {
        shown.TryGetObject(out var view);
        var joined = new FlowObjectBuilder(view!);
        joined.Set("outcome", submission.Get("outcome"));
        joined.Set("submittedAt", submission.Get("startedAt"));
        foreach (var name in new[] { "output", "message", "dropped", "writes", "truncated" })
        {
            if (submission.Get(name) is { IsMissing: false } value)
                joined.Set(name, value);
        }
        return FlowValue.From(joined.Build());
    }
}
