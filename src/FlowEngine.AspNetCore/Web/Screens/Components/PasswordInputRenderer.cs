using FlowEngine.Screens.Components;

namespace FlowEngine.AspNetCore.Web.Screens.Components;

/// <summary>Stateless and shared: draws a password, with a button that shows it where there is JavaScript.</summary>
internal sealed class PasswordInputRenderer : LineInputRenderer<PasswordInput>
{
    protected override string InputType => "password";

    /// <summary>What is pasted must not be cut off silently.</summary>
    protected override bool LimitsTyping => false;

    protected override Markup Control(ShownComponent component, ScreenPage screen, FieldParts field)
    {
        var (show, hide) = (screen.Text(BuiltInTexts.ShowPassword), screen.Text(BuiltInTexts.HidePassword));
        var texts = Markup.Of($" aria-label=\"{show}\" data-show=\"{show}\" data-hide=\"{hide}\"");
        var button = Markup.Of($"""<button class="fe-reveal" type="button" hidden data-fe-reveal aria-controls="{field.Id}"{texts}>""");
        return Markup.Of($"{base.Control(component, screen, field)}{button}{Icons.Eye}</button>");
    }

    protected override Markup Purpose(ShownComponent component, ScreenPage screen) =>
        Markup.Of($""" autocapitalize="none" spellcheck="false" autocomplete="{PurposeOf(component.Name, screen.Passwords)}" """);

    /// <summary>A new one where it is entered twice or its name says so.</summary>
    private static string PurposeOf(string name, int passwords) =>
        passwords > 1 || name.Contains("new", StringComparison.OrdinalIgnoreCase) ? "new-password" : "current-password";
}
