using FlowEngine.Screens;
using FlowEngine.Screens.Components;

namespace FlowEngine.AspNetCore.Web.Screens.Components;

/// <summary>Stateless and shared: draws a link; one with an id submits its form.</summary>
internal sealed class LinkRenderer : ComponentRenderer<Link>
{
    public override Markup Render(ShownComponent component, ScreenPage screen)
    {
        var id = component.Text("id");
        if (id.Length > 0)
        {
            var name = FormNames.Interaction;
            return Markup.Of(
                $"""<p class="fe-links"><button class="fe-link" type="submit" name="{name}" value="{id}">{component.Text("text", "id")}</button></p>"""
            );
        }
        var text = component.Text("text");
        if (SafeUrl.Of(component.Text("href")) is not { } address)
            return Markup.Of($"""<p class="fe-text">{text}</p>""");
        // In a tab of its own, so that what was entered here is not lost.
        var words = Markup.Of(
            $"""{(text.Length > 0 ? text : address)}<span class="fe-hidden"> ({screen.Text(BuiltInTexts.NewTab)})</span>"""
        );
        return Markup.Of(
            $"""<p class="fe-links"><a class="fe-link" href="{address}" target="_blank" rel="noopener noreferrer">{words}</a></p>"""
        );
    }
}
