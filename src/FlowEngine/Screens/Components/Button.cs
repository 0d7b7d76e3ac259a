using FlowEngine.Settings;
using FlowEngine.Templates;

namespace FlowEngine.Screens.Components;

/// <summary>Bound once at compile time, then shared and immutable: a button, an outcome.</summary>
[Component(
    "Button",
    "A button: an outcome of the screen.",
    Icon = "square-mouse-pointer",
    New = """{ "id": "submit", "text": "Continue" }"""
)]
public sealed record Button : InteractionComponent
{
    /// <inheritdoc/>
    [Setting("The text that is shown.")]
    public override Template Text { get; init; } = Template.Empty;

    /// <inheritdoc/>
    [Setting("The name of the outcome that pressing it takes: connections leave the screen by it.", Required = true)]
    public override string Id { get; init; } = "";

    /// <inheritdoc/>
    [Setting(
        "From when on it can be pressed, an instant such as {{connectors.profile.retryAt}}: until then the page counts down, and whoever "
            + "presses earlier gets the same screen with the seconds that are left.",
        Label = "Enabled at"
    )]
    public override Template EnabledAt { get; init; } = Template.Empty;

    /// <summary>How it looks: <c>primary</c> or <c>secondary</c>. Default "": the first button of a screen is primary.</summary>
    [Setting("How the button looks.", Choices = ["primary", "secondary"], Tolerates = ["title", "subtitle", "body", "caption"])]
    public string Variant { get; init; } = "";

    /// <inheritdoc/>
    public override bool TakesEnter => true;

    /// <inheritdoc/>
    protected internal override void Show(ComponentView view)
    {
        view.Set("id", Id);
        view.Set("text", Text);
        view.Set("variant", Variant);
        view.SetWait(EnabledAt);
    }
}
