using FlowEngine.Context;
using FlowEngine.Settings;

namespace FlowEngine.Screens.Components;

/// <summary>Bound once at compile time, then shared and immutable: components side by side, or one below the other. On a phone what stands
/// side by side stands one below the other.</summary>
[Component(
    "Container",
    "Components side by side, or one below the other; on a phone always one below the other.",
    Icon = "columns-2",
    New = """{ "direction": "row", "components": [] }"""
)]
public sealed record Container : ScreenComponent
{
    /// <summary>How deeply containers may stand in each other.</summary>
    public const int MaxDepth = 4;

    /// <summary>How its components stand: <c>row</c> or <c>column</c>. Default <c>row</c>.</summary>
    [Setting("Whether its components stand side by side (row) or one below the other (column).", Choices = ["row", "column"])]
    public string Direction { get; init; } = "row";

    /// <summary>Its components, written as those of a screen.</summary>
    [Setting("What stands in it, written as on a screen.", Editor = SettingEditors.Components)]
    public FlowValue Components { get; init; }

    /// <summary>How many of the components behind it on the screen stand in it, those in containers of its own among them.</summary>
    internal int Holds { get; init; }

    /// <inheritdoc/>
    public override bool HoldsComponents => true;

    /// <inheritdoc/>
    protected internal override void Show(ComponentView view) => view.Set("direction", Direction);
}
