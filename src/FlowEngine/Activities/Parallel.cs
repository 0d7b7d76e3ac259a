using FlowEngine.Compilation;
using FlowEngine.Context;
using FlowEngine.Errors;
using FlowEngine.Execution;
using FlowEngine.Model;
using FlowEngine.Settings;
using FlowEngine.Templates;

namespace FlowEngine.Activities;

/// <summary>Bound once, then read only: the settings of Parallel.</summary>
public sealed class ParallelSettings
{
    /// <summary>The activities.</summary>
    [Setting(
        "The activities that run at once, written as in a flow: GenericHttp, "
            + "Database, Scriptlet or Subflow, each with its own context key.",
        Required = true,
        Editor = SettingEditors.Activities,
        Initial = "[]"
    )]
    public FlowValue Activities { get; set; }
}

/// <summary>
/// Shared and immutable: runs activities at once. Each sees the context as it was before; when all have succeeded, their results are
/// written in the order of the branches. The first failure cancels the others.
/// </summary>
[Activity(
    "Parallel",
    "Runs several activities at once.",
    Category = "Flow",
    Outcomes = ["Success"],
    ErrorEvents = ["Branch Failed"],
    MayShare = true,
    Icon = "split",
    Tone = ActivityTone.Logic,
    Stem = "parallel",
    Summary = "{activities.id}"
)]
public sealed class Parallel : FlowActivity
{
    private readonly PlanNode[] _branches;
    private readonly ContextWrites _writes;
    private readonly ContextWrites _writesOfFailure;

    internal Parallel(ParallelSettings settings, ActivityCompilation compilation)
    {
        _branches = [];
        _writes = _writesOfFailure = ContextWrites.Nothing;
        if (settings.Activities.IsMissing)
            return;
        if (!settings.Activities.TryGetArray(out var array) || array.Count == 0)
        {
            compilation.Error(
                FlowErrors.Type,
                "activities",
                "'activities' is not an array with activities.",
                "Write an array of activities."
            );
            return;
        }

        if (array.Count > FlowLimits.Items)
        {
            compilation.Error(FlowErrors.TooLarge, "activities", $"There are {array.Count} branches; {FlowLimits.Items} are allowed.");
            return;
        }

        var branches = new List<PlanNode>();
        var keys = new HashSet<(ContextRoot Root, string Key)>();
        for (var i = 0; i < array.Count; i++)
        {
            var at = compilation.At("activities").At(i);
            if (!array[i].TryGetObject(out var json))
            {
                compilation.Problems.Error(FlowErrors.Type, at, "An element of 'activities' is not an object.", "Write an activity here.");
                continue;
            }
            if (compilation.Inline(json, at) is not { } node)
                continue;

            foreach (var (root, key) in node.ResultsOf(json))
            {
                if (keys.Add((root, key)))
                    continue;
                compilation.Problems.Error(
                    FlowErrors.Parallel,
                    at.At("contextKey"),
                    $"Another branch also writes {root.ToString().ToLowerInvariant()}.{key}.",
                    "Give each branch its own context key."
                );
                break;
            }
            branches.Add(node);
        }
        _branches = [.. branches];
        _writes = Together(branches.Select(branch => ContextWrites.AnyOf(branch.SuccessfulWrites())));
        _writesOfFailure = Together(branches.Select(branch => ContextWrites.AnyOf(branch.PossibleWrites()).Perhaps()));
    }

    /// <summary>As long as its slowest branch.</summary>
    public override LongestWait LongestWait => new(_branches.Select(branch => branch.LongestWait).Append(TimeSpan.Zero).Max());

    internal override IReadOnlyList<PlanNode> Inner => _branches;

    internal override bool KeepsInnerWrites => true;

    /// <inheritdoc/>
    public override ContextWrites WritesByOutcome(int outcome) => _writes;

    /// <summary>Of each branch perhaps its result, which says what went wrong; of those that were cancelled nothing.</summary>
    public override ContextWrites WritesByError(int errorEvent) => _writesOfFailure;

    /// <summary>In which ways its branches fail.</summary>
    public override FailureWays WaysByError(int errorEvent) =>
        new(
            _branches
                .SelectMany(branch => branch.ErrorRoutes.SelectMany((_, i) => branch.Activity.WaysByError(i).Codes))
                .Distinct(StringComparer.Ordinal)
        );

    /// <inheritdoc/>
    public override async ValueTask<Outcome> ExecuteAsync(RunContext context, CancellationToken cancellationToken)
    {
        using var others = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var forks = Array.ConvertAll(_branches, context.Fork);
        var before = (Connectors: context.Frame.Connectors, Scripts: context.Frame.Scripts);

        FlowError? first = null;
        var running = new List<Task<FlowError?>>(_branches.Length);
        for (var i = 0; i < _branches.Length; i++)
            running.Add(BranchExecutor.RunAsync(_branches[i], forks[i], others.Token));

        var pending = new List<Task<FlowError?>>(running);
        while (pending.Count > 0)
        {
            var finished = await Task.WhenAny(pending).ConfigureAwait(false);
            pending.Remove(finished);
            var problem = finished.IsCanceled ? null : await finished.ConfigureAwait(false);
            if (problem is null || first is not null)
                continue;
            first = problem;
            await others.CancelAsync().ConfigureAwait(false);
        }
        cancellationToken.ThrowIfCancellationRequested();

        // Written in the order of the branches, whatever order they finished
        // in. A failed branch's own result is kept: it says what went wrong.
        foreach (var fork in forks)
        {
            TakeChanges(fork.Frame.Connectors, before.Connectors, context.SetConnector);
            TakeChanges(fork.Frame.Scripts, before.Scripts, context.SetScript);
        }
        return first is null ? Outcome.Success : Outcome.Error(0, first);
    }

    private static ContextWrites Together(IEnumerable<ContextWrites> writes) => ContextWrites.Of(writes.SelectMany(branch => branch.Items));

    private static void TakeChanges(FlowValue after, FlowValue before, Action<string, FlowValue> write)
    {
        after.TryGetObject(out var changed);
        before.TryGetObject(out var original);
        if (ReferenceEquals(changed, original))
            return;
        foreach (var (key, value) in changed!)
        {
            if (original!.Get(key) != value)
                write(key, value);
        }
    }
}
