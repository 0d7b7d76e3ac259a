using FlowEngine.Activities;
using FlowEngine.AspNetCore.Web.Edge;
using FlowEngine.AspNetCore.Web.Management.Access;
using FlowEngine.Context;
using FlowEngine.Errors;
using FlowEngine.Execution;
using FlowEngine.Json;
using FlowEngine.Storage;

namespace FlowEngine.AspNetCore.Web.Management.Runs;

/// <summary>Stateless: runs as the API shows them.</summary>
internal static class RunViews
{
    /// <summary>The status of runs that expired before they ended.</summary>
    public const string Expired = "expired";

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
    public static FlowObject Of(RunSummary run, Role role)
    {
        ApiJson
            .Object(
                ("id", ApiJson.Text(ShowsValues(run, role) ? run.Id : null)),
                ("number", FlowValue.From(run.Number)),
                ("flowId", FlowValue.From(run.FlowId)),
                ("flowVersion", FlowValue.From(run.FlowVersion)),
                ("status", FlowValue.From(StatusOf(run))),
                ("shortReference", FlowValue.From(RunReference.Of(run.Id))),
                ("person", ApiJson.Text(ShowsValues(run, role) ? run.Person : null)),
                ("reference", ApiJson.Text(ShowsValues(run, role) ? run.Reference : null)),
                ("screen", run.Screen is null ? FlowValue.Null : JsonReading.Parse(run.Screen)),
                ("errorCode", ApiJson.Text(run.ErrorCode)),
                ("errorCount", FlowValue.From(ErrorsOf(run).Count)),
                ("errors", ErrorsOf(run).Kinds),
                ("workedMs", run.Worked is { } worked ? FlowValue.From(worked) : FlowValue.Null),
                ("createdAt", ApiJson.Time(run.CreatedAt)),
                ("updatedAt", ApiJson.Time(run.UpdatedAt)),
                ("expiresAt", ApiJson.Time(run.ExpiresAt))
            )
            .TryGetObject(out var view);
        return view!;
    }

    private static (long Count, FlowValue Kinds) ErrorsOf(RunSummary run)
    {
        if (run.Errors is null)
            return (0, FlowValue.From(FlowArray.Empty));
        var errors = JsonReading.Parse(run.Errors);
        return (errors.Get("count").TryGetInteger(out var count) ? count : 0, errors.Get("kinds"));
    }

    /// <summary>What the status of a run is called. That one expired is stored as how it failed.</summary>
    private static string StatusOf(RunSummary run) =>
        run.Status == RunStatus.Failed && run.ErrorCode == FlowErrors.Expired.Code ? Expired : run.Status.ToName();

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
                ApiJson.Object(("code", error.Get("code")), ("message", FlowValue.From("What it says is shown when the run has ended.")))
            );
        if (step.Get("children").TryGetArray(out var children))
            view.Set("children", ApiJson.Array(children.Select(WithoutValues)));
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
        foreach (var name in new[] { "output", "truncated" })
        {
            if (submission.Get(name) is { IsMissing: false } value)
                joined.Set(name, value);
        }
        return FlowValue.From(joined.Build());
    }
}
