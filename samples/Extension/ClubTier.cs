using FlowEngine.Activities;
using FlowEngine.Context;
using FlowEngine.Errors;
using FlowEngine.Execution;
using FlowEngine.Settings;
using FlowEngine.Templates;

namespace Acme.Club;

/// <summary>Bound once, then read only: the settings of the activity <c>ClubTier</c>.</summary>
public sealed class ClubTierSettings
{
    /// <summary>The club.</summary>
    [Setting("The club that is asked.", Required = true, Section = "Club", Editor = "connector:club")]
    public string Connector { get; set; } = "";

    /// <summary>Who the member is.</summary>
    [Setting("The member's email address.", Required = true, Section = "Member")]
    public Template Member { get; set; } = Template.Empty;

    /// <summary>What the member has spent.</summary>
    [Setting("How much the member has spent.", Required = true, Section = "Member")]
    public Template Spent { get; set; } = Template.Empty;

    /// <summary>What counts as best.</summary>
    [Setting("The tier that leaves by Best; all others leave by Other.", Required = true, Section = "Club")]
    public string Best { get; set; } = "";

    /// <summary>How sums are rounded.</summary>
    [Setting("How the sum is rounded first.", Choices = ["exact", "up"], Section = "Member")]
    public string Rounding { get; set; } = "exact";

    /// <summary>Where the result goes.</summary>
    [Setting("The result is scripts.<contextKey>.", Required = true, Section = "Result", Editor = SettingEditors.ContextKey)]
    public string ContextKey { get; set; } = "club";
}

/// <summary>Shared and immutable: looks up a member's tier.</summary>
[Activity(
    "ClubTier",
    "Looks up the tier and the number of a member of the club.",
    Category = "Acme",
    Icon = "M12 3l2.7 5.8 6.3.7-4.7 4.3 1.3 6.2-5.6-3.2L6.4 20l1.3-6.2L3 9.5l6.3-.7z",
    Tone = ActivityTone.Data,
    Stem = "tier",
    Summary = "{best} at {connector}",
    Outcomes = ["Best", "Other"],
    ErrorEvents = ["No Tier"]
)]
[Writes("scripts.{contextKey}.tier", "The member's tier")]
[Writes("scripts.{contextKey}.number", "The member's number")]
public sealed class ClubTier : FlowActivity
{
    private static readonly ErrorCode NoTier = new("club.no_tier", "The sum reaches no tier.", "Begin with a tier from 0 on.");
    private static readonly ErrorCode NoSum = new(
        "club.no_sum",
        "What the member has spent is not a number.",
        "Check where 'spent' leads."
    );

    private static readonly FlowShape Member = FlowShape.Of("tier", "number");

    private readonly ClubTierSettings _settings;
    private readonly Club? _club;

    internal ClubTier(ClubTierSettings settings, ActivityCompilation compilation) =>
        (_settings, _club) = (settings, compilation.Connector<Club>(settings.Connector));

    /// <inheritdoc/>
    public override ValueTask<Outcome> ExecuteAsync(RunContext context, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(context);
        var spent = _settings.Spent.Evaluate(context);
        if (context.Step is { } step)
            step.Input = spent;
        if (!spent.TryGetDecimal(out var sum))
            return new(Outcome.Error(0, NoSum, "The sum is not a number."));
        if (_club!.TierOf(_settings.Rounding == "up" ? Math.Ceiling(sum) : sum) is not { } tier)
            return new(Outcome.Error(0, NoTier, $"{sum} reaches no tier."));

        var number = _club.NumberOf(_settings.Member.Evaluate(context).ToText());
        var result = FlowValue.From(Member.With(FlowValue.From(tier), FlowValue.From(number)));
        context.SetScript(_settings.ContextKey, result);
        if (context.Step is { } traced)
            traced.Output = result;
        return new(Outcome.Port(tier == _settings.Best ? 0 : 1));
    }

    /// <inheritdoc/>
    public override ContextWrites WritesByOutcome(int outcome) => ContextWrites.Script(_settings.ContextKey, ValueShape.Any);

    /// <inheritdoc/>
    public override ContextWrites WritesByError(int errorEvent) => ContextWrites.Nothing;
}
