using FlowEngine.Screens;
using FlowEngine.Screens.Components;

namespace FlowEngine.AspNetCore.Web.Screens.Components;

/// <summary>Stateless and shared: draws a picture, or its words where it has no address that can be used.</summary>
internal sealed class ImageRenderer : ComponentRenderer<Image>
{
    public override Markup Render(ShownComponent component, ScreenPage screen)
    {
        var alt = component.Text("alt");
        return SafeUrl.Of(component.Text("src")) is { } source ? Markup.Of($"""<img class="fe-image" src="{source}" alt="{alt}">""")
            : alt.Length > 0 ? Markup.Of($"""<p class="fe-text">{alt}</p>""")
            : Markup.Empty;
    }
}
