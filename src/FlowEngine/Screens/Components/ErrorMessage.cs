using FlowEngine.Settings;
using FlowEngine.Templates;

namespace FlowEngine.Screens.Components;

/// <summary>Bound once at compile time, then shared and immutable: where the error message of the last attempt stands.</summary>
[Component("ErrorMessage", "Where the error message of the last attempt stands.", Icon = "triangle-alert")]
public sealed record ErrorMessage : ScreenComponent
{
    /// <summary>Words of its own for whatever goes wrong; none by default.</summary>
    [Setting("What it says whatever went wrong. Without it, it says what went wrong.")]
    public Template Text { get; init; } = Template.Empty;

    /// <inheritdoc/>
    public override bool ShowsErrors => true;

    /// <inheritdoc/>
    protected internal override void Show(ComponentView view)
    {
        // What the flow says here and now goes before the words for whatever goes wrong.
        if (!view.HasMessage)
            view.Set("text", Text);
    }
}
