using FlowEngine.Settings;
using FlowEngine.Templates;

namespace FlowEngine.Screens.Components;

/// <summary>Bound once at compile time, then shared and immutable: a link, an outcome when it has an id, otherwise a way to another
/// page.</summary>
[Component(
    "Link",
    "A link: an outcome when it has an id, otherwise a way to another page.",
    Icon = "link-2",
    New = """{ "id": "link", "text": "Link" }"""
)]
public sealed record Link : InteractionComponent
{
    /// <inheritdoc/>
    [Setting("The text that is shown.")]
    public override Template Text { get; init; } = Template.Empty;

    /// <inheritdoc/>
    [Setting("The name of the outcome that pressing it takes: connections leave the screen by it.")]
    public override string Id { get; init; } = "";

    /// <summary>Where a link without an id leads.</summary>
    [Setting("Where a Link without an id leads.")]
    public Template Href { get; init; } = Template.Empty;

    /// <inheritdoc/>
    public override string ToLine(ReadContext context) =>
        Id.Length > 0 ? "" : $"{Text.EvaluateMasked(context).Text} <{Href.EvaluateMasked(context).Text}>";

    /// <inheritdoc/>
    protected internal override void Show(ComponentView view)
    {
        view.Set("id", Id);
        view.Set("text", Text);
        view.Set("href", Href);
    }
}
