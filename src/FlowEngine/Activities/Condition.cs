using FlowEngine.Attempts;
using FlowEngine.Compilation;
using FlowEngine.Conditions;
using FlowEngine.Context;
using FlowEngine.Errors;
using FlowEngine.Execution;
using FlowEngine.Settings;
using FlowEngine.Templates;

namespace FlowEngine.Activities;

/// <summary>Bound once, then read only: the settings of Condition.</summary>
public sealed class ConditionSettings
{
    /// <summary>The branches.</summary>
    [Setting(
        "The branches, tried in order: the first that matches wins; when none does, Else.",
        Required = true,
        Editor = SettingEditors.Branches,
        Initial = """[{"outcome":"Branch","rules":[{"key":"","operator":"equal","value":""}]}]"""
    )]
    [AddsOutcomes(OutcomeSource.Elements, "outcome")]
    public IReadOnlyList<BranchSettings> Branches { get; set; } = [];

    /// <summary>How often it may end by anything but its first branch, for one account; null (the default) without end.</summary>
    [Setting(
        "How often the condition may end by anything but its first branch, for one account; then the outcome is Locked, for growing times."
    )]
    [AddsOutcomes(OutcomeSource.Given, AttemptGuard.Locked)]
    public AttemptLimitSettings? Limit { get; set; }
}

/// <summary>Bound once, then read only: a branch of a Condition.</summary>
public sealed class BranchSettings
{
    /// <summary>The outcome.</summary>
    [Setting("The outcome that is taken when the branch matches.", Required = true)]
    public string Outcome { get; set; } = "";

    /// <summary>How the rules combine.</summary>
    [Setting("Whether all rules must hold, or any one of them.", Choices = ["all", "any"])]
    public string Match { get; set; } = "all";

    /// <summary>The rules.</summary>
    [Setting("The rules.", Hint = "", Required = true)]
    public IReadOnlyList<RuleSettings> Rules { get; set; } = [];
}

/// <summary>Shared and immutable: takes the first branch whose rules hold, or Else.</summary>
/// <remarks>A script rule that fails, for which no thread is free, or runs into a
/// limit, fails the run with its code: an error must not open a door.</remarks>
[Activity(
    "Condition",
    "Takes the first branch whose rules hold, or Else.",
    Category = "Flow",
    Outcomes = [Condition.Else],
    OptionalOutcomes = [Condition.Else],
    MayShare = true,
    Icon = "git-branch",
    Tone = ActivityTone.Logic,
    Stem = "check",
    Summary = "{branches#branch,branches}"
)]
public sealed class Condition : FlowActivity
{
    /// <summary>The outcome when no branch matches.</summary>
    public const string Else = "Else";

    private static readonly FlowShape OutputShape = FlowShape.Of("outcome");

    private readonly string[] _outcomes;
    private readonly Rule[] _branches;
    private readonly AttemptGuard? _limit;
    private readonly bool _mayTakeLong;

    internal Condition(ConditionSettings settings, ActivityCompilation compilation)
    {
        _limit = AttemptGuard.Of(settings.Limit, compilation);
        _outcomes = [.. settings.Branches.Select(branch => branch.Outcome), Else];
        if (_limit is not null)
            _outcomes = [.. _outcomes, AttemptGuard.Locked];
        _branches = new Rule[settings.Branches.Count];

        compilation.Definition.Json.Get("branches").TryGetArray(out var written);
        var at = compilation.At("branches");
        var seen = new HashSet<string>(StringComparer.Ordinal);
        var next = 0;
        for (var i = 0; i < (written?.Count ?? 0) && next < _branches.Length; i++)
        {
            // What is no object has been reported by the binder, and was not bound.
            if (!written![i].TryGetObject(out var json))
                continue;
            var branch = settings.Branches[next];
            if (branch.Outcome == Else)
                compilation.Problems.Error(
                    FlowErrors.Value,
                    at.At(i).At("outcome"),
                    "'Else' is the outcome when no branch matches.",
                    "Choose another name."
                );
            else if (_limit is not null && branch.Outcome == AttemptGuard.Locked)
                compilation.Problems.Error(
                    FlowErrors.Value,
                    at.At(i).At("outcome"),
                    "'Locked' is the outcome of the limit.",
                    "Choose another name."
                );
            else if (branch.Outcome.Length > 0 && !seen.Add(branch.Outcome))
                compilation.Problems.Error(
                    FlowErrors.DuplicateId,
                    at.At(i).At("outcome"),
                    $"There is already a branch '{branch.Outcome}'.",
                    "Rename it, or join the branches by \"match\": \"any\"."
                );
            _branches[next++] = RuleCompiler.Compile(
                branch.Rules,
                json.Get("rules"),
                branch.Match,
                at.At(i).At("rules"),
                compilation.Problems
            );
        }
        _mayTakeLong = Array.Exists(_branches, branch => branch is { MayTakeLong: true });
    }

    /// <summary>The outcomes of the branches, then Else, then Locked with a limit.</summary>
    public override IReadOnlyList<string>? Outcomes => _outcomes;

    internal override IReadOnlyList<Rule> Branches => _branches;

    /// <inheritdoc/>
    public override ContextWrites WritesByOutcome(int outcome) => ContextWrites.Nothing;

    /// <inheritdoc/>
    public override ValueTask<Outcome> ExecuteAsync(RunContext context, CancellationToken cancellationToken) =>
        _limit is not null ? DecideWithinAsync(_limit, context, cancellationToken)
        : _mayTakeLong ? HandOverAsync(context, cancellationToken)
        : new(Decide(context, cancellationToken));

    /// <summary>
    /// The try is counted before its answer is known, and taken back when the first branch is taken, or when nobody began to decide: no
    /// thread was free, or the caller left. Once begun, it counts however it ends: a script
    /// that fails, or is left waiting for, tells that the branches before it did not match.
    /// </summary>
    private async ValueTask<Outcome> DecideWithinAsync(AttemptGuard limit, RunContext context, CancellationToken cancellationToken)
    {
        var keys = limit.KeysOf(context);
        if (!await limit.TryCountAsync(context, keys, cancellationToken).ConfigureAwait(false))
            return Take(context, _outcomes.Length - 1);

        var hasBegun = false;
        Outcome outcome;
        try
        {
            outcome = _mayTakeLong ? await HandOverAsync(context, Begin, cancellationToken).ConfigureAwait(false) : Begin();
        }
        catch (OperationCanceledException) when (!hasBegun)
        {
            await AttemptGuard.TakeBackAsync(context, keys).ConfigureAwait(false);
            throw;
        }
        if (!hasBegun || (outcome is { Kind: OutcomeKind.Port, Index: 0 } && _branches.Length > 0))
            await AttemptGuard.TakeBackAsync(context, keys).ConfigureAwait(false);
        return outcome;

        Outcome Begin()
        {
            hasBegun = true;
            return Decide(context, cancellationToken);
        }
    }

    private ValueTask<Outcome> HandOverAsync(RunContext context, CancellationToken cancellationToken) =>
        HandOverAsync(context, () => Decide(context, cancellationToken), cancellationToken);

    private static async ValueTask<Outcome> HandOverAsync(RunContext context, Func<Outcome> decide, CancellationToken cancellationToken)
    {
        var (outcome, busy) = await context
            .Run.Services.Scripts.RunAsync(context.Run.Plan.FlowId, decide, cancellationToken)
            .ConfigureAwait(false);
        return busy is null ? outcome : Outcome.Fail(busy);
    }

    private Outcome Decide(RunContext context, CancellationToken cancellationToken)
    {
        FlowError? failure = null;
        var taken = 0;
        while (taken < _branches.Length && !_branches[taken].Holds(context, ref failure, cancellationToken))
        {
            if (failure is not null)
                return Outcome.Fail(failure);
            taken++;
        }
        return Take(context, taken);
    }

    private Outcome Take(RunContext context, int taken)
    {
        if (context.Step is { } step)
            step.Output = FlowValue.From(OutputShape.With(FlowValue.From(_outcomes[taken])));
        return Outcome.Port(taken);
    }
}
