using FlowEngine.Execution;
using FlowEngine.Screens;
using FlowEngine.Settings;
using FlowEngine.Templates;

namespace FlowEngine.Activities;

/// <summary>Bound once, then read only: the settings of Screen.</summary>
public sealed class ScreenSettings
{
    /// <summary>The screen.</summary>
    [Setting("The id of the screen that is shown.", Required = true, Editor = SettingEditors.Screen)]
    [AddsOutcomes(OutcomeSource.Screen)]
    public string Screen { get; set; } = "";

    /// <summary>How often it may be submitted in one run.</summary>
    [Setting(
        "How often the screen may be submitted in one run: whoever guesses has to begin again.",
        Minimum = 1,
        Maximum = 1000,
        Unit = "times"
    )]
    public int MaxSubmits { get; set; } = 20;
}

/// <summary>Shared and immutable: shows a screen and suspends the run until a person submits it.</summary>
[Activity(
    "Screen",
    "Shows a screen and waits until it is submitted.",
    Category = "Screens",
    Outcomes = [],
    Icon = "monitor-smartphone",
    Tone = ActivityTone.Screen,
    Stem = "screen",
    Summary = "{screen}"
)]
[Steers(Steering.Waits)]
[Writes("form.*", "entered by the person", MembersOf = "screen")]
public sealed class ScreenActivity : FlowActivity
{
    private readonly CompiledScreen? _screen;

    internal ScreenActivity(CompiledScreen? screen, int maxSubmits)
    {
        _screen = screen;
        Shows = new ShownScreen(screen, maxSubmits);
    }

    /// <summary>The ids of the screen's buttons and links.</summary>
    public override IReadOnlyList<string>? Outcomes => _screen?.Interactions;

    internal override ShownScreen Shows { get; }

    internal override bool HasUnknownOutcomes => _screen is null;

    /// <inheritdoc/>
    public override ContextWrites WritesByOutcome(int outcome) => _screen?.Writes ?? ContextWrites.Unknown;

    /// <inheritdoc/>
    public override ValueTask<Outcome> ExecuteAsync(RunContext context, CancellationToken cancellationToken) => new(Outcome.Suspended);
}
