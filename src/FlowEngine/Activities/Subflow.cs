using FlowEngine.Compilation;
using FlowEngine.Context;
using FlowEngine.Errors;
using FlowEngine.Execution;
using FlowEngine.Settings;
using FlowEngine.Templates;

namespace FlowEngine.Activities;

/// <summary>Bound once, then read only: the settings of Subflow.</summary>
public sealed class SubflowSettings
{
    /// <summary>The flow.</summary>
    [Setting("The id of the flow that is run.", Required = true, Editor = SettingEditors.Flow)]
    [AddsOutcomes(OutcomeSource.Flow)]
    public string Flow { get; set; } = "";

    /// <summary>Its inputs.</summary>
    [Setting("The flow's inputs, an object: its client.*.", Editor = SettingEditors.Members)]
    public JsonTemplate Inputs { get; set; } = JsonTemplate.None;

    /// <summary>Where its outputs are put.</summary>
    [Setting("Where the flow's outputs are put: scripts.<contextKey>. Default the activity's id.", Editor = SettingEditors.ContextKey)]
    public string ContextKey { get; set; } = "";
}

/// <summary>
/// Shared and immutable: runs another flow, with its own <c>form</c>, <c>client</c>, <c>connectors</c> and <c>scripts</c>; <c>user</c> and
/// <c>claims</c> are shared. Its outputs become <c>scripts.&lt;contextKey&gt;</c>.
/// </summary>
[Activity(
    "Subflow",
    "Runs another flow.",
    Category = "Flow",
    Outcomes = [End.DefaultName],
    CanRunInParallel = true,
    Icon = "workflow",
    Tone = ActivityTone.Logic,
    Stem = "subflow",
    Summary = "{flow}"
)]
[Steers(Steering.Enters)]
[Writes("scripts.{contextKey}", "What the flow gave back")]
public sealed class Subflow : FlowActivity
{
    private readonly FlowPlan? _plan;
    private readonly JsonTemplate _inputs;
    private readonly string _contextKey;
    private readonly List<string> _ends;
    private readonly bool _isSensitive;
    private readonly ContextWrites[] _writes;

    internal Subflow(SubflowSettings settings, ActivityCompilation compilation)
    {
        _inputs = settings.Inputs;
        _contextKey = settings.ContextKey.Length > 0 ? settings.ContextKey : compilation.Definition.Id;
        compilation.CheckContextKey(_contextKey);
        _isSensitive = compilation.HoldsCode("scripts", _contextKey);
        if (compilation.Definition.Json.Get("inputs") is { IsNothing: false, Kind: not FlowValueKind.Object })
            compilation.Error(FlowErrors.Type, "inputs", "'inputs' is not an object.", "Write { \"<input>\": <value> }.");

        _plan = compilation.Subflow(settings.Flow);
        _ends = _plan is null ? [] : [.. ExitsOf(_plan).Select(exit => exit.Name).Distinct(StringComparer.Ordinal)];
        _writes = [.. _ends.Select(WritesOf)];
        WarnOfUndeclared(settings, compilation);
        if (_plan is not null && compilation.IsInParallel && Forbidden(_plan) is { } node)
            compilation.Error(
                FlowErrors.Parallel,
                "flow",
                $"The flow '{settings.Flow}' has the activity '{node.Id}' of type {node.Type}, which cannot run inside Parallel or ForEach."
            );
    }

    /// <summary>The names of the flow's Ends.</summary>
    public override IReadOnlyList<string>? Outcomes => _plan is null ? null : _ends;

    /// <inheritdoc/>
    public override ContextWrites WritesByOutcome(int outcome) => _writes[outcome];

    internal override FlowPlan? Enters => _plan;

    internal override bool HasUnknownOutcomes => _plan is null;

    /// <inheritdoc/>
    public override ValueTask<Outcome> ExecuteAsync(RunContext context, CancellationToken cancellationToken)
    {
        var inputs = _inputs.IsNone ? FlowValue.From(FlowObject.Empty) : _inputs.Evaluate(context);
        if (ValueLimits.Check(inputs, "The inputs of the subflow") is { } tooLarge)
            return new(Outcome.Fail(tooLarge));
        if (context.Step is { } step)
            step.Input = inputs;
        var fits = RunInputs.TryTake(_plan!.Options, inputs, out var client, out var dropped, out var problem);
        if (dropped > 0 && context.Step is { } counted)
            counted.Dropped = dropped;
        return new(fits ? Outcome.Enter(new SubflowEntry(_plan, client)) : Outcome.Fail(problem!));
    }

    internal override int Return(RunContext context, FlowEnd end)
    {
        context.SetScript(_contextKey, end.Outputs.WithSensitive(_isSensitive));
        return _ends.IndexOf(end.Name);
    }

    /// <summary>The outputs of one of the Ends of a name, and what the flow may have changed of what it shares with its caller.</summary>
    private ContextWrites WritesOf(string end) =>
        ContextWrites
            .Of(
                ExitsOf(_plan!)
                    .Where(other => other.Name == end)
                    .Select(other => new ContextWrite(ContextRoot.Scripts, _contextKey, other.Outputs, IsCertain: true))
            )
            .And(_plan!.Traits.SharedWrites);

    private void WarnOfUndeclared(SubflowSettings settings, ActivityCompilation compilation)
    {
        if (_plan is not { Options: { UndeclaredInputs: false } options })
            return;
        foreach (var name in settings.Inputs.MemberNames.Where(name => !options.Inputs.ContainsKey(name)))
        {
            compilation.Problems.Warning(
                FlowErrors.SubflowInput,
                compilation.At("inputs").At(name),
                $"The flow '{settings.Flow}' does not declare the input '{name}'.",
                Suggestion.For(name, options.Inputs.Keys)
            );
        }
    }

    private static IEnumerable<FlowExit> ExitsOf(FlowPlan plan) => plan.Nodes.Select(node => node.Activity.Exit).OfType<FlowExit>();

    /// <summary>The first activity that does not say of itself that it may run beside others: one that waits for a person, or writes what
    /// all branches
    /// share.</summary>
    private static PlanNode? Forbidden(FlowPlan plan) =>
        Array.Find(plan.Nodes, node => !node.MayShare || (node.Activity.Enters is { } inner && Forbidden(inner) is not null));
}
