using FlowEngine.Settings;
using FlowEngine.Templates;

namespace FlowEngine.Screens.Components;

/// <summary>Bound once at compile time, then shared and immutable: a line between parts.</summary>
[Component("Divider", "A line between parts.", Icon = "minus")]
public sealed record Divider : ScreenComponent
{
    /// <summary>The word in the line; none by default.</summary>
    [Setting("The word that stands in the line, such as \"or\". Without it the line is whole.")]
    public Template Text { get; init; } = Template.Empty;

    /// <inheritdoc/>
    public override string ToLine(ReadContext context) => "--";

    /// <inheritdoc/>
    protected internal override void Show(ComponentView view) => view.Set("text", Text);
}
