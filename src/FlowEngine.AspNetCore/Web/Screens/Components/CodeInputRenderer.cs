using FlowEngine.Screens.Components;

namespace FlowEngine.AspNetCore.Web.Screens.Components;

/// <summary>Stateless and shared: draws a one-time code.</summary>
internal sealed class CodeInputRenderer : LineInputRenderer<CodeInput>
{
    protected override string Classes => "fe-input fe-code";

    protected override Markup Purpose(ShownComponent component, ScreenPage screen) =>
        Markup.Of(
            $""" inputmode="{KeyboardOf(component.Text("pattern"))}" autocapitalize="none" spellcheck="false" autocomplete="one-time-code" """
        );

    /// <summary>Digits, unless the pattern names letters.</summary>
    private static string KeyboardOf(string pattern) =>
        pattern.Replace("\\d", "", StringComparison.Ordinal).Any(char.IsAsciiLetter) ? "text" : "numeric";
}
