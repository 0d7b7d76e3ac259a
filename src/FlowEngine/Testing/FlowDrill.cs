using FlowEngine.Context;
using FlowEngine.Errors;
using FlowEngine.Execution;
using FlowEngine.Model;
using FlowEngine.Tracing;

namespace FlowEngine.Testing;

/// <summary>
/// Per drill, single-threaded: runs a flow once for each activity that asks somebody and each way in which that can end, everything else as
/// in a golden case. No live system is called. Whoever does not answer stays so to the end of the run: what is asked is where a person
/// ends up
/// when an API dies. The run goes on with the answers of the case as long as it comes to screens for which the case has one.
/// </summary>
public sealed class FlowDrill
{
    private readonly FlowPlan _plan;
    private readonly DrillLimits _limits;
    private readonly string[] _secrets;
    private readonly CancellationToken _cancellationToken;
    private readonly DiagnosticBag _problems = new();
    private readonly List<DrillRow> _rows = [];
    private readonly Dictionary<string, bool> _restarts = new(StringComparer.Ordinal);
    private int _runs;

    private FlowDrill(FlowPlan plan, DrillLimits limits, IEnumerable<string> secrets, CancellationToken cancellationToken)
    {
        _plan = plan;
        _limits = limits;
        _secrets = [.. secrets];
        _cancellationToken = cancellationToken;
    }

    /// <summary>Drills a flow.</summary>
    /// <param name="plan">The flow.</param>
    /// <param name="cases">Golden cases of it. Each activity is drilled by the first that asks it; those that complete go before the
    /// others.</param>
    /// <param name="limits">What it may cost; what does not fit in is left out, and said so (<c>drill.limit</c>).</param>
    /// <param name="secrets">What the connectors hold, which no message tells.</param>
    /// <param name="cancellationToken">The caller's.</param>
    public static async Task<DrillReport> RunAsync(
        FlowPlan plan,
        IReadOnlyList<GoldenCase> cases,
        DrillLimits limits,
        IEnumerable<string> secrets,
        CancellationToken cancellationToken = default
    )
    {
        using var end = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        if (limits.Longest > TimeSpan.Zero)
            end.CancelAfter(limits.Longest);
        else
            await end.CancelAsync().ConfigureAwait(false);
        var drill = new FlowDrill(plan, limits, secrets, end.Token);
        var asking = AskingActivity.In(plan).Take(limits.MostRuns).ToList();
        var usual = new List<UsualRun>();
        try
        {
            foreach (var golden in cases)
            {
                usual.Add(await drill.RunUsuallyAsync(golden).ConfigureAwait(false));
                if (asking.TrueForAll(one => usual.Exists(run => run.HasCompleted && run.Calls.ContainsKey(one.Id))))
                    break;
            }
            await drill.DrillAsync(asking, usual).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            drill.ReportLimit($"The drill took longer than {limits.Longest.TotalSeconds:0.#} s");
        }
        return new DrillReport(
            [.. usual.Where(one => !one.IsUnfit).Select(one => new DrilledCase(one.Case.File, one.End))],
            drill._rows,
            drill._problems.Items
        )
        {
            AsksNobody = asking.Count == 0,
        };
    }

    private async Task DrillAsync(List<AskingActivity> asking, List<UsualRun> runs)
    {
        foreach (var unfit in runs.Where(run => run.IsUnfit))
            _problems.Warning(
                FlowErrors.DrillCase,
                SourceLocation.Root(unfit.Case.File).At("replies"),
                $"The case has no reply for '{unfit.End.Activity}', which the flow asks: no drill ran by it."
            );
        var fit = runs.Where(run => !run.IsUnfit).OrderBy(run => run.HasCompleted ? 0 : 1).ToList();
        // What takes scripted replies, but does not say in which ways it can end, shows only where a case asks it.
        var more = fit.SelectMany(run => run.Calls.Keys).Distinct().Except(asking.Select(one => one.Id)).ToList();
        foreach (var activity in asking.Concat(more.Select(id => AskingActivity.Find(_plan, id)).OfType<AskingActivity>()))
        {
            var usual = fit.Find(run => run.Calls.ContainsKey(activity.Id));
            if (usual is not null)
            {
                if (!await DrillAsync(activity, usual).ConfigureAwait(false))
                    return;
            }
            else if (fit.Count > 0)
            {
                _problems.Warning(FlowErrors.DrillUnreached, activity.Location, $"No case asks '{activity.Id}', so it was not drilled.");
            }
        }
    }

    /// <summary>Drills one activity.</summary>
    /// <returns>Whether there is room for more.</returns>
    private async Task<bool> DrillAsync(AskingActivity activity, UsualRun usual)
    {
        var calls = usual.Calls[activity.Id];
        // The last call is the one after which all went well.
        foreach (var way in activity.WaysToEnd(calls[^1]))
        {
            if (_runs + 2 > _limits.MostRuns)
            {
                ReportLimit($"The drill would make more than {_limits.MostRuns} runs");
                return false;
            }
            var always = await RunAsync(activity, way, 1, usual, failure: null).ConfigureAwait(false);
            Take(always, activity);
            if (calls.Count == 1)
                continue;
            // One of several: the last item of a ForEach, the last time round.
            var last = await RunAsync(activity, way, calls.Count, usual, always).ConfigureAwait(false);
            if (last.End != always.End)
                Take(last, activity);
        }
        return true;
    }

    /// <summary>Runs once.</summary>
    /// <param name="activity">The activity whose calls end otherwise.</param>
    /// <param name="way">How they end.</param>
    /// <param name="from">From which call on.</param>
    /// <param name="usual">How the case runs when all goes well.</param>
    /// <param name="failure">What is known of how such a call fails; null for what this run shows.</param>
    private async Task<DrillRow> RunAsync(AskingActivity activity, WayToEnd way, int from, UsualRun usual, DrillRow? failure)
    {
        var (run, replies) = Start(usual.Case, (activity.Id, way.Reply, from));
        await usual.Case.PlayAsync(run, usual.Answer, _cancellationToken).ConfigureAwait(false);
        var error = failure is null ? run.Errors?.Kinds.FirstOrDefault(kind => kind.Activity == activity.Id) : null;
        var row = new DrillRow(activity.Id, way.Name, from, EndOf(run, replies), StepsOf(run))
        {
            Code = failure is null ? error?.Code : failure.Code,
            Handling = failure is null ? error?.Handling : failure.Handling,
            Case = usual.Case.File,
        };
        return row.Code is null || row.End.Kind != DrillEndKind.SignedIn
            ? row
            : row with
            {
                Verdict = IsAccepted(row, way, run.Trace![replies.MadeAt!.Value]) ? DrillVerdict.Accepted : DrillVerdict.FailsOpen,
            };
    }

    private async Task<UsualRun> RunUsuallyAsync(GoldenCase golden)
    {
        var (run, replies) = Start(golden, drilled: null);
        var screens = new List<string>();
        await golden
            .PlayAsync(
                run,
                (run, left) =>
                {
                    var answer = golden.InOrder(run, left);
                    if (answer >= 0)
                        screens.Add(run.ActivityId);
                    return answer;
                },
                _cancellationToken
            )
            .ConfigureAwait(false);
        return new UsualRun(golden, screens, replies.Calls, EndOf(run, replies), run.Status == RunStatus.Completed);
    }

    private (FlowRun Run, DrillReplies Replies) Start(GoldenCase golden, (string, FlowValue, int)? drilled)
    {
        _cancellationToken.ThrowIfCancellationRequested();
        _runs++;
        var replies = new DrillReplies(golden.Replies, drilled);
        // Services of its own, so that no try that one run counts is missing in the next.
        var run = FlowRun.Start(_plan, new RunStart { Client = golden.Client }, new RunServices { Trace = true, Replies = replies });
        replies.Run = run;
        return (run, replies);
    }

    private void Take(DrillRow row, AskingActivity activity)
    {
        _rows.Add(row);
        if (row.Verdict == DrillVerdict.FailsOpen)
            _problems.Error(
                FlowErrors.DrillSignedIn,
                activity.Location,
                $"'{row.Activity}' fails ({row.Way}), and the person is signed in: {PathOf(row.Steps)}.",
                $"Lead the failure elsewhere; or, if that is meant, write \"accepts\": [\"{row.Activity}: {row.Way}\"] in the flow."
            );
        else if (row.End.Kind == DrillEndKind.Unknown)
            _problems.Warning(
                FlowErrors.DrillCase,
                SourceLocation.Root(row.Case).At("replies"),
                $"When '{row.Activity}' fails ({row.Way}), the flow asks '{row.End.Activity}', for which the case has no reply.",
                $"Add a reply for '{row.End.Activity}': what a case does not use is no difference."
            );
    }

    private DrillEnd EndOf(FlowRun run, DrillReplies replies)
    {
        if (replies.Lacks is { } activity)
            return new DrillEnd(DrillEndKind.Unknown, activity);
        var redactor = run.RedactorFor(_secrets);
        var kind = run.Status switch
        {
            RunStatus.Waiting => DrillEndKind.Screen,
            RunStatus.Completed => run.Context.User.Get("userId").IsNothing ? DrillEndKind.Completed : DrillEndKind.SignedIn,
            RunStatus.Refused => DrillEndKind.Refused,
            _ => DrillEndKind.Failed,
        };
        return new DrillEnd(kind, run.ActivityId)
        {
            Screen = run.Screen?.Id,
            Title = run.Screen is { } screen ? redactor.Redact(screen.Title.EvaluateMasked(run.Context).Text) : null,
            Message = redactor.Redact(run.ErrorText),
            Name = run.EndName,
            Code = run.Failure?.Code,
            Restarts = replies.MadeAt is { } made ? run.Trace!.Skip(made).Count(step => Restarts(step.Activity)) : 0,
        };
    }

    private bool Restarts(string activity)
    {
        if (!_restarts.TryGetValue(activity, out var restarts))
            _restarts.Add(activity, restarts = AskingActivity.Find(_plan, activity) is { Node.Restarts: true });
        return restarts;
    }

    /// <summary>The run's way; of a loop without end what is at its beginning and its end.</summary>
    private static List<DrillStep> StepsOf(FlowRun run)
    {
        const int Most = 100;
        var steps = run.Trace!.Select(step => new DrillStep(step.Activity, step.Type, step.Outcome, step.Error?.Code)).ToList();
        // Back at a screen by an error, it has no step of its own.
        if (run.Screen is not null && (steps.Count == 0 || steps[^1].Activity != run.ActivityId || steps[^1].Outcome is not null))
            steps.Add(new DrillStep(run.ActivityId, run.CurrentNode.Type, null, null));
        if (steps.Count > Most)
            steps.RemoveRange(Most / 2, steps.Count - Most);
        return steps;
    }

    private static string PathOf(IReadOnlyList<DrillStep> steps) => string.Join(" → ", steps.Select(step => step.Activity));

    /// <summary>Whether the flow accepts the failure: that of the call itself, or of the activity in which it stands.</summary>
    /// <param name="row">The row.</param>
    /// <param name="way">How the call ended.</param>
    /// <param name="made">The step of the run in which it was made.</param>
    private bool IsAccepted(DrillRow row, WayToEnd way, TraceStep made)
    {
        way.Reply.Get("statusCode").TryGetInteger(out var status);
        var own = Within(made, row.Activity) ?? made;
        return _plan.Accepts.Contains(Failed(row.Activity, own)) || (own != made && _plan.Accepts.Contains(Failed(made.Activity, made)));

        FailedCall Failed(string activity, TraceStep step) =>
            new(activity)
            {
                Event = step.Error?.Event,
                Outcome = step.Outcome,
                Code = row.Code,
                StatusCode = (int)status,
            };
    }

    private static TraceStep? Within(TraceStep step, string activity) =>
        step.Activity == activity
            ? step
            : step.Children.Select(child => Within(child, activity)).FirstOrDefault(found => found is not null);

    private void ReportLimit(string message) =>
        _problems.Error(FlowErrors.DrillLimit, _plan.Definition.Location, $"{message}: not all of the flow was drilled.");

    /// <summary>Shared and immutable: a case as it runs when all goes well.</summary>
    /// <param name="Case">The case.</param>
    /// <param name="Screens">At which activity each of its answers was given.</param>
    /// <param name="Calls">The replies that were taken, by activity.</param>
    /// <param name="End">Where it ended.</param>
    /// <param name="HasCompleted">Whether the flow completed.</param>
    private sealed record UsualRun(
        GoldenCase Case,
        IReadOnlyList<string> Screens,
        IReadOnlyDictionary<string, List<FlowValue>> Calls,
        DrillEnd End,
        bool HasCompleted
    )
    {
        public bool IsUnfit => End.Kind == DrillEndKind.Unknown;

        /// <summary>The next answer that the case gives where the run stands, also where it skips screens before; -1 for none.</summary>
        public int Answer(FlowRun run, int left)
        {
            for (var i = left; i < Screens.Count; i++)
            {
                if (Screens[i] == run.ActivityId)
                    return i;
            }
            return -1;
        }
    }
}
