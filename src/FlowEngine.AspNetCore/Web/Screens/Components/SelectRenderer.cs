using FlowEngine.Screens.Components;

namespace FlowEngine.AspNetCore.Web.Screens.Components;

/// <summary>Stateless and shared: draws one of several options.</summary>
internal sealed class SelectRenderer : InputRenderer<Select>
{
    protected override Markup Control(ShownComponent component, ScreenPage screen, FieldParts field)
    {
        var chosen = screen.ValueOf(component).ToText();
        var choices = component
            .Items("options")
            .Select(option => (Value: option.Get("value").ToText(), Text: option.Get("text").ToText()))
            .Select(option =>
                Markup.Of($"""<option value="{option.Value}"{Markup.Flag("selected", option.Value == chosen)}>{option.Text}</option>""")
            );
        var hint = component.Text("placeholder") is { Length: > 0 } own ? own : screen.Text(BuiltInTexts.Choose);
        var purpose = Markup.Attribute("autocomplete", InputPurpose.OfText(component.Name));
        var options = Markup.Of($"""<option value="">{hint}</option>{Markup.Join(choices)}""");
        return Markup.Of($"""<select class="fe-input fe-select"{field.Attributes}{purpose}>{options}</select>{Icons.Chevron}""");
    }
}
