using FlowEngine.Screens;
using FlowEngine.Screens.Components;

namespace FlowEngine.AspNetCore.Web.Screens.Components;

/// <summary>Stateless and shared: draws a logo; nothing where there is none.</summary>
internal sealed class LogoRenderer : ComponentRenderer<Logo>
{
    public override Markup Render(ShownComponent component, ScreenPage screen) =>
        SafeUrl.Of(component.Text("src")) is { } source
            ? Markup.Of($"""<img class="fe-logo" src="{source}" alt="{component.Text("alt")}">""")
            : Markup.Empty;
}
