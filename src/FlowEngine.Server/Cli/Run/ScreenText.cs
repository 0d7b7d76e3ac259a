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
        if (!screen.Components.Any(component => component.ShowsErrors))
            WriteError(output, run);
        var form = run.Context.Get(ContextRoot.Form);
        foreach (var component in screen.Components.Where(component => screen.IsShown(component, run.Context, name => form.Get(name))))
        {
            if (component.ShowsErrors)
                WriteError(output, run);
            else if (Plain(component.ToLine(run.Context)) is { Length: > 0 } line)
                output.WriteLine(line);
        }
    }

    /// <summary>The label of an input, or its name.</summary>
    public static string Caption(InputComponent component, FlowRun run) =>
        Plain(component.Label, run) is { Length: > 0 } label ? label : component.Name;

    /// <summary>What can be entered where not everything can; "" for a line of text.</summary>
    public static string Choices(InputComponent component, FlowRun run) =>
        component.Kind switch
        {
            InputKind.YesOrNo => " (true | false)",
            InputKind.Choice => $" ({string.Join(" | ", component.ChoicesFor(run.Context).Select(option => option.Value))})",
            _ => "",
        };

    private static void WriteError(TextWriter output, FlowRun run)
    {
        if (run.ErrorText.Length > 0)
            output.WriteLine($"! {Plain(run.ErrorText)}");
    }

    private static string Plain(Template template, FlowRun run) => Plain(template.EvaluateMasked(run.Context).Text);

    /// <summary>A terminal obeys control characters; a value must not be able to move its cursor.</summary>
    private static string Plain(string text) => string.Concat(text.Select(c => char.IsControl(c) ? ' ' : c));
}
