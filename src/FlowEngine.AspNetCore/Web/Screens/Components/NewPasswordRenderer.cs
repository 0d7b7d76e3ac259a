using System.Globalization;
using FlowEngine.Screens.Components;

namespace FlowEngine.AspNetCore.Web.Screens.Components;

/// <summary>Stateless and shared: draws a password that somebody chooses. How good it is is told while it is typed, where there is
/// JavaScript.</summary>
internal sealed class NewPasswordRenderer : InputRenderer<NewPassword>
{
    protected override Markup Control(ShownComponent component, ScreenPage screen, FieldParts field)
    {
        var (show, hide) = (screen.Text(BuiltInTexts.ShowPassword), screen.Text(BuiltInTexts.HidePassword));
        var hint = Markup.Attribute("placeholder", component.Text("placeholder"));
        return Markup.Of(
            $"""<input class="fe-input" type="password"{field.Attributes} autocapitalize="none" spellcheck="false" autocomplete="new-password"{hint}>"""
                + $"""<button class="fe-reveal" type="button" hidden data-fe-reveal aria-controls="{field.Id}" """
                + $"""aria-label="{show}" data-show="{show}" data-hide="{hide}">{Icons.Eye}</button>"""
        );
    }

    protected override Markup Below(ShownComponent component, ScreenPage screen, FieldParts field)
    {
        var least = component.Count("minLength");
        var length = screen
            .Text(BuiltInTexts.LeastLength)
            .Replace("{{count}}", least.ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal);
        return Markup.Of(
            $"""
            <div class="fe-strength" data-fe-strength="{field.Id}" data-least="{least}" data-weak="{screen.Text(
                BuiltInTexts.Weak
            )}" data-good="{screen.Text(BuiltInTexts.Good)}" data-strong="{screen.Text(
                BuiltInTexts.Strong
            )}"><span class="fe-bars" aria-hidden="true"><i></i><i></i><i></i><i></i></span><span role="status">{length}</span></div>
            """
        );
    }
}
