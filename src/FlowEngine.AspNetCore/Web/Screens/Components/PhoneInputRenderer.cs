using FlowEngine.Screens.Components;

namespace FlowEngine.AspNetCore.Web.Screens.Components;

/// <summary>Stateless and shared: draws a telephone number.</summary>
internal sealed class PhoneInputRenderer : LineInputRenderer<PhoneInput>
{
    protected override string InputType => "tel";

    protected override Markup Purpose(ShownComponent component, ScreenPage screen) =>
        Markup.Of($""" inputmode="tel" autocomplete="tel" """);
}
