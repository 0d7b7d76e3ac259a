using FlowEngine.Errors;
using FlowEngine.Settings;
using FlowEngine.Templates;

namespace FlowEngine.Screens.Components;

/// <summary>Bound once at compile time, then shared and immutable: a paragraph or heading.</summary>
[Component("Text", "A paragraph or heading.", Icon = "type", New = """{ "text": "Text" }""")]
public sealed record TextBlock : ScreenComponent
{
    /// <summary>The text.</summary>
    [Setting("The text that is shown. [words](https://…) in it is a link.")]
    public Template Text { get; init; } = Template.Empty;

    /// <summary>How it looks: <c>title</c>, <c>subtitle</c>, <c>body</c> or <c>caption</c>. Default "": a body.</summary>
    [Setting("How the text looks.", Choices = ["title", "subtitle", "body", "caption"], Tolerates = ["primary", "secondary"])]
    public string Variant { get; init; } = "";

    /// <inheritdoc/>
    protected internal override ScreenComponent Prepare(SourceLocation at, DiagnosticBag problems)
    {
        TextLinks.Check(Text, at.At("text"), problems);
        return this;
    }

    /// <inheritdoc/>
    public override string ToLine(ReadContext context) => Text.EvaluateMasked(context).Text;

    /// <inheritdoc/>
    protected internal override void Show(ComponentView view)
    {
        view.Set("text", Text);
        view.SetLinks(Text);
        view.Set("variant", Variant);
    }
}
