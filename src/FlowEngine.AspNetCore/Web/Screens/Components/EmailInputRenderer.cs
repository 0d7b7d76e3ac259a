using FlowEngine.Screens.Components;

namespace FlowEngine.AspNetCore.Web.Screens.Components;

/// <summary>Stateless and shared: draws an e-mail address. Beside a password it is the name of the account.</summary>
internal sealed class EmailInputRenderer : LineInputRenderer<EmailInput>
{
    protected override string InputType => "email";

    protected override Markup Purpose(ShownComponent component, ScreenPage screen) =>
        Markup.Of(
            $""" inputmode="email" autocapitalize="none" spellcheck="false" autocomplete="{(screen.Passwords > 0 ? "username" : "email")}" """
        );
}
