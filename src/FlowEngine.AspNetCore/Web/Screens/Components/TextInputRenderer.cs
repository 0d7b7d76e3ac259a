using FlowEngine.Screens.Components;

namespace FlowEngine.AspNetCore.Web.Screens.Components;

/// <summary>Stateless and shared: draws a line of text.</summary>
internal sealed class TextInputRenderer : LineInputRenderer<TextInput>
{
    protected override Markup Purpose(ShownComponent component, ScreenPage screen) =>
        Markup.Attribute("autocomplete", InputPurpose.OfText(component.Name));
}
