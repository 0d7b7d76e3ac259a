using FlowEngine.Screens.Components;

namespace FlowEngine.AspNetCore.Web.Screens.Components;

/// <summary>Stateless and shared: draws a button.</summary>
internal sealed class ButtonRenderer : ComponentRenderer<Button>
{
    public override Markup Render(ShownComponent component, ScreenPage screen)
    {
        var id = component.Text("id");
        var variant = component.Text("variant") switch
        {
            "primary" => "primary",
            "secondary" => "secondary",
            _ => id == screen.PrimaryButton ? "primary" : "secondary",
        };
        var text = Markup.Of($"<span>{component.Text("text", "id")}</span>");
        // Until then scripts hold it back; without them the server does.
        var wait = Markup.Attribute("data-fe-wait", component.View.Get("secondsLeft") is { IsMissing: false } left ? left.ToText() : null);
        return Markup.Of(
            $"""<button class="fe-button fe-{variant}" type="submit" name="{FormNames.Interaction}" value="{id}"{wait}>{text}</button>"""
        );
    }
}
