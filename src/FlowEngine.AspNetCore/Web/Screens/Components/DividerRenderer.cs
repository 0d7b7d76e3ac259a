using FlowEngine.Screens.Components;

namespace FlowEngine.AspNetCore.Web.Screens.Components;

/// <summary>Stateless and shared: draws a line, with a word in it where it has one.</summary>
internal sealed class DividerRenderer : ComponentRenderer<Divider>
{
    public override Markup Render(ShownComponent component, ScreenPage screen) =>
        component.Text("text") is { Length: > 0 } text
            ? Markup.Of($"""<p class="fe-divider fe-divider-text"><span>{text}</span></p>""")
            : Markup.Of($"""<hr class="fe-divider">""");
}
