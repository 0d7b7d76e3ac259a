using FlowEngine.Screens.Components;

namespace FlowEngine.AspNetCore.Web.Screens.Components;

/// <summary>Stateless and shared: draws a box beside its label.</summary>
internal sealed class CheckboxRenderer : ComponentRenderer<Checkbox>
{
    public override Markup Render(ShownComponent component, ScreenPage screen)
    {
        var field = screen.FieldOf(component, hasLabel: true);
        var isChecked = Checkbox.IsChecked(screen.ValueOf(component));
        var label = component.Text("label", "text") is { Length: > 0 } text ? text : component.Name;
        return Markup.Of(
            $"""
            <div class="fe-field"><div class="fe-check"><input class="fe-checkbox" type="checkbox" value="true"{field.Attributes}{Markup.Flag(
                "checked",
                isChecked
            )}><label for="{field.Id}">{screen.Words(component, label)}</label></div>{field.Problem}</div>
            """
        );
    }
}
