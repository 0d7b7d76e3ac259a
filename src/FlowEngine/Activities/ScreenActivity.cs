using FlowEngine.Execution;
using FlowEngine.Screens;
using FlowEngine.Settings;

namespace FlowEngine.Activities;

/// <summary>Bound once, then read only: the settings of Screen.</summary>
public sealed class ScreenSettings
{
    /// <summary>The screen.</summary>
    [Setting("The id of the screen that is shown.", Required = true, Editor = SettingEditors.Screen)]
    public string Screen { get; set; } = "";
}

/// <summary>Shared and immutable: shows a screen and suspends the run until a person submits it.</summary>
[Activity("Screen", "Shows a screen and waits until it is submitted.", Category = "Screens", Outcomes = [])]
public sealed class ScreenActivity : FlowActivity
{
    private readonly CompiledScreen? _screen;

    internal ScreenActivity(CompiledScreen? screen) => _screen = screen;

    /// <summary>The ids of the screen's buttons and links.</summary>
    public override IReadOnlyList<string>? Outcomes => _screen?.Interactions;

    internal CompiledScreen? Screen => _screen;

    internal override bool HasUnknownOutcomes => _screen is null;

    /// <inheritdoc/>
    public override ValueTask<Outcome> ExecuteAsync(RunContext context, CancellationToken cancellationToken) => new(Outcome.Suspended);
}
