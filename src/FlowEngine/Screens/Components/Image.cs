using FlowEngine.Settings;
using FlowEngine.Templates;

namespace FlowEngine.Screens.Components;

/// <summary>Bound once at compile time, then shared and immutable: a picture.</summary>
[Component("Image", "A picture; at the top of a screen it is the logo.", Icon = "image", New = """{ "src": "", "alt": "" }""")]
public sealed record Image : ScreenComponent
{
    /// <summary>The address.</summary>
    [Setting("The address of an Image.")]
    public Template Src { get; init; } = Template.Empty;

    /// <summary>What it shows, for those who cannot see it.</summary>
    [Setting("What an Image shows, for people who cannot see it.")]
    public Template Alt { get; init; } = Template.Empty;

    /// <inheritdoc/>
    public override bool IsLogo => true;

    /// <inheritdoc/>
    public override string ToLine(ReadContext context) => Alt.EvaluateMasked(context).Text;

    /// <inheritdoc/>
    protected internal override void Show(ComponentView view)
    {
        view.Set("src", Src);
        view.Set("alt", Alt);
    }
}
