using FlowEngine.Screens.Components;

namespace FlowEngine.AspNetCore.Web.Screens.Components;

/// <summary>Stateless and shared: draws a paragraph or heading. A title is the page's where the screen has none.</summary>
internal sealed class TextBlockRenderer : ComponentRenderer<TextBlock>
{
    public override Markup Render(ShownComponent component, ScreenPage screen)
    {
        var text = screen.Words(component, component.Text("text"));
        return component.Text("variant") switch
        {
            "title" when screen.Title.Length == 0 => Markup.Of($"""<h1 class="fe-title" tabindex="-1">{text}</h1>"""),
            "title" => Markup.Of($"""<h2 class="fe-heading">{text}</h2>"""),
            "subtitle" => Markup.Of($"""<p class="fe-subtitle">{text}</p>"""),
            "caption" => Markup.Of($"""<p class="fe-caption">{text}</p>"""),
            _ => Markup.Of($"""<p class="fe-text">{text}</p>"""),
        };
    }
}
