using FlowEngine.Settings;
using FlowEngine.Templates;

namespace FlowEngine.Screens.Components;

/// <summary>Bound once at compile time, then shared and immutable: the logo of the brand, or one of its own.</summary>
[Component("Logo", "The logo of the theme, or one of its own; at the top of a screen it stands above the title.", Icon = "badge-check")]
public sealed record Logo : ScreenComponent
{
    /// <summary>The address of a picture; default the theme's logo.</summary>
    [Setting("The address of a picture. Without it, the logo of the theme.")]
    public Template Src { get; init; } = Template.Empty;

    /// <summary>What it shows, for those who cannot see it; default what the theme says of its logo.</summary>
    [Setting("What it shows, for people who cannot see it. Without it, what the theme says of its logo.")]
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
