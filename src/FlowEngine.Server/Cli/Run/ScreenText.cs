using FlowEngine.Context;
using FlowEngine.Execution;
using FlowEngine.Screens;
using FlowEngine.Templates;

namespace FlowEngine.Server.Cli.Run;

/// <summary>Stateless: a screen as lines of text.</summary>
internal static class ScreenText
{
    /// <summary>Writes the title, the texts and the error message of the screen that a run shows.</summary>
    public static void Write(TextWriter output, FlowRun run)
    {
        var screen = run.Screen!;
        var title = Plain(screen.Title, run);
        output.WriteLine();
        output.WriteLine(title.Length > 0 ? $"== {title} ==" : $"== {screen.Id} ==");
        // Where the screen has no place of its own for it, as on the page.
        if (!screen.Components.Any(component => component.Type == ComponentType.ErrorMessage))
            WriteError(output, run);
        foreach (var component in screen.Components)
        {
            if (component.Type == ComponentType.ErrorMessage)
            {
                WriteError(output, run);
                continue;
            }
            var text = component.Type switch
            {
                ComponentType.Text => Plain(component.Settings.Text, run),
                ComponentType.Link when !component.IsInteraction =>
                    $"{Plain(component.Settings.Text, run)} <{Plain(component.Settings.Href, run)}>",
                ComponentType.Image => Plain(component.Settings.Alt, run),
                ComponentType.Divider => "--",
                _ => "",
            };
            if (text.Length > 0)
                output.WriteLine(text);
        }
    }

    /// <summary>The label of an input, or its name.</summary>
    public static string Caption(ScreenComponent component, FlowRun run) =>
        Plain(component.Settings.Label, run) is { Length: > 0 } label ? label : component.Settings.Name;

    /// <summary>What can be entered into a Checkbox or Select; "" for anything else.</summary>
    public static string Choices(ScreenComponent component) =>
        component.Type switch
        {
            ComponentType.Checkbox => " (true | false)",
            ComponentType.Select => $" ({string.Join(" | ", component.Settings.Options.Select(option => option.Value))})",
            _ => "",
        };

    private static void WriteError(TextWriter output, FlowRun run)
    {
        if (run.ErrorText.Length > 0)
            output.WriteLine($"! {Plain(FlowValue.From(run.ErrorText))}");
    }

    private static string Plain(Template template, FlowRun run) => Plain(template.EvaluateText(run.Context, ValueEncoder.None));

    /// <summary>A terminal obeys control characters; a value must not be able to move its cursor.</summary>
    private static string Plain(FlowValue text) =>
        string.Concat((text.IsSensitive ? Json.JsonWriting.Mask : text.ToText()).Select(c => char.IsControl(c) ? ' ' : c));
}
